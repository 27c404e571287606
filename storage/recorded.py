"""The table of events, and a stored row as the event it holds."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, Text, UniqueConstraint

from domain.by import By, Capacity
from domain.events import Event
from storage.columns import from_utc_text
from storage.database import metadata
from storage.event_sql import ROWS_AFTER, run
from storage.upcasters import UPCASTERS, Upcasters, read_event

event_table = Table(
    "event",
    metadata,
    # Given by us under the write lock, so that positions have no gaps and stand in the order of the commits.
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("stream", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("event_id", String(36), nullable=False),  # unique because stream and version are, see `storage.event_id`
    Column("type", String, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("data", Text, nullable=False),
    Column("by_role", String, nullable=False),
    Column("by_who", String, nullable=False),
    Column("correlation_id", String),
    Column("causation_id", String),
    Column("recorded_at", String(27), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("stream", "version"),
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with where, when and by whom it was recorded."""

    position: int
    stream: str
    version: int
    event_id: str
    event: Event
    by: By
    correlation_id: str | None
    causation_id: str | None
    recorded_at: dt.datetime


def as_recorded(row: Sequence[Any], upcasters: Upcasters = UPCASTERS) -> Recorded:
    """A row of the whole table with its event read. Raises UnreadableEvent."""
    position, stream, version, event_id, type_, schema, data, role, who, correlation_id, causation_id, at, _hash = row
    event, by = read_event(type_, schema, data, upcasters), By(role=Capacity(role), who=who)
    return Recorded(position, stream, version, event_id, event, by, correlation_id, causation_id, from_utc_text(at))


def read_after(connection: Connection, position: int, limit: int, upcasters: Upcasters = UPCASTERS) -> list[Recorded]:
    """At most `limit` events after a position, in the order of their commits. Raises UnreadableEvent."""
    return [as_recorded(row, upcasters) for row in run(connection, ROWS_AFTER, position, limit).fetchall()]
