"""Our event store against the `eventsourcing` library's on SQLite, on the same events, in one run.

    python -m benchmarks.event_store [--streams N] [--rounds N] [--orders N]

Everybody keeps pydantic's JSON of the same events in a WAL file, one transaction an append, on one connection. Ours has
all its columns, triggers, the hash chain, the check of the expected version, and the order folded and its row of
unfinished ones kept, without read models. The library is
measured as it comes, which is as ours does (SQLite's `synchronous=FULL`: a sync of the disk with each append), and both
with `NORMAL` too, since that one setting weighs more than all code. Its leaner recorder has no positions: nobody can
follow such a log.

Only the stores' own calls are timed: what each is called with is made before. Each has worked in its file before the
clock starts, and there are enough events that everybody pays for SQLite's checkpoints (one each 1,000 pages) again and
again. All take turns stream by stream, each time another one first, and a ratio is of the same round.
"""

import argparse
import datetime as dt
import gc
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from eventsourcing.persistence import EventStore as TheirStore
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from eventsourcing.sqlite import (
    SQLiteAggregateRecorder,
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteDatastore,
)
from sqlalchemy import event

from benchmarks.clusters import order_of_a_cluster
from benchmarks.lives import life
from domain.by import SYSTEM
from domain.events import DeckMade, Event
from domain.evolution import evolve
from domain.model import DocumentId, Round, StaffId
from domain.order import Order
from reporting.deck_check import deck_problems
from storage.database import Database
from storage.event_store import EventStore
from storage.hash_chain import verify
from storage.migrate import migrate
from storage.packages import find_package
from storage.rebuild import rebuild
from storage.upcasters import EVENT_CLASSES, read_event
from tests.storage.lives import whole_life

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
STREAM = 40
"""Events a stream."""
MEMBERS, A_YEAR = 42, 365

Work = Callable[[], object]
Streams = dict[str, list[Event]]


class Contender:
    """One store in a file of its own. What is to be measured is given ready to be called."""

    name = ""

    def appends(self, streams: Streams, batch: int) -> list[Work]:
        """Append every stream, so many events a time."""
        return [
            self.append(stream, done, events[done : done + batch])
            for stream, events in streams.items()
            for done in range(0, len(events), batch)
        ]

    def append(self, stream: str, expected: int, events: Sequence[Event]) -> Work:
        """Append a batch of events after a version."""
        raise NotImplementedError

    def load(self, stream: str) -> Callable[[], list[Any]]:
        """Load a stream, with everything the store gives back."""
        raise NotImplementedError

    def events(self, stream: str) -> list[Event]:
        """What is in a stream, to see that it is what was appended."""
        raise NotImplementedError

    def pragma(self, name: str) -> str:
        """A setting of the connection that works."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class Ours(Contender):
    name = "klyngeflow, as it comes (FULL)"
    synchronous = "FULL"

    def __init__(self, folder: Path, *, read_models: bool = False) -> None:
        self.database = Database(f"sqlite:///{folder / 'ours.db'}")
        event.listen(self.database.engine, "connect", self._sync_as_told)
        migrate(self.database)
        self.store = EventStore(self.database) if read_models else EventStore(self.database, projections=())
        self._orders: dict[str, Order] = {}

    def _sync_as_told(self, connection: Any, _record: Any) -> None:  # noqa: ANN401
        connection.execute(f"PRAGMA synchronous={self.synchronous}")

    def append(self, stream: str, expected: int, events: Sequence[Event]) -> Work:
        before = self._orders.get(stream)  # as who appends has it: they have decided by it
        after = before
        for each in events:
            after = evolve(after, each)
        if after is not None:
            self._orders[stream] = after
        return partial(self.store.append, stream, expected, events, by=SYSTEM, now=NOW, before=before, causation=stream)

    def load(self, stream: str) -> Callable[[], list[Any]]:
        return partial(self.store.load, stream)

    def events(self, stream: str) -> list[Event]:
        return self.store.load(stream)

    def pragma(self, name: str) -> str:
        with self.database.write() as connection:
            return str(connection.exec_driver_sql(f"PRAGMA {name}").scalar())

    def close(self) -> None:
        self.database.close()


class OursNormal(Ours):
    name = "klyngeflow, NORMAL"
    synchronous = "NORMAL"


@dataclass(slots=True)
class Envelope:
    """What the library asks of an event: its stream and version. The event inside is ours."""

    originator_id: uuid.UUID
    originator_version: int
    event: Event


class PydanticMapper(Mapper[uuid.UUID]):
    """The library's mapper with the same JSON work as ours, so that only the stores differ."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:  # noqa: ANN401
        event = domain_event.event
        state = event.__pydantic_serializer__.to_json(event)
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, event.type, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:  # noqa: ANN401
        event = read_event(stored_event.topic, EVENT_CLASSES[stored_event.topic].SCHEMA, stored_event.state)
        id_ = stored_event.originator_id
        return Envelope(id_ if isinstance(id_, uuid.UUID) else uuid.UUID(id_), stored_event.originator_version, event)


