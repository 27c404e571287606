"""One change to many orders: the list as it was when somebody picked it, what is to happen, and what came of each.

The list stays as it is: an order that fits the filters later is not on it. Each order's change is a command of its own.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import JSON, Column, Connection, Integer, Select, String, Table, Text, delete, insert, select, update

from domain.model import OrderId, StaffId
from storage.columns import Instant
from storage.database import metadata
from storage.ids import new_id

KEPT = dt.timedelta(days=30)
"""So long what came of it can be looked up; what happened to each order stands in its stream for good."""

# Who made it, by id; `facts` are ids and counts. Removed after `KEPT`, and when its maker leaves.
bulk_table = Table(
    "bulk_change",
    metadata,
    Column("id", String, primary_key=True),
    Column("staff_id", String, nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("action", String),
    Column("facts", JSON, nullable=False),
    Column("begun_at", Instant),
)

# Orders by id; `told` is why it came to nothing, in the domain's words. Removed with its change.
bulk_row_table = Table(
    "bulk_change_row",
    metadata,
    Column("bulk_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("order_id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("outcome", String),
    Column("told", Text, nullable=False),
)


class Outcome(StrEnum):
    """What came of one order's change."""

    DONE = "done"
    SO_ALREADY = "so_already"
    REFUSED = "refused"
    CHANGED = "changed"


@dataclass(frozen=True)
class BulkRow:
    """An order of the list, at the version it was looked at in; `outcome` is None until it has had its turn."""

    order_id: OrderId
    version: int
    outcome: Outcome | None
    told: str


@dataclass(frozen=True)
class BulkChange:
    """`action` is None until it is chosen, `begun_at` until somebody said yes."""

    id: str
    staff_id: StaffId
    made_at: dt.datetime
    action: str | None
    facts: Mapping[str, str]
    begun_at: dt.datetime | None
    rows: tuple[BulkRow, ...]

    @property
    def left(self) -> list[BulkRow]:
        """Orders that have not had their turn."""
        return [row for row in self.rows if row.outcome is None]


def freeze(connection: Connection, staff_id: StaffId, orders: Sequence[tuple[OrderId, int]], now: dt.datetime) -> str:
    """Keep the list, each order with its version; its id."""
    bulk_id = new_id()
    connection.execute(insert(bulk_table).values(id=bulk_id, staff_id=staff_id, made_at=now, facts={}))
    rows = [
        {"bulk_id": bulk_id, "seq": seq, "order_id": order_id, "version": version, "told": ""}
        for seq, (order_id, version) in enumerate(orders)
    ]
    if rows:
        connection.execute(insert(bulk_row_table), rows)
    return bulk_id


def bulk_change(connection: Connection, bulk_id: str, staff_id: StaffId) -> BulkChange | None:
    """One of somebody's own; None for everybody else's."""
    query = select(bulk_table).where(bulk_table.c.id == bulk_id, bulk_table.c.staff_id == staff_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    r = bulk_row_table.c
    rows = connection.execute(select(bulk_row_table).where(r.bulk_id == bulk_id).order_by(r.seq))
    return BulkChange(
        id=row.id,
        staff_id=StaffId(row.staff_id),
        made_at=row.made_at,
        action=row.action,
        facts=row.facts,
        begun_at=row.begun_at,
        rows=tuple(
            BulkRow(OrderId(each.order_id), each.version, Outcome(each.outcome) if each.outcome else None, each.told)
            for each in rows
        ),
    )


def choose_action(
    connection: Connection,
    bulk_id: str,
    action: str,
    facts: Mapping[str, str],
    versions: Mapping[OrderId, int],
) -> bool:
    """What is to happen, with the versions that its preview is of. False where it has begun already."""
    c, r = bulk_table.c, bulk_row_table.c
    not_begun = (c.id == bulk_id) & c.begun_at.is_(None)
    values = {"action": action, "facts": dict(facts)}
    if not connection.execute(update(bulk_table).where(not_begun).values(values)).rowcount:
        return False
    for order_id, version in versions.items():
        mine = (r.bulk_id == bulk_id) & (r.order_id == order_id)
        connection.execute(update(bulk_row_table).where(mine).values(version=version))
    return True


def begin(connection: Connection, bulk_id: str, now: dt.datetime) -> None:
    """Somebody has said yes; from now on action and versions stand."""
    c = bulk_table.c
    connection.execute(update(bulk_table).where(c.id == bulk_id, c.begun_at.is_(None)).values(begun_at=now))


def settle(connection: Connection, bulk_id: str, order_id: OrderId, outcome: Outcome, told: str = "") -> None:
    """What came of one order's change; the first to say so is right."""
    r = bulk_row_table.c
    mine = (r.bulk_id == bulk_id) & (r.order_id == order_id) & r.outcome.is_(None)
    connection.execute(update(bulk_row_table).where(mine).values(outcome=outcome.value, told=told))


def remove_bulk_changes(connection: Connection, staff_id: StaffId) -> None:
    """Away with all of somebody's who leaves. Commit, then `forget`."""
    _remove(connection, select(bulk_table.c.id).where(bulk_table.c.staff_id == staff_id))


def forget_old_bulk_changes(connection: Connection, now: dt.datetime) -> int:
    """Remove those older than `KEPT`; how many. Commit, then `forget`."""
    return _remove(connection, select(bulk_table.c.id).where(bulk_table.c.made_at < now - KEPT))


def _remove(connection: Connection, which: Select[tuple[str]]) -> int:
    connection.execute(delete(bulk_row_table).where(bulk_row_table.c.bulk_id.in_(which)))
    return connection.execute(delete(bulk_table).where(bulk_table.c.id.in_(which))).rowcount
