"""The event store: the streams that orders are. Append, load, follow.

Position order is commit order: one writer at a time takes the lock (SQLite's own, a PostgreSQL advisory lock) before it
reads the end of the log, so a reader that has seen position n will never find a smaller one later.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from domain.events import Event
from domain.evolution import evolve
from domain.order import Order
from storage.columns import utc_text
from storage.database import Database
from storage.event_id import event_id
from storage.event_lock import wait_to_append
from storage.event_sql import END_OF_LOG, EVENTS, INSERT, ROWS_OF_STREAM, VERSION, run, run_many
from storage.hash_chain import GENESIS, link
from storage.open_orders import note_open_orders
from storage.projections import LIVE, Follower, Projection
from storage.recorded import Recorded, as_recorded, read_after
from storage.refusals import AlreadyOpen, Conflict, StoreRefusal, UnreadableEvent
from storage.upcasters import UPCASTERS, Upcasters, read_event

__all__ = ["AlreadyOpen", "Conflict", "EventStore", "StoreRefusal", "UnreadableEvent"]

Also = Callable[[Connection], None]


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
        actor: str,
        now: dt.datetime,
        correlation: str | None = None,
        causation: str | None = None,
        also: Also | None = None,
    ) -> int:
        """Record events after version `expected` of a stream (0: a new one), all or none; gives the new version.

        Read models, open orders and `also` change in the same transaction. Appending the same events at the same place
        again gives the earlier version and changes nothing (`also` is not called either). Raises Conflict where others
        came first, and AlreadyOpen for a second open order of the same cluster and package.
        """
        with self._database.write() as connection:
            return self._append(connection, stream, expected, events, (actor, correlation, causation), now, also)

    def append_within(
        self,
        connection: Connection,
        stream: str,
        expected: int,
        events: Sequence[Event],
        *,
        actor: str,
        now: dt.datetime,
    ) -> int:
        """`append` in a write transaction of the caller's, which commits or undoes it with all else it does.

        What the events point to can so be written first. Call `wait_to_append` before reading anything they rest on.
        """
        return self._append(connection, stream, expected, events, (actor, None, None), now, None)

    def _append(
        self,
        connection: Connection,
        stream: str,
        expected: int,
        events: Sequence[Event],
        who: tuple[str, str | None, str | None],
        now: dt.datetime,
        also: Also | None,
    ) -> int:
        at = utc_text(now)
        wait_to_append(connection)
        end, previous, actual = run(connection, END_OF_LOG, stream).fetchone() or (0, GENESIS, 0)
        if (actual or 0) != expected:
            return self._earlier(connection, stream, expected, actual or 0, events)
        rows: list[tuple[Any, ...]] = []
        for position, (version, event) in enumerate(enumerate(events, expected + 1), end + 1):
            id_ = event_id(stream, version)
            row = (position, stream, version, id_, event.type, event.SCHEMA, _to_json(event), *who, at)
            previous = link(previous, row)
            rows.append((*row, previous))
        run_many(connection, INSERT, rows)
        note_open_orders(connection, stream, events)
        if self._follower and rows:
            self._follow(connection, stream, rows, events, now)
        if also is not None:
            also(connection)
        return expected + len(events)

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

    def _read(self, connection: Connection, stream: str) -> list[Event]:
        rows = run(connection, EVENTS, stream).fetchall()
        return [read_event(type_, schema, data, self._upcasters) for type_, schema, data in rows]

    def _earlier(self, connection: Connection, stream: str, expected: int, actual: int, events: Sequence[Event]) -> int:
        """The version an earlier attempt with the same events came to. Raises Conflict where the events differ."""
        end = expected + len(events)
        if actual < end or not events or self._read(connection, stream)[expected:end] != list(events):
            raise Conflict(stream, expected=expected, actual=actual)
        return end

    def _follow(
        self,
        connection: Connection,
        stream: str,
        rows: Sequence[tuple[Any, ...]],
        events: Sequence[Event],
        now: dt.datetime,
    ) -> None:
        order: Order | None = None
        for event in self._read(connection, stream):
            order = evolve(order, event)
        if order is None:
            return
        recorded = [
            Recorded(position, stream, version, id_, event, actor, correlation, causation, now)
            for (position, _, version, id_, _, _, _, actor, correlation, causation, _, _), event in zip(
                rows, events, strict=True
            )
        ]
        self._follower.follow(connection, order, recorded)


def _to_json(event: Event) -> str:
    """The event's one form in the store: JSON in the class's order of fields, without spaces."""
    return event.__pydantic_serializer__.to_json(event).decode()
