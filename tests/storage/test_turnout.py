"""How many answered each round, from the events, and rates by quarter, round and region."""

import datetime as dt
from typing import Any

from sqlalchemy import insert, select

from domain import events as ev
from domain.events import Event
from domain.meeting import at
from domain.model import Round
from domain.quarters import Quarter
from storage.clusters import cluster_table
from storage.database import Database
from storage.event_store import EventStore
from storage.rebuild import rebuild
from storage.turnout import Turnout, turnout_table, turnouts
from tests.storage.lives import placed, planned
from tests.storage.test_projections import live_through

OPENS, CLOSES = dt.date(2026, 2, 16), dt.date(2026, 3, 2)
FIRST, LAST = Quarter(2026, 1), Quarter(2027, 4)


def counted(answers: int, day: dt.date = CLOSES) -> list[Event]:
    when = at(day, dt.time(9))
    return [
        ev.SurveyOpened(at=at(OPENS, dt.time(9)), round=Round.BASELINE, opens=OPENS, closes=CLOSES, reminders=()),
        ev.SurveyClosed(at=when, round=Round.BASELINE, why="due"),
        ev.TurnoutCounted(at=when, round=Round.BASELINE, answers=answers, invited=3, enough=answers > 2),
    ]


def kept(database: Database) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(select(turnout_table)))


def put(database: Database, *rows: tuple[str, str, int, int, int], package: str = "trivsel") -> None:
    """Rounds of (order, cluster's region, quarter, answers, invited)."""
    with database.write() as connection:
        for order, region, quarter, answers, invited in rows:
            connection.execute(insert(cluster_table).values(id=order, name=order, region=region))
            row = {
                "order_id": order,
                "round": "baseline",
                "cluster": order,
                "package": package,
                "package_version": 1,
                "quarter": quarter,
                "answers": answers,
                "invited": invited,
            }
            connection.execute(insert(turnout_table).values(row))


def found(database: Database, first: Quarter = FIRST, **wanted: Any) -> list[Turnout]:
    with database.read() as connection:
        return turnouts(connection, first, LAST, **wanted)


def test_a_round_is_there_once_it_is_counted_with_its_quarter(database: Database, store: EventStore) -> None:
    live_through(store, [placed(), planned()])
    assert kept(database) == []
    live_through(store, [placed("o-2", cluster="ribe"), planned(), *counted(2)], "o-2")
    (row,) = kept(database)
    assert (row.order_id, row.round, row.cluster, row.quarter) == ("o-2", "baseline", "ribe", 20261)
    assert (row.answers, row.invited, row.released_at) == (2, 3, None)


def test_a_rebuild_gives_the_same(database: Database, store: EventStore) -> None:
    live_through(store, [placed(), planned(), *counted(3)])
    before = kept(database)
    rebuild(database)
    assert kept(database) == before


def test_rates_are_added_up_by_quarter_and_region(database: Database) -> None:
    put(database, ("a", "nord", 20261, 10, 20), ("b", "nord", 20261, 5, 10), ("c", "syd", 20262, 7, 8))
    assert [(each.quarter, each.region, each.rounds, each.answers, each.invited) for each in found(database)] == [
        (Quarter(2026, 2), "syd", 1, 7, 8),
        (Quarter(2026, 1), "nord", 2, 15, 30),
    ]


def test_quarters_before_the_first_and_other_packages_are_left_out(database: Database) -> None:
    put(database, ("a", "nord", 20261, 10, 20), ("b", "nord", 20262, 5, 10))
    put(database, ("c", "nord", 20262, 1, 2), package="samarbejde")
    assert [each.answers for each in found(database, Quarter(2026, 2))] == [6]
    assert [each.answers for each in found(database, Quarter(2026, 2), package="trivsel")] == [5]
    split = found(database, Quarter(2026, 2), by_package=True)
    assert [(each.package, each.answers) for each in split] == [("samarbejde", 1), ("trivsel", 5)]
