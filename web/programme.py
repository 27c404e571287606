"""The meeting's programme on the clock."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from domain.meeting import Meeting
from domain.package import ProgrammePart


@dataclass(frozen=True)
class TimedPart:
    """A part of the programme, from when to when on the wall clock in Denmark."""

    starts: dt.datetime
    ends: dt.datetime
    title: str
    text: str


def on_the_clock(meeting: Meeting, programme: Sequence[ProgrammePart]) -> list[TimedPart]:
    """Each part after the one before, from the meeting's beginning."""
    parts, starts = [], meeting.starts
    for part in programme:
        ends = starts + dt.timedelta(minutes=part.minutes)
        parts.append(TimedPart(starts, ends, part.title, part.text))
        starts = ends
    return parts
