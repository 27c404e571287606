"""The event table's few statements, run on the driver's own cursor: this is the path that must be fast."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

INSERT = """
    INSERT INTO event (position, stream, version, event_id, type, schema, data,
                       by_role, by_who, correlation_id, causation_id, recorded_at, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

END_OF_LOG = """
    SELECT position, hash, (SELECT max(version) FROM event WHERE stream = ?)
    FROM event ORDER BY position DESC LIMIT 1"""
"""The last position, its hash and the given stream's version; no row while there is no event."""

VERSION = "SELECT max(version) FROM event WHERE stream = ?"

EVENTS = "SELECT type, schema, data FROM event WHERE stream = ? ORDER BY version"

ROWS_OF_STREAM = """
    SELECT position, stream, version, event_id, type, schema, data,
           by_role, by_who, correlation_id, causation_id, recorded_at, hash
    FROM event WHERE stream = ? AND version > ? ORDER BY version"""

ROWS_AFTER = """
    SELECT position, stream, version, event_id, type, schema, data,
           by_role, by_who, correlation_id, causation_id, recorded_at, hash
    FROM event WHERE position > ? ORDER BY position LIMIT ?"""

ROW_AT = """
    SELECT position, stream, version, event_id, type, schema, data,
           by_role, by_who, correlation_id, causation_id, recorded_at, hash
    FROM event WHERE position = ?"""

LAST_POSITION = "SELECT max(position) FROM event"

TYPES_AFTER = "SELECT DISTINCT type FROM event WHERE position > ?"

FIRST_SINCE = "SELECT min(position) FROM event WHERE recorded_at >= ?"

COUNT = "SELECT count(*) FROM event"


def run(connection: Connection, sql: str, *parameters: Any) -> DBAPICursor:  # noqa: ANN401
    """Execute one of the above within the connection's transaction; gives the cursor to fetch from."""
    cursor = connection.connection.cursor()
    cursor.execute(_spelled(connection, sql), parameters)
    return cursor


def run_many(connection: Connection, sql: str, rows: list[tuple[Any, ...]]) -> None:
    """Execute one of the above once a row."""
    if rows:
        connection.connection.cursor().executemany(_spelled(connection, sql), rows)


def _spelled(connection: Connection, sql: str) -> str:
    return sql if connection.dialect.paramstyle == "qmark" else sql.replace("?", "%s")
