"""The order board: one row an order, for the console's list, the digest and `klyngeflow orders list`.

Reading it takes none of the domain's rules; they are imported where a row is made.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Column, Date, Index, Integer, String, Table, func, select, text

from domain.model import OrderId
from storage.columns import Instant
from storage.database import Database, metadata

if TYPE_CHECKING:
    from domain.events import Event
    from domain.order import Order

_OPEN = text("ended_at IS NULL")
_SOONEST = (text("(due IS NULL)"), "due", "placed_at", "order_id")
"""As `board` and the console's list sort."""

board_table = Table(
    "order_board",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("cluster", String, nullable=False, index=True),
    Column("package", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("coordinator", String, nullable=False),
    Column("consultant", String, index=True),
    Column("placed_at", Instant, nullable=False),
    Column("meeting_at", Instant, index=True),
    Column("survey_opens", Date),
    Column("survey_closes", Date, index=True),
    Column("due", Instant),
    Column("next_at", Instant, index=True),
    Column("needs_action_from", String),
    Column("members", Integer, nullable=False),
    Column("baseline_answers", Integer),
    Column("follow_up_opens", Date),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    # All that the country's page asks of orders that go on, so that it reads no more than this; the last column is
    # there because SQLite asks for it, too.
    Index(
        "ix_order_board_going_on",
        "cluster",
        "package",
        "meeting_at",
        "ended_at",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    # Open orders in the order in which the console's list has them, and its board of each stage: however many there
    # are, the first are found without looking at the others.
    Index("ix_order_board_soonest", *_SOONEST, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_order_board_stage_soonest", "stage", *_SOONEST, sqlite_where=_OPEN, postgresql_where=_OPEN),
)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """An order at a glance; ids, dates and counts only.

    `survey_opens` and `survey_closes` are the latest round's. `due` is the next instant at which something is due of
    people or by itself, `next_at` that of the system alone, `needs_action_from` the role the most urgent task waits
    for. `members` counts active ones.
    """

    order_id: str
    cluster: str
    package: str
    stage: str
    coordinator: str
    consultant: str | None
    placed_at: dt.datetime
    meeting_at: dt.datetime | None
    survey_opens: dt.date | None
    survey_closes: dt.date | None
    due: dt.datetime | None
    next_at: dt.datetime | None
    needs_action_from: str | None
    members: int
    baseline_answers: int | None
    follow_up_opens: dt.date | None
    ended_at: dt.datetime | None
    version: int


class OrderBoard:
    """The projection behind it. Raise `version` when a row's meaning changes."""

    name: ClassVar[str] = "order_board"
    version: ClassVar[int] = 1
    table: ClassVar[Table] = board_table
    replaces: ClassVar[bool] = True

    def rows(self, order: "Order", events: "Sequence[tuple[int, Event]]", now: dt.datetime) -> list[dict[str, Any]]:  # noqa: ARG002 - a board remembers nothing
        from domain.agenda import due_of, next_by_itself
        from domain.tasks import tasks_of

        latest = order.second or order.baseline
        tasks = tasks_of(order)
        row = {
            "order_id": order.id,
            "cluster": order.cluster,
            "package": order.package,
            "stage": order.stage.value,
            "coordinator": order.coordinator,
            "consultant": order.consultant,
            "placed_at": order.placed_at,
            "meeting_at": order.meeting.starts_at if order.meeting else None,
            "survey_opens": latest.opens if latest else None,
            "survey_closes": latest.closes if latest else None,
            "due": due_of(order, now),
            "next_at": next_by_itself(order, now),
            "needs_action_from": tasks[0].owner if tasks else None,
            "members": len(order.active_members),
            "baseline_answers": order.baseline.answers if order.baseline else None,
            "follow_up_opens": order.second.opens if order.second else order.follow_up.opens,
            "ended_at": order.ended.at if order.ended else None,
            "version": order.version,
        }
        return [row]


BOARD = OrderBoard()


def board(
    database: Database,
    *,
    stages: Sequence[str] = (),
    cluster: str | None = None,
    consultant: str | None = None,
    needs_action_from: str | None = None,
    due_before: dt.datetime | None = None,
    ended: bool | None = None,
    limit: int | None = None,
) -> list[BoardRow]:
    """The orders that fit every given condition, the soonest due first, at most `limit` of them.

    `ended`: only those, or only the others.
    """
    c = board_table.c
    query = select(board_table).order_by(c.due.is_(None), c.due, c.placed_at, c.order_id)
    if stages:
        query = query.where(c.stage.in_(stages))
    for column, wanted in ((c.cluster, cluster), (c.consultant, consultant), (c.needs_action_from, needs_action_from)):
        if wanted is not None:
            query = query.where(column == wanted)
    if due_before is not None:
        query = query.where(c.due < due_before)
    if ended is not None:
        query = query.where(c.ended_at.is_not(None) if ended else c.ended_at.is_(None))
    with database.read() as connection:
        return [BoardRow(*row) for row in connection.execute(query.limit(limit))]


def how_many(database: Database, *, ended: bool | None = None) -> int:
    """How many orders there are. `ended`: only those, or only the others."""
    c = board_table.c
    query = select(func.count()).select_from(board_table)
    if ended is not None:
        query = query.where(c.ended_at.is_not(None) if ended else c.ended_at.is_(None))
    with database.read() as connection:
        return connection.execute(query).scalar_one()


def overdue_since(database: Database, limit: dt.datetime) -> list[tuple[OrderId, dt.datetime]]:
    """Orders that the system itself should have done something for before this instant, each with when that was."""
    c = board_table.c
    query = select(c.order_id, c.next_at).where(c.next_at < limit).order_by(c.next_at)
    with database.read() as connection:
        return [(OrderId(row.order_id), row.next_at) for row in connection.execute(query)]


def board_row(database: Database, order_id: str) -> BoardRow | None:
    """One order's row."""
    with database.read() as connection:
        row = connection.execute(select(board_table).where(board_table.c.order_id == order_id)).one_or_none()
    return BoardRow(*row) if row is not None else None
