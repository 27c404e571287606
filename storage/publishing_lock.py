"""One publisher of the country's figures at a time, so that no round is in two batches."""

from sqlalchemy import Connection

_PUBLISHING_LOCK = 0x6B6C796E67650003


def wait_to_publish(connection: Connection) -> None:
    """Wait until no other transaction publishes; held until this one ends. SQLite's own write lock does it already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_PUBLISHING_LOCK})")
