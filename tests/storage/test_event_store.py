"""Events are recorded whole, in order and for good, and loaded as they were written."""

import uuid

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.by import SYSTEM, By, Capacity
from storage.database import Database
from storage.event_id import NAMESPACE, event_id
from storage.event_store import EventStore
from storage.hash_chain import verify
from storage.open_orders import open_order_of
from tests.storage.event_log import NOW, append, rows
from tests.storage.lives import TRIVSEL, VEJLE, assigned, cancelled, placed, planned, whole_life

# --- appending and loading ------------------------------------------------------------------------------------------


def test_what_was_appended_is_loaded_in_order(store: EventStore) -> None:
    life = whole_life()
    assert append(store, 0, *life[:3]) == 3
    assert append(store, 3, *life[3:]) == len(life)
    assert store.load("o-1") == life
    assert store.version("o-1") == len(life)


def test_appending_nothing_changes_nothing(database: Database, store: EventStore) -> None:
    append(store, 0, placed())
    assert append(store, 1) == 1
    assert rows(database) == 1


def test_an_unknown_stream_is_empty(store: EventStore) -> None:
    assert store.load("o-404") == []
    assert store.version("o-404") == 0


def test_an_event_is_recorded_with_who_when_and_why(store: EventStore) -> None:
    place = placed()
    by = By(role=Capacity.COORDINATOR, who="k-1")
    store.append("o-1", 0, [place], by=by, now=NOW, causation="update-7")
    (recorded,) = store.load_recorded("o-1")
    assert recorded.event == place
    assert (recorded.position, recorded.stream, recorded.version) == (1, "o-1", 1)
    assert (recorded.by.role, recorded.by.who, recorded.causation_id) == (Capacity.COORDINATOR, "k-1", "update-7")
    assert recorded.recorded_at == NOW
    assert recorded.event_id == event_id("o-1", 1)


def test_the_type_stands_in_the_row_as_a_stable_name_with_its_schema(database: Database, store: EventStore) -> None:
    append(store, 0, placed(), assigned())
    with database.read() as connection:
        found = connection.execute(text("SELECT type, schema FROM event ORDER BY position")).all()
    assert [tuple(row) for row in found] == [("order_placed", 1), ("consultant_assigned", 1)]


def test_an_events_id_is_the_uuid5_of_its_place() -> None:
    for version in range(1, 300):
        assert event_id("o-1", version) == str(uuid.uuid5(NAMESPACE, f"o-1/{version}"))


@pytest.mark.parametrize("place", [("o-1", 2), ("o-2", 1)])
def test_the_database_keeps_places_unique_and_with_them_the_ids(
    database: Database, store: EventStore, place: tuple[str, int]
) -> None:
    append(store, 0, placed(), assigned())
    append(store, 0, placed("o-2", cluster="klynge-2"), stream="o-2")
    stream, version = place
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(
            text("""INSERT INTO event SELECT 4, :stream, :version, 'another', type, schema, data, by_role, by_who,
                    correlation_id, causation_id, recorded_at, hash FROM event WHERE position = 1"""),
            {"stream": stream, "version": version},
        )
    with database.read() as connection:
        ids = connection.execute(text("SELECT event_id FROM event ORDER BY position")).scalars().all()
    assert ids == [event_id("o-1", 1), event_id("o-1", 2), event_id("o-2", 1)]
    assert len(set(ids)) == 3


def test_an_instant_without_an_offset_is_refused_before_anything_is_written(
    database: Database, store: EventStore
) -> None:
    with pytest.raises(ValueError, match="offset"):
        store.append("o-1", 0, [placed()], by=SYSTEM, now=NOW.replace(tzinfo=None))
    assert rows(database) == 0


def test_loading_after_a_version_gives_only_the_later_ones(store: EventStore) -> None:
    append(store, 0, placed(), assigned(), planned())
    assert [recorded.version for recorded in store.load_recorded("o-1", after_version=1)] == [2, 3]


def test_reading_all_gives_every_stream_in_the_order_of_commits_page_by_page(store: EventStore) -> None:
    append(store, 0, placed("o-1"))
    append(store, 0, placed("o-2", cluster="klynge-2"), stream="o-2")
    append(store, 1, assigned())
    pages = [store.read_all(0, 2), store.read_all(2, 2), store.read_all(3, 2)]
    assert [[(r.position, r.stream) for r in page] for page in pages] == [
        [(1, "o-1"), (2, "o-2")],
        [(3, "o-1")],
        [],
    ]


def test_every_event_of_a_life_is_read_back_as_it_was_written(store: EventStore) -> None:
    life = whole_life()
    append(store, 0, *life)
    assert [type(event) for event in store.load("o-1")] == [type(event) for event in life]
    assert [recorded.event for recorded in store.read_all()] == life


# --- all or nothing -------------------------------------------------------------------------------------------------


def test_what_fails_in_the_same_transaction_leaves_nothing_behind(database: Database, store: EventStore) -> None:
    append(store, 0, placed())

    def fail(connection: Connection) -> None:
        assert connection.execute(text("SELECT count(*) FROM event")).scalar_one() == 3
        msg = "the power went"
        raise OSError(msg)

    with pytest.raises(OSError, match="the power went"):
        store.append("o-1", 1, [assigned(), cancelled()], by=SYSTEM, now=NOW, also=fail)
    assert store.load("o-1") == [placed()]
    assert open_order_of(database, VEJLE, TRIVSEL) == "o-1"
    assert append(store, 1, assigned("konsulent-2")) == 2
    assert verify(database).intact


def test_what_also_writes_is_committed_with_the_events(database: Database, store: EventStore) -> None:
    def also(connection: Connection) -> None:
        connection.execute(text("INSERT INTO unfinished_order VALUES ('o-x', 'klynge-x', 'pakke-x', true)"))

    store.append("o-1", 0, [placed()], by=SYSTEM, now=NOW, also=also)
    assert open_order_of(database, "klynge-x", "pakke-x") == "o-x"


def test_events_no_order_can_have_are_refused_and_not_recorded(database: Database, store: EventStore) -> None:
    with pytest.raises(ValueError, match="begins with order_placed"):
        append(store, 0, assigned())
    assert rows(database) == 0


# --- nobody changes what has happened -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET by_who = 'somebody-else' WHERE version = 1",
        "DELETE FROM event WHERE version = 2",
        "DELETE FROM event",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_events(
    database: Database, store: EventStore, statement: str
) -> None:
    append(store, 0, placed(), assigned())
    with pytest.raises(DBAPIError, match="an event is never"), database.write() as connection:
        connection.execute(text(statement))
    assert store.load("o-1") == [placed(), assigned()]


def test_replacing_or_truncating_is_no_way_round(database: Database, store: EventStore) -> None:
    append(store, 0, placed())
    way_round = "REPLACE INTO event SELECT * FROM event" if database.is_sqlite else "TRUNCATE event"
    with pytest.raises(DBAPIError, match="an event is never"), database.write() as connection:
        connection.execute(text(way_round))
    assert rows(database) == 1
