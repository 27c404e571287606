"""An order's timeline: what has happened. What will happen is computed when it is read (`domain.agenda.comes_next`)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Integer, String, Table, select

from domain.events import Event
from domain.history import entry_of
from domain.order import Order
from storage.columns import Instant
from storage.database import Database, metadata

timeline_table = Table(
    "timeline_entry",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("code", String, nullable=False),
    Column("facts", JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One line. `seq` is its event's version, `code` is stable."""

    order_id: str
    seq: int
    at: dt.datetime
    code: str
    facts: dict[str, str | int | bool]


class Timeline:
    """The projection behind it. Raise `version` when a row's meaning changes."""

    name: ClassVar[str] = "timeline_entry"
    version: ClassVar[int] = 1
    table: ClassVar[Table] = timeline_table
    replaces: ClassVar[bool] = False

    def rows(self, order: Order, events: Sequence[tuple[int, Event]], now: dt.datetime) -> list[dict[str, Any]]:  # noqa: ARG002 - an event has its own time
        lines = [(version, entry_of(event)) for version, event in events]
        return [
            {"order_id": order.id, "seq": version, "at": entry.at, "code": entry.code, "facts": entry.facts}
            for version, entry in lines
        ]


TIMELINE = Timeline()


def timeline(database: Database, order_id: str) -> list[TimelineRow]:
    """An order's lines in order of time."""
    c = timeline_table.c
    query = select(timeline_table).where(c.order_id == order_id).order_by(c.seq)
    with database.read() as connection:
        return [TimelineRow(*row) for row in connection.execute(query)]