class Theirs(Contender):
    name = "eventsourcing, as it comes (FULL)"
    recorder: type[SQLiteAggregateRecorder] = SQLiteApplicationRecorder
    synchronous = "FULL"

    def __init__(self, folder: Path) -> None:
        self.datastore = SQLiteDatastore(str(folder / "theirs.db"))
        self.datastore.pool.close()
        self.datastore.pool = ToldPool(str(folder / "theirs.db"), self.synchronous)
        recorder = self.recorder(self.datastore)
        recorder.create_table()
        self.store: TheirStore[uuid.UUID] = TheirStore(PydanticMapper(JSONTranscoder()), recorder)

    def append(self, stream: str, expected: int, events: Sequence[Event]) -> Work:
        id_ = uuid.UUID(stream)
        return partial(
            self.store.put, [Envelope(id_, version, event) for version, event in enumerate(events, expected + 1)]
        )

    def load(self, stream: str) -> Callable[[], list[Any]]:
        id_ = uuid.UUID(stream)
        return lambda: list(self.store.get(id_))

    def events(self, stream: str) -> list[Event]:
        return [envelope.event for envelope in self.load(stream)()]

    def pragma(self, name: str) -> str:
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(f"PRAGMA {name}")
            return str(cursor.fetchone()[0])

    def close(self) -> None:
        self.datastore.close()


class ToldPool(SQLiteConnectionPool):
    """The library's pool, with SQLite's `synchronous` as told."""

    def __init__(self, db_name: str, synchronous: str) -> None:
        self.synchronous = synchronous
        super().__init__(db_name=db_name)

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        connection.cursor().execute(f"PRAGMA synchronous={self.synchronous}")
        return connection


class TheirsNormal(Theirs):
    name = "eventsourcing, NORMAL"
    synchronous = "NORMAL"


class TheirsLean(Theirs):
    name = "eventsourcing, NORMAL, no positions"
    synchronous = "NORMAL"
    recorder = SQLiteAggregateRecorder


CONTENDERS: tuple[type[Ours] | type[Theirs], ...] = (Ours, Theirs, OursNormal, TheirsNormal, TheirsLean)
COMPARED: tuple[tuple[type[Ours], type[Theirs]], ...] = (
    (Ours, Theirs),
    (OursNormal, TheirsNormal),
    (OursNormal, TheirsLean),
)
"""As both come, with a sync an append; both without; against the recorder without positions."""

SETTINGS = ("journal_mode", "synchronous", "wal_autocheckpoint", "page_size", "cache_size", "secure_delete")
APPENDS = {"append singly": 1, "append in fives": 5}
Rates = dict[str, dict[str, list[float]]]


def some_events(streams: int) -> Streams:
    """Streams of 40 events, most of about 435 bytes: what an order begins with, and then one deck after the other."""
    return {stream: _stream(stream) for stream in (str(uuid.uuid4()) for _ in range(streams))}


def _stream(stream: str) -> list[Event]:
    begins = whole_life(stream, cluster=stream, members=1)[:4]
    return [*begins, *(_event(version) for version in range(1, STREAM - len(begins) + 1))]


def _event(version: int) -> Event:
    documents = (*(DocumentId(str(uuid.uuid4())) for _ in range(7)), DocumentId("resultater.docx"))
    return DeckMade(at=NOW, round=Round.BASELINE, version=version, documents=documents, review_until=NOW)


def measure(work: Sequence[Work], events: int) -> float:
    """Events a second."""
    gc.collect()
    return events / _seconds(work)


def _seconds(work: Sequence[Work]) -> float:
    started = time.perf_counter()
    for each in work:
        each()
    return time.perf_counter() - started


def one_round(streams: Streams, rates: Rates) -> None:
    """Every contender appends singly, then in fives, then loads: in turns of a stream."""
    for title, batch in APPENDS.items():
        with ExitStack() as stack:
            contenders = [_opened(class_, stack, batch) for class_ in CONTENDERS]
            _take_turns(title, contenders, streams, partial(_appends_of, batch=batch), rates)
            if batch > 1:
                _take_turns("load", contenders, streams, _load_of, rates)
            for contender in contenders:
                _check(contender, streams)


