"""Towns and yards for the tests of workflows."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import migrate
from tests.databases import Postgres
from tests.workflows.dev_server import DevServer, a_dev_server
from tests.workflows.time_skipping import OrderSystem, an_order_system


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a migrated database, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "klyngeflow.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def new_postgres(postgres: Postgres) -> Callable[[], str]:
    """Gives the URL of a new PostgreSQL database, migrated, whose owner is no superuser."""
    return postgres.new_migrated


@pytest.fixture
def data(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """A data folder with a migrated SQLite database in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "klyngeflow.db")
    return folder


@pytest.fixture
async def system(data: Path) -> AsyncIterator[OrderSystem]:
    """A system at work, on SQLite."""
    async with an_order_system(data) as system, system.worker():
        yield system


@pytest.fixture
async def system_on_each(tmp_path: Path, database_url: str) -> AsyncIterator[OrderSystem]:
    """A system at work, on each of the two databases."""
    async with an_order_system(tmp_path / "data", database_url) as system, system.worker():
        yield system


@pytest.fixture
async def dev_server(data: Path, tmp_path: Path) -> AsyncIterator[DevServer]:
    """A dev server."""
    async with a_dev_server(data, tmp_path) as dev_server:
        yield dev_server


@pytest.fixture
async def dev_server_on_postgres(
    data: Path, tmp_path: Path, new_postgres: Callable[[], str]
) -> AsyncIterator[DevServer]:
    """A dev server, for orders in databases of PostgreSQL."""
    async with a_dev_server(data, tmp_path, new_postgres) as dev_server:
        yield dev_server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """For a dev_server of orders on each of the two databases."""
    if request.param == "sqlite":
        return str
    on_postgres: Callable[[], str] = request.getfixturevalue("new_postgres")
    return on_postgres
