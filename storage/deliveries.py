"""What became of each event that was to be sent to a subscriber: it waits, was delivered, or was given up.

A row is made when the subscription's cursor passes the event, so that nothing between is lost. Of an order only the
first that waits is tried; the others have no time of their own.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from domain.model import OrderId
from storage.columns import Instant
from storage.database import metadata
from storage.log_reader import Entry, type_of

# Ids, codes and counts. What was delivered is forgotten after `DELIVERED_KEPT`.
delivery_table = Table(
    "delivery",
    metadata,
    Column("subscription_id", String, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(36), nullable=False),
    Column("order_id", String, nullable=False),
    Column("type", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("code", String(64), nullable=False),
    Column("first_at", Instant),
    Column("last_at", Instant),
    Column("again_at", Instant),
    Index(None, "subscription_id", "state", "order_id", "position"),
)

DELIVERED_KEPT = dt.timedelta(days=30)


class DeliveryState(StrEnum):
    """What has become of it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one subscriber. `code` is what came of the last attempt: `http_200`, `timeout` …

    `again_at` None while it waits: as soon as it is its turn.
    """

    position: int
    event_id: str
    order_id: OrderId
    type: str
    state: DeliveryState
    attempts: int
    code: str
    first_at: dt.datetime | None
    last_at: dt.datetime | None
    again_at: dt.datetime | None


def new_delivery(entry: Entry) -> Delivery:
    """An event that nobody has tried to send yet."""
    order, type_ = OrderId(entry.stream), type_of(entry)
    return Delivery(entry.position, entry.event_id, order, type_, DeliveryState.WAITING, 0, "", None, None, None)


def deliveries(
    connection: Connection,
    subscription_id: str,
    limit: int,
    *,
    state: DeliveryState | None = None,
    before: int | None = None,
) -> list[Delivery]:
    """The newest first, at most so many: of one state, and `before` a position, where one is given."""
    c = delivery_table.c
    query = select(delivery_table).where(c.subscription_id == subscription_id).order_by(c.position.desc()).limit(limit)
    if state is not None:
        query = query.where(c.state == state.value)
    if before is not None:
        query = query.where(c.position < before)
    return [_delivery(row) for row in connection.execute(query)]


def waiting(connection: Connection, subscription_id: str, most: int | None = None) -> list[Delivery]:
    """What is still to be sent of what the cursor has passed, the oldest first: all of it, or so many."""
    query = select(delivery_table).where(_waiting(subscription_id)).order_by(delivery_table.c.position).limit(most)
    return [_delivery(row) for row in connection.execute(query)]


def first_waiting(connection: Connection, subscription_id: str) -> list[Delivery]:
    """The first that waits of each order, the oldest first: it holds back the others.

    The index is asked for one order after the other, so that what waits behind is never read, however much it is.
    """
    c = delivery_table.c
    held = select(func.min(c.order_id).label("order_id")).where(_waiting(subscription_id)).cte("held", recursive=True)
    next_one = select(func.min(c.order_id)).where(_waiting(subscription_id), c.order_id > held.c.order_id)
    held = held.union_all(select(next_one.scalar_subquery()).where(held.c.order_id.is_not(None)))
    first = select(func.min(c.position)).where(_waiting(subscription_id), c.order_id == held.c.order_id)
    firsts = select(first.scalar_subquery().label("position")).where(held.c.order_id.is_not(None)).subquery()
    query = (
        select(delivery_table)
        .join(firsts, c.position == firsts.c.position)
        .where(c.subscription_id == subscription_id)
        .order_by(c.position)
    )
    return [_delivery(row) for row in connection.execute(query)]


def waiting_of(connection: Connection, subscription_id: str, order_id: OrderId, most: int) -> list[Delivery]:
    """What waits of an order, the oldest first, at most so many."""
    c = delivery_table.c
    of_it = select(delivery_table).where(_waiting(subscription_id), c.order_id == order_id)
    return [_delivery(row) for row in connection.execute(of_it.order_by(c.position).limit(most))]


def counts(connection: Connection, subscription_id: str) -> dict[DeliveryState, int]:
    """How many there are of each state; states without any are left out."""
    c = delivery_table.c
    query = select(c.state, func.count().label("those")).where(c.subscription_id == subscription_id).group_by(c.state)
    return {DeliveryState(row.state): row.those for row in connection.execute(query)}


def put(connection: Connection, subscription_id: str, changed: Collection[Delivery]) -> None:
    """These as they are now, new ones and old."""
    if not changed:
        return
    c = delivery_table.c
    old = delete(delivery_table).where(c.subscription_id == subscription_id, c.position == bindparam("at"))
    connection.execute(old, [{"at": each.position} for each in changed])
    connection.execute(insert(delivery_table), [_row(subscription_id, each) for each in changed])


def begin_again(connection: Connection, subscription_id: str) -> None:
    """What waits is tried at once, and its days begin anew."""
    anew = {"attempts": 0, "first_at": None, "again_at": None}
    connection.execute(update(delivery_table).where(_waiting(subscription_id)).values(anew))


def try_at_once(connection: Connection, subscription_id: str) -> None:
    """What waits is tried now: the receiver takes events again. Its days go on."""
    connection.execute(update(delivery_table).where(_waiting(subscription_id)).values(again_at=None))


def give_up_failed(connection: Connection, subscription_id: str) -> int:
    """What was tried and not taken is not tried again; how many. What waits behind it has its turn."""
    c = delivery_table.c
    tried = _waiting(subscription_id) & (c.attempts > 0)
    given_up = connection.execute(
        update(delivery_table).where(tried).values(state=DeliveryState.GIVEN_UP.value, again_at=None)
    )
    return given_up.rowcount


def forget_after(connection: Connection, subscription_id: str, position: int) -> None:
    """Forget what comes after a position."""
    c = delivery_table.c
    connection.execute(delete(delivery_table).where(c.subscription_id == subscription_id, c.position > position))


def forget_delivered_before(connection: Connection, limit: dt.datetime) -> None:
    """Forget what was delivered, or given up, before an instant."""
    c = delivery_table.c
    old = (c.state != DeliveryState.WAITING.value) & (c.last_at < limit)
    connection.execute(delete(delivery_table).where(old))


def _waiting(subscription_id: str) -> ColumnElement[bool]:
    c = delivery_table.c
    return and_(c.subscription_id == subscription_id, c.state == DeliveryState.WAITING.value)


def _row(subscription_id: str, delivery: Delivery) -> dict[str, object]:
    return {"subscription_id": subscription_id, **vars(delivery), "state": delivery.state.value}


def _delivery(row: Row[*tuple[object, ...]]) -> Delivery:
    return Delivery(
        position=row.position,
        event_id=row.event_id,
        order_id=OrderId(row.order_id),
        type=row.type,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        code=row.code,
        first_at=row.first_at,
        last_at=row.last_at,
        again_at=row.again_at,
    )
