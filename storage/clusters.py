"""Clusters and their practices: public bodies, found again under whatever name or number they come in."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, ForeignKey, Row, String, Table, insert, select, update

from domain.denmark import are_one_region
from domain.model import ClusterId, PracticeId
from storage.columns import Instant
from storage.database import metadata
from storage.erased import ERASED
from storage.ids import new_id

# No personal data: a cluster is a public body. Kept. `external_id` is kiap.dk's own.
cluster_table = Table(
    "cluster",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("region", String, nullable=False),
    Column("external_id", String, unique=True),
)

# A clinic's name, which may be its doctor's ("Lægerne v/ …"), or its number. Erased with the last order that uses it.
practice_table = Table(
    "practice",
    metadata,
    Column("id", String, primary_key=True),
    Column("cluster_id", String, ForeignKey("cluster.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("erased_at", Instant),
)

YDERNUMMER = 6
"""Digits of a practice's number."""


class NoSuchCluster(LookupError):  # noqa: N818 - a finding, named as one
    """No cluster has this id."""


class SameNameThere(ValueError):  # noqa: N818 - a finding, named as one
    """The region has a cluster of that name, which an order without a number would be taken for."""


@dataclass(frozen=True)
class Cluster:
    id: ClusterId
    name: str
    region: str
    external_id: str | None = None


@dataclass(frozen=True)
class Practice:
    """A clinic. An erased one has no name."""

    id: PracticeId
    cluster: ClusterId
    name: str


def recognise_cluster(connection: Connection, name: str, region: str, external_id: str | None) -> ClusterId:
    """The cluster that comes in under this name or kiap.dk's id: the one we have, brought up to date, or a new one.

    Ordered with and without the id it is one cluster; two ids are two clusters, whatever they are called.
    """
    known = _find(connection, name, region, external_id)
    if known is None:
        cluster_id = ClusterId(new_id())
        row = {"id": cluster_id, "name": name, "region": region, "external_id": external_id}
        connection.execute(insert(cluster_table).values(row))
        return cluster_id
    as_now = {"name": name, "region": region, "external_id": external_id or known.external_id}
    if as_now != {"name": known.name, "region": known.region, "external_id": known.external_id}:
        connection.execute(update(cluster_table).where(cluster_table.c.id == known.id).values(as_now))
    return known.id


def _find(connection: Connection, name: str, region: str, external_id: str | None) -> Cluster | None:
    everyone = clusters(connection)
    if external_id is not None:
        by_id = next((each for each in everyone if each.external_id == external_id), None)
        if by_id is not None:
            return by_id
    for each in everyone:
        is_free = external_id is None or each.external_id is None
        if is_free and each.name.casefold() == name.casefold() and are_one_region(each.region, region):
            return each
    return None


def cluster(connection: Connection, cluster_id: ClusterId) -> Cluster:
    """Raises NoSuchCluster."""
    row = connection.execute(select(cluster_table).where(cluster_table.c.id == cluster_id)).one_or_none()
    if row is None:
        raise NoSuchCluster(cluster_id)
    return _cluster(row)


def move_to_region(connection: Connection, cluster_id: ClusterId, region: str) -> bool:
    """Note the region that a cluster lies in; whether that changed anything. Raises NoSuchCluster, SameNameThere."""
    moved = cluster(connection, cluster_id)
    if moved.region == region:
        return False
    for each in clusters(connection):
        namesake = each.id != cluster_id and each.name.casefold() == moved.name.casefold()
        if namesake and are_one_region(each.region, region):
            raise SameNameThere(cluster_id)
    connection.execute(update(cluster_table).where(cluster_table.c.id == cluster_id).values(region=region))
    return True


def clusters(connection: Connection) -> list[Cluster]:
    """All of them, in no particular order: sorting A–Å is the reader's."""
    return [_cluster(row) for row in connection.execute(select(cluster_table))]


@dataclass(frozen=True)
class NewPractice:
    """A practice to be added with what first names it."""

    id: PracticeId
    name: str


def recognise_practices(
    connection: Connection, cluster_id: ClusterId, names: Iterable[str]
) -> tuple[list[PracticeId], list[NewPractice]]:
    """The practices of these names or numbers in a cluster, in their order, and those of them that are to be added.

    012345 and 12345 are one practice, and so are names that differ in capitals and spaces only.
    """
    known = {practice_key(each.name): each.id for each in practices_of(connection, cluster_id)}
    ids, new = list[PracticeId](), list[NewPractice]()
    for name in names:
        key = practice_key(name)
        if key not in known:
            known[key] = PracticeId(new_id())
            new.append(NewPractice(known[key], key if key.isdecimal() else name))
        ids.append(known[key])
    return ids, new


def practice_key(name: str) -> str:
    """What a practice is found again by: 012345 and 12345 are one, and so are names but for capitals and spaces."""
    words = name.casefold().split()
    digits = "".join(words)
    return digits.lstrip("0").zfill(YDERNUMMER) if digits.isdecimal() else " ".join(words)


def add_practices(connection: Connection, cluster_id: ClusterId, new: Iterable[NewPractice]) -> None:
    """Add what `recognise_practices` found missing."""
    rows = [{"id": each.id, "cluster_id": cluster_id, "name": each.name} for each in new]
    if rows:
        connection.execute(insert(practice_table), rows)


def practices(connection: Connection, ids: Collection[PracticeId]) -> dict[PracticeId, Practice]:
    """Those of the ids that exist."""
    rows = connection.execute(select(practice_table).where(practice_table.c.id.in_(ids)))
    return {PracticeId(row.id): _practice(row) for row in rows}


def practices_of(connection: Connection, cluster_id: ClusterId) -> list[Practice]:
    """A cluster's practices that are not erased."""
    of_cluster = (practice_table.c.cluster_id == cluster_id) & practice_table.c.erased_at.is_(None)
    return [_practice(row) for row in connection.execute(select(practice_table).where(of_cluster))]


def erase_practices(connection: Connection, ids: Sequence[PracticeId], now: dt.datetime) -> int:
    """Overwrite their names; how many. Commit, then `forget`."""
    erased = connection.execute(
        update(practice_table)
        .where(practice_table.c.id.in_(ids), practice_table.c.erased_at.is_(None))
        .values(name=ERASED, erased_at=now)
    )
    return erased.rowcount


def _cluster(row: Row[*tuple[object, ...]]) -> Cluster:
    return Cluster(ClusterId(row.id), row.name, row.region, row.external_id)


def _practice(row: Row[*tuple[object, ...]]) -> Practice:
    return Practice(PracticeId(row.id), ClusterId(row.cluster_id), row.name)
