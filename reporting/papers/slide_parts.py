"""Which part of the programme each slide of a deck belongs to, so that the guide can set the clock beside it."""

from collections.abc import Mapping, Sequence

from domain.deck_plan import SlidePlan
from domain.programme import MeetingPart, PartKind
from reporting.slide_kinds import KINDS

PARTS_FOR: Mapping[str, tuple[PartKind, ...]] = {
    "title": ("introduction",),
    "agenda": ("introduction",),
    "homework": ("homework",),
}
"""The kinds of part that a kind of slide belongs to; slides that show answers belong to results."""


def parts_of_slides(notes: Sequence[str], plans: Sequence[SlidePlan], parts: Sequence[MeetingPart]) -> tuple[str, ...]:
    """The id of each slide's part, by its notes; a slide that nobody planned belongs where the one before it does.

    A plan that names its part (`part:` in deck.yaml) begins it. One that does not stays in the part of the slide
    before, where that is of its kind, and else begins the next that is, but goes by none that a later slide names.
    """
    if not parts:
        return ("",) * len(notes)
    by_plan = _by_plan(plans, parts)
    found, at, place = list[str](), 0, 0
    for text in notes:
        known = next((number for number in range(at, len(plans)) if _is_of(text, plans[number])), None)
        if known is not None:
            at, place = known, by_plan[known]
        found.append(parts[place].id)
    return tuple(found)


def _is_of(notes: str, plan: SlidePlan) -> bool:
    """The notes begin with the clock where the slide is the first of its part (`reporting/slide_times.py`)."""
    return " ".join(plan.notes.split()) in " ".join(notes.split())


def _by_plan(plans: Sequence[SlidePlan], parts: Sequence[MeetingPart]) -> list[int]:
    places: dict[str | None, int] = {part.id: place for place, part in enumerate(parts)}
    found, here = list[int](), 0
    for number, plan in enumerate(plans):
        named = [places[later.part] for later in plans[number:] if later.part in places]
        if plan.part in places:
            here = places[plan.part]
        else:
            until = named[0] if named else len(parts)
            here = _next(parts, here, until, plan)
        found.append(here)
    return found


def _next(parts: Sequence[MeetingPart], here: int, until: int, plan: SlidePlan) -> int:
    fitting = PARTS_FOR.get(plan.kind) or (("results",) if KINDS[plan.kind].answers else ())
    if not fitting or parts[here].kind in fitting:
        return here
    return next((place for place in range(here + 1, until) if parts[place].kind in fitting), here)
