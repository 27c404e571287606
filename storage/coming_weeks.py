"""What the next weeks ask of each consultant: calls to hold, decks to look at, meetings."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, case, distinct, func, select

from domain.calendar import working_day_from
from domain.meeting import at
from domain.model import StaffId
from domain.stages import ENDED
from domain.task_kinds import TaskKind
from storage.board import board_table
from storage.staff import staff_table
from storage.tasks import task_table

WEEK = dt.timedelta(weeks=1)
ONE_DAY = dt.timedelta(days=1)
DECKS = (TaskKind.READ_FREE_TEXTS, TaskKind.LOOK_AT_DECK, TaskKind.RELEASE_DECK, TaskKind.CORRECT_DECK)
"""What there is to do with a deck that is there, or with the texts that go into it."""


@dataclass(frozen=True, slots=True)
class WeekOfWork:
    """One consultant's week. `consultant` is None where nobody has the order, `name` is empty then.

    Calls and decks that are overdue stand in the first week. A deck is counted in the week in which it comes to be
    looked at: the working day after its questionnaire closes, and where it is there, by when that is to be done.
    """

    monday: dt.date
    consultant: StaffId | None
    name: str
    calls: int
    decks: int
    meetings: int


_Key = tuple[int, str | None]
"""Which week, counted from the first, and whose."""


def coming_weeks(connection: Connection, today: dt.date, weeks: int) -> list[WeekOfWork]:
    """The week of today and those that follow, each with the consultants who have something in it. Four queries."""
    first = today - dt.timedelta(days=today.weekday())
    mondays = [first + number * WEEK for number in range(weeks)]
    calls = Counter(dict(_tasks(connection, (TaskKind.HOLD_THE_CALL,), mondays)))
    decks = Counter(dict(_tasks(connection, DECKS, mondays)))
    decks.update(dict(_decks_to_come(connection, today, mondays)))
    meetings = Counter(dict(_meetings(connection, today, mondays)))
    names = {row.id: row.name for row in connection.execute(select(staff_table.c.id, staff_table.c.name))}
    keys = sorted({*calls, *decks, *meetings}, key=lambda key: (key[0], key[1] or ""))
    return [
        WeekOfWork(
            mondays[week],
            StaffId(whose) if whose else None,
            names.get(whose, "") if whose else "",
            calls[week, whose],
            decks[week, whose],
            meetings[week, whose],
        )
        for week, whose in keys
    ]


def _tasks(connection: Connection, kinds: tuple[TaskKind, ...], mondays: list[dt.date]) -> Iterator[tuple[_Key, int]]:
    """By when they are due; overdue ones in the first week. The owner is asked of the order, as nobody may have it."""
    t, b = task_table.c, board_table.c
    week = case(
        *((t.due < _midnight(monday + WEEK), number) for number, monday in enumerate(mondays)),
    ).label("week")
    query = (
        select(week, b.consultant, func.count(distinct(b.order_id)).label("how_many"))
        .join_from(task_table, board_table, b.order_id == t.order_id)
        .where(t.kind.in_([kind.value for kind in kinds]), t.due < _midnight(mondays[-1] + WEEK))
        .group_by(week, b.consultant)
    )
    for row in connection.execute(query):
        yield (row.week, row.consultant), row.how_many


def _decks_to_come(connection: Connection, today: dt.date, mondays: list[dt.date]) -> Iterator[tuple[_Key, int]]:
    """Questionnaires that close from today on."""
    b = board_table.c
    until = mondays[-1] + WEEK
    query = (
        select(b.survey_closes, b.consultant, func.count().label("how_many"))
        .where(b.survey_closes >= today, b.survey_closes < until, b.stage.not_in([stage.value for stage in ENDED]))
        .group_by(b.survey_closes, b.consultant)
    )
    found, due = Counter[_Key](), cache(working_day_from)  # some forty days, however many questionnaires
    for row in connection.execute(query):
        comes = due(row.survey_closes + ONE_DAY)
        if comes < until:
            found[(comes - mondays[0]).days // 7, row.consultant] += row.how_many
    yield from found.items()


def _meetings(connection: Connection, today: dt.date, mondays: list[dt.date]) -> Iterator[tuple[_Key, int]]:
    """From today on."""
    b = board_table.c
    week = case(
        *((b.meeting_at < _midnight(monday + WEEK), number) for number, monday in enumerate(mondays)),
    ).label("week")
    query = (
        select(week, b.consultant, func.count().label("how_many"))
        .where(
            b.meeting_at >= _midnight(today),
            b.meeting_at < _midnight(mondays[-1] + WEEK),
            b.stage.not_in([stage.value for stage in ENDED]),
        )
        .group_by(week, b.consultant)
    )
    for row in connection.execute(query):
        yield (row.week, row.consultant), row.how_many


def _midnight(day: dt.date) -> dt.datetime:
    return at(day, dt.time())
