"""A running web on a migrated database, a browser without a key, and orders that have come some way."""

from collections.abc import Iterator
from pathlib import Path

import httpx
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


@pytest.fixture
def http(web: Web) -> Iterator[httpx.Client]:
    """A browser without a key."""
    with web.client() as client:
        yield client


@pytest.fixture
def planned(web: Web) -> str:
    """An order whose plan is agreed."""
    order = web.place()
    web.plan(order)
    return order


@pytest.fixture
def met(web: Web, planned: str) -> str:
    """The morning after the meeting, the coordinator asked for the record."""
    web.open_survey(planned)
    web.hold_meeting(planned)
    web.ask_for_the_record(planned)
    return planned
