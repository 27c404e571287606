"""When an order's names, words and invitations are to be erased: noted as it ends, removed when it is done."""

import datetime as dt

from sqlalchemy import Column, Connection, String, Table, delete, select

from domain.model import OrderId
from storage.columns import Instant
from storage.database import metadata
from storage.insert_once import insert_missing

# No personal data. One row an ended order that is not erased yet.
erasure_table = Table(
    "erasure",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
)


def schedule_erasure(connection: Connection, order_id: OrderId, due_at: dt.datetime) -> None:
    """The order has ended; its people's rows go at this instant."""
    insert_missing(connection, erasure_table, [{"order_id": order_id, "due_at": due_at}])


def due_for_erasure(connection: Connection, now: dt.datetime, limit: int) -> list[OrderId]:
    """Orders whose time has come, the longest due first."""
    c = erasure_table.c
    query = select(c.order_id).where(c.due_at <= now).order_by(c.due_at, c.order_id).limit(limit)
    return [OrderId(order_id) for order_id in connection.execute(query).scalars()]


def erased(connection: Connection, order_id: OrderId) -> None:
    """It is done. In the transaction that does it."""
    connection.execute(delete(erasure_table).where(erasure_table.c.order_id == order_id))
