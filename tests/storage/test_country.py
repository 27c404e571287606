"""Which cluster has used which package: meetings held, orders under way, by package and year."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from domain.model import ClusterId, PackageSlug
from domain.stages import Stage
from storage.board import board_table
from storage.country import ENDED, GOING_ON, PackageUse, package_uses, years_with_meetings
from storage.database import Database
from storage.event_sql import run
from storage.package_use import recount
from tests.databases import new_sqlite, sqlite_url

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
BEFORE, AFTER = dt.datetime(2027, 3, 10, 16, tzinfo=dt.UTC), dt.datetime(2027, 9, 10, 15, tzinfo=dt.UTC)


def put(connection: Connection, order: str, stage: Stage = Stage.QUIET, **other: Any) -> None:
    row = {
        "order_id": order,
        "cluster": "ribe",
        "package": "trivsel",
        "stage": stage.value,
        "coordinator": "k",
        "placed_at": NOW,
        "members": 8,
        "version": 1,
        **other,
    }
    connection.execute(insert(board_table).values(row))
    recount(connection, (ClusterId(row["cluster"]), PackageSlug(row["package"])))


def used(database: Database, **wanted: Any) -> list[PackageUse]:
    with database.read() as connection:
        return sorted(package_uses(connection, NOW, **wanted), key=lambda use: (use.cluster, use.package))


def test_a_package_is_used_once_its_meeting_is_held(database: Database) -> None:
    earlier = BEFORE - dt.timedelta(days=400)
    with database.write() as connection:
        put(connection, "a", meeting_at=BEFORE)
        put(connection, "b", Stage.COMPLETED, meeting_at=earlier, ended_at=BEFORE)
        put(connection, "c", Stage.READY, meeting_at=AFTER)
        put(connection, "d", Stage.ORDERED)
    (use,) = used(database)
    assert (use.held, use.last_held, use.under_way, use.next_meeting) == (2, BEFORE, 2, AFTER)


@pytest.mark.parametrize(
    ("ended", "held"), [(BEFORE - dt.timedelta(days=1), 0), (BEFORE, 1), (BEFORE + dt.timedelta(days=1), 1)]
)
def test_a_cancelled_order_counts_only_where_its_meeting_was_held_first(
    database: Database, ended: dt.datetime, held: int
) -> None:
    with database.write() as connection:
        put(connection, "a", Stage.CANCELLED, meeting_at=BEFORE, ended_at=ended)
        put(connection, "b", Stage.CANCELLED, ended_at=BEFORE)
    assert [use.held for use in used(database)] == ([held] if held else [])


def test_a_meeting_is_held_from_the_moment_in_which_it_begins(database: Database) -> None:
    with database.write() as connection:
        put(connection, "a", meeting_at=NOW)
    (use,) = used(database)
    assert (use.held, use.under_way) == (1, 0)


def test_a_cancelled_or_ended_order_is_never_under_way(database: Database) -> None:
    with database.write() as connection:
        put(connection, "a", Stage.CANCELLED, meeting_at=AFTER, ended_at=NOW)
        put(connection, "b", Stage.COMPLETED, ended_at=NOW)
    assert used(database) == []


def test_the_year_is_that_of_the_meeting_on_danish_clocks(database: Database) -> None:
    new_year_in_denmark = dt.datetime(2026, 12, 31, 23, 0, tzinfo=dt.UTC)
    with database.write() as connection:
        put(connection, "a", meeting_at=new_year_in_denmark)
        put(connection, "b", cluster="vejle", meeting_at=new_year_in_denmark - dt.timedelta(minutes=1))
        put(connection, "c", cluster="koege", stage=Stage.ORDERED)
    assert [use.cluster for use in used(database, year=2027)] == ["ribe"]
    assert [use.cluster for use in used(database, year=2026)] == ["vejle"]
    with database.read() as connection:
        assert years_with_meetings(connection) == [2026, 2027]


def test_one_package_alone_can_be_asked_for(database: Database) -> None:
    with database.write() as connection:
        put(connection, "a", meeting_at=BEFORE)
        put(connection, "b", package="samarbejde", meeting_at=BEFORE)
    assert [use.package for use in used(database, package="samarbejde")] == ["samarbejde"]
    assert len(used(database)) == 2


def test_before_any_meeting_there_is_no_year(database: Database) -> None:
    with database.read() as connection:
        assert years_with_meetings(connection) == []


def test_what_the_page_asks_is_found_by_index_alone(tmp_path: Path) -> None:
    database = Database(sqlite_url(new_sqlite(tmp_path / "land.db")))
    with database.read() as connection:
        for asked, index in ((ENDED, "ix_package_use_figures"), (GOING_ON, "ix_order_board_going_on")):
            given = [0] * asked.count("?")
            plan = str(run(connection, f"EXPLAIN QUERY PLAN {asked}", *given).fetchall())
            assert f"COVERING INDEX {index}" in plan
    database.close()
