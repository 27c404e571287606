"""One writer of events at a time, so that positions stand in the order of the commits."""

from sqlalchemy import Connection

_APPEND_LOCK = 0x6B6C796E67650002


def wait_to_append(connection: Connection) -> None:
    """Wait until no other transaction appends; held until this one ends. SQLite's own write lock does it already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_APPEND_LOCK})")
