"""An order's timeline: what has happened, and what will happen by itself as things stand."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, Column, Integer, String, Table, select

from domain.agenda import comes_next
from domain.history import entry_of
from domain.order import Order
from storage.columns import Instant
from storage.database import Database, metadata
from storage.recorded import Recorded

timeline_table = Table(
    "timeline_entry",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("past", Boolean, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("code", String, nullable=False),
    Column("facts", JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One line. `seq` of a past one is its event's version; the future ones are counted from 1. `code` is stable."""

    order_id: str
    past: bool
    seq: int
    at: dt.datetime
    code: str
    facts: dict[str, str | int | bool]


class Timeline:
    """The projection behind it. Raise `version` when a row's meaning changes."""

    name: ClassVar[str] = "timeline_entry"
    version: ClassVar[int] = 1
    table: ClassVar[Table] = timeline_table

    def of_event(self, recorded: Recorded) -> dict[str, Any]:
        entry = entry_of(recorded.event)
        return _row(recorded.stream, True, recorded.version, entry.at, entry.code, entry.facts)

    def of_order(self, order: Order, now: dt.datetime) -> list[dict[str, Any]]:
        return [
            _row(order.id, False, seq, upcoming.at, upcoming.code, upcoming.facts)
            for seq, upcoming in enumerate(comes_next(order, now), start=1)
        ]


def _row(order_id: str, past: bool, seq: int, at: dt.datetime, code: str, facts: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"order_id": order_id, "past": past, "seq": seq, "at": at, "code": code, "facts": facts}


TIMELINE = Timeline()


def timeline(database: Database, order_id: str, *, past: bool | None = None) -> list[TimelineRow]:
    """An order's lines in order of time, the past first; with `past` only those, or only what is to come."""
    c = timeline_table.c
    query = select(timeline_table).where(c.order_id == order_id).order_by(c.past.desc(), c.seq)
    if past is not None:
        query = query.where(c.past == past)
    with database.read() as connection:
        return [TimelineRow(*row) for row in connection.execute(query)]
