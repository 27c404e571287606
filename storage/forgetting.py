"""Makes what was erased or rewritten disappear from the database's files too.

SQLite: `secure_delete` zeroes freed bytes (see `storage.database`), the checkpoint writes them through and empties the
WAL. PostgreSQL: `VACUUM FULL` writes the table anew without dead rows. Its own log and any backup are beyond reach.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.database import Database
from storage.fair_queue import WaitsForItself
from storage.outage import DatabaseUnavailable


class StillRemembered(Exception):  # noqa: N818 - a finding, named as one
    """Another connection still reads an older state, so old bytes had to stay. Try again later."""


_LOCK_NOT_AVAILABLE = "55P03"


def forget(database: Database, *tables: Table, wait: float = 10.0) -> None:
    """Remove every trace of earlier contents of these tables; commit first. On SQLite it covers the whole file.

    Waits up to `wait` seconds for others who still read an older state. Raises StillRemembered; safe to repeat.
    """
    if database.is_sqlite:
        _empty_the_wal(database, wait)
        return
    with _autocommit(database) as connection:
        _wait_for_older_readers(connection, wait)
        before = _files(connection, tables)
        connection.execute(text(f"SET lock_timeout = {max(1, int(wait * 1000))}"))
        try:
            connection.execute(text(f"VACUUM (FULL) {_names(connection, tables)}"))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            raise StillRemembered("another connection uses the tables") from error
        finally:
            connection.execute(text("RESET lock_timeout"))
        # Who doesn't own a table gets a warning instead of a VACUUM, and no error.
        if before & _files(connection, tables):
            raise StillRemembered("a table was not written anew: does the application's role own it?")


def forget_soon(database: Database, *tables: Table) -> bool:
    """The cheap form, after a write in daily use: clears what can be cleared without waiting for anybody.

    Never fails: what was written is written, and `forget` comes later. False where something had to stay.
    """
    try:
        if database.is_sqlite:
            _empty_the_wal(database, wait=0.05)
        else:
            with _autocommit(database) as connection:
                connection.execute(text(f"VACUUM (SKIP_LOCKED) {_names(connection, tables)}"))
    except (StillRemembered, SQLAlchemyError, sqlite3.Error):
        return False
    return True


def _empty_the_wal(database: Database, wait: float) -> None:
    try:
        with database.alone(wait) as left:
            busy = _is_busy_after_checkpoint(database, left)
    except (DatabaseUnavailable, WaitsForItself) as error:
        raise StillRemembered("this process is writing") from error
    if busy:
        raise StillRemembered("the WAL could not be emptied: somebody is reading or writing")


def _is_busy_after_checkpoint(database: Database, wait: float) -> bool:
    with closing(database.engine.raw_connection()) as pooled:
        cursor = pooled.cursor()
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={max(1, int(wait * 1000))}")
        try:
            (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")
            cursor.close()
    return bool(busy)


@contextmanager
def _autocommit(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def _names(connection: Connection, tables: tuple[Table, ...]) -> str:
    if not tables:
        msg = "say which tables to forget"
        raise ValueError(msg)
    preparer = connection.dialect.identifier_preparer
    return ", ".join(preparer.format_table(table) for table in tables)


def _files(connection: Connection, tables: tuple[Table, ...]) -> set[int]:
    names = [connection.dialect.identifier_preparer.format_table(table) for table in tables]
    query = text("SELECT pg_relation_filenode(CAST(name AS regclass)) FROM unnest(CAST(:names AS text[])) AS name")
    return set(connection.execute(query, {"names": names}).scalars())


# Who is no superuser sees other roles' snapshots, but not what kind of backend holds one: those count, too. Backends of
# the server's own (autovacuum) have no user, and hold nobody's old rows.
_OLDER_READERS = text(
    """SELECT count(*) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
         AND (age(backend_xmin) > age(CAST(:horizon AS xid)) OR age(backend_xid) > age(CAST(:horizon AS xid)))"""
)


def _wait_for_older_readers(connection: Connection, wait: float) -> None:
    # VACUUM FULL copies dead rows that an older snapshot may still see; so first let those end.
    horizon = connection.execute(text("SELECT CAST(pg_current_xact_id() AS xid)")).scalar_one()
    deadline = time.monotonic() + wait
    while connection.execute(_OLDER_READERS, {"horizon": str(horizon)}).scalar_one():
        if time.monotonic() >= deadline:
            raise StillRemembered("another connection still reads an older state of the tables")
        time.sleep(0.02)
