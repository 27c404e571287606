"""What was erased is nowhere in the database's files; and where that cannot be yet, it is said."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, inspect, text

from domain.model import OrderId, PersonId, Round, TextId
from storage import ballot_box, people, survey_roll, survey_rounds, texts
from storage.database import Database
from storage.erased_tables import TABLES, forget_erased
from storage.forgetting import StillRemembered, forget, forget_soon
from storage.keys import Keys
from storage.people import NO_PRACTICE, PersonChange, person_table
from tests.databases import as_superuser
from tests.storage.on_disk import everything_on_disk

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
ORDER = OrderId("odense-1")
ANNA = PersonId("anna")
on_postgres = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


KEPT = {
    "event", "order_board", "task", "timeline_entry", "projection", "unfinished_order", "incident",  # ids and counts
    "survey_turnout", "package_use", "national_batch", "first_rounds_batch",  # ids and counts; sums over many clusters
    "cluster", "package_version",  # of public bodies
    "suppression", "api_key",  # keyed fingerprints and hashes
    "erasure",  # ids
    "log_reader", "subscription", "webhook_secret", "delivery",  # of systems: places, addresses, wrapped secrets, ids
}  # fmt: skip
"""Tables whose rows tell nobody's name, address or words."""


def put(connection: Connection, *marks: str) -> list[PersonId]:
    """People of the order, known by these marks."""
    ids = [PersonId(f"p{number:02}-{uuid.uuid4().hex[:8]}") for number, _ in enumerate(marks)]
    for person, mark in zip(ids, marks, strict=True):
        people.put(connection, [PersonChange(person=person, name=mark, email=f"{mark}@example.dk", address=1)])
        people.note_on_order(connection, ORDER, person, NO_PRACTICE, 0)
    return ids


def erase(database: Database) -> None:
    with database.write() as connection:
        people.release_from_order(connection, ORDER, NOW)
        texts.erase_texts(connection, ORDER, NOW)


@contextmanager
def somebody_reads(database: Database) -> Iterator[threading.Event]:
    """A transaction that still sees what was; it ends when the event is set, or with the block."""
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with database.read() as connection:
            assert people.people(connection, [ANNA]) == {}
            reading.set()
            done.wait(20)

    reader = threading.Thread(target=read)
    reader.start()
    assert reading.wait(10)
    try:
        yield done
    finally:
        done.set()
        reader.join()


def test_what_was_erased_and_forgotten_is_nowhere_in_the_files(database: Database) -> None:
    # Long and short, so that they lie in the row, beside it, and in pages that shrink.
    marks = [f"mærket-{number}-".ljust(10 + number * 37, "x") for number in range(30)]
    with database.write() as connection:
        ids = put(connection, *marks)
        for number, mark in enumerate(marks):
            texts.put_text(connection, TextId(f"t{number}"), ORDER, "ideas", mark * 20)
    assert all(mark.encode() in everything_on_disk(database) for mark in marks)

    erase(database)
    forget_erased(database)

    disk = everything_on_disk(database)
    assert ids[0].encode() in disk  # the row is there, so we read the right files
    assert "mærket".encode() not in disk


def test_every_table_is_one_that_is_forgotten_or_tells_of_nobody(database: Database) -> None:
    tables = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    assert tables == {table.name for table in TABLES} | KEPT
    assert not {table.name for table in TABLES} & KEPT


def test_forgetting_waits_for_who_still_reads_and_says_so_when_it_takes_too_long(database: Database) -> None:
    with database.write() as connection:
        put(connection, "mærket-anna")
    with somebody_reads(database) as done:
        erase(database)
        with pytest.raises(StillRemembered):
            forget_erased(database, wait=0.1)
        threading.Timer(0.2, done.set).start()
        forget_erased(database, wait=10)
    assert "mærket".encode() not in everything_on_disk(database)


@on_postgres
def test_a_snapshot_of_another_role_counts_for_one_that_is_no_superuser(database: Database) -> None:
    with database.write() as connection:
        put(connection, "mærket-anna")
        assert connection.execute(text("SELECT current_setting('is_superuser')")).scalar_one() == "off"
    with as_superuser(database) as others:
        others.execute(text("BEGIN ISOLATION LEVEL REPEATABLE READ"))
        others.execute(text("SELECT count(*) FROM cluster"))  # sees all tables, and locks one
        with database.read() as connection:
            kinds = text("SELECT backend_type FROM pg_stat_activity WHERE usename = 'postgres' AND datname IS NOT NULL")
            assert None in connection.execute(kinds).scalars().all(), "what kind it is, is not told to us"
        erase(database)
        with pytest.raises(StillRemembered, match="older state"):
            forget_erased(database, wait=0.2)
        others.execute(text("COMMIT"))
    forget_erased(database)
    assert "mærket".encode() not in everything_on_disk(database)


@on_postgres
def test_a_destroyed_ballot_does_not_stay_in_the_file_for_another_roles_sake(database: Database) -> None:
    keys = Keys(bytes(range(32)))
    with database.write() as connection:
        survey_rounds.open_round(connection, keys, ORDER, Round.BASELINE)
        (invited,) = survey_roll.invite(connection, keys, ORDER, Round.BASELINE, [(ANNA, 1)])
    ballot_box.submit(database, invited.token(keys), {"q": "a"})
    with database.read() as connection:
        sealed = bytes(connection.execute(text("SELECT sealed FROM ballot")).scalar_one())
    with database.write() as connection:
        ballot_box.close_round(connection, ORDER, Round.BASELINE)
    with as_superuser(database) as others:
        others.execute(text("BEGIN ISOLATION LEVEL REPEATABLE READ"))
        others.execute(text("SELECT count(*) FROM cluster"))  # sees all tables, and locks one
        with pytest.raises(StillRemembered):
            ballot_box.destroy(database, ORDER, Round.BASELINE, wait=0.2)
        others.execute(text("COMMIT"))
    ballot_box.destroy(database, ORDER, Round.BASELINE)
    assert sealed[100:164] not in everything_on_disk(database)


def test_forgetting_says_so_when_somebody_writes_for_too_long(database: Database) -> None:
    with database.write() as connection:
        put(connection, "Anna")
        with pytest.raises(StillRemembered):
            forget_erased(database, wait=0.1)
    forget_erased(database)


@on_postgres
def test_forgetting_says_so_when_a_table_stays_locked(database: Database) -> None:
    with database.read() as connection:
        connection.execute(text("LOCK TABLE person IN ACCESS SHARE MODE"))
        with pytest.raises(StillRemembered):
            forget_erased(database, wait=0.1)


@on_postgres
def test_forgetting_says_so_when_postgres_lets_us_not_rewrite_the_tables(database: Database) -> None:
    role = f"guest_{uuid.uuid4().hex[:8]}"
    with as_superuser(database) as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA public TO {role}"))
    guest = Database(database.url.set(username=role, password=None).render_as_string(hide_password=False))
    with pytest.raises(StillRemembered, match="own"):
        forget_erased(guest)
    guest.close()
    forget_erased(database)


def test_the_quick_forgetting_never_fails_nor_waits(database: Database) -> None:
    assert forget_soon(database, person_table)
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE person IN ACCESS EXCLUSIVE MODE"))
        put(connection, "Anna")
        assert forget_soon(database, person_table) is (not database.is_sqlite)


@on_postgres
def test_one_says_which_tables_to_forget(database: Database) -> None:
    with pytest.raises(ValueError, match="which tables"):
        forget(database)
