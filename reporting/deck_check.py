"""Whether a package's deck can be made, and its titles claim no more than the figures show."""

from collections.abc import Iterator

from domain.by_form import ByForm
from domain.deck_plan import SlideEntry, SlidePlan, TitleRule, names_in
from domain.meeting import Format
from domain.model import Round
from domain.package import Package, Problem
from reporting import metrics, tokens
from reporting.slide_kinds import EVERYWHERE, KINDS, OF_BANDS, WORDS, SlideKind

CHANGE_WORDS = (
    "steg",
    "stig",
    "fald",
    "bedre",
    "dårligere",
    "forværr",
    "forbedr",
    "op med",
    "ned med",
    "flere ",
    "færre ",
)

NEEDS_ANSWERS = frozenset({"answers", "national"})
"""Slides of a questionnaire that name no item. A measure's references stand beside it."""

BANDS_ACROSS = 830.0
"""Points that an index' bands share above its scores, less the air beside their names."""

Where = tuple[str | int, ...]
Found = Iterator[tuple[Where, str]]
"""What is wrong with a slide, with the path down to it from the slide."""


def deck_problems(package: Package) -> Iterator[Problem]:
    """What in the deck can't be made, or does not fit the package."""
    yield from _band_problems(package)
    yield from _order_problems(package)
    for number, slide in enumerate(package.deck.slides):
        where: Where = ("deck", "slides", number)
        kind = KINDS.get(slide.kind)
        if kind is None:
            known = ", ".join(sorted(KINDS))
            yield Problem((*where, "kind"), f"'{slide.kind}' is no kind of slide; the kinds are {known}")
        else:
            found = [*_form_problems(slide), *_part_problems(slide, package)]
            for form in Format:  # what is wrong in both is told once
                found += _problems(slide.of(form), kind, package)
            yield from (Problem((*where, *path), what) for path, what in dict.fromkeys(found))


def _problems(slide: SlidePlan, kind: SlideKind, package: Package) -> Found:
    yield from _title_problems(slide, kind, package)
    yield from _item_problems(slide, kind, package)
    yield from _scale_problems(slide, kind, package)
    yield from _need_problems(slide, kind)
    yield from _reference_problems(slide, package)
    if slide.video is not None and slide.video > len(package.videos):
        yield ("video",), f"the package has {len(package.videos)} videos"
    yield from _index_problems(slide, kind, package)
    yield from _measure_problems(slide, kind, package)
    if kind.compares and "baseline" in slide.rounds:
        yield ("rounds",), f"{slide.kind} belongs to the follow_up round only"


def _title_problems(slide: SlidePlan, kind: SlideKind, package: Package) -> Found:
    known = EVERYWHERE | frozenset(kind.facts) | _band_facts(slide, kind, package)
    yield from ((("title",), problem) for problem in _name_problems(slide.title, slide.kind, known))
    if not _names_in_or_none(slide.title) <= EVERYWHERE:
        yield ("title",), "the neutral title may only use cluster, package, n and members"
    if kind.compares and _tells_of_change(slide.title):
        yield ("title",), f"the neutral title '{slide.title}' tells of a change"
    for place, rule in enumerate(slide.titles):
        problems = [*_name_problems(rule.say, slide.kind, known), *_condition_problems(rule, slide.kind, known)]
        if kind.compares:
            problems += _claim_problems(rule, several="up" in kind.facts)
        yield from ((("titles", place), problem) for problem in problems)


def _name_problems(template: str, kind: str, known: frozenset[str]) -> Iterator[str]:
    try:
        unknown = names_in(template) - known
    except ValueError as error:
        yield f"title '{template}': {error}"
        return
    yield from (f"title '{template}': '{name}' is not known for {kind}" for name in sorted(unknown))


def _names_in_or_none(template: str) -> frozenset[str]:
    """None for a broken template: that is told already."""
    try:
        return names_in(template)
    except ValueError:
        return frozenset()


