"""A store of events on each of the two databases."""

import pytest

from storage.database import Database
from storage.event_store import EventStore


@pytest.fixture
def store(database: Database) -> EventStore:
    return EventStore(database)
