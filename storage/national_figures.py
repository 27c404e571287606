"""What changed over all clusters: the batches that were published, and what the next one is made of."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from domain.model import ClusterId, OrderId, PackageSlug, Round
from domain.national import Batch, Pair
from storage.batches import awaiting_a_batch, batch_table, batches, last_batch, midnight, write_batch
from storage.before_changes import batch_of_today
from storage.result_repository import stored
from storage.turnout import turnout_table

# No personal data: changes over more than five clusters and a hundred answers, with neither order nor cluster. Kept.
# A batch is written once and never changed (see `domain/national.py`).
national_table = batch_table("national_batch")


@dataclass(frozen=True)
class PublishedBatch:
    """A batch as it stands."""

    package: PackageSlug
    package_version: int
    until: dt.date
    figures: Batch


def published(connection: Connection, package: str = "", version: int | None = None) -> list[PublishedBatch]:
    """Every batch, or one package's, or one version's, by package, version and time."""
    return [
        PublishedBatch(PackageSlug(row.package), row.package_version, row.until, _read(row.figures))
        for row in batches(connection, national_table, package, version)
    ]


def publish(
    connection: Connection, package: PackageSlug, version: int, until: dt.date, batch: Batch, now: dt.datetime
) -> None:
    """Write a batch, unless one stands for that day: then that is the one, whatever this says."""
    write_batch(connection, national_table, (package, version), until, batch.model_dump_json(), now)


def awaiting(connection: Connection, until: dt.date) -> list[tuple[PackageSlug, int]]:
    """Packages, by version, with follow-ups delivered before a day and in no batch yet."""
    return awaiting_a_batch(connection, national_table, Round.FOLLOW_UP, until)


def pairs(connection: Connection, package: PackageSlug, version: int, until: dt.date) -> Iterator[Pair]:
    """Both rounds of each order whose follow-up was delivered since the last batch and before a day.

    Orders whose results are erased are not among them: what a cluster was promised to be deleted is not kept for this.
    """
    t, before = turnout_table.c, turnout_table.alias("before")
    last = last_batch(connection, national_table, package, version)
    query = (
        select(t.order_id, t.cluster)
        .join_from(turnout_table, before, before.c.order_id == t.order_id)
        .where(
            before.c.round == Round.BASELINE.value,
            before.c.released_at.is_not(None),
            t.round == Round.FOLLOW_UP.value,
            t.released_at < midnight(until),
            t.package == package,
            t.package_version == version,
        )
        .order_by(t.order_id)
    )
    if last is not None:
        query = query.where(t.released_at >= midnight(last))
    for row in connection.execute(query).all():
        first, second = (stored(connection, OrderId(row.order_id), round_) for round_ in Round)
        if first and second:
            yield Pair(ClusterId(row.cluster), first.results, second.results)


def _read(figures: str) -> Batch:
    return batch_of_today(json.loads(figures))
