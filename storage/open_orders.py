"""No second open order for the same cluster and package: a row for as long as the order is open."""

from collections.abc import Iterable

from sqlalchemy import Column, Connection, String, Table, delete, insert, select

from domain.events import Event, OrderPlaced
from storage.database import Database, metadata
from storage.refusals import AlreadyOpen

open_order = Table(
    "open_order",
    metadata,
    Column("cluster", String, primary_key=True),
    Column("package", String, primary_key=True),
    Column("order_id", String, nullable=False, unique=True),
)


def note_open_orders(connection: Connection, stream: str, events: Iterable[Event]) -> None:
    """Keep the rows in step with an append. Under the append lock. Raises AlreadyOpen."""
    for event in events:
        if event.type == "order_placed":
            _open(connection, event)
        elif event.type in ("order_completed", "order_cancelled"):
            connection.execute(delete(open_order).where(open_order.c.order_id == stream))


def open_order_of(database: Database, cluster: str, package: str) -> str | None:
    """The open order of a cluster for a package, if there is one."""
    with database.read() as connection:
        return _find(connection, cluster, package)


def is_open(connection: Connection, order_id: str) -> bool:
    """Whether the order has neither been completed nor cancelled."""
    found = connection.execute(select(open_order.c.order_id).where(open_order.c.order_id == order_id))
    return found.first() is not None


def all_open(database: Database) -> list[str]:
    """The ids of all open orders."""
    with database.read() as connection:
        return list(connection.execute(select(open_order.c.order_id).order_by(open_order.c.order_id)).scalars())


def _open(connection: Connection, event: OrderPlaced) -> None:
    if (other := _find(connection, event.cluster, event.package)) is not None:
        raise AlreadyOpen(other)
    values = {"cluster": event.cluster, "package": event.package, "order_id": event.order}
    connection.execute(insert(open_order).values(values))


def _find(connection: Connection, cluster: str, package: str) -> str | None:
    of_these = (open_order.c.cluster == cluster) & (open_order.c.package == package)
    return connection.execute(select(open_order.c.order_id).where(of_these)).scalar_one_or_none()
