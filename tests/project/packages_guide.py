"""The tables of docs/packages.md that the code knows: fields of models, and what a kind of slide needs and may say."""

import re

from pydantic import BaseModel

from domain.deck_plan import SlideEntry
from domain.help import HelpPlace
from domain.package import FollowUpPlan, Item, Option, Package, Reference, Scale, Section
from domain.programme import ProgrammePart
from reporting.slide_kinds import KINDS, OF_BANDS, SlideKind
from tests.project.reference import ROOT

GUIDE = ROOT / "docs" / "packages.md"
TABLES: dict[str, type[BaseModel]] = {
    "package.yaml": Package,
    "An item": Item,
    "A scale": Scale,
    "An option": Option,
    "A section": Section,
    "A reference": Reference,
    "The follow-up": FollowUpPlan,
    "A slide": SlideEntry,
}
"""The model whose fields the first table under a heading has, each in a row of its own."""
SPOKEN_OF: dict[str, type[BaseModel]] = {"The programme": ProgrammePart, "Where to turn": HelpPlace}
"""The model whose fields are told in an example and in words under a heading."""


def section(heading: str, text: str | None = None) -> str:
    """What stands under a heading, up to the next of its level or above. Raises ValueError where there is none."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", text or GUIDE.read_text(), re.MULTILINE)
    if found is None:
        msg = f"docs/packages.md has no heading '{heading}'"
        raise ValueError(msg)
    rest = found.string[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(heading: str) -> dict[str, tuple[str, ...]]:
    """The first table under a heading: the cells of each row by the name in backquotes that it begins with."""
    table = section(heading).partition("\n\n|")[2].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in f"|{table}".splitlines()]
    return {first.strip("`"): tuple(others) for first, *others in cells[2:]}


def needs_and_facts(kind: SlideKind) -> tuple[str, str]:
    """The cells that the code knows: what an entry of this kind can't be without, and what its titles may speak of."""
    needs = [f"`items`, {'one' if kind.one_item else 'some'} of the kind `{kind.items}`"] if kind.items else []
    needs += ["a scale with `high` and `low`"] if kind.ends else []
    needs += ["`index`"] if kind.index else []
    needs += ["`measure`"] if kind.measure else ["`evidence: register`"] if kind.register else []
    needs += [" or ".join(f"`{each}`" for each in kind.needs.split(" or "))] if kind.needs else []
    needs += ["`rounds: [follow_up]`"] if kind.compares else []
    facts = [f"`{name}`" for name in kind.facts]
    facts += [*(f"`{name}`" for name in OF_BANDS), "each band's id"] if kind.bands else []
    return "; ".join(needs) or "–", ", ".join(facts) or "–"


def slide_rows() -> str:
    """The table of slides as it stands in the guide, without what each shows: for who adds a kind."""
    return "\n".join(f"| `{name}` | … | {' | '.join(needs_and_facts(kind))} |" for name, kind in KINDS.items())


if __name__ == "__main__":
    print(slide_rows())
