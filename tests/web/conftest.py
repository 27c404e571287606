"""A running web on a migrated database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import Web, running_web


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """On SQLite."""
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with running_web(database) as running:
        yield running
    database.close()


@pytest.fixture(scope="module")
def shared_web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One for a module's tests, on SQLite: for what is refused and changes nothing."""
    database = Database(sqlite_url(new_sqlite(tmp_path_factory.mktemp("web") / "klyngeflow.db")))
    with running_web(database) as running:
        yield running
    database.close()


@pytest.fixture
def web_on_both(database: Database) -> Iterator[Web]:
    """On each of the two databases."""
    with running_web(database) as running:
        yield running
