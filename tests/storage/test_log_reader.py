"""Readers of the log: every event once, in the order of the commits, whatever else is appended meanwhile."""

import threading

import pytest
from sqlalchemy import text

from domain.by import SYSTEM
from storage.database import Database
from storage.event_store import EventStore
from storage.log_reader import LogReader, Overtaken, Unreadable, entry_at, last_position, types_after
from storage.recorded import Recorded
from tests.storage.event_log import NOW, append
from tests.storage.lives import assigned, cancelled, placed, planned


def read_on(database: Database, reader: LogReader, limit: int = 10) -> list[int]:
    """The next batch's positions; it is read then."""
    with database.write() as connection:
        batch = reader.next_batch(connection, limit)
        reader.advance(connection, batch)
    return [entry.position for entry in batch.entries]


@pytest.fixture
def reader(database: Database) -> LogReader:
    reader = LogReader("landet")
    with database.write() as connection:
        reader.begin(connection, 0)
    return reader


def test_every_event_is_read_once_in_batches_of_the_size_that_was_asked_for(
    database: Database, store: EventStore, reader: LogReader
) -> None:
    assert read_on(database, reader) == []
    append(store, 0, placed(), assigned(), planned())
    append(store, 0, placed("o-2", cluster="klynge-2"), stream="o-2")
    assert read_on(database, reader, 3) == [1, 2, 3]
    assert read_on(database, reader, 3) == [4]
    assert read_on(database, reader, 3) == []
    append(store, 3, cancelled())
    assert read_on(database, reader, 3) == [5]


def test_one_who_wants_some_kinds_gets_those_and_is_past_the_others(database: Database, store: EventStore) -> None:
    reader = LogReader("aflysninger", ["order_cancelled"])
    with database.write() as connection:
        reader.begin(connection, 0)
    append(store, 0, placed(), assigned(), cancelled())
    append(store, 0, placed("o-2", cluster="klynge-2"), assigned(), stream="o-2")
    assert read_on(database, reader) == [3]
    with database.read() as connection:
        assert reader.position(connection) == 5


def test_what_the_reader_writes_and_its_place_are_one_transaction(
    database: Database, store: EventStore, reader: LogReader
) -> None:
    append(store, 0, placed(), assigned())

    def fails() -> None:
        with database.write() as connection:
            reader.advance(connection, reader.next_batch(connection, 10))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert read_on(database, reader) == [1, 2]


def test_two_who_read_the_same_are_one_too_many(database: Database, store: EventStore, reader: LogReader) -> None:
    append(store, 0, placed(), assigned())
    with database.read() as connection:
        first, second = reader.next_batch(connection, 1), reader.next_batch(connection, 2)
    with database.write() as connection:
        reader.advance(connection, first)
    with pytest.raises(Overtaken), database.write() as connection:
        reader.advance(connection, second)
    assert read_on(database, reader) == [2]


def test_rewound_it_reads_again_and_ended_it_reads_no_more(
    database: Database, store: EventStore, reader: LogReader
) -> None:
    append(store, 0, placed(), assigned(), planned())
    read_on(database, reader)
    with database.write() as connection:
        reader.rewind(connection, 1)
    assert read_on(database, reader) == [2, 3]
    with database.write() as connection:
        reader.end(connection)
    with pytest.raises(Overtaken):
        read_on(database, reader)


def test_readers_know_nothing_of_each_other(database: Database, store: EventStore, reader: LogReader) -> None:
    other = LogReader("en anden")
    with database.write() as connection:
        other.begin(connection, 0)
    append(store, 0, placed())
    assert read_on(database, reader) == [1]
    assert read_on(database, other) == [1]


def test_while_many_append_a_reader_misses_nothing(database: Database, store: EventStore, reader: LogReader) -> None:
    def appends(number: int) -> None:
        stream = f"o-{number}"
        store.append(stream, 0, [placed(stream, cluster=f"klynge-{number}")], by=SYSTEM, now=NOW)
        store.append(stream, 1, [assigned()], by=SYSTEM, now=NOW)

    writers = [threading.Thread(target=appends, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    seen = list[int]()
    while len(seen) < 16:
        seen += read_on(database, reader, 3)
    for writer in writers:
        writer.join()
    assert seen == list(range(1, 17))


def test_an_event_this_code_cannot_read_is_told_as_such_in_its_place(
    database: Database, store: EventStore, reader: LogReader
) -> None:
    append(store, 0, placed())
    with database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO event (position, stream, version, event_id, type, schema, data, by_role, by_who,"
                " recorded_at, hash) VALUES (2, 'o-9', 1, 'fra-i-morgen', 'made_tomorrow', 1, '{}', 'system', 'clock',"
                " '2031-03-03T09:00:00.000000Z', 'x')"
            )
        )
    with database.read() as connection:
        first, second = reader.next_batch(connection, 10).entries
        assert isinstance(first, Recorded)
        assert second == Unreadable(2, "o-9", 1, "fra-i-morgen", "made_tomorrow")  # type: ignore[arg-type]
        assert entry_at(connection, 2) == second
        assert types_after(connection, 1) == {"made_tomorrow"}
        assert last_position(connection) == 2
        with pytest.raises(LookupError):
            entry_at(connection, 3)
        some = LogReader("landet", ["order_placed"]).next_batch(connection, 10)
    assert ([entry.position for entry in some.entries], some.upto) == ([1], 2)
