"""Read models: tables made of events, changed in the append's own transaction and rebuildable from the events alone.

Each is known by name and version, with the position up to which every event is in it. To change what one holds, raise
its version, then `rebuild` (see `storage.rebuild`): the new version is built beside the old one, which goes on serving,
and takes its place in one transaction. Until then the new code leaves the old version's rows alone.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from domain.events import Event
from domain.order import Order
from storage.board import BOARD
from storage.database import Database, metadata
from storage.package_use import recount
from storage.recorded import event_table
from storage.tasks import TASKS
from storage.timeline import TIMELINE
from storage.turnout import SURVEY_TURNOUT

Row = dict[str, Any]
Versioned = tuple[int, Event]
"""An event with its version in its stream."""

projection_table = Table(
    "projection",
    metadata,
    Column("name", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)


_BEGIN = text("INSERT INTO projection (name, version, position) VALUES (:name, :version, 0) ON CONFLICT DO NOTHING")


class Projection(Protocol):
    """One read model: rows of one table with a column `order_id`, made from that order's events only.

    Where it `replaces`, an order's rows are put in place of those that stood; else they are added to them.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def table(self) -> Table: ...
    @property
    def replaces(self) -> bool: ...

    def rows(self, order: Order, events: Sequence[Versioned], now: dt.datetime) -> list[Row]:
        """The rows of an order as it stands after these events; `now` is when the last was recorded."""
        ...


LIVE: tuple[Projection, ...] = (BOARD, TASKS, TIMELINE, SURVEY_TURNOUT)
"""Every read model of today's code."""


@dataclass(frozen=True)
class ProjectionStatus:
    """Where a read model is: `position` of the last event in it, None where this version was never built."""

    name: str
    version: int
    position: int | None
    behind: int

    @property
    def current(self) -> bool:
        return self.position is not None and self.behind == 0

    @property
    def reason(self) -> str:
        """Why it is not current: this version was never built, or it lacks the newest events."""
        return "never_built" if self.position is None else "behind"


def projection_statuses(database: Database, projections: Sequence[Projection] = LIVE) -> list[ProjectionStatus]:
    """How far each read model of this code is. One that is not current needs `rebuild`."""
    with database.read() as connection:
        last = connection.execute(select(func.max(event_table.c.position))).scalar() or 0
        found = {(row.name, row.version): row.position for row in connection.execute(select(projection_table))}
    standing = []
    for projection in projections:
        position = found.get((projection.name, projection.version), None if last else 0)
        standing.append(ProjectionStatus(projection.name, projection.version, position, last - (position or 0)))
    return standing


@dataclass(frozen=True)
class Prepared:
    """What an append changes in every read model, by name; made before the lock."""

    order: Order
    rows: Mapping[str, Sequence[Row]]


class Follower:
    """Carries an append's events into read models, within its transaction."""

    def __init__(self, projections: Sequence[Projection]) -> None:
        self._projections = projections
        self._changes = {projection.name: Change(projection, projection.table) for projection in projections}
        c = projection_table.c
        these = [and_(c.name == p.name, c.version == p.version) for p in projections]
        # Only one that has every event so far moves on: another is old or new, and waits for its rebuild.
        self._move = (
            update(projection_table)
            .where(c.position == bindparam("before"), or_(false(), *these))
            .values(position=bindparam("after"))
            .returning(c.name)
        )

    def prepare(self, order: Order, events: Sequence[Versioned], now: dt.datetime) -> Prepared:
        """All rows of an order after these events, the last appended ones."""
        return Prepared(order, {each.name: each.rows(order, events, now) for each in self._projections})

    def follow(self, connection: Connection, prepared: Prepared, *, after: int, upto: int) -> None:
        """Make the read models agree with the order. The events stand after one position and up to another."""
        if not self._projections:
            return
        if after == 0:
            begin = [{"name": p.name, "version": p.version} for p in self._projections]
            connection.execute(_BEGIN, begin)
        for name in connection.execute(self._move, {"before": after, "after": upto}).scalars().all():
            self._changes[name].apply(connection, prepared.order.id, prepared.rows[name])
            if name == BOARD.name and prepared.order.ended is not None:
                recount(connection, (prepared.order.cluster, prepared.order.package))


class Change:
    """The statements that change one read model in one table: its own, or one it is rebuilt in."""

    def __init__(self, projection: Projection, table: Table) -> None:
        self._insert = insert(table)
        self._delete = delete(table).where(table.c.order_id == bindparam("of")) if projection.replaces else None

    def apply(self, connection: Connection, order_id: str, rows: Sequence[Row]) -> None:
        """Put the order's rows in place of those that stood, or add them."""
        if self._delete is not None:
            connection.execute(self._delete, {"of": order_id})
        self.add(connection, rows)

    def add(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add these rows."""
        if rows:
            connection.execute(self._insert, list(rows))
