"""What we are waiting for people to do: the tasks of the console and the morning digest."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Date, Index, Integer, String, Table, select

from domain.events import Event
from domain.order import Order
from domain.stages import Owner
from domain.tasks import tasks_of
from storage.columns import Instant
from storage.database import Database, metadata

task_table = Table(
    "task",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("owner_role", String, nullable=False),
    Column("owner_id", String),
    Column("since", Instant, nullable=False),
    Column("due", Instant),
    Column("promised", Instant),
    Column("postponed_until", Date),
    Column("facts", JSON),
    Index(None, "owner_role", "owner_id"),
    Index(None, "due"),
    Index(None, "owner_id", "due"),
)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing that one person is to do. `seq` 1 is the order's most urgent; operations' tasks have no owner's id.

    `due` counts a postponement in, `promised` does not; that, the day put off to and the facts came with version 3.
    """

    order_id: str
    seq: int
    kind: str
    owner_role: Owner
    owner_id: str | None
    since: dt.datetime
    due: dt.datetime | None
    promised: dt.datetime | None
    postponed_until: dt.date | None
    facts: dict[str, str | int] | None


class Tasks:
    """The projection behind it. Raise `version` when a row's meaning changes."""

    name: ClassVar[str] = "task"
    version: ClassVar[int] = 3
    table: ClassVar[Table] = task_table
    replaces: ClassVar[bool] = True

    def rows(self, order: Order, events: Sequence[tuple[int, Event]], now: dt.datetime) -> list[dict[str, Any]]:  # noqa: ARG002 - due or overdue alike
        owners: dict[Owner, str | None] = {
            "coordinator": order.coordinator,
            "consultant": order.consultant,
            "operations": None,
        }
        return [
            {
                "order_id": order.id,
                "seq": seq,
                "kind": task.kind.value,
                "owner_role": task.owner,
                "owner_id": owners[task.owner],
                "since": task.since,
                "due": task.due,
                "promised": task.promised,
                "postponed_until": task.postponed_until,
                "facts": task.facts,
            }
            for seq, task in enumerate(tasks_of(order), start=1)
        ]


TASKS = Tasks()


def tasks(
    database: Database,
    *,
    order_id: str | None = None,
    owner_role: Owner | None = None,
    owner_id: str | None = None,
    due_before: dt.datetime | None = None,
) -> list[TaskRow]:
    """The tasks that fit every given condition, the soonest due first."""
    c = task_table.c
    query = select(task_table).order_by(c.due.is_(None), c.due, c.order_id, c.seq)
    for column, wanted in ((c.order_id, order_id), (c.owner_role, owner_role), (c.owner_id, owner_id)):
        if wanted is not None:
            query = query.where(column == wanted)
    if due_before is not None:
        query = query.where(c.due < due_before)
    with database.read() as connection:
        return [TaskRow(*row) for row in connection.execute(query)]