def _take_turns(
    title: str,
    contenders: Sequence[Contender],
    streams: Streams,
    work_of: Callable[[Contender, str, list[Event]], list[Work]],
    rates: Rates,
) -> None:
    """Time the contenders stream by stream, each time another one first: what else the machine does meets all alike."""
    spent = dict.fromkeys(contenders, 0.0)
    gc.collect()
    for number, (stream, events) in enumerate(streams.items()):
        first = number % len(contenders)
        order = (*contenders[first:], *contenders[:first])
        for contender in reversed(order) if number % 2 else order:  # or each would always follow the same one
            spent[contender] += _seconds(work_of(contender, stream, events))
    for contender, seconds in spent.items():
        rates[title].setdefault(contender.name, []).append(sum(map(len, streams.values())) / seconds)


def _appends_of(contender: Contender, stream: str, events: list[Event], *, batch: int) -> list[Work]:
    return contender.appends({stream: events}, batch)


def _load_of(contender: Contender, stream: str, _events: list[Event]) -> list[Work]:
    return [contender.load(stream)]


def _opened(class_: type[Ours] | type[Theirs], stack: ExitStack, batch: int) -> Contender:
    contender = class_(Path(stack.enter_context(tempfile.TemporaryDirectory())))
    stack.callback(contender.close)
    _warm_up(contender, batch)
    return contender


def _warm_up(contender: Contender, batch: int) -> None:
    streams = some_events(2)
    for work in (*contender.appends(streams, batch), *map(contender.load, streams)):
        work()


def _check(contender: Contender, streams: Streams) -> None:
    for stream, events in streams.items():
        assert contender.events(stream) == events, f"{contender.name} gives back other events"


def against_the_library(streams: int, rounds: int) -> None:
    events = some_events(streams)
    sizes = [len(event.model_dump_json()) for event in next(iter(events.values()))]
    print(f"{streams} streams of {STREAM} events of {statistics.mean(sizes):.0f} bytes, median of {rounds} rounds")
    print("Ratios: median (quartiles); above 1 ours is faster\n")
    for class_ in CONTENDERS:
        _tell_settings(class_)
    rates: Rates = {"append singly": {}, "append in fives": {}, "load": {}}
    for _ in range(rounds):
        one_round(events, rates)
    for title, of in rates.items():
        print(f"\n{title}")
        for class_ in CONTENDERS:
            _tell(class_.name, statistics.median(of[class_.name]))
        for ours, theirs in COMPARED:
            ratios = [a / b for a, b in zip(of[ours.name], of[theirs.name], strict=True)]
            low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
            print(f"  {middle:5.2f} ({low:.2f}–{high:.2f}) × {theirs.name}  ←  {ours.name}")


def _tell_settings(class_: type[Ours] | type[Theirs]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        contender = class_(Path(folder))
        settings = ", ".join(f"{name}={contender.pragma(name)}" for name in SETTINGS)
        contender.close()
    print(f"  {class_.name:38} {settings}")


def our_own(orders: int) -> None:
    """What the library has no counterpart of: read models live and rebuilt, the chain verified."""
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(Path(folder), read_models=True)
        streams = _orders(ours.database, orders)
        events = sum(map(len, streams.values()))
        print(f"\n{orders} orders, {events} events, with all read models")
        first, rest = dict(islice(streams.items(), orders // 10)), dict(islice(streams.items(), orders // 10, None))
        _tell("append singly", measure(ours.appends(first, 1), sum(map(len, first.values()))))
        measure(ours.appends(rest, STREAM), sum(map(len, rest.values())))
        _tell("rebuild all read models", measure([partial(rebuild, ours.database)], events))
        _tell("verify the hash chain", measure([partial(_verify, ours.database)], events))
        ours.close()


def _orders(database: Database, orders: int) -> Streams:
    """Lives of a year, each of a cluster of its own."""
    package = find_package("trivsel-og-arbejdsglaede", deck_problems)
    with database.write() as connection:
        placed = [order_of_a_cluster(connection, package, number=n, members=MEMBERS) for n in range(orders)]
    return {command.order: life(command, StaffId("konsulent"), NOW, A_YEAR) for command in placed}


def _tell(title: str, rate: float) -> None:
    print(f"  {title:38} {rate:9,.0f} events/s")


def _verify(database: Database) -> None:
    assert verify(database).intact


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=75)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--orders", type=int, default=300)
    arguments = parser.parse_args()
    against_the_library(max(1, arguments.streams), max(2, arguments.rounds))
    our_own(max(10, arguments.orders))


if __name__ == "__main__":
    main()
