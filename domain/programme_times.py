"""A meeting's programme on the clock, part by part, under its headings, and as a short agenda."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.danish import clock, count, listing, time_of_day
from domain.programme import MeetingPart, MeetingTask


@dataclass(frozen=True)
class Span:
    """From when to when on the wall clock in Denmark; both None where the meeting's time is not known."""

    starts: dt.datetime | None
    ends: dt.datetime | None
    minutes: int

    @property
    def when(self) -> str:
        """ "17.00–17.10", or "10 min" where no time is known."""
        if self.starts is None or self.ends is None:
            return f"{self.minutes} min"
        return f"{time_of_day(self.starts)}–{time_of_day(self.ends)}"


@dataclass(frozen=True)
class TimedPart(Span):
    """A part of the programme with its time."""

    part: MeetingPart

    @property
    def id(self) -> str:
        return self.part.id

    @property
    def title(self) -> str:
        return self.part.title

    @property
    def text(self) -> str:
        """What it is about, and who answers what."""
        return self.part.instructions

    @property
    def tasks(self) -> tuple[MeetingTask, ...]:
        return self.part.tasks


@dataclass(frozen=True)
class TimedBlock(Span):
    """Parts under one heading, with their time in all; a part that has no heading is a block by itself."""

    heading: str
    """Empty where the block is one part by itself."""
    parts: tuple[TimedPart, ...]

    @property
    def title(self) -> str:
        return self.heading or self.parts[0].title

    @property
    def summed(self) -> str:
        """The heading with what its parts last in all: "Blok 1: Ledelse og samarbejde (65 minutter)"."""
        return f"{self.heading} ({count(self.minutes, 'minut', 'minutter')})"

    @property
    def group_work(self) -> str:
        """When the groups work: "Gruppearbejde kl. 17.25", "Gruppearbejde kl. 17.20 og 17.50", or how long."""
        groups = [part for part in self.parts if part.part.kind == "group_work"]
        if not groups or not self.heading:
            return ""
        starts = [part.starts for part in groups if part.starts is not None]
        if not starts:
            return f"Gruppearbejde: {listing([part.when for part in groups])}"
        return f"Gruppearbejde {listing([clock(starts[0]), *map(time_of_day, starts[1:])])}"


def on_the_clock(parts: Sequence[MeetingPart], starts: dt.datetime | None) -> tuple[TimedPart, ...]:
    """Each part after the one before, from the meeting's beginning on."""
    return tuple(_timed(parts, starts))


def _timed(parts: Sequence[MeetingPart], starts: dt.datetime | None) -> Iterator[TimedPart]:
    for part in parts:
        ends = starts + dt.timedelta(minutes=part.minutes) if starts else None
        yield TimedPart(starts, ends, part.minutes, part)
        starts = ends


def in_blocks(parts: Sequence[TimedPart]) -> tuple[TimedBlock, ...]:
    """The parts under their headings, in order."""
    blocks = list[TimedBlock]()
    for _, together in groupby(parts, key=lambda each: each.part.block or each.id):
        those = tuple(together)
        minutes = sum(each.minutes for each in those)
        blocks.append(TimedBlock(those[0].starts, those[-1].ends, minutes, those[0].part.block, those))
    return tuple(blocks)
