"""When an order's names, words and invitations are to be erased: noted as it ends, removed when it is done.

Done is when they are gone from the database's files too, which may be nights after their rows.
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Column, Connection, String, Table, delete, select

from domain.model import OrderId
from storage.columns import Instant
from storage.database import metadata
from storage.insert_once import insert_missing

# No personal data. One row an ended order that is not erased yet, and `NO_ORDER`'s for what was of no order.
erasure_table = Table(
    "erasure",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
)

NO_ORDER = OrderId("-")
"""What was of no order and is removed, but not yet gone from the database's files."""


def schedule_erasure(connection: Connection, order_id: OrderId, due_at: dt.datetime) -> None:
    """The order has ended; its people's rows go at this instant."""
    insert_missing(connection, erasure_table, [{"order_id": order_id, "due_at": due_at}])


def schedule_forgetting(connection: Connection, now: dt.datetime) -> None:
    """Rows of no order are removed. In the transaction that does it."""
    schedule_erasure(connection, NO_ORDER, now)


def due_for_erasure(connection: Connection, now: dt.datetime, limit: int) -> list[OrderId]:
    """Orders whose time has come, the longest due first."""
    c = erasure_table.c
    its_time = (c.due_at <= now) & (c.order_id != NO_ORDER)
    query = select(c.order_id).where(its_time).order_by(c.due_at, c.order_id).limit(limit)
    return [OrderId(order_id) for order_id in connection.execute(query).scalars()]


def is_forgetting_due(connection: Connection) -> bool:
    """Whether rows of no order were removed and may still be in the database's files."""
    c = erasure_table.c
    return connection.execute(select(c.order_id).where(c.order_id == NO_ORDER)).first() is not None


def erased(connection: Connection, orders: Collection[OrderId]) -> None:
    """These orders, and what was of none, are gone from the database's files too."""
    connection.execute(delete(erasure_table).where(erasure_table.c.order_id.in_([*orders, NO_ORDER])))
