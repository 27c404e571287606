"""Brings a database's schema up to date, from nothing or from any earlier step.

Alembic is imported where a step is missing: every process asks whether its database is of this version, and it nearly
always is.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"

_MIGRATION_LOCK = 0x6B6C796E67650001
"""PostgreSQL advisory lock: two processes that start together migrate one after the other."""
_WAIT_FOR_ANOTHER = 120_000
"""Milliseconds: as long as another process's migration may take."""


def migrate(database: Database) -> None:
    """Run every step the database lacks, in one transaction: all of them or none. Safe to run twice, or at once."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_WAIT_FOR_ANOTHER}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        if _is_current(connection):
            return
        from alembic import command

        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the schema is exactly the one this code was written for."""
    with database.read() as connection:
        return _is_current(connection)


def newest_step() -> str:
    """The last of the steps, each of whose files begins with its number."""
    return max(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _is_current(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.scalars(text("SELECT version_num FROM alembic_version")).all() == [newest_step()]


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
