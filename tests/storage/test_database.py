import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from storage.database import Database
from storage.fair_queue import WaitsForItself
from tests.storage.test_fair_queue import wait_until


@pytest.fixture
def database(empty_database: Database) -> Database:
    with empty_database.write() as connection:
        connection.execute(text("CREATE TABLE counter (value INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    return empty_database


def value(connection: Connection) -> int:
    return int(connection.execute(text("SELECT value FROM counter")).scalar_one())


def count_up(connection: Connection) -> None:
    connection.execute(text("UPDATE counter SET value = value + 1"))


def test_what_is_written_is_there_afterwards(database: Database) -> None:
    with database.write() as connection:
        count_up(connection)
    with database.read() as connection:
        assert value(connection) == 1


def test_a_failed_write_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _count_up_and_fail(database)
    with database.write() as connection:
        assert value(connection) == 0
        count_up(connection)
    with database.read() as connection:
        assert value(connection) == 1


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as reader:
        assert value(reader) == 0
        with ThreadPoolExecutor(1) as threads:
            threads.submit(_count_up_in, database).result(10)
        assert value(reader) == 0
    with database.read() as reader:
        assert value(reader) == 1


def test_many_threads_write_without_losing_one(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(_count_up_in, database) for _ in range(80)]:
            done.result(60)
    with database.read() as connection:
        assert value(connection) == 80


def test_on_sqlite_who_cannot_get_the_write_lock_is_told_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'locked.db'}")
    with database.write(), database.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout=10")
        other.rollback()
        with pytest.raises(OperationalError, match="locked"):
            other.execution_options(klyngeflow_write=True).begin()
    database.close()


def test_on_sqlite_who_waits_to_write_is_served_in_the_order_of_arrival(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'queue.db'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE served (place INTEGER PRIMARY KEY, number INTEGER NOT NULL)"))

    def write(number: int) -> None:
        with database.write() as connection:
            connection.execute(text("INSERT INTO served (number) VALUES (:number)"), {"number": number})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    with database.write():
        for arrived, thread in enumerate(threads, start=1):
            thread.start()
            wait_until(lambda arrived=arrived: database._writers.length == arrived)  # type: ignore[misc]
    for thread in threads:
        thread.join(60)
    with database.read() as connection:
        served = list(connection.execute(text("SELECT number FROM served ORDER BY place")).scalars())
    assert served == list(range(12))
    database.close()


def test_on_sqlite_a_write_within_a_write_is_refused_at_once_and_the_outer_one_goes_on(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'within.db'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE note (said TEXT)"))
        with pytest.raises(WaitsForItself), database.write():
            pytest.fail("it would wait for itself")
        with database.read() as reader:
            assert reader.execute(text("SELECT 1")).scalar_one() == 1
    with database.write() as connection:
        connection.execute(text("INSERT INTO note VALUES ('der')"))
    database.close()


def test_an_sqlite_database_is_its_owners_alone_and_waits_for_the_disk(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'own.db'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE note (said TEXT)"))
    with database.read() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
    rights = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert rights == {"own.db": 0o600, "own.db-wal": 0o600, "own.db-shm": 0o600}
    database.close()


def test_a_closed_database_lets_go_of_every_connection(database: Database) -> None:
    together = threading.Barrier(4)

    def read() -> None:
        with database.read() as connection:
            together.wait(10)
            value(connection)

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(read) for _ in range(4)]:
            done.result(10)
    assert database.engine.pool.checkedout() <= 2  # type: ignore[attr-defined]
    database.close()
    other = Database(database.url.render_as_string(hide_password=False))
    with other.write() as connection:
        if other.is_sqlite:
            connection.execute(text("DROP TABLE counter"))  # would be refused while anybody still reads it
        else:
            others = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert connection.execute(text(others)).scalar_one() == 0
    other.close()


def _count_up_in(database: Database) -> None:
    with database.write() as connection:
        count_up(connection)


def _count_up_and_fail(database: Database) -> None:
    with database.write() as connection:
        count_up(connection)
        _ = 1 / 0


def test_a_failing_statement_tells_nothing_of_what_it_was_about(database: Database) -> None:
    with pytest.raises(SQLAlchemyError) as failure, database.write() as connection:
        connection.execute(text("INSERT INTO no_such_table VALUES (:address)"), {"address": "anna@skovby.example"})
    assert "skovby" not in str(failure.value)
    with pytest.raises(SQLAlchemyError) as failure, database.engine.begin() as connection:
        connection.execute(text("INSERT INTO no_such_table VALUES (:address)"), {"address": "anna@skovby.example"})
    assert "skovby" not in str(failure.value)
