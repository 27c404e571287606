"""How often each cluster has used each package: meetings held, of orders that have ended, kept by year of the meeting.

An order ends once, so this changes once in its life, with the board in the append's own transaction; the country's page
reads as many rows as there are clusters and packages, however many orders there have been.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, String, Table, delete, insert, select

from domain.meeting import danish
from domain.model import ClusterId, PackageSlug
from domain.stages import Stage
from storage.board import board_table
from storage.columns import Instant
from storage.database import metadata

EVERY_YEAR = 0
"""Stands for all years together."""

# No personal data: clusters, which are public bodies, and counts. Kept.
package_use_table = Table(
    "package_use",
    metadata,
    # In Denmark.
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("cluster", String, primary_key=True),
    Column("package", String, primary_key=True),
    Column("held", Integer, nullable=False),
    Column("last_held", Instant, nullable=False),
    # All of a row, in one place for each year.
    Index("ix_package_use_figures", "year", "cluster", "package", "held", "last_held"),
)


def recount(connection: Connection, of: tuple[ClusterId, PackageSlug] | None = None) -> None:
    """Count again, from the board: of one cluster and package, or everything."""
    b, u = board_table.c, package_use_table.c
    query = select(b.cluster, b.package, b.stage, b.meeting_at, b.ended_at).where(
        b.ended_at.is_not(None), b.meeting_at.is_not(None)
    )
    gone = delete(package_use_table)
    if of is not None:
        query = query.where(b.cluster == of[0], b.package == of[1])
        gone = gone.where(u.cluster == of[0], u.package == of[1])
    found: dict[tuple[int, str, str], list[dt.datetime]] = {}
    for row in connection.execute(query):
        if row.stage == Stage.CANCELLED.value and row.ended_at < row.meeting_at:
            continue  # called off before it was held
        for year in (EVERY_YEAR, danish(row.meeting_at).year):
            found.setdefault((year, row.cluster, row.package), []).append(row.meeting_at)
    connection.execute(gone)
    rows: list[dict[str, Any]] = [
        {"year": year, "cluster": cluster, "package": package, "held": len(meetings), "last_held": max(meetings)}
        for (year, cluster, package), meetings in found.items()
    ]
    if rows:
        connection.execute(insert(package_use_table), rows)
