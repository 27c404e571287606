"""A programme fitted to the length of a meeting: whole minutes that add up, none under what it needs."""

from collections.abc import Iterator, Sequence

from domain.meeting import Format
from domain.programme import FormPart, MeetingPart, Programme

STEP = 5
"""Minutes that a part is made longer or shorter by at a time, so that the clock stays on the fives."""


class TooShort(ValueError):  # noqa: N818 - an answer about a length, not a defect
    """The meeting is shorter than its parts can be. `shortest` is in minutes."""

    def __init__(self, minutes: int, shortest: int) -> None:
        super().__init__(f"{minutes} minutes are too short: the parts need {shortest}")
        self.shortest = shortest


def wished(parts: Sequence[FormPart]) -> int:
    """Minutes of the programme as its author wishes it, with the breaks of so long a meeting."""
    without = sum(part.wish for part in parts if part.over is None)
    return without + sum(part.wish for part in parts if part.over is not None and without > part.over)


def shortest(parts: Sequence[FormPart]) -> int:
    """Minutes that the parts need at least. A break of long meetings only is no part of it."""
    return sum(part.minimum for part in parts if part.over is None)


def fitted(parts: Sequence[FormPart], minutes: int) -> tuple[MeetingPart, ...]:
    """The parts with whole minutes that add up to the meeting's; a part without any is left out.

    At the wished length each part has its wish. What the meeting is longer or shorter by is shared by weight, five
    minutes at a time as seats are shared in an election (Sainte-Laguë), so that a longer meeting never makes a part
    shorter, and at most one part has minutes that are off the fives. Raises TooShort.
    """
    return tuple(part for part in spread(parts, minutes) if part.minutes)


def spread(parts: Sequence[FormPart], minutes: int) -> tuple[MeetingPart, ...]:
    """As `fitted`, with all parts: those that the meeting is without have no minutes. Raises TooShort."""
    there = [part for part in parts if part.over is None or minutes > part.over]
    least = sum(part.minimum for part in there)
    if minutes < least:
        raise TooShort(minutes, shortest(parts))
    lasts = [max(part.wish, part.minimum) for part in there]
    spare = minutes - sum(lasts)
    for index, step in _longer(there) if spare > 0 else _shorter(there):
        taken = min(step, abs(spare))
        lasts[index] += taken if spare > 0 else -taken
        spare += -taken if spare > 0 else taken
        if not spare:
            break
    long = {part.part.id: each for part, each in zip(there, lasts, strict=True)}
    return tuple(part.part.model_copy(update={"minutes": long.get(part.part.id, 0)}) for part in parts)


def _longer(parts: Sequence[FormPart]) -> Iterator[tuple[int, int]]:
    """Which part gets the next minutes, and how many, without end."""
    weights = [part.weight for part in parts]
    if not any(weights):
        weights = [1] * len(parts)
    had = [0] * len(parts)
    while True:
        index = max(range(len(parts)), key=lambda each: weights[each] / (2 * had[each] + 1))
        had[index] += 1
        yield index, STEP


def _shorter(parts: Sequence[FormPart]) -> Iterator[tuple[int, int]]:
    """Which part gives the next minutes, and how many, until none has more than it needs.

    Parts of no weight give last; whole steps go before what is left of a part.
    """
    slack = [max(part.wish - part.minimum, 0) for part in parts]
    given = [0] * len(parts)
    while any(slack):

        def gives(index: int) -> tuple[bool, bool, float]:
            share = parts[index].weight / (2 * given[index] + 1)
            return slack[index] > 0, parts[index].weight > 0 and slack[index] >= STEP, share

        index = max(range(len(parts)), key=gives)
        step = min(STEP, slack[index])
        given[index] += 1
        slack[index] -= step
        yield index, step


def usual(programme: Programme, form: Format = Format.IN_PERSON) -> tuple[MeetingPart, ...]:
    """The programme at its wished length, where no meeting is agreed."""
    parts = programme.of(form)
    return fitted(parts, wished(parts))
