"""A package's questionnaire as plain text: page by page, as a doctor meets it on the phone."""

from collections.abc import Iterator

from domain.danish import minutes
from domain.length import minutes_to_answer
from domain.model import Round
from domain.package import NOT_RELEVANT_LABEL, Item, Package
from web.questionnaire.paging import Page, pages

RULE = "─" * 72


def questionnaire_text(package: Package, round_: Round) -> str:
    """Every page of a round. What is asked of some only is there too, and says of whom."""
    layout = pages(package, round_)
    count = sum(len(page.items) for page in layout)
    title = (round_ is Round.FOLLOW_UP and package.title_follow_up) or package.title
    lines = [
        title,
        "",
        f"Cirka {minutes(minutes_to_answer(package, round_))}. {count} spørgsmål på {len(layout)} sider.",
    ]
    lines.append("Ingen spørgsmål er krav, medmindre der står andet.")
    asked = 0
    for number, page in enumerate(layout, 1):
        lines += ["", RULE, f"Side {number} af {len(layout)}: {page.section.title}"]
        lines += _page(package, page, asked, count)
        asked += len(page.items)
    return "\n".join(lines) + "\n"


def _page(package: Package, page: Page, before: int, of: int) -> Iterator[str]:
    if page.section.intro and page.opens_section:
        yield from ("", page.section.intro)
    number = before
    for block in page.blocks:
        if block.stem:
            yield from ("", block.stem)
        for item in block.items:
            number += 1
            yield from ("", f"Spørgsmål {number} af {of}  [{item.id}]", item.text)
            yield from (f"  ({remark})" for remark in _remarks(package, item))
            yield from (f"  {line}" for line in _answers(package, item))


def _remarks(package: Package, item: Item) -> Iterator[str]:
    if item.only_if:
        other = package.item(item.only_if.item)
        label = next(option.label for option in package.options_of(other) if option.id == item.only_if.option)
        yield f"Stilles kun, når svaret på [{other.id}] er »{label}« eller mangler."
    if item.required:
        yield "Skal besvares."
    if item.at_most and "højst" not in item.text:
        yield f"Vælg højst {item.at_most}."


def _answers(package: Package, item: Item) -> Iterator[str]:
    mark = "[ ]" if item.kind == "choices" else "( )"
    if item.kind == "text":
        yield "_" * 60
    elif item.kind == "rating":
        low, high = item.minimum or 0, item.maximum or 0
        labels = item.minimum_label or "lavest", item.maximum_label or "højest"
        yield f"{low} er {labels[0].lower()}. {high} er {labels[1].lower()}."
        yield "  ".join(f"{mark} {value}" for value in range(low, high + 1))
    else:
        yield from (f"{mark} {option.label}" for option in package.options_of(item))
    if item.may_be_not_relevant:
        yield f"{mark} {NOT_RELEVANT_LABEL}"
