"""The event store: the streams that orders are. Append, load, follow.

Position order is commit order: one writer at a time takes the lock (SQLite's own, a PostgreSQL advisory lock) before it
reads the end of the log, so a reader that has seen position n will never find a smaller one later. Everything that can
be made before the lock is: the order after the events, its read models' rows, the events' JSON.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from domain.by import By
from domain.events import Event
from domain.evolution import evolve
from domain.order import Order
from storage.columns import utc_text
from storage.database import Database
from storage.event_id import event_id
from storage.event_lock import wait_to_append
from storage.event_sql import END_OF_LOG, EVENTS, INSERT, ROWS_OF_STREAM, VERSION, run, run_many
from storage.hash_chain import GENESIS, link
from storage.open_orders import note_order
from storage.projections import LIVE, Follower, Prepared, Projection
from storage.recorded import Recorded, as_recorded, read_after
from storage.refusals import AlreadyOpen, Conflict, StoreRefusal, UnreadableEvent
from storage.upcasters import UPCASTERS, Upcasters, read_event

__all__ = ["AlreadyOpen", "Conflict", "EventStore", "StoreRefusal", "UnreadableEvent"]

Also = Callable[[Connection], None]


@dataclass(frozen=True)
class _Append:
    """What is to be appended, and all that follows from it."""

    stream: str
    expected: int
    events: Sequence[Event]
    rows: Sequence[tuple[Any, ...]]
    before: Order | None
    after: Order
    models: Prepared
    also: Also | None


class EventStore:
    """Streams of events. An order's stream has the order's id for its name.

    `projections` are the read models that change with every append; none of them for measurements.
    """

    def __init__(
        self, database: Database, *, projections: Sequence[Projection] = LIVE, upcasters: Upcasters = UPCASTERS
    ) -> None:
        self._database = database
        self._follower = Follower(projections)
        self._upcasters = upcasters

    def append(
        self,
        stream: str,
        expected: int,
        events: Sequence[Event],
        *,
        by: By,
        now: dt.datetime,
        before: Order | None = None,
        causation: str | None = None,
        also: Also | None = None,
    ) -> int:
        """Record events after version `expected` of a stream (0: a new one), all or none; gives the new version.

        Read models, unfinished orders and `also` change in the same transaction. `before` is the order as it stands,
        for who has it already. Appending the same events at the same place again gives the earlier version and changes
        nothing (`also` is not called either). Raises Conflict where others came first, and AlreadyOpen for a second
        open order of the same cluster and package.
        """
        if not events:
            if (actual := self.version(stream)) != expected:
                raise Conflict(stream, expected=expected, actual=actual)
            return expected
        if before is None and expected:
            before = self._order_at(stream, expected, events)
        append = self._prepared(stream, expected, events, by, now, before, causation, also)
        with self._database.write() as connection:
            return self._append(connection, append)

    def append_within(
        self,
        connection: Connection,
        stream: str,
        events: Sequence[Event],
        *,
        by: By,
        now: dt.datetime,
        also: Also | None = None,
    ) -> int:
        """The beginning of a new stream, in a write transaction of the caller's: it commits or undoes it with all else.

        What the events point to can so be written first. Call `wait_to_append` before reading anything they rest on.
        """
        return self._append(connection, self._prepared(stream, 0, events, by, now, None, None, also))

    def load(self, stream: str) -> list[Event]:
        """The stream's events, oldest first; empty for an unknown stream. Raises UnreadableEvent."""
        with self._database.read() as connection:
            return self._read(connection, stream)

    def load_recorded(self, stream: str, after_version: int = 0) -> list[Recorded]:
        """The stream's events after a version, with where, when and by whom. Raises UnreadableEvent."""
        with self._database.read() as connection:
            rows = run(connection, ROWS_OF_STREAM, stream, after_version).fetchall()
            return [as_recorded(row, self._upcasters) for row in rows]

    def read_all(self, after_position: int = 0, limit: int = 1_000) -> list[Recorded]:
        """Events of every stream after a position, in the order of their commits. Raises UnreadableEvent."""
        with self._database.read() as connection:
            return read_after(connection, after_position, limit, self._upcasters)

    def version(self, stream: str) -> int:
        """The stream's version, 0 where there is none."""
        with self._database.read() as connection:
            (version,) = run(connection, VERSION, stream).fetchone() or (0,)
            return version or 0

    def _order_at(self, stream: str, expected: int, events: Sequence[Event]) -> Order:
        """The order these events are to follow. Raises Conflict where the stream is not as long."""
        earlier = self.load(stream)
        if len(earlier) < expected:
            raise Conflict(stream, expected=expected, actual=len(earlier))
        return _folded(None, earlier[:expected] or events)

    def _prepared(
        self,
        stream: str,
        expected: int,
        events: Sequence[Event],
        by: By,
        now: dt.datetime,
        before: Order | None,
        causation: str | None,
        also: Also | None,
    ) -> _Append:
        at, after = utc_text(now), _folded(before, events)
        rows = [
            (stream, version, event_id(stream, version), event.type, event.SCHEMA, _to_json(event),
             by.role.value, by.who, None, causation, at)
            for version, event in enumerate(events, expected + 1)
        ]  # fmt: skip
        models = self._follower.prepare(after, list(enumerate(events, expected + 1)), now)
        return _Append(stream, expected, events, rows, before, after, models, also)

    def _append(self, connection: Connection, append: _Append) -> int:
        wait_to_append(connection)
        end, previous, actual = run(connection, END_OF_LOG, append.stream).fetchone() or (0, GENESIS, 0)
        if (actual or 0) != append.expected:
            return self._earlier(connection, append, actual or 0)
        chained: list[tuple[Any, ...]] = []
        for position, fields in enumerate(append.rows, end + 1):
            row = (position, *fields)
            previous = link(previous, row)
            chained.append((*row, previous))
        run_many(connection, INSERT, chained)
        note_order(connection, append.before, append.after)
        self._follower.follow(connection, append.models, after=end, upto=end + len(chained))
        if append.also is not None:
            append.also(connection)
        return append.expected + len(chained)

    def _read(self, connection: Connection, stream: str) -> list[Event]:
        rows = run(connection, EVENTS, stream).fetchall()
        return [read_event(type_, schema, data, self._upcasters) for type_, schema, data in rows]

    def _earlier(self, connection: Connection, append: _Append, actual: int) -> int:
        """The version an earlier attempt with the same events came to. Raises Conflict where the events differ."""
        end = append.expected + len(append.events)
        earlier = self._read(connection, append.stream)[append.expected : end]
        if actual < end or earlier != list(append.events):
            raise Conflict(append.stream, expected=append.expected, actual=actual)
        return end


def _folded(order: Order | None, events: Sequence[Event]) -> Order:
    for event in events:
        order = evolve(order, event)
    if order is None:
        msg = "an order is made of at least one event"
        raise ValueError(msg)
    return order


def _to_json(event: Event) -> str:
    """The event's one form in the store: JSON in the class's order of fields, without spaces."""
    return event.__pydantic_serializer__.to_json(event).decode()
