import importlib
import pkgutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

import storage
from domain.by import SYSTEM
from storage import migrate as migrating
from storage.database import Database, metadata
from storage.event_store import EventStore
from storage.hash_chain import verify
from storage.migrate import is_current, migrate
from tests.storage.lives import assigned, cancelled, placed


def every_table_of_ours() -> set[str]:
    for module in pkgutil.iter_modules(storage.__path__):
        importlib.import_module(f"storage.{module.name}")
    return set(metadata.tables)


def test_from_nothing_every_table_is_made(empty_database: Database) -> None:
    assert not is_current(empty_database)
    migrate(empty_database)
    assert is_current(empty_database)
    made = set(inspect(empty_database.engine).get_table_names())
    assert made == every_table_of_ours() | {"alembic_version"}


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite tells nothing of what those are made of
def test_the_steps_lead_exactly_to_the_tables_the_code_uses(database: Database) -> None:
    every_table_of_ours()
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing_and_keeps_the_rows(database: Database) -> None:
    store = EventStore(database)
    store.append("o-1", 0, [placed()], by=SYSTEM, now=placed().at)
    migrate(database)
    assert is_current(database)
    assert store.load("o-1") == [placed()]


def test_processes_that_start_together_migrate_once(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate, databases))
    assert all(is_current(database) for database in databases)
    for database in databases:
        database.close()


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_a_schema_of_other_code_is_known_as_such(database: Database, version: str) -> None:
    with database.write() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))  # noqa: S608 - our own
    assert not is_current(database)


def test_events_stay_as_they_were_and_untouchable_when_one_migrates_again(database: Database) -> None:
    store = EventStore(database)
    store.append("o-1", 0, [placed(), assigned()], by=SYSTEM, now=placed().at)
    before = verify(database).head

    migrate(database)

    assert store.load("o-1") == [placed(), assigned()]
    assert verify(database, before).head == before
    store.append("o-1", 2, [cancelled()], by=SYSTEM, now=placed().at)
    assert verify(database, before).intact
    for touch in ("UPDATE event SET by_who = 'y'", "DELETE FROM event"):
        with pytest.raises(DBAPIError, match="an event is never"), database.write() as connection:
            connection.execute(text(touch))


def test_a_failed_step_leaves_nothing_behind(empty_database: Database) -> None:
    with empty_database.write() as connection:
        connection.execute(text("CREATE TABLE order_board (in_the_way INTEGER)"))
    with pytest.raises(DBAPIError, match="order_board"):
        migrate(empty_database)
    assert inspect(empty_database.engine).get_table_names() == ["order_board"]
    with empty_database.write() as connection:
        connection.execute(text("DROP TABLE order_board"))
    migrate(empty_database)
    assert is_current(empty_database)


def test_the_steps_stand_in_one_line() -> None:
    steps = ScriptDirectory.from_config(migrating._config())
    assert len(steps.get_heads()) == 1
    assert len(steps.get_bases()) == 1
