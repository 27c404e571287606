"""A round is counted once, wherever the process dies and whoever publishes at the same time; on both databases."""

import datetime as dt
import os
import threading
from collections.abc import Callable
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine, event, insert

from activities.country import Country
from domain.meeting import at
from domain.model import OrderId, Round
from storage import result_repository
from storage.database import Database
from storage.first_round_figures import published_first_rounds
from storage.national_figures import published
from storage.package_repository import keep
from storage.turnout import turnout_table
from tests.domain.test_national import a_pair
from tests.the_packages import TRIVSEL

JANUARY, APRIL, JULY = dt.date(2027, 1, 4), dt.date(2027, 4, 1), dt.date(2027, 7, 1)
NIGHT = dt.time(3)
FORK = get_context("spawn")


def deliver_six(database: Database, day: dt.date) -> None:
    """Six clusters whose first rounds and follow-ups were delivered that day."""
    with database.write() as connection:
        keep(connection, TRIVSEL)
        for number in range(6):
            order, pair = OrderId(f"landet-{number}"), a_pair(f"klynge-{number}", 25, 25)
            for round_, results in ((Round.BASELINE, pair.before), (Round.FOLLOW_UP, pair.after)):
                row = {
                    "order_id": order,
                    "round": round_.value,
                    "cluster": pair.cluster,
                    "package": TRIVSEL.slug,
                    "package_version": TRIVSEL.version,
                    "quarter": 20271,
                    "answers": 25,
                    "invited": 30,
                }
                connection.execute(insert(turnout_table).values({**row, "released_at": at(day, dt.time(9))}))
                result_repository.store(connection, order, results, [], at(day, NIGHT))


@pytest.fixture
def delivered(database: Database) -> Database:
    deliver_six(database, JANUARY)
    return database


def die_after(statement: str) -> Callable[..., None]:
    def die(_connection: object, _cursor: object, said: str, *_more: object) -> None:
        if said.startswith(statement):
            os._exit(9)

    return die


def publish_and_die(url: str, statement: str) -> None:
    """In a process of its own: everything is done up to this statement, and nothing after it."""
    event.listen(Engine, "after_cursor_execute", die_after(statement))
    Country(Database(url)).publish_what_is_due(at(APRIL, NIGHT))


def counted(database: Database) -> tuple[list[int], list[int]]:
    """How many clusters are in each batch of first rounds, and orders in each of changes."""
    with database.read() as connection:
        rounds = [part for each in published_first_rounds(connection) for part in each.figures.indices["who5"].values()]
        return [part.clusters for part in rounds], [each.figures.orders for each in published(connection)]


@pytest.mark.parametrize("statement", ["INSERT INTO first_rounds_batch", "INSERT INTO national_batch"])
def test_a_process_that_dies_between_counting_and_keeping_has_counted_nothing_twice(
    delivered: Database, database_url: str, statement: str
) -> None:
    process = FORK.Process(target=publish_and_die, args=(database_url, statement))
    process.start()
    process.join()
    assert process.exitcode == 9
    for night in (APRIL, APRIL + dt.timedelta(days=1), JULY):
        Country(delivered).publish_what_is_due(at(night, NIGHT))
    assert counted(delivered) == ([6], [6])


def test_two_that_publish_at_once_for_different_quarters_count_each_round_once(
    delivered: Database, database_url: str
) -> None:
    other = Database(database_url)
    publishers = [
        threading.Thread(target=Country(each).publish_what_is_due, args=(at(day, NIGHT),))
        for each, day in ((delivered, APRIL), (other, JULY))
    ]
    for each in publishers:
        each.start()
    for each in publishers:
        each.join()
    other.close()
    assert counted(delivered) == ([6], [6])
