"""Readers of the log: each has a name and a cursor, and sees every event once, in the order of the commits.

A reader whose work is rows of this database moves its cursor in the same transaction, and so counts each event exactly
once; one whose work is elsewhere moves it afterwards, and does each at least once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table, delete, insert, select, update

from domain.model import OrderId
from storage.database import metadata
from storage.event_sql import LAST_POSITION, ROW_AT, ROWS_AFTER, TYPES_AFTER, run
from storage.recorded import Recorded, as_recorded
from storage.refusals import UnreadableEvent
from storage.upcasters import EVENT_CLASSES

log_reader_table = Table(
    "log_reader",
    metadata,
    Column("name", String, primary_key=True),
    # Every event up to here has been read.
    Column("position", BigInteger, nullable=False),
)

SCANNED = 500
"""Events looked at with one query."""
MOST_SCANNED = 20_000
"""Events looked at for one batch: a reader of rare ones moves on in between."""


class Overtaken(Exception):  # noqa: N818 - a finding, named as one
    """Somebody else has moved the reader since, or has ended it: what was read is theirs, or to be read again."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that this code cannot read; newer code may."""

    position: int
    stream: OrderId
    version: int
    event_id: str
    type: str


Entry = Recorded | Unreadable


@dataclass(frozen=True)
class Batch:
    """What comes after a position: every event up to `upto` is in it or not wanted."""

    after: int
    upto: int
    entries: Sequence[Entry]


class LogReader:
    """One reader. `types` are the events it wants, by their names of today; empty: all."""

    def __init__(self, name: str, types: Collection[str] = ()) -> None:
        self._name = name
        self._types = frozenset(types)

    def begin(self, connection: Connection, after: int) -> None:
        """A new reader, which has read up to a position."""
        connection.execute(insert(log_reader_table).values(name=self._name, position=after))

    def end(self, connection: Connection) -> None:
        """The reader is no more."""
        connection.execute(delete(log_reader_table).where(log_reader_table.c.name == self._name))

    def position(self, connection: Connection) -> int:
        """Up to where it has read. Raises Overtaken where it has been ended."""
        c = log_reader_table.c
        position: int | None = connection.execute(select(c.position).where(c.name == self._name)).scalar()
        if position is None:
            raise Overtaken(self._name)
        return position

    def next_batch(self, connection: Connection, limit: int) -> Batch:
        """At most `limit` events after the cursor; none: there is nothing new, or nothing wanted up to `upto`."""
        after = upto = self.position(connection)
        entries = list[Entry]()
        while len(entries) < limit and upto - after < MOST_SCANNED:
            rows = run(connection, ROWS_AFTER, upto, SCANNED).fetchall()
            for row in rows:
                upto = row[0]
                if (entry := self._wanted(row)) is not None:
                    entries.append(entry)
                    if len(entries) == limit:
                        return Batch(after, upto, entries)
            if len(rows) < SCANNED:
                break
        return Batch(after, upto, entries)

    def advance(self, connection: Connection, batch: Batch) -> None:
        """The batch has been read. Raises Overtaken."""
        c = log_reader_table.c
        here = (c.name == self._name) & (c.position == batch.after)
        if connection.execute(update(log_reader_table).where(here).values(position=batch.upto)).rowcount == 0:
            raise Overtaken(self._name)

    def rewind(self, connection: Connection, after: int) -> None:
        """Read again what comes after a position."""
        c = log_reader_table.c
        connection.execute(update(log_reader_table).where(c.name == self._name).values(position=after))

    def _wanted(self, row: Sequence[Any]) -> Entry | None:
        stored_type = row[4]
        if self._types and stored_type in EVENT_CLASSES and stored_type not in self._types:
            return None
        entry = as_entry(row)
        is_wanted = not self._types or type_of(entry) in self._types
        return entry if is_wanted else None


def type_of(entry: Entry) -> str:
    """What happened, by its name of today."""
    return entry.type if isinstance(entry, Unreadable) else entry.event.type


def as_entry(row: Sequence[Any]) -> Entry:
    """A row of the whole table as the event it holds, as far as this code can read it."""
    try:
        return as_recorded(row)
    except UnreadableEvent:
        position, stream, version, event_id, type_, *_ = row
        return Unreadable(position, OrderId(stream), version, event_id, type_)


def entry_at(connection: Connection, position: int) -> Entry:
    """The event at a position. Raises LookupError."""
    row = run(connection, ROW_AT, position).fetchone()
    if row is None:
        msg = f"there is no event {position}"
        raise LookupError(msg)
    return as_entry(row)


def last_position(connection: Connection) -> int:
    """The position of the log's last event, 0 where there is none."""
    return (run(connection, LAST_POSITION).fetchone() or (0,))[0] or 0


def types_after(connection: Connection, position: int) -> set[str]:
    """Which events there are after a position, by the names they are stored under."""
    return {type_ for (type_,) in run(connection, TYPES_AFTER, position).fetchall()}
