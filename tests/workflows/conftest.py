"""Towns and yards for the tests of workflows."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import migrate
from tests.workflows.town import Town, a_town
from tests.workflows.yard import Yard, a_yard


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a migrated database, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "klyngeflow.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def data(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """A data folder with a migrated SQLite database in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "klyngeflow.db")
    return folder


@pytest.fixture
async def town(data: Path) -> AsyncIterator[Town]:
    """A town at work, on SQLite."""
    async with a_town(data) as town, town.worker():
        yield town


@pytest.fixture
async def town_on_each(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    """A town at work, on each of the two databases."""
    async with a_town(tmp_path / "data", database_url) as town, town.worker():
        yield town


@pytest.fixture
async def yard(data: Path, tmp_path: Path) -> AsyncIterator[Yard]:
    """A dev server."""
    async with a_yard(data, tmp_path) as yard:
        yield yard