def _condition_problems(rule: TitleRule, kind: str, known: frozenset[str]) -> Iterator[str]:
    for name, condition in rule.when.items():
        if name not in known:
            yield f"when: '{name}' is not known for {kind}"
        elif (name in WORDS) != (condition.is_ is not None):
            yield f"when: '{name}' is compared with {'a word' if name in WORDS else 'numbers'}"


def _claim_problems(rule: TitleRule, *, several: bool) -> Iterator[str]:
    """A title that tells of a change, or that there is none to be sure of, must depend on the interval."""
    if _tells_of_change(rule.say) and not _depends_on(rule, "up", "down", several=several):
        needed = "'up' or 'down' being at least 1" if several else "'verdict' being up or down"
        yield f"title '{rule.say}' tells of a change, so it must depend on {needed}"
    elif ("usikkerhed" in rule.say or "afgøres" in rule.say) and not _depends_on(
        rule, "up", "down", "uncertain", several=several
    ):
        needed = "'uncertain' being at least 1" if several else "'verdict' being uncertain"
        yield f"title '{rule.say}' tells of uncertainty, so it must depend on {needed}"


def _tells_of_change(text: str) -> bool:
    return any(word in text.lower() for word in CHANGE_WORDS)


def _depends_on(rule: TitleRule, *verdicts: str, several: bool) -> bool:
    if several:
        counts = [rule.when[name].at_least for name in verdicts if name in rule.when]
        return any(count is not None and count >= 1 for count in counts)
    verdict = rule.when.get("verdict")
    return verdict is not None and verdict.is_ in verdicts


def _item_problems(slide: SlidePlan, kind: SlideKind, package: Package) -> Found:
    kinds = {item.id: item.kind for item in package.items}
    for place, item in enumerate(slide.items):
        if item not in kinds:
            yield ("items", place), f"{slide.kind} names '{item}', which is no item"
        elif not kind.shows(kinds[item]):
            yield ("items", place), f"{slide.kind} cannot show '{item}', which is a {kinds[item]}"
    if kind.items and not slide.items:
        yield ("items",), f"{slide.kind} needs items"
    if kind.one_item and len(slide.items) > 1:
        yield ("items",), f"{slide.kind} shows exactly one item"


def _scale_problems(slide: SlidePlan, kind: SlideKind, package: Package) -> Found:
    """Questions that are drawn together are answered alike, and ends that are drawn are there."""
    shown = [item for item in package.items if item.id in slide.items and kind.shows(item.kind)]
    if kind.items == "degree" and len({item.scale or item.id for item in shown}) > 1:
        yield ("items",), f"{slide.kind} shows questions on one scale"
    if kind.items == "rating" and len({(item.minimum, item.maximum) for item in shown}) > 1:
        yield ("items",), f"{slide.kind} shows ratings from the same least number to the same greatest"
    if kind.ends and not all(package.bars_of(item) for item in shown):
        yield ("items",), f"{slide.kind} needs a scale with high and low"


def _band_facts(slide: SlidePlan, kind: SlideKind, package: Package) -> frozenset[str]:
    if not kind.bands:
        return frozenset()
    bands = [band.id for index in package.indices if index.id == slide.index for band in index.bands]
    return frozenset((*OF_BANDS, *bands))


def _index_problems(slide: SlidePlan, kind: SlideKind, package: Package) -> Found:
    known = [index.id for index in package.indices]
    if not kind.index:
        if slide.index is not None:
            yield ("index",), f"{slide.kind} shows no index"
    elif not known:
        yield ("kind",), f"{slide.kind}: the package has no index"
    elif slide.index is None:
        yield (), f"{slide.kind} needs an index: {' or '.join(known)}"
    elif slide.index not in known:
        yield ("index",), f"'{slide.index}' is no index of the package; it has {', '.join(known)}"


