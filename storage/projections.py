"""Read models: tables made of events, changed in the append's own transaction and rebuildable from the events alone.

Each is known by name and version, with the position up to which every event is in it. To change what one holds, raise
its version, then `rebuild` (see `storage.rebuild`): the new version is built beside the old one, which goes on serving,
and takes its place in one transaction. Until then the new code leaves the old version's rows alone.
"""

import datetime as dt
from collections.abc import Sequence
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

from domain.order import Order
from storage.board import BOARD
from storage.database import Database, metadata
from storage.recorded import Recorded, event_table
from storage.tasks import TASKS
from storage.timeline import TIMELINE

Row = dict[str, Any]

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

    A table with a column `past` keeps the rows of events under `past`, the others are replaced with each append.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def table(self) -> Table: ...

    def of_event(self, recorded: Recorded) -> Row | None:
        """The row that an event leaves for good, if any."""

    def of_order(self, order: Order, now: dt.datetime) -> list[Row]:
        """The rows of the order as it stands; `now` is when its last event was recorded, so that a rebuild agrees."""


LIVE: tuple[Projection, ...] = (BOARD, TASKS, TIMELINE)
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

    def __bool__(self) -> bool:
        return bool(self._projections)

    def follow(self, connection: Connection, order: Order, recorded: Sequence[Recorded]) -> None:
        """Make the read models agree with the order after these events, the last appended ones."""
        before, last = recorded[0].position - 1, recorded[-1]
        if before == 0:
            begin = [{"name": p.name, "version": p.version} for p in self._projections]
            connection.execute(_BEGIN, begin)
        for name in connection.execute(self._move, {"before": before, "after": last.position}).scalars().all():
            change = self._changes[name]
            change.forget(connection, order.id)
            change.add_events(connection, recorded)
            change.add_orders(connection, [(order, last.recorded_at)])


class Change:
    """The statements that change one read model in one table: its own, or one it is rebuilt in."""

    def __init__(self, projection: Projection, table: Table) -> None:
        self._projection = projection
        self._insert = insert(table)
        kept = [table.c.past == false()] if "past" in table.c else []
        self._delete = delete(table).where(table.c.order_id == bindparam("of"), *kept)

    def forget(self, connection: Connection, *order_ids: str) -> None:
        """Remove what stood for these orders; what events left stays."""
        if order_ids:
            connection.execute(self._delete, [{"of": order_id} for order_id in order_ids])

    def add_events(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        self._add(connection, [row for each in recorded if (row := self._projection.of_event(each)) is not None])

    def add_orders(self, connection: Connection, orders: Sequence[tuple[Order, dt.datetime]]) -> None:
        self._add(connection, [row for order, now in orders for row in self._projection.of_order(order, now)])

    def _add(self, connection: Connection, rows: list[Row]) -> None:
        if rows:
            connection.execute(self._insert, rows)
