"""The connection to SQLite or PostgreSQL: one way to read, one way to write."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

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


_KEPT = 2
"""Connections to SQLite that stay open between transactions, out of the pool: as many as usually work at once."""


class Database:
    """A pool of connections with the pragmas and locks we rely on.

    `url` is SQLAlchemy's: `sqlite:////path/to/klyngeflow.db` or `postgresql+psycopg://…`.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # A failing statement's text goes into logs and Temporal's histories: without what it was about.
        self.engine: Engine = create_engine(self.url, pool_pre_ping=not self.is_sqlite, hide_parameters=True)
        # The same pool without listeners: those make every statement pass through Python hooks, and each transaction
        # half as slow again. `read` and `write` say BEGIN themselves.
        self._quick: Engine = create_engine(self.url, pool=self.engine.pool, hide_parameters=True)
        # PostgreSQL's usual READ COMMITTED would see a later state with each statement.
        self._steady = (
            self._quick if self.is_sqlite else self._quick.execution_options(isolation_level="REPEATABLE READ")
        )
        self._idle: list[Connection] = []
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    def read(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction that sees one consistent state."""
        return self._sqlite("BEGIN") if self.is_sqlite else self._pooled(self._steady)

    def write(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction that commits on success. On SQLite it takes the write lock at once."""
        # A deferred transaction that turns into a writer can fail with SQLITE_BUSY at once; IMMEDIATE waits.
        return self._sqlite("BEGIN IMMEDIATE") if self.is_sqlite else self._pooled(self._quick)

    @contextmanager
    def _sqlite(self, begin: str) -> Iterator[Connection]:
        """A transaction on a connection kept out of the pool afterwards: SQLite's can't go stale, and asking costs."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._quick.connect()
        try:
            with connection.begin():
                _say(connection, begin)
                yield connection
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < _KEPT:
            self._idle.append(connection)
        else:
            connection.close()

    @contextmanager
    def _pooled(self, engine: Engine) -> Iterator[Connection]:
        with engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self._quick.dispose()
        self.engine.dispose()


def _say(connection: Connection, statement: str) -> None:
    """Execute on the driver's own cursor; its refusal (locked) is SQLAlchemy's OperationalError as everywhere."""
    try:
        connection.connection.cursor().execute(statement)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "recursive_triggers=ON",  # or REPLACE would remove an event without asking the trigger
        "secure_delete=ON",  # with wal_checkpoint(TRUNCATE), what is erased is gone from the file
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """For who uses the engine itself: a plain transaction, or with the option `klyngeflow_write` a writing one."""
    writes = connection.get_execution_options().get("klyngeflow_write", False)
    _say(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")
