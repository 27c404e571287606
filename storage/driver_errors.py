"""Which of the drivers' errors are outages. SQLite tells by its result codes, PostgreSQL by its SQLSTATE."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.outage import DatabaseUnavailable, Outage

# https://sqlite.org/rescode.html: the primary result code is the low byte.
_SQLITE = {
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_PROTOCOL: Outage.BUSY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_NOMEM: Outage.FULL,
    sqlite3.SQLITE_IOERR: Outage.OUT_OF_REACH,
    sqlite3.SQLITE_READONLY: Outage.OUT_OF_REACH,
    sqlite3.SQLITE_CANTOPEN: Outage.OUT_OF_REACH,
    sqlite3.SQLITE_PERM: Outage.OUT_OF_REACH,
    sqlite3.SQLITE_CORRUPT: Outage.OUT_OF_REACH,
    sqlite3.SQLITE_NOTADB: Outage.OUT_OF_REACH,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: the longest prefix of the SQLSTATE decides.
_POSTGRES = {
    "08": Outage.OUT_OF_REACH,  # connection exception
    "25006": Outage.OUT_OF_REACH,  # a server that only reads, such as a standby
    "25P03": Outage.OUT_OF_REACH,  # idle in transaction for too long
    "28": Outage.OUT_OF_REACH,  # sign-in refused
    "3D": Outage.OUT_OF_REACH,  # no such database
    "40001": Outage.BUSY,  # serialization failure
    "40P01": Outage.BUSY,  # deadlock
    "53": Outage.FULL,  # insufficient resources: disk, memory
    "53300": Outage.BUSY,  # too many connections
    "55006": Outage.BUSY,  # object in use
    "55P03": Outage.BUSY,  # lock not available
    "57": Outage.OUT_OF_REACH,  # operator intervention: shutdown
    "57014": Outage.BUSY,  # cancelled, by a time limit too
    "58": Outage.OUT_OF_REACH,  # system error
    "XX001": Outage.OUT_OF_REACH,  # data corrupted
    "XX002": Outage.OUT_OF_REACH,  # index corrupted
}


@contextmanager
def outages_told() -> Iterator[None]:
    """Around work with the database. Raises DatabaseUnavailable instead of what the driver says of an outage."""
    try:
        yield
    except Exception as error:
        if (outage := outage_of(error)) is None:
            raise
        raise DatabaseUnavailable(outage, _detail(error)) from error


def outage_of(error: BaseException) -> Outage | None:
    """The outage behind an error of SQLAlchemy or a driver; None where the statement itself was wrong."""
    if isinstance(error, PoolTimeout):
        return Outage.BUSY
    if isinstance(error, DBAPIError):
        broken_off = Outage.OUT_OF_REACH if error.connection_invalidated else None
        return (outage_of(error.orig) if error.orig else None) or broken_off
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return _of_postgres(error) if _is_psycopgs(error) else None


def _of_postgres(error: BaseException) -> Outage | None:
    state: str | None = getattr(error, "sqlstate", None)
    if state is None:  # the server said nothing: it is not there, or no longer
        names = {base.__name__ for base in type(error).__mro__}
        return Outage.OUT_OF_REACH if names & {"OperationalError", "InterfaceError"} else None
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2])


def _is_psycopgs(error: BaseException) -> bool:
    """By its name: who works on SQLite need not load the other driver."""
    return type(error).__module__.partition(".")[0] == "psycopg"


def _detail(error: BaseException) -> str:
    """The driver's name and code of it. Its text may quote a value, unless it is of the connection alone."""
    driver = (error.orig if isinstance(error, DBAPIError) else None) or error
    if code := getattr(driver, "sqlite_errorname", None) or getattr(driver, "sqlstate", None):
        return f"{type(driver).__name__} {code}"
    if _is_psycopgs(driver):
        return " ".join(str(driver).split())[:300]
    return type(driver).__name__
