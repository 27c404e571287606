from storage.database import Database
from storage.migrate import is_current, migrate


def test_a_database_is_current_only_after_migrating(empty_database: Database) -> None:
    assert not is_current(empty_database)
    migrate(empty_database)
    assert is_current(empty_database)
