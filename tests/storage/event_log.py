"""The log of events as tests write to it and count it."""

import datetime as dt

from sqlalchemy import text

from domain.by import operations
from domain.events import Event
from domain.model import StaffId
from storage.database import Database
from storage.event_store import EventStore

NOW = dt.datetime(2026, 1, 5, 9, 30, 0, 123456, tzinfo=dt.UTC)
OPERATIONS = operations(StaffId("drift"))


def append(store: EventStore, expected: int, *events: Event, stream: str = "o-1") -> int:
    """Append them after version `expected`; the stream's version then."""
    return store.append(stream, expected, events, by=OPERATIONS, now=NOW)


def rows(database: Database) -> int:
    """How many events are recorded."""
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM event")).scalar_one())
