import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.by import SYSTEM, By, Capacity, operations
from domain.events import ConsultantAssigned, Event
from domain.model import StaffId
from storage.database import Database
from storage.event_id import NAMESPACE, event_id
from storage.event_store import AlreadyOpen, Conflict, EventStore, UnreadableEvent
from storage.hash_chain import GENESIS, Anchor, link, verify
from storage.open_orders import open_order_of
from storage.recorded import event_table
from storage.upcasters import EVENT_CLASSES, UPCASTERS, read_event, upcast
from tests.storage.lives import PLACED, TRIVSEL, VEJLE, assigned, cancelled, placed, planned, whole_life

NOW = dt.datetime(2026, 1, 5, 9, 30, 0, 123456, tzinfo=dt.UTC)
OPERATIONS = operations(StaffId("drift"))
TOUCH = {
    "sqlite": ("DROP TRIGGER event_is_never_changed", "DROP TRIGGER event_is_never_removed"),
    "postgresql": (
        "DROP TRIGGER event_is_never_changed ON event",
        "DROP TRIGGER event_is_never_removed ON event",
    ),
}


@pytest.fixture
def store(database: Database) -> EventStore:
    return EventStore(database)


def append(store: EventStore, expected: int, *events: Event, stream: str = "o-1") -> int:
    return store.append(stream, expected, events, by=OPERATIONS, now=NOW)


