"""What every table of published figures has: a batch a package's version and day, written once and never changed."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Date, Integer, Row, String, Table, Text, func, select

from domain.meeting import at
from domain.model import PackageSlug, Round
from storage.columns import Instant
from storage.database import metadata
from storage.insert_once import insert_missing
from storage.turnout import turnout_table


def batch_table(name: str) -> Table:
    """A table of batches. `until`: of results delivered before this day, and not before the last batch's."""
    return Table(
        name,
        metadata,
        Column("package", String, primary_key=True),
        Column("package_version", Integer, primary_key=True),
        Column("until", Date, primary_key=True),
        Column("made_at", Instant, nullable=False),
        Column("figures", Text, nullable=False),
    )


def batches(connection: Connection, table: Table, package: str, version: int | None) -> Sequence[Row[Any]]:
    """Every batch, or one package's, or one version's, by package, version and time."""
    query = select(table).order_by(table.c.package, table.c.package_version, table.c.until)
    if package:
        query = query.where(table.c.package == package)
    if version is not None:
        query = query.where(table.c.package_version == version)
    return connection.execute(query).all()


def write_batch(
    connection: Connection, table: Table, which: tuple[PackageSlug, int], until: dt.date, figures: str, now: dt.datetime
) -> None:
    """Write a batch, unless one stands for that day: then that is the one, whatever this says."""
    package, version = which
    row = {"package": package, "package_version": version, "until": until, "made_at": now, "figures": figures}
    insert_missing(connection, table, [row])


def last_batch(connection: Connection, table: Table, package: PackageSlug, version: int) -> dt.date | None:
    """The day of a version's newest batch."""
    query = select(func.max(table.c.until)).where(table.c.package == package, table.c.package_version == version)
    return connection.execute(query).scalar()


def awaiting_a_batch(
    connection: Connection, table: Table, round_: Round, until: dt.date
) -> list[tuple[PackageSlug, int]]:
    """Packages, by version, with such rounds delivered before a day and in no batch yet."""
    t, b = turnout_table.c, table.c
    newest = select(b.package, b.package_version, func.max(b.until).label("until")).group_by(
        b.package, b.package_version
    )
    batched = {(row.package, row.package_version): row.until for row in connection.execute(newest)}
    query = (
        select(t.package, t.package_version, func.max(t.released_at).label("last"))
        .where(t.round == round_.value, t.released_at < midnight(until))
        .group_by(t.package, t.package_version)
        .order_by(t.package, t.package_version)
    )
    found = [((PackageSlug(row.package), row.package_version), row.last) for row in connection.execute(query)]
    return [which for which, last in found if which not in batched or last >= midnight(batched[which])]


def midnight(day: dt.date) -> dt.datetime:
    """When a day begins in Denmark."""
    return at(day, dt.time())
