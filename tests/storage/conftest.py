"""A migrated database, on each of the two databases."""

import pytest

from storage.database import Database
from storage.migrate import migrate


@pytest.fixture
def database(empty_database: Database) -> Database:
    """A database with the whole schema and no rows."""
    migrate(empty_database)
    return empty_database