def rows(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM event")).scalar_one())


def tamper(database: Database, *statements: str) -> None:
    """What somebody with the database's password can do."""
    with database.write() as connection:
        for statement in (*TOUCH[connection.dialect.name], *statements):
            connection.execute(text(statement))


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


# --- again, and against each other ----------------------------------------------------------------------------------


def test_the_same_append_again_gives_the_earlier_version_and_changes_nothing(
    database: Database, store: EventStore
) -> None:
    append(store, 0, placed(), assigned())
    append(store, 2, planned())
    called: list[Connection] = []
    version = store.append("o-1", 0, [placed(), assigned()], by=OPERATIONS, now=NOW, also=called.append)
    assert version == 2
    assert rows(database) == 3
    assert called == []


@pytest.mark.parametrize("events", [[assigned("konsulent-2")], [assigned(), planned()], []])
def test_other_events_at_a_taken_place_are_a_conflict(
    database: Database, store: EventStore, events: list[Event]
) -> None:
    append(store, 0, placed(), assigned())
    with pytest.raises(Conflict) as refusal:
        append(store, 1, *events)
    assert (refusal.value.expected, refusal.value.actual) == (1, 2)
    assert rows(database) == 2


def test_an_append_past_the_end_is_a_conflict(database: Database, store: EventStore) -> None:
    append(store, 0, placed())
    with pytest.raises(Conflict):
        append(store, 2, assigned())
    assert rows(database) == 1


def test_of_many_who_append_at_once_at_the_same_place_one_comes_first(database: Database, store: EventStore) -> None:
    append(store, 0, placed())
    start = threading.Barrier(6)

    def attempt(number: int) -> bool:
        start.wait()
        try:
            append(store, 1, assigned(f"konsulent-{number}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        won = list(threads.map(attempt, range(6)))
    assert won.count(True) == 1
    (_, event) = store.load("o-1")
    assert isinstance(event, ConsultantAssigned)
    assert event.consultant == f"konsulent-{won.index(True)}"
    assert rows(database) == 2


def test_a_reader_never_skips_an_append_that_was_held_up(database: Database, store: EventStore) -> None:
    a_writes, b_tried, a_may_commit = threading.Event(), threading.Event(), threading.Event()
    seen: list[list[str]] = []

    def hold(_: Connection) -> None:
        a_writes.set()
        assert a_may_commit.wait(10)

    def a() -> None:
        store.append("o-a", 0, [placed("o-a", cluster="a")], by=SYSTEM, now=NOW, also=hold)

    def b() -> None:
        b_tried.set()
        append(store, 0, placed("o-b", cluster="b"), stream="o-b")

    def streams() -> list[str]:
        return [recorded.stream for recorded in store.read_all()]

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(a)
        assert a_writes.wait(10)
        second = threads.submit(b)
        assert b_tried.wait(10)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.3)  # B waits for A: no position after A's can be seen before A's
        seen.append(streams())
        a_may_commit.set()
        first.result(10)
        second.result(10)
    seen.append(streams())
    assert seen == [[], ["o-a", "o-b"]]


def test_a_follower_sees_every_event_once_and_without_gaps_while_others_append(
    database: Database, store: EventStore
) -> None:
    done = threading.Event()
    seen: list[int] = []

    def write(stream: str) -> None:
        append(store, 0, placed(stream, cluster=stream), stream=stream)
        for version in range(1, 12):
            append(store, version, assigned(f"konsulent-{version}"), stream=stream)

    def follow() -> None:
        while True:
            last_look = done.is_set()
            page = [recorded.position for recorded in store.read_all(seen[-1] if seen else 0, 5)]
            seen.extend(page)
            if last_look and not page:
                return

    with ThreadPoolExecutor(5) as threads:
        follower = threads.submit(follow)
        try:
            for writer in [threads.submit(write, f"o-{number}") for number in range(4)]:
                writer.result(60)
        finally:
            done.set()
        follower.result(60)
    assert seen == list(range(1, 49))


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


# --- one open order for a cluster and a package ---------------------------------------------------------------------


def test_a_second_open_order_for_the_same_cluster_and_package_is_refused(database: Database, store: EventStore) -> None:
    append(store, 0, placed("o-1"))
    with pytest.raises(AlreadyOpen) as refusal:
        append(store, 0, placed("o-2"), stream="o-2")
    assert refusal.value.order_id == "o-1"
    assert store.load("o-2") == []


def test_another_package_or_another_cluster_may_have_its_own(store: EventStore) -> None:
    append(store, 0, placed("o-1"))
    append(store, 0, placed("o-2", package="samarbejde-og-faellesskab"), stream="o-2")
    append(store, 0, placed("o-3", cluster="klynge-2"), stream="o-3")
    assert [store.version(order) for order in ("o-1", "o-2", "o-3")] == [1, 1, 1]


def test_after_a_cancelled_or_completed_order_a_new_one_may_be_placed(database: Database, store: EventStore) -> None:
    append(store, 0, placed("o-1"), cancelled())
    append(store, 0, *whole_life("o-2"), stream="o-2")
    append(store, 0, placed("o-3"), stream="o-3")
    assert open_order_of(database, VEJLE, TRIVSEL) == "o-3"


def test_of_two_orders_placed_at_once_for_the_same_cluster_one_is_refused(store: EventStore) -> None:
    start = threading.Barrier(2)

    def place(order: str) -> str:
        start.wait()
        try:
            append(store, 0, placed(order), stream=order)
        except AlreadyOpen as refusal:
            return refusal.order_id
        return ""

    with ThreadPoolExecutor(2) as threads:
        answers = dict(zip(("o-1", "o-2"), threads.map(place, ("o-1", "o-2")), strict=True))
    assert answers in ({"o-1": "", "o-2": "o-1"}, {"o-1": "o-2", "o-2": ""})


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


# --- the hash chain -------------------------------------------------------------------------------------------------


@pytest.fixture
def five_events(store: EventStore) -> None:
    append(store, 0, placed(), assigned())
    append(store, 0, placed("o-2", cluster="klynge-2"), stream="o-2")
    append(store, 2, planned(), cancelled())


def test_an_untouched_log_is_intact_and_has_a_head(database: Database, five_events: None) -> None:
    told: list[tuple[int, int]] = []
    found = verify(database, progress=lambda done, total: told.append((done, total)))
    assert found.intact
    assert found.events == 5
    assert found.head is not None
    assert found.head.position == 5
    assert Anchor.parse(str(found.head)) == found.head
    assert told == [(5, 5)]


def test_an_empty_log_is_intact(database: Database) -> None:
    assert verify(database).intact
    assert verify(database).head is None


@pytest.mark.parametrize(
    ("statements", "position"),
    [
        (["UPDATE event SET data = replace(data, 'konsulent-1', 'konsulent-9') WHERE position = 2"], 2),
        (["UPDATE event SET recorded_at = '2025-01-05T09:30:00.123456Z' WHERE position = 3"], 3),
        (["UPDATE event SET by_role = 'coordinator' WHERE position = 1"], 1),
        (["UPDATE event SET by_who = 'k-9' WHERE position = 1"], 1),
        (["UPDATE event SET by_role = 'consultantk', by_who = substr(by_who, 2) WHERE position = 2"], 2),
        (["UPDATE event SET causation_id = '' WHERE position = 4"], 4),
        (["UPDATE event SET stream = 'o-3' WHERE position = 3"], 3),
        (["UPDATE event SET hash = repeat_ WHERE position = 5"], 5),
        (["DELETE FROM event WHERE position = 1"], 1),
        (["DELETE FROM event WHERE position = 3"], 3),
        (["DELETE FROM event WHERE position = 3", "UPDATE event SET position = position - 1 WHERE position = 4",
          "UPDATE event SET position = position - 1 WHERE position = 5"], 3),
        (["UPDATE event SET position = 99 WHERE position = 2", "UPDATE event SET position = 2 WHERE position = 3",
          "UPDATE event SET position = 3 WHERE position = 99"], 2),
        (["UPDATE event SET position = -7 WHERE position = 1"], 1),
    ],
)  # fmt: skip
def test_a_changed_removed_or_moved_row_is_found_at_its_position(
    database: Database, five_events: None, statements: list[str], position: int
) -> None:
    tamper(database, *(statement.replace("repeat_", f"'{'a' * 64}'") for statement in statements))
    found = verify(database)
    assert not found.intact
    assert found.broken_at == position
    assert found.why


def test_a_row_that_was_put_in_later_is_found(database: Database, five_events: None) -> None:
    tamper(
        database,
        """INSERT INTO event SELECT 6, 'o-9', 1, 'made-up', type, schema, data, by_role, by_who,
           correlation_id, causation_id, recorded_at, hash FROM event WHERE position = 5""",
    )
    assert verify(database).broken_at == 6


def test_an_id_that_is_not_its_places_is_found_even_where_the_chain_fits(database: Database, store: EventStore) -> None:
    append(store, 0, placed())
    row = (2, "o-1", 2, event_id("o-1", 1), "consultant_assigned", 1, "{}", "system", "x", None, None, "2026-01-05")
    with database.read() as connection:
        previous = connection.execute(text("SELECT hash FROM event")).scalar_one()
    with database.write() as connection:
        connection.execute(event_table.insert().values((*row, link(previous, row))))
    found = verify(database)
    assert (found.intact, found.broken_at) == (False, 2)
    assert "id" in found.why


def test_the_hash_of_a_row_is_the_one_of_every_chain_so_far() -> None:
    row = (
        7,
        "o-1",
        3,
        event_id("o-1", 3),
        "survey_opened",
        1,
        '{"ø":1}',
        "system",
        "clock",
        None,
        "order-o-1",
        "2026-01-05",
    )
    fields = "".join("-" if field is None else f"{len(str(field))}:{field}" for field in row)
    assert link(GENESIS, row) == sha256(f"{GENESIS}{fields}".encode()).hexdigest()
    nothing, empty = (*row[:9], None, None, row[11]), (*row[:9], "", None, row[11])
    assert link(GENESIS, nothing) != link(GENESIS, empty)


def test_a_cut_tail_is_found_only_with_an_anchor(database: Database, five_events: None) -> None:
    anchor = verify(database).head
    tamper(database, "DELETE FROM event WHERE position > 3")
    assert verify(database).intact
    assert verify(database, anchor).broken_at == 4


def test_a_chain_written_anew_is_found_only_with_an_anchor(database: Database, five_events: None) -> None:
    anchor = verify(database).head
    tamper(database, "DELETE FROM event", "DELETE FROM unfinished_order")
    store = EventStore(database, projections=())
    store.append("o-1", 0, [placed(), *(assigned(f"konsulent-{n}") for n in range(5))], by=SYSTEM, now=NOW)
    assert verify(database).intact
    assert verify(database, anchor).broken_at == 5


def test_an_anchor_still_holds_when_more_has_happened(database: Database, store: EventStore, five_events: None) -> None:
    anchor = verify(database).head
    append(store, 1, assigned(), stream="o-2")
    assert verify(database, anchor).intact


@pytest.mark.parametrize("nonsense", ["", "12", "x:" + "0" * 64, "12:abc"])
def test_an_anchor_that_is_none_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError):
        Anchor.parse(nonsense)


# --- events of every age --------------------------------------------------------------------------------------------


def test_every_older_schema_of_today_has_a_step_to_the_next() -> None:
    for name, class_ in EVENT_CLASSES.items():
        for schema in range(1, class_.SCHEMA):
            assert (name, schema) in UPCASTERS


def test_old_data_is_read_through_every_step_in_turn(database: Database, store: EventStore) -> None:
    old = '{"at":"2026-01-05T09:00:00Z","type":"adviser_chosen","adviser":"konsulent-1"}'
    steps = {
        ("adviser_chosen", -1): lambda data: {"staff": data.pop("adviser"), **data},
        ("adviser_chosen", 0): lambda data: {
            **{key: value for key, value in data.items() if key != "staff"},
            "type": "consultant_assigned",
            "consultant": data["staff"],
        },
    }
    append(store, 0, placed())
    with database.write() as connection:
        connection.execute(
            event_table.insert().values(
                position=2, stream="o-1", version=2, event_id="x", type="adviser_chosen", schema=-1,
                data=old, by_role="system", by_who="x", recorded_at="2026-01-05T09:00:00.000000Z", hash="0" * 64,
            )
        )  # fmt: skip
    assert EventStore(database, upcasters=steps).load("o-1")[1] == ConsultantAssigned(
        at=PLACED, consultant=StaffId("konsulent-1")
    )
    with pytest.raises(UnreadableEvent):
        store.load("o-1")


def test_a_step_cannot_change_the_data_it_was_given() -> None:
    data = {"at": "2026-01-05T09:00:00Z", "type": "consultant_assigned", "consultant": "k"}

    def careless(data: dict[str, object]) -> dict[str, object]:
        data["consultant"] = "changed"
        return data

    assert upcast("consultant_assigned", 0, data, {("consultant_assigned", 0): careless})["consultant"] == "changed"
    assert data["consultant"] == "k"


@pytest.mark.parametrize(
    ("type_", "schema", "data", "why"),
    [
        ("order_teleported", 1, "{}", "knows no such type"),
        ("consultant_assigned", 2, "{}", "found no way from 2"),
        ("consultant_assigned", 1, '{"at":"2026-01-05T09:00:00Z"}', "consultant: Field required"),
    ],
)
def test_an_event_this_code_cannot_read_is_an_error_and_never_skipped(
    type_: str, schema: int, data: str, why: str
) -> None:
    with pytest.raises(UnreadableEvent, match=why):
        read_event(type_, schema, data)


def test_every_event_of_a_life_is_read_back_as_it_was_written(store: EventStore) -> None:
    life = whole_life()
    append(store, 0, *life)
    assert [type(event) for event in store.load("o-1")] == [type(event) for event in life]
    assert [recorded.event for recorded in store.read_all()] == life
