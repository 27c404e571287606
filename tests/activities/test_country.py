"""The country's figures are published in the night that follows a quarter, before anything is erased, and once."""

import datetime as dt

import pytest
from sqlalchemy import insert, select
from temporalio.exceptions import ApplicationError

from activities.country import Country
from domain.meeting import at
from domain.model import OrderId, Round
from storage import first_round_figures, national_figures, result_repository, retention
from storage.national_figures import published
from storage.result_repository import tabulation_table
from storage.turnout import turnout_table
from tests.activities.desk import Desk
from tests.activities.maintenance import maintenance
from tests.domain.test_national import a_pair
from tests.the_packages import TRIVSEL

FEBRUARY, MARCH_31, APRIL = dt.date(2027, 2, 1), dt.date(2027, 3, 31), dt.date(2027, 4, 1)
NIGHT = dt.time(3)


def deliver(desk: Desk, clusters: int, answers: int = 25, day: dt.date = FEBRUARY, first: int = 0) -> None:
    """So many clusters' follow-ups, delivered on a day."""
    with desk.stack.database.write() as connection:
        for number in range(first, first + clusters):
            order, pair = OrderId(f"landet-{number}"), a_pair(f"klynge-{number}", answers, answers)
            for round_, results in ((Round.BASELINE, pair.before), (Round.FOLLOW_UP, pair.after)):
                row = {
                    "order_id": order,
                    "round": round_.value,
                    "cluster": pair.cluster,
                    "package": TRIVSEL.slug,
                    "package_version": TRIVSEL.version,
                    "quarter": 20271,
                    "answers": answers,
                    "invited": 30,
                    "released_at": at(day, dt.time(9)),
                }
                connection.execute(insert(turnout_table).values(row))
                result_repository.store(connection, order, results, [], desk.now)


def told(desk: Desk) -> list[tuple[dt.date, int]]:
    with desk.stack.database.read() as connection:
        return [(each.until, each.figures.orders) for each in published(connection)]


def night(desk: Desk, day: dt.date) -> str:
    return maintenance(desk).night(at(day, NIGHT))


def test_a_quarter_is_published_in_the_first_night_after_it_and_once(desk: Desk) -> None:
    deliver(desk, 6)
    assert night(desk, MARCH_31).endswith("0 national figures published")
    assert night(desk, APRIL).endswith("2 national figures published")
    assert night(desk, APRIL + dt.timedelta(days=1)).endswith("0 national figures published")
    assert told(desk) == [(APRIL, 6)]


def test_five_clusters_wait_for_a_sixth(desk: Desk) -> None:
    deliver(desk, 5)
    night(desk, APRIL)
    assert told(desk) == []
    deliver(desk, 1, day=dt.date(2027, 5, 3), first=5)
    night(desk, dt.date(2027, 7, 1))
    assert told(desk) == [(dt.date(2027, 7, 1), 6)]


def test_one_cluster_more_in_the_next_quarter_changes_nothing_that_is_shown(desk: Desk) -> None:
    deliver(desk, 6)
    night(desk, APRIL)
    deliver(desk, 1, answers=40, day=dt.date(2027, 5, 3), first=6)
    night(desk, dt.date(2027, 7, 1))
    assert told(desk) == [(APRIL, 6)]


def test_the_figures_are_published_before_the_same_night_erases_what_they_are_made_of(desk: Desk) -> None:
    deliver(desk, 6)
    with desk.stack.database.write() as connection:
        for number in range(6):
            retention.schedule_erasure(connection, OrderId(f"landet-{number}"), at(MARCH_31, NIGHT))
    night(desk, APRIL)
    assert told(desk) == [(APRIL, 6)]
    with desk.stack.database.read() as connection:
        assert connection.execute(select(tabulation_table)).all() == []


def test_a_package_that_cannot_be_published_stops_neither_the_others_nor_the_erasing(desk: Desk) -> None:
    deliver(desk, 6)
    with desk.stack.database.write() as connection:
        never_kept = {"package": "a-package", "package_version": 9, "cluster": "c", "quarter": 20271}
        row = {"order_id": "o", "round": "follow_up", "answers": 9, "invited": 9, "released_at": at(FEBRUARY, NIGHT)}
        connection.execute(insert(turnout_table).values({**never_kept, **row}))
        retention.schedule_erasure(connection, OrderId("landet-0"), at(MARCH_31, NIGHT))
    with pytest.raises(ApplicationError) as failed:
        night(desk, APRIL)
    assert "2 national figures published; failed: national changes of a-package LookupError" in str(failed.value)
    assert told(desk) == [(APRIL, 6)]
    with desk.stack.database.read() as connection:
        assert retention.due_for_erasure(connection, at(APRIL, NIGHT), 9) == []


def test_a_batch_holds_neither_order_nor_cluster(desk: Desk) -> None:
    deliver(desk, 6)
    assert Country(desk.stack.database).publish_what_is_due(at(APRIL, NIGHT)) == (2, [])
    with desk.stack.database.read() as connection:
        rows = [
            *connection.execute(select(national_figures.national_table)).all(),
            *connection.execute(select(first_round_figures.first_rounds_table)).all(),
        ]
    assert len(rows) == 2
    assert "klynge" not in str(rows)
    assert "landet" not in str(rows)


def test_first_rounds_of_the_same_orders_are_told_in_the_same_night(desk: Desk) -> None:
    deliver(desk, 6)
    night(desk, APRIL)
    with desk.stack.database.read() as connection:
        (one,) = first_round_figures.published_first_rounds(connection)
    assert (one.figures.first_year, one.figures.last_year) == (2027, 2027)
    (part,) = one.figures.indices["who5"].values()
    assert (part.clusters, part.n) == (6, 150)
