"""The country's batches: written once, of orders delivered since the last, and never of what is erased."""

import datetime as dt

from sqlalchemy import insert

from domain.meeting import at
from domain.model import OrderId, PackageSlug, Round
from domain.national import Batch
from domain.results import Results
from storage import result_repository
from storage.database import Database
from storage.national_figures import awaiting, pairs, publish, published
from storage.turnout import turnout_table

SLUG = PackageSlug("trivsel")
JANUARY, APRIL, JULY = dt.date(2027, 1, 1), dt.date(2027, 4, 1), dt.date(2027, 7, 1)
NOW = at(APRIL, dt.time(3))


def results(round_: Round, n: int) -> Results:
    return Results(package=SLUG, package_version=1, round=round_, n=n, members=30, suppressed=False)


def put(database: Database, order: str, released: dt.datetime | None, n: int = 20, version: int = 1) -> None:
    """An order with both rounds tabulated, its follow-up delivered then."""
    with database.write() as connection:
        for round_ in Round:
            row = {
                "order_id": order,
                "round": round_.value,
                "cluster": f"klynge-{order}",
                "package": SLUG,
                "package_version": version,
                "quarter": 20271,
                "answers": n,
                "invited": 30,
                "released_at": at(JANUARY, dt.time(9)) if round_ is Round.BASELINE else released,
            }
            connection.execute(insert(turnout_table).values(row))
            result_repository.store(connection, OrderId(order), results(round_, n), [], NOW)


def batch(orders: int = 5) -> Batch:
    return Batch(orders=orders, clusters=6)


def of_pairs(database: Database, until: dt.date, version: int = 1) -> list[tuple[str, int, int]]:
    with database.read() as connection:
        return [(each.cluster, each.before.n, each.after.n) for each in pairs(connection, SLUG, version, until)]


def waiting(database: Database, until: dt.date) -> list[tuple[str, int]]:
    with database.read() as connection:
        return [(str(slug), version) for slug, version in awaiting(connection, until)]


def test_an_order_is_in_the_batch_of_the_quarter_in_which_its_follow_up_was_delivered(database: Database) -> None:
    last_moment = at(APRIL, dt.time()) - dt.timedelta(microseconds=1)
    put(database, "a", last_moment)
    put(database, "b", at(APRIL, dt.time()))
    put(database, "c", None)
    assert of_pairs(database, APRIL) == [("klynge-a", 20, 20)]
    with database.write() as connection:
        publish(connection, SLUG, 1, APRIL, batch(), NOW)
    assert of_pairs(database, JULY) == [("klynge-b", 20, 20)]


def test_a_quarter_without_a_batch_is_part_of_the_next_one(database: Database) -> None:
    put(database, "a", at(dt.date(2027, 2, 1), dt.time(9)))
    put(database, "b", at(dt.date(2027, 5, 1), dt.time(9)))
    assert [cluster for cluster, *_ in of_pairs(database, JULY)] == ["klynge-a", "klynge-b"]


def test_versions_of_a_package_are_never_mixed(database: Database) -> None:
    put(database, "a", at(dt.date(2027, 2, 1), dt.time(9)), version=2)
    assert (of_pairs(database, APRIL, 1), len(of_pairs(database, APRIL, 2))) == ([], 1)
    assert waiting(database, APRIL) == [("trivsel", 2)]


def test_an_erased_orders_results_are_in_no_batch(database: Database) -> None:
    put(database, "a", at(dt.date(2027, 2, 1), dt.time(9)))
    with database.write() as connection:
        result_repository.erase(connection, OrderId("a"))
    assert of_pairs(database, APRIL) == []


def test_what_is_published_waits_no_more(database: Database) -> None:
    put(database, "a", at(dt.date(2027, 2, 1), dt.time(9)))
    assert waiting(database, JANUARY) == []
    assert waiting(database, APRIL) == [("trivsel", 1)]
    with database.write() as connection:
        publish(connection, SLUG, 1, APRIL, batch(), NOW)
    assert waiting(database, JULY) == []


def test_a_batch_stands_as_it_was_first_written(database: Database) -> None:
    for orders in (5, 6):
        with database.write() as connection:
            publish(connection, SLUG, 1, APRIL, batch(orders), NOW)
    with database.read() as connection:
        (one,) = published(connection)
        assert (one.until, one.figures.orders) == (APRIL, 5)
        assert published(connection, "samarbejde") == []
