"""What changed over all clusters: the batches that were published, and what the next one is made of."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Date, Integer, String, Table, Text, func, select

from domain.meeting import at
from domain.model import ClusterId, OrderId, PackageSlug, Round
from domain.national import Batch, Pair
from storage.before_changes import batch_of_today
from storage.columns import Instant
from storage.database import metadata
from storage.insert_once import insert_missing
from storage.result_repository import stored
from storage.turnout import turnout_table

# No personal data: changes over more than five clusters and a hundred answers, with neither order nor cluster. Kept.
# A batch is written once and never changed (see `domain/national.py`).
national_table = Table(
    "national_batch",
    metadata,
    Column("package", String, primary_key=True),
    Column("package_version", Integer, primary_key=True),
    # Of results delivered before this day, and not before the last batch's.
    Column("until", Date, primary_key=True),
    Column("made_at", Instant, nullable=False),
    Column("figures", Text, nullable=False),
)


@dataclass(frozen=True)
class PublishedBatch:
    """A batch as it stands."""

    package: PackageSlug
    package_version: int
    until: dt.date
    figures: Batch


def published(connection: Connection, package: str = "", version: int | None = None) -> list[PublishedBatch]:
    """Every batch, or one package's, or one version's, by package, version and time."""
    n = national_table.c
    query = select(national_table).order_by(n.package, n.package_version, n.until)
    if package:
        query = query.where(n.package == package)
    if version is not None:
        query = query.where(n.package_version == version)
    return [
        PublishedBatch(PackageSlug(row.package), row.package_version, row.until, _read(row.figures))
        for row in connection.execute(query)
    ]


def publish(
    connection: Connection, package: PackageSlug, version: int, until: dt.date, batch: Batch, now: dt.datetime
) -> None:
    """Write a batch, unless one stands for that day: then that is the one, whatever this says."""
    row = {
        "package": package,
        "package_version": version,
        "until": until,
        "made_at": now,
        "figures": batch.model_dump_json(),
    }
    insert_missing(connection, national_table, [row])


def awaiting(connection: Connection, until: dt.date) -> list[tuple[PackageSlug, int]]:
    """Packages, by version, with follow-ups delivered before a day and in no batch yet."""
    t, n = turnout_table.c, national_table.c
    newest = select(n.package, n.package_version, func.max(n.until).label("until")).group_by(
        n.package, n.package_version
    )
    batched = {(row.package, row.package_version): row.until for row in connection.execute(newest)}
    query = (
        select(t.package, t.package_version, func.max(t.released_at).label("last"))
        .where(t.round == Round.FOLLOW_UP.value, t.released_at < _midnight(until))
        .group_by(t.package, t.package_version)
        .order_by(t.package, t.package_version)
    )
    found = [((PackageSlug(row.package), row.package_version), row.last) for row in connection.execute(query)]
    return [which for which, last in found if which not in batched or last >= _midnight(batched[which])]


def pairs(connection: Connection, package: PackageSlug, version: int, until: dt.date) -> Iterator[Pair]:
    """Both rounds of each order whose follow-up was delivered since the last batch and before a day.

    Orders whose results are erased are not among them: what a cluster was promised to be deleted is not kept for this.
    """
    t, before = turnout_table.c, turnout_table.alias("before")
    n = national_table.c
    last = connection.execute(
        select(func.max(n.until)).where(n.package == package, n.package_version == version)
    ).scalar()
    query = (
        select(t.order_id, t.cluster)
        .join_from(turnout_table, before, before.c.order_id == t.order_id)
        .where(
            before.c.round == Round.BASELINE.value,
            before.c.released_at.is_not(None),
            t.round == Round.FOLLOW_UP.value,
            t.released_at < _midnight(until),
            t.package == package,
            t.package_version == version,
        )
        .order_by(t.order_id)
    )
    if last is not None:
        query = query.where(t.released_at >= _midnight(last))
    for row in connection.execute(query).all():
        first, second = (stored(connection, OrderId(row.order_id), round_) for round_ in Round)
        if first and second:
            yield Pair(ClusterId(row.cluster), first.results, second.results)


def _read(figures: str) -> Batch:
    return batch_of_today(json.loads(figures))


def _midnight(day: dt.date) -> dt.datetime:
    return at(day, dt.time())
