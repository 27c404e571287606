"""First rounds for the country: each cluster's first, since the last batch, never of what is erased or told already."""

import datetime as dt
import json

from sqlalchemy import insert

from domain.comparator import Elsewhere
from domain.first_rounds import Counted, FirstRounds
from domain.meeting import at
from domain.model import OrderId, PackageSlug, Round
from storage import result_repository
from storage.clusters import recognise_cluster
from storage.database import Database
from storage.first_round_figures import (
    awaiting_first_rounds,
    first_rounds,
    publish_first_rounds,
    published_first_rounds,
)
from storage.national_figures import national_table
from storage.turnout import turnout_table
from tests.storage.test_national_figures import results

SLUG = PackageSlug("trivsel")
FEBRUARY, APRIL, MAY, JULY = (dt.date(2027, month, 1) for month in (2, 4, 5, 7))
NOW = at(APRIL, dt.time(3))


def put(
    database: Database,
    order: str,
    day: dt.date | None,
    cluster: str = "",
    version: int = 1,
    followed_up: dt.date | None = None,
) -> None:
    """An order whose first round is tabulated and delivered that day, at nine."""
    with database.write() as connection:
        for round_, delivered in ((Round.BASELINE, day), (Round.FOLLOW_UP, followed_up)):
            if round_ is Round.FOLLOW_UP and not delivered:
                continue
            row = {
                "order_id": order,
                "round": round_.value,
                "cluster": cluster or f"klynge-{order}",
                "package": SLUG,
                "package_version": version,
                "quarter": 20271,
                "answers": 20,
                "invited": 30,
                "released_at": at(delivered, dt.time(9)) if delivered else None,
            }
            connection.execute(insert(turnout_table).values(row))
            result_repository.store(connection, OrderId(order), results(round_, 20), [], NOW)


def batch(clusters: int = 6) -> FirstRounds:
    parts = {"": Counted(clusters=clusters, n=120, counts={"56": 120})}
    return FirstRounds(first_year=2027, last_year=2027, indices={"who5": parts}, items={})


def counted(database: Database, until: dt.date, version: int = 1) -> list[str]:
    with database.read() as connection:
        return [each.cluster for each in first_rounds(connection, SLUG, version, until)]


def publish(database: Database, until: dt.date, clusters: int = 6) -> None:
    with database.write() as connection:
        publish_first_rounds(connection, SLUG, 1, until, batch(clusters), NOW)


def test_a_round_is_counted_in_the_quarter_after_it_was_delivered_and_never_again(database: Database) -> None:
    put(database, "a", FEBRUARY)
    put(database, "b", APRIL)
    put(database, "c", None)
    assert counted(database, APRIL) == ["klynge-a"]
    publish(database, APRIL)
    assert counted(database, JULY) == ["klynge-b"]


def test_what_did_not_pass_is_asked_again_in_the_next_quarter(database: Database) -> None:
    put(database, "a", FEBRUARY)
    put(database, "b", MAY)
    assert counted(database, JULY) == ["klynge-a", "klynge-b"]


def test_of_a_cluster_with_several_orders_only_the_first_is_counted_in_whatever_quarter(database: Database) -> None:
    put(database, "a", FEBRUARY, cluster="odense")
    put(database, "b", FEBRUARY, cluster="odense")
    put(database, "c", MAY, cluster="odense")
    put(database, "d", MAY, cluster="odense", version=2)
    assert counted(database, APRIL) == ["odense"]
    publish(database, APRIL)
    assert counted(database, JULY) == []
    assert counted(database, JULY, version=2) == ["odense"]


def test_an_erased_orders_results_are_in_no_batch(database: Database) -> None:
    put(database, "a", FEBRUARY)
    with database.write() as connection:
        result_repository.erase(connection, OrderId("a"))
    assert counted(database, APRIL) == []


def test_a_first_round_whose_level_was_told_with_its_follow_up_is_not_told_again(database: Database) -> None:
    put(database, "a", FEBRUARY, followed_up=FEBRUARY)
    put(database, "b", FEBRUARY, followed_up=MAY)
    put(database, "c", FEBRUARY)
    with_levels = json.dumps({"orders": 5, "clusters": 5, "indices": {}, "items": {}})
    row = {"package": SLUG, "package_version": 1, "until": APRIL, "made_at": NOW, "figures": with_levels}
    with database.write() as connection:
        connection.execute(insert(national_table).values(row))
    assert counted(database, JULY) == ["klynge-b", "klynge-c"]


def test_a_clusters_region_goes_with_it(database: Database) -> None:
    with database.write() as connection:
        cluster = recognise_cluster(connection, "Skagen", "nordjylland", None)
    put(database, "a", FEBRUARY, cluster=cluster)
    put(database, "b", FEBRUARY)
    with database.read() as connection:
        found = {each.cluster: each.region for each in first_rounds(connection, SLUG, 1, APRIL)}
    assert found == {cluster: "nordjylland", "klynge-b": ""}


def test_what_is_published_waits_no_more(database: Database) -> None:
    put(database, "a", FEBRUARY)
    with database.read() as connection:
        assert awaiting_first_rounds(connection, FEBRUARY) == []
        assert awaiting_first_rounds(connection, APRIL) == [(SLUG, 1)]
    publish(database, APRIL)
    with database.read() as connection:
        assert awaiting_first_rounds(connection, JULY) == []


def test_a_batch_stands_as_it_was_first_written(database: Database) -> None:
    publish(database, APRIL, 6)
    publish(database, APRIL, 7)
    with database.read() as connection:
        (one,) = published_first_rounds(connection, SLUG, 1)
        assert (one.until, one.figures.indices["who5"][""].clusters) == (APRIL, 6)
        assert published_first_rounds(connection, SLUG, 2) == published_first_rounds(connection, "samarbejde") == []


def test_what_a_round_is_compared_with_stays_as_it_was_found_first(database: Database) -> None:
    put(database, "a", FEBRUARY)
    changed = Elsewhere.model_validate({"changes": {"who5": {**CHANGE, "orders": 6}}})
    with database.write() as connection:
        assert result_repository.kept_elsewhere(connection, OrderId("a"), Round.BASELINE) is None
        for found in (Elsewhere(), changed):
            kept = result_repository.keep_elsewhere(connection, OrderId("a"), Round.BASELINE, found)
            assert kept == Elsewhere()
        result_repository.store(connection, OrderId("a"), results(Round.BASELINE, 25), [], NOW)
        assert result_repository.kept_elsewhere(connection, OrderId("a"), Round.BASELINE) == Elsewhere()
        result_repository.erase(connection, OrderId("a"))
        assert result_repository.kept_elsewhere(connection, OrderId("a"), Round.BASELINE) is None


CHANGE = {"n_before": 120, "n_after": 120, "difference": 2.0, "low": -1.0, "high": 5.0}
