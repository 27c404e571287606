"""A migrated database, on each of the two databases."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from storage.database import Database
from storage.migrate import migrate


@pytest.fixture(scope="session")
def postgres_url(postgres_url: str) -> str:
    """The test process's PostgreSQL, which need not survive a power cut: it starts, stops and copies faster so."""
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()
    return postgres_url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a migrated database, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "klyngeflow.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def database(empty_database: Database, migrated_sqlite: Path) -> Database:
    """A database with the whole schema and no rows."""
    if empty_database.is_sqlite:
        shutil.copy(migrated_sqlite, str(empty_database.url.database))
    else:
        migrate(empty_database)
    return empty_database
