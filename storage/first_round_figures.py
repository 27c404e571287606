"""First rounds over all clusters: the batches that were published, and what the next one is made of."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Select, and_, or_, select
from sqlalchemy.orm import aliased

from domain.first_rounds import FirstRound, FirstRounds
from domain.meeting import danish
from domain.model import ClusterId, OrderId, PackageSlug, Round
from storage.batches import awaiting_a_batch, batch_table, batches, last_batch, midnight, write_batch
from storage.before_changes import has_levels
from storage.clusters import cluster_table
from storage.national_figures import national_table
from storage.result_repository import stored
from storage.turnout import turnout_table

# No personal data: counts over more than five clusters and a hundred answers, with neither order nor cluster. Kept. A
# batch is written once and never changed (see `domain/first_rounds.py`); `until` is all that says what is counted.
first_rounds_table = batch_table("first_rounds_batch")


@dataclass(frozen=True)
class PublishedFirstRounds:
    """A batch as it stands."""

    package: PackageSlug
    package_version: int
    until: dt.date
    figures: FirstRounds


def published_first_rounds(
    connection: Connection, package: str = "", version: int | None = None
) -> list[PublishedFirstRounds]:
    """Every batch, or one package's, or one version's, by package, version and time."""
    return [
        PublishedFirstRounds(
            PackageSlug(row.package), row.package_version, row.until, FirstRounds.model_validate_json(row.figures)
        )
        for row in batches(connection, first_rounds_table, package, version)
    ]


def publish_first_rounds(
    connection: Connection, package: PackageSlug, version: int, until: dt.date, batch: FirstRounds, now: dt.datetime
) -> None:
    """Write a batch, unless one stands for that day: then that is the one, whatever this says."""
    write_batch(connection, first_rounds_table, (package, version), until, batch.model_dump_json(), now)


def awaiting_first_rounds(connection: Connection, until: dt.date) -> list[tuple[PackageSlug, int]]:
    """Packages, by version, with first rounds delivered before a day and in no batch yet."""
    return awaiting_a_batch(connection, first_rounds_table, Round.BASELINE, until)


def first_rounds(connection: Connection, package: PackageSlug, version: int, until: dt.date) -> Iterator[FirstRound]:
    """Each cluster's first delivered round of a version, if that was since the last batch and before a day.

    Not those whose results are erased: what a cluster was promised to be deleted is not kept for this. Nor those that
    a batch of changes told the level of, as batches did before there were first rounds to compare with.
    """
    last = last_batch(connection, first_rounds_table, package, version)
    query = _delivered(package, version, until)
    if last is not None:
        query = query.where(turnout_table.c.released_at >= midnight(last))
    told_already = _told_already(connection, package, version)
    for row in connection.execute(query).all():
        if row.followed_up_at is not None and told_already is not None and row.followed_up_at < told_already:
            continue
        if found := stored(connection, OrderId(row.order_id), Round.BASELINE):
            year = danish(row.released_at).year
            yield FirstRound(ClusterId(row.cluster), row.region or "", year, found.results)


def _delivered(
    package: PackageSlug, version: int, until: dt.date
) -> Select[tuple[str, str, str, dt.datetime, dt.datetime]]:
    """First rounds delivered before a day; of a cluster with several only the first."""
    t, earlier, after = turnout_table.c, aliased(turnout_table), aliased(turnout_table)
    sooner = or_(
        earlier.c.released_at < t.released_at,
        and_(earlier.c.released_at == t.released_at, earlier.c.order_id < t.order_id),
    )
    another = select(earlier.c.order_id).where(
        earlier.c.cluster == t.cluster,
        earlier.c.package == package,
        earlier.c.package_version == version,
        earlier.c.round == Round.BASELINE.value,
        sooner,
    )
    followed = and_(after.c.order_id == t.order_id, after.c.round == Round.FOLLOW_UP.value)
    return (
        select(
            t.order_id, t.cluster, cluster_table.c.region, t.released_at, after.c.released_at.label("followed_up_at")
        )
        .select_from(turnout_table)
        .outerjoin(cluster_table, cluster_table.c.id == t.cluster)
        .outerjoin(after, followed)
        .where(
            t.round == Round.BASELINE.value,
            t.released_at < midnight(until),
            t.package == package,
            t.package_version == version,
            ~another.exists(),
        )
        .order_by(t.order_id)
    )


def _told_already(connection: Connection, package: PackageSlug, version: int) -> dt.datetime | None:
    """Until when follow-ups are in a batch that told of levels."""
    n = national_table.c
    query = select(n.until, n.figures).where(n.package == package, n.package_version == version)
    days = [row.until for row in connection.execute(query) if has_levels(json.loads(row.figures))]
    return midnight(max(days)) if days else None
