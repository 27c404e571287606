"""What the next weeks ask of the consultants, week by week."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.danish import alphabetical, count, listing
from storage.coming_weeks import WEEK, WeekOfWork

WEEKS = 6
NOBODY = "uden konsulent"
LEFT = "er stoppet"


@dataclass(frozen=True)
class WorkShown:
    """One consultant's week."""

    who: str
    calls: int
    decks: int
    meetings: int


@dataclass(frozen=True)
class WeekShown:
    """A week by its number and first day, with everybody who has something in it and all of it together."""

    number: int
    monday: dt.date
    people: Sequence[WorkShown]
    calls: int
    decks: int
    meetings: int

    @property
    def told(self) -> str:
        """In words: "2 opkald og 1 møde"; empty where there is nothing."""
        parts = (
            (self.calls, "opkald", "opkald"),
            (self.decks, "præsentation", "præsentationer"),
            (self.meetings, "møde", "møder"),
        )
        return listing([count(many, one, more) for many, one, more in parts if many])


def weeks_shown(work: Sequence[WeekOfWork], today: dt.date) -> list[WeekShown]:
    """Every week from this one on, also those without work."""
    first = today - dt.timedelta(days=today.weekday())
    by_week = {monday: list(rows) for monday, rows in groupby(work, key=lambda row: row.monday)}
    return [_week(first + number * WEEK, by_week.get(first + number * WEEK, [])) for number in range(WEEKS)]


def _week(monday: dt.date, rows: Sequence[WeekOfWork]) -> WeekShown:
    people = [WorkShown(_name(row), row.calls, row.decks, row.meetings) for row in rows]
    people.sort(key=lambda each: (each.who in (NOBODY, LEFT), alphabetical(each.who)))
    return WeekShown(
        number=monday.isocalendar().week,
        monday=monday,
        people=people,
        calls=sum(row.calls for row in rows),
        decks=sum(row.decks for row in rows),
        meetings=sum(row.meetings for row in rows),
    )


def _name(row: WeekOfWork) -> str:
    if row.consultant is None:
        return NOBODY
    return row.name or LEFT
