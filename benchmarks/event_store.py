"""Our event store against the `eventsourcing` library's on SQLite, on the same events, in one run.

    python -m benchmarks.event_store [--streams N] [--rounds N] [--orders N]

Everybody keeps pydantic's JSON of the same events in a WAL file, one transaction an append. Ours has all its columns,
two more unique indexes, triggers, the hash chain and the check of the expected version. The library is measured as it
comes (SQLite's `synchronous=FULL`: a sync of the disk with each append) and with our `NORMAL`, and ours with both too,
since that one setting weighs more than all code. Its leaner recorder has no positions: nobody can follow such a log.
"""

import argparse
import datetime as dt
import gc
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
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

from domain.events import DeckMade, Event
from domain.model import DocumentId, Round
from storage.database import Database
from storage.event_store import EventStore
from storage.hash_chain import verify
from storage.migrate import migrate
from storage.rebuild import rebuild
from storage.upcasters import EVENT_CLASSES, read_event
from tests.storage.lives import lives

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
STREAM = 40
"""Events a stream."""
ACTOR = "system"


class Contender:
    """One store in a file of its own: `append` puts one batch after a version, `load` gives a stream's events."""

    name = ""

    def append(self, stream: str, expected: int, events: Sequence[Event]) -> None:
        raise NotImplementedError

    def load(self, stream: str) -> list[Event]:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class Ours(Contender):
    name = "klyngeflow, as it comes (NORMAL)"
    synchronous = "NORMAL"

    def __init__(self, folder: Path, *, read_models: bool = False) -> None:
        self.database = Database(f"sqlite:///{folder / 'ours.db'}")
        event.listen(self.database.engine, "connect", self._sync_as_told)
        migrate(self.database)
        self.store = EventStore(self.database) if read_models else EventStore(self.database, projections=())

    def _sync_as_told(self, connection: Any, _record: Any) -> None:  # noqa: ANN401
        connection.execute(f"PRAGMA synchronous={self.synchronous}")

    def append(self, stream: str, expected: int, events: Sequence[Event]) -> None:
        self.store.append(stream, expected, events, actor=ACTOR, now=NOW, correlation=stream, causation=None)

    def load(self, stream: str) -> list[Event]:
        return self.store.load(stream)

    def close(self) -> None:
        self.database.close()


class OursFull(Ours):
    name = "klyngeflow, FULL"
    synchronous = "FULL"


@dataclass(frozen=True)
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

    def append(self, stream: str, expected: int, events: Sequence[Event]) -> None:
        id_ = uuid.UUID(stream)
        self.store.put([Envelope(id_, version, event) for version, event in enumerate(events, expected + 1)])

    def load(self, stream: str) -> list[Event]:
        return [envelope.event for envelope in self.store.get(uuid.UUID(stream))]  # type: ignore[attr-defined]

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


CONTENDERS: tuple[type[Ours] | type[Theirs], ...] = (Ours, Theirs, OursFull, TheirsNormal, TheirsLean)
COMPARED: tuple[tuple[type[Ours], type[Theirs]], ...] = (
    (Ours, Theirs),
    (OursFull, Theirs),
    (Ours, TheirsNormal),
    (Ours, TheirsLean),
)
"""As both come; both with a sync an append; both without; against the recorder without positions."""

APPENDS = {"append singly": 1, "append in fives": 5}
Rates = dict[str, dict[str, list[float]]]


def some_events(streams: int) -> dict[str, list[Event]]:
    """Streams of 40 events of about 435 bytes."""
    return {str(uuid.uuid4()): [_event(version) for version in range(1, STREAM + 1)] for _ in range(streams)}


def _event(version: int) -> Event:
    documents = (*(DocumentId(str(uuid.uuid4())) for _ in range(7)), DocumentId("resultater.docx"))
    return DeckMade(at=NOW, round=Round.BASELINE, version=version, documents=documents, review_until=NOW)


def measure(work: Callable[[], None], events: int) -> float:
    """Events a second."""
    gc.collect()
    started = time.perf_counter()
    work()
    return events / (time.perf_counter() - started)


def append_all(contender: Contender, streams: dict[str, list[Event]], batch: int) -> None:
    for stream, events in streams.items():
        for done in range(0, len(events), batch):
            contender.append(stream, done, events[done : done + batch])


def load_all(contender: Contender, streams: dict[str, list[Event]]) -> None:
    for stream in streams:
        contender.load(stream)


def one_round(streams: dict[str, list[Event]], rates: Rates) -> None:
    """Every contender once: appended singly, in fives, loaded."""
    events = sum(map(len, streams.values()))
    for class_ in CONTENDERS:
        for title, batch in APPENDS.items():
            with tempfile.TemporaryDirectory() as folder:
                contender = class_(Path(folder))
                rate = measure(partial(append_all, contender, streams, batch), events)
                rates[title].setdefault(class_.name, []).append(rate)
                _check(contender, streams)
                if batch == 5:
                    rate = measure(partial(load_all, contender, streams), events)
                    rates["load"].setdefault(class_.name, []).append(rate)
                contender.close()


def _check(contender: Contender, streams: dict[str, list[Event]]) -> None:
    for stream, events in streams.items():
        assert contender.load(stream) == events, f"{contender.name} gives back other events"


def against_the_library(streams: int, rounds: int) -> None:
    events = some_events(streams)
    sizes = [len(event.model_dump_json()) for event in next(iter(events.values()))]
    print(f"{streams} streams of {STREAM} events of {statistics.mean(sizes):.0f} bytes, median of {rounds} rounds")
    rates: Rates = {"append singly": {}, "append in fives": {}, "load": {}}
    for _ in range(rounds):
        one_round(events, rates)
    for title, of in rates.items():
        print(f"\n{title}")
        for name, measured in of.items():
            print(f"  {name:38} {statistics.median(measured):9,.0f} events/s")
        for ours, theirs in COMPARED:
            ratio = statistics.median(a / b for a, b in zip(of[ours.name], of[theirs.name], strict=True))
            print(f"  {ratio:5.2f} × {theirs.name}  ←  {ours.name}")


def our_own(orders: int) -> None:
    """What the library has no counterpart of: read models live and rebuilt, the chain verified."""
    streams = {f"o-{number:05}": events for number, events in enumerate(lives(STREAM, orders))}
    events = sum(map(len, streams.values()))
    print(f"\n{orders} orders, {events} events, with all read models")
    first, rest = dict(islice(streams.items(), orders // 10)), dict(islice(streams.items(), orders // 10, None))
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(Path(folder), read_models=True)
        _tell("append singly", measure(partial(append_all, ours, first, 1), len(first) * STREAM))
        append_all(ours, rest, STREAM)
        _tell("rebuild all read models", measure(partial(_rebuild, ours.database), events))
        _tell("verify the hash chain", measure(partial(_verify, ours.database), events))
        ours.close()


def _tell(title: str, rate: float) -> None:
    print(f"  {title:38} {rate:9,.0f} events/s")


def _rebuild(database: Database) -> None:
    rebuild(database)


def _verify(database: Database) -> None:
    assert verify(database).intact


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=25)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--orders", type=int, default=300)
    arguments = parser.parse_args()
    against_the_library(arguments.streams, arguments.rounds)
    our_own(max(10, arguments.orders))


if __name__ == "__main__":
    main()
