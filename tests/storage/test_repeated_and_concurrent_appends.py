"""An append that comes again is the same one; of several at the same place one comes first; followers miss none."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection

from domain.by import SYSTEM
from domain.events import ConsultantAssigned, Event
from storage.database import Database
from storage.event_store import Conflict, EventStore
from tests.storage.event_log import NOW, OPERATIONS, append, rows
from tests.storage.lives import assigned, placed, planned


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
