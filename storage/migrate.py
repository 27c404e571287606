"""Brings a database's schema up to date, from nothing or from any earlier step."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database

_MIGRATION_LOCK = 0x6B6C796E67650001
"""PostgreSQL advisory lock: two processes that start together migrate one after the other."""


def migrate(database: Database) -> None:
    """Run every step the database lacks, in one transaction: all of them or none. Safe to run twice, or at once."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the schema is exactly the one this code was written for."""
    with database.read() as connection:
        return _steps_taken(connection) == set(ScriptDirectory.from_config(_config()).get_heads())


def _steps_taken(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
