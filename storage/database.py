"""The connection to SQLite or PostgreSQL: one way to read, one way to write."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.driver_errors import outages_told
from storage.fair_queue import FairQueue, TurnNotReached
from storage.outage import DatabaseUnavailable, Outage

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""Every table of ours; each module of this room defines its own on it."""


PATIENCE = 10.0
"""Seconds that a transaction waits for others, before it is told that the database is busy."""
_KEPT = 2
"""Connections to SQLite that stay open between transactions, out of the pool: as many as usually work at once."""


class Database:
    """A pool of connections with the pragmas and locks we rely on.

    `url` is SQLAlchemy's: `sqlite:////path/to/klyngeflow.db` or `postgresql+psycopg://…`. Nobody waits longer than
    `patience` seconds for others. An SQLite file that is made is its owner's alone.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._patience = patience
        # A failing statement's text goes into logs and Temporal's histories: without what it was about.
        self.engine: Engine = create_engine(
            self.url,
            pool_pre_ping=not self.is_sqlite,
            pool_timeout=patience,
            max_overflow=-1 if self.is_sqlite else 10,  # a file has no limit of its own; PostgreSQL's is shared
            connect_args={} if self.is_sqlite else _postgres_limits(self.url, patience),
            hide_parameters=True,
        )
        # The same pool without listeners: those make every statement pass through Python hooks, and each transaction
        # half as slow again. `read` and `write` say BEGIN themselves.
        self._quick: Engine = create_engine(self.url, pool=self.engine.pool, hide_parameters=True)
        # PostgreSQL's usual READ COMMITTED would see a later state with each statement.
        self._steady = (
            self._quick if self.is_sqlite else self._quick.execution_options(isolation_level="REPEATABLE READ")
        )
        self._idle: list[Connection] = []
        self._writers = FairQueue()
        if self.is_sqlite:
            event.listen(self.engine, "do_connect", self._make_file)
            event.listen(self.engine, "connect", self._prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def missing(self) -> Path | None:
        """SQLite's file where there is none: whoever connects would make an empty one."""
        file = Path(self.url.database) if self.is_sqlite and self.url.database else None
        return file if file is not None and not file.exists() else None

    def read(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction that sees one consistent state. Raises DatabaseUnavailable."""
        return self._sqlite("BEGIN") if self.is_sqlite else self._pooled(self._steady)

    def write(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction that commits on success. Raises DatabaseUnavailable.

        On SQLite it takes the write lock at once, and the threads of this process get it in the order of arrival; a
        `write` within another one of the same thread raises WaitsForItself.
        """
        return self._write_sqlite() if self.is_sqlite else self._pooled(self._quick)

    @contextmanager
    def alone(self, wait: float) -> Iterator[float]:
        """On SQLite no other thread of this process writes during the block. Gives the seconds left of `wait`.

        Raises DatabaseUnavailable. Other processes meet SQLite's own lock, which knows no order.
        """
        try:
            with self._writers.turn(wait) as left:
                yield left
        except TurnNotReached:
            raise DatabaseUnavailable(Outage.BUSY, "others are writing") from None

    @contextmanager
    def _write_sqlite(self) -> Iterator[Connection]:
        # A deferred transaction that turns into a writer can fail with SQLITE_BUSY at once; IMMEDIATE waits. SQLite's
        # waiting is sleeping and trying again: of many threads, some would be overtaken for a long time.
        with self.alone(self._patience) as left:
            begin: Sequence[str] = ("BEGIN IMMEDIATE",)
            if left < self._patience * 0.9:  # some of it was spent in the queue
                begin = (_busy_timeout(left), *begin, _busy_timeout(self._patience))
            with self._sqlite(*begin) as connection:
                yield connection

    @contextmanager
    def _sqlite(self, *begin: str) -> Iterator[Connection]:
        """A transaction on a connection kept out of the pool afterwards: SQLite's can't go stale, and asking costs."""
        with outages_told():
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._quick.connect()
            try:
                with connection.begin():
                    for statement in begin:
                        _say(connection, statement)
                    yield connection
            except BaseException as error:
                if isinstance(error, (DBAPIError, sqlite3.Error)):
                    connection.invalidate()
                connection.close()
                raise
            if len(self._idle) < _KEPT:
                self._idle.append(connection)
            else:
                connection.close()

    @contextmanager
    def _pooled(self, engine: Engine) -> Iterator[Connection]:
        with outages_told(), engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self._quick.dispose()
        self.engine.dispose()

    def _make_file(self, *_connecting: object) -> None:
        """SQLite would let everybody read what it makes; the files beside it get the rights of this one."""
        path = self.url.database
        if path and not Path(path).exists():
            with suppress(OSError):  # SQLite says it better
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    def _prepare_sqlite(self, connection: Any, _record: Any) -> None:  # noqa: ANN401
        connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
        connection.execute(_busy_timeout(self._patience))
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


PRAGMAS = (
    "journal_mode=WAL",
    # Each commit waits for the disk: what was answered or decided is there after a power cut. The price is one fsync a
    # transaction, some 6 ms where it was measured: 150 instead of 1,700 single appends a second, far more than anybody
    # needs (benchmarks/event_store.py, benchmarks/answering.py).
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # or REPLACE would remove an event without asking the trigger
    "secure_delete=ON",  # with wal_checkpoint(TRUNCATE), what is erased is gone from the file
)


def _busy_timeout(seconds: float) -> str:
    return f"PRAGMA busy_timeout={max(1, int(seconds * 1000))}"


def _postgres_limits(url: URL, patience: float) -> dict[str, Any]:
    """What keeps anybody from waiting for ever: for a lock, for a server that is gone, for one that is not there."""
    told = url.query.get("options", "")
    options = told if isinstance(told, str) else " ".join(told)
    limits = {
        "options": f"{options} -c lock_timeout={max(1, int(patience * 1000))}".strip(),
        "connect_timeout": 5,
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
    return {name: value for name, value in limits.items() if name == "options" or name not in url.query}


def _say(connection: Connection, statement: str) -> None:
    """Execute on the driver's own cursor; its refusal (locked) is SQLAlchemy's OperationalError as everywhere."""
    try:
        connection.connection.cursor().execute(statement)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error


def _begin_sqlite(connection: Connection) -> None:
    """For who uses the engine itself: a plain transaction, or with the option `klyngeflow_write` a writing one."""
    writes = connection.get_execution_options().get("klyngeflow_write", False)
    _say(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")
