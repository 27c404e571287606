"""The package of one order with the cluster's own questions in it: as items, a section, slides, and in English."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.deck_plan import DeckPlan, SlidePlan
from domain.house_scales import AGREEMENT, HOUSE, IN_ENGLISH, TO_CHOOSE, YES_NO
from domain.model import Round
from domain.own_questions import PREFIX, OwnKind, is_own, item_id
from domain.package import Item, Option, Package, Scale, Section
from domain.translation import English, EnglishItem, EnglishSection

TITLE = "Klyngens egne spørgsmål"
_TOGETHER = "Det har I selv spurgt om"
_ALONE = "Spørgsmålet er klyngens eget."
_LONGEST_LABEL = 60

_INTRO = "Dem har klyngen selv stillet. Ingen andre klynger får dem."
_TO_WRITE_IN = (
    "Det har klyngen selv stillet. Det, du skriver, vises sammen med de andres svar, uden navn og i tilfældig "
    "rækkefølge. Skriv ikke noget, der kan genkendes: ingen navne, ingen patienter."
)
_ENGLISH_TITLE = "Your cluster’s own questions"
_ENGLISH_INTRO = "Your cluster asks these itself, in Danish. No other cluster gets them."
_ENGLISH_TO_WRITE_IN = (
    "Your cluster asks this itself, in Danish. What you write is shown together with what others wrote, without a "
    "name and in random order. Write nothing that can be recognised: no names, no patients."
)
_NOTES = (
    "Spørgsmål, som klyngen selv har stillet. De er ikke en del af pakken, og ingen andre har svaret på dem, så der er "
    "ingen tal at sammenligne med."
)


@dataclass(frozen=True)
class AskedQuestion:
    """A question with its words. `options` are the labels of a choice."""

    kind: OwnKind
    text: str
    scale: str = ""
    options: tuple[str, ...] = ()
    repeated: bool = False


def with_own_questions(package: Package, questions: Sequence[AskedQuestion]) -> Package:
    """The package as this order's: the questions are asked last, and their slides come before the homework."""
    if not questions:
        return package
    numbered = list(enumerate(questions, start=1))
    items = tuple(_item(number, question) for number, question in numbered)
    scales = {item.scale: HOUSE[item.scale] for item in items if item.scale in HOUSE}
    repeated = [item_id(number) for number, question in numbered if question.repeated]
    extended = package.model_copy(
        update={
            "items": (*package.items, *items),
            "scales": {**package.scales, **scales},
            "sections": (*package.sections, *_sections(items)),
            "follow_up": package.follow_up.model_copy(
                update={"repeats": (*(package.follow_up.repeats or [item.id for item in package.items]), *repeated)}
            ),
            "english": _in_english(package.english, items, scales),
        }
    )
    return extended.model_copy(update={"deck": _with_slides(extended)})


def scales_to_choose(package: Package) -> dict[str, Scale]:
    """What a question of degree can be answered on, by id: the package's own scales, and the house's that differ."""
    own = {
        item.scale: package.scales[item.scale]
        for item in package.items
        if item.kind == "degree" and item.scale and not is_own(item.id)
    }
    labels = {tuple(option.label for option in scale.options) for scale in own.values()}
    others = {name: HOUSE[name] for name in TO_CHOOSE}
    return own | {
        name: scale for name, scale in others.items() if tuple(option.label for option in scale.options) not in labels
    }


def _item(number: int, question: AskedQuestion) -> Item:
    fixed = {"agreement": AGREEMENT, "yes_no": YES_NO, "degree": question.scale}
    return Item(
        id=item_id(number),
        kind=question.kind if question.kind in ("choice", "text") else "degree",
        text=question.text,
        short=_short(question.text),
        scale=fixed.get(question.kind),
        options=tuple(Option(id=f"svar_{place}", label=label) for place, label in enumerate(question.options, start=1)),
        source="own",
    )


def _short(text: str) -> str:
    """As much of it as a label has room for, whole words."""
    if len(text) <= _LONGEST_LABEL:
        return text
    cut = text[:_LONGEST_LABEL].rpartition(" ")[0] or text[: _LONGEST_LABEL - 1]
    return f"{cut[: _LONGEST_LABEL - 2].rstrip(' ,.:;–-')} …"


def _sections(items: Sequence[Item]) -> tuple[Section, ...]:
    """Those to be ticked together, then each to write in on its own, where it says that nobody is to be recognised."""
    ticked = tuple(item.id for item in items if item.kind != "text")
    written = [item.id for item in items if item.kind == "text"]
    first = [Section(id=f"{PREFIX}afsnit", title=TITLE, intro=_INTRO, items=ticked)] if ticked else []
    return (
        *first,
        *(Section(id=f"{item}_afsnit", title=TITLE, intro=_TO_WRITE_IN, items=(item,)) for item in written),
    )


def _in_english(english: English | None, items: Sequence[Item], scales: dict[str, Scale]) -> English | None:
    """The answers in English where they are of a scale; what the cluster wrote stays as it is, and the page says so."""
    if english is None:
        return None
    sections = {
        section.id: EnglishSection(
            title=_ENGLISH_TITLE, intro=_ENGLISH_INTRO if section.intro == _INTRO else _ENGLISH_TO_WRITE_IN
        )
        for section in _sections(items)
    }
    own = {
        item.id: EnglishItem(text=item.text, options={option.id: option.label for option in item.options})
        for item in items
    }
    return english.model_copy(
        update={
            "sections": {**english.sections, **sections},
            "items": {**english.items, **own},
            "scales": {**english.scales, **{name: IN_ENGLISH[name] for name in scales}},
        }
    )


def _with_slides(package: Package) -> DeckPlan:
    """Before the homework of each round; without one, before how the figures are made, or last."""
    slides = list(package.deck.slides)
    if not slides:
        return package.deck
    for round_ in Round:
        mine = [place for place, slide in enumerate(slides) if round_.value in slide.rounds]
        ends = [place for place in mine if slides[place].kind == "homework"]
        if mine:
            place = ends[0] if ends else mine[-1] + 1
            slides[place:place] = list(_slides(package, round_))
    return DeckPlan(slides=tuple(slides))


def _slides(package: Package, round_: Round) -> Iterator[SlidePlan]:
    """Questions on one scale together, each of the others on a slide, and so what changed on a scale without ends."""
    own = [item for item in package.asked_in(round_) if is_own(item.id)]
    done = set[str]()
    for item in own:
        if item.id in done:
            continue
        together = [other for other in own if other.kind == item.kind == "degree" and other.scale == item.scale]
        if round_ is Round.FOLLOW_UP and not package.bars_of(item):
            together = []
        done |= {other.id for other in together or [item]}
        yield _slide(together or [item], round_)


def _slide(items: Sequence[Item], round_: Round) -> SlidePlan:
    again = round_ is Round.FOLLOW_UP
    kinds = {
        "degree": "before_after_degree" if again else "degree",
        "choice": "ranking",
        "text": "quotes",
    }
    kind = kinds[items[0].kind]
    if len(items) > 1:
        kind = "before_after_shares" if again else "likert"
    asked = " ".join(f"»{item.text}«" for item in items)
    return SlidePlan(
        kind=kind,
        title=_TOGETHER if len(items) > 1 else items[0].text.replace("{", "{{").replace("}", "}}"),
        items=tuple(item.id for item in items),
        caption="" if len(items) > 1 else _ALONE,
        notes=f"{_NOTES} {'Spørgsmålene' if len(items) > 1 else 'Spørgsmålet'} lød: {asked}",
        rounds=(round_.value,),
    )