def _measure_problems(slide: SlidePlan, kind: SlideKind, package: Package) -> Found:
    known = [measure.id for measure in package.measures]
    if kind.register and package.evidence != "register":
        yield ("kind",), f"{slide.kind} is of a register, and this package has a questionnaire"
    elif package.evidence == "register" and slide.kind in NEEDS_ANSWERS:
        yield ("kind",), f"{slide.kind} is of a questionnaire, and this package has a register's measures"
    elif not kind.measure:
        if slide.measure is not None:
            yield ("measure",), f"{slide.kind} shows no measure"
    elif slide.measure is None:
        yield (), f"{slide.kind} needs a measure: {' or '.join(known)}"
    elif slide.measure not in known:
        yield ("measure",), f"'{slide.measure}' is no measure of the package; it has {', '.join(known)}"
    else:
        measure = package.measure(slide.measure)
        for round_ in Round:
            if round_.value in slide.rounds and measure not in package.measured_in(round_):
                yield ("measure",), f"measure '{slide.measure}' is not in the {round_.value}"


def _band_problems(package: Package) -> Iterator[Problem]:
    """Bands that could not be told from what else a title speaks of."""
    words = EVERYWHERE | {*OF_BANDS, *(name for kind in KINDS.values() if kind.bands for name in kind.facts)}
    for position, index in enumerate(package.indices):
        for place, band in enumerate(index.bands):
            if band.id in words:
                where = ("indices", position, "bands", place, "id")
                yield Problem(where, f"titles say '{band.id}' of something else; give the band another id")
            room = BANDS_ACROSS * (band.to - band.from_) / max(1, index.highest - index.lowest)
            if metrics.width(band.label, tokens.SMALLEST_PT, bold=True) > room:
                where = ("indices", position, "bands", place, "label")
                yield Problem(
                    where, f"'{band.label}' has no room above its part of the scale: a shorter name, or wider"
                )


def _need_problems(slide: SlidePlan, kind: SlideKind) -> Found:
    needs = {
        "body": (bool(slide.body), "a body"),
        "body or part": (bool(slide.body or slide.part), "a body or a part of the programme"),
        "video": (slide.video is not None, "the number of a video"),
        "references": (bool(slide.references), "references"),
    }
    if kind.needs:
        there, what = needs[kind.needs]
        if not there:
            yield (), f"{slide.kind} needs {what}"


def _reference_problems(slide: SlidePlan, package: Package) -> Found:
    references = {reference.id for reference in package.references}
    for place, name in enumerate(slide.references):
        if name not in references:
            yield ("references", place), f"'{name}' is no reference"


def _part_problems(slide: SlideEntry, package: Package) -> Found:
    """A part need not be there in both forms of meeting: its slides come and go with it."""
    if slide.part is None:
        return
    part = next((part for part in package.programme.parts if part.id == slide.part), None)
    if part is None:
        known = ", ".join(part.id for part in package.programme.parts)
        yield ("part",), f"'{slide.part}' is no part of the programme; its parts are {known}"
    elif slide.kind == "group_work" and not slide.body and not part.tasks:
        yield ("part",), f"part '{slide.part}' of the programme has no tasks"
    else:
        known_tasks = {task.number for task in part.tasks}
        for place, number in enumerate(slide.tasks):
            if number not in known_tasks:
                yield ("tasks", place), f"part '{slide.part}' has no task {number}"
            elif number != slide.tasks[0] + place:
                yield ("tasks", place), "the tasks of a slide are counted on from the first of them"


def _order_problems(package: Package) -> Iterator[Problem]:
    """The slides of the meeting follow its programme."""
    places = {part.id: place for place, part in enumerate(package.programme.parts)}
    latest = 0
    for number, slide in enumerate(package.deck.slides):
        place = places.get(slide.part or "")
        if place is None or "baseline" not in slide.rounds:
            continue
        if place < latest:
            what = (
                f"part '{slide.part}' comes before the part of an earlier slide, '{package.programme.parts[latest].id}'"
            )
            yield Problem(("deck", "slides", number, "part"), what)
        latest = max(latest, place)


def _form_problems(slide: SlideEntry) -> Found:
    """The follow-up has no meeting that we know the form of, so its words fit any."""
    for name in ("body", "caption", "notes"):
        if isinstance(getattr(slide, name), ByForm) and "follow_up" in slide.rounds:
            yield (name,), f"{name} is given for each form, but the follow-up's meeting may be of any form"
