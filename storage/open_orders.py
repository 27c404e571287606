"""Orders that are not finished: what needs a workflow, and no second one of a cluster for a package it has open."""

from sqlalchemy import Boolean, Column, Connection, Index, String, Table, delete, insert, select, text, update

from domain.clock import next_step
from domain.mailings import next_letter
from domain.model import OrderId
from domain.order import Order
from storage.database import Database, metadata
from storage.refusals import AlreadyOpen

_OPEN_ONLY = text("is_open")

# A row for as long as there is something left to do for the order; open until it is completed or cancelled.
unfinished_order = Table(
    "unfinished_order",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("cluster", String, nullable=False),
    Column("package", String, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Index(
        "uq_unfinished_order_open",
        "cluster",
        "package",
        unique=True,
        sqlite_where=_OPEN_ONLY,
        postgresql_where=_OPEN_ONLY,
    ),
)


def note_order(connection: Connection, before: Order | None, after: Order) -> None:
    """Keep the order's row in step with an append. Under the append lock. Raises AlreadyOpen."""
    c = unfinished_order.c
    if before is None:
        if (other := _find(connection, after.cluster, after.package)) is not None:
            raise AlreadyOpen(other)
        is_open = after.ended is None
        row = {"order_id": after.id, "cluster": after.cluster, "package": after.package, "is_open": is_open}
        if not is_finished(after):
            connection.execute(insert(unfinished_order).values(row))
    elif after.ended is None:
        return
    elif is_finished(after):
        connection.execute(delete(unfinished_order).where(c.order_id == after.id))
    elif before.ended is None:
        connection.execute(update(unfinished_order).where(c.order_id == after.id).values(is_open=False))


def is_finished(order: Order) -> bool:
    """Whether the order has ended and nothing is left to do for it: no ballots, no letters."""
    if order.ended is None:
        return False
    now = order.ended.at
    return next_step(order, now) is None and next_letter(order, now) is None


def open_order_of(database: Database, cluster: str, package: str) -> str | None:
    """The open order of a cluster for a package, if there is one."""
    with database.read() as connection:
        return _find(connection, cluster, package)


def unfinished(database: Database) -> list[OrderId]:
    """The ids of all orders that need a workflow: open ones, and ended ones with ballots or letters left."""
    with database.read() as connection:
        query = select(unfinished_order.c.order_id).order_by(unfinished_order.c.order_id)
        return [OrderId(order_id) for order_id in connection.execute(query).scalars()]


def _find(connection: Connection, cluster: str, package: str) -> str | None:
    c = unfinished_order.c
    of_these = (c.cluster == cluster) & (c.package == package) & c.is_open
    return connection.execute(select(c.order_id).where(of_these)).scalar_one_or_none()
