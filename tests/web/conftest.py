"""A running web on a migrated database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import migrate
from tests.web.application import Web, running_web


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """On SQLite."""
    database = Database(f"sqlite:///{tmp_path / 'klyngeflow.db'}")
    migrate(database)
    with running_web(database) as running:
        yield running
    database.close()


@pytest.fixture
def web_on_both(empty_database: Database) -> Iterator[Web]:
    """On each of the two databases."""
    migrate(empty_database)
    with running_web(empty_database) as running:
        yield running
