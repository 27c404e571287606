"""What the next weeks ask of each consultant."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from domain.meeting import at
from domain.model import StaffId
from domain.stages import Stage
from domain.task_kinds import TaskKind
from storage.board import board_table
from storage.coming_weeks import coming_weeks
from storage.database import Database
from storage.staff import StaffRole, add_staff
from storage.tasks import task_table

WEDNESDAY = dt.date(2026, 9, 2)
MONDAY = dt.date(2026, 8, 31)
NEXT = MONDAY + dt.timedelta(weeks=1)


def put(connection: Connection, order: str, consultant: str | None, stage: Stage = Stage.READY, **other: Any) -> None:
    row = {
        "order_id": order,
        "cluster": "ribe",
        "package": "trivsel",
        "stage": stage.value,
        "coordinator": "k",
        "consultant": consultant,
        "placed_at": at(MONDAY, dt.time()),
        "members": 8,
        "version": 1,
        **other,
    }
    connection.execute(insert(board_table).values(row))


def task(connection: Connection, order: str, kind: TaskKind, due: dt.date, seq: int = 1) -> None:
    when = at(due, dt.time(16))
    row = {"order_id": order, "seq": seq, "kind": kind.value, "owner_role": "consultant", "since": when, "due": when}
    connection.execute(insert(task_table).values(row))


def told(database: Database, today: dt.date = WEDNESDAY) -> list[tuple[dt.date, str, int, int, int]]:
    with database.read() as connection:
        found = coming_weeks(connection, today, 6)
    return [(each.monday, each.name, each.calls, each.decks, each.meetings) for each in found]


@pytest.fixture
def kirsten(database: Database) -> StaffId:
    with database.write() as connection:
        return add_staff(connection, "Kirsten Dam", "kirsten@kiap.example", StaffRole.CONSULTANT)


def test_calls_decks_and_meetings_stand_in_their_weeks(database: Database, kirsten: StaffId) -> None:
    with database.write() as connection:
        put(connection, "a", kirsten, Stage.ORDERED)
        task(connection, "a", TaskKind.HOLD_THE_CALL, NEXT)
        put(connection, "b", kirsten, meeting_at=at(NEXT, dt.time(17)))
        put(connection, "c", kirsten, Stage.SURVEY_OPEN, survey_closes=WEDNESDAY)
        put(connection, "d", None, Stage.ORDERED)
        task(connection, "d", TaskKind.HOLD_THE_CALL, WEDNESDAY)
    assert told(database) == [
        (MONDAY, "", 1, 0, 0),
        (MONDAY, "Kirsten Dam", 0, 1, 0),
        (NEXT, "Kirsten Dam", 1, 0, 1),
    ]


def test_a_questionnaire_that_closes_on_a_friday_is_the_next_weeks_deck(database: Database, kirsten: StaffId) -> None:
    with database.write() as connection:
        put(connection, "a", kirsten, Stage.SURVEY_OPEN, survey_closes=dt.date(2026, 9, 4))
    assert told(database) == [(NEXT, "Kirsten Dam", 0, 1, 0)]


def test_what_is_overdue_stands_in_this_week(database: Database, kirsten: StaffId) -> None:
    with database.write() as connection:
        put(connection, "a", kirsten, Stage.ORDERED)
        task(connection, "a", TaskKind.HOLD_THE_CALL, MONDAY - dt.timedelta(days=40))
    assert told(database) == [(MONDAY, "Kirsten Dam", 1, 0, 0)]


def test_texts_to_read_and_the_deck_they_are_for_are_one_deck(database: Database, kirsten: StaffId) -> None:
    with database.write() as connection:
        put(connection, "a", kirsten, Stage.IN_REVIEW)
        task(connection, "a", TaskKind.READ_FREE_TEXTS, WEDNESDAY)
        task(connection, "a", TaskKind.RELEASE_DECK, WEDNESDAY, seq=2)
    assert told(database) == [(MONDAY, "Kirsten Dam", 0, 1, 0)]


def test_a_meeting_of_yesterday_a_cancelled_one_and_one_too_far_off_are_left_out(
    database: Database, kirsten: StaffId
) -> None:
    with database.write() as connection:
        put(connection, "a", kirsten, meeting_at=at(MONDAY, dt.time(17)))
        put(connection, "b", kirsten, Stage.CANCELLED, meeting_at=at(NEXT, dt.time(17)), survey_closes=WEDNESDAY)
        put(connection, "c", kirsten, meeting_at=at(MONDAY + dt.timedelta(weeks=6), dt.time(17)))
    assert told(database) == []
