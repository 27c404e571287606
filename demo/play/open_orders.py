"""What the country has coming: read from the board, and from an order's stream where its time has come."""

import datetime as dt

from sqlalchemy import select

from activities.dependencies import Dependencies
from demo.time_machine import is_settled
from domain.model import OrderId
from storage import outbox_reports
from storage.board import board_table
from storage.database import Database


def next_in(database: Database, now: dt.datetime) -> dt.datetime | None:
    """When the system has something to do for any order next; None where nothing comes any more."""
    c = board_table.c
    query = select(c.next_at).where(c.next_at > now).order_by(c.next_at).limit(1)
    with database.read() as connection:
        return connection.execute(query).scalar_one_or_none()


def unsettled(work: Dependencies, now: dt.datetime) -> list[OrderId]:
    """The orders that have something due which is not done yet."""
    c = board_table.c
    with work.database.read() as connection:
        due = connection.execute(select(c.order_id).where(c.next_at <= now).order_by(c.order_id)).scalars().all()
    return [order for order in map(OrderId, due) if not _is_settled(work, order, now)]


def _is_settled(work: Dependencies, order_id: OrderId, now: dt.datetime) -> bool:
    with work.database.read() as connection:
        waiting = outbox_reports.waiting_letters(connection, order_id, now)
    return is_settled(work.order(order_id), now, waiting)
