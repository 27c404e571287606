"""A database that is locked, full or gone: one exception for it, nothing half-stored, and the next attempt works."""

import resource
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, func, select, text
from sqlalchemy.engine import make_url

from domain.model import OrderId, PersonId, Round
from storage import ballot_box, survey_roll, survey_rounds
from storage.ballot_box import Submission, ballot_table
from storage.database import Database
from storage.keys import Keys
from storage.outage import DatabaseUnavailable, Outage
from storage.survey_rounds import round_table
from tests.own_postgres import own_postgres
from tests.storage.test_fair_queue import wait_until

SOON = 0.3
"""Seconds that the impatient wait."""
SECRET = "anna@skovby.example"
ROOM = 100_000
"""Bytes: enough for an empty database, SQLite's index of the WAL and a few rows."""
LARGE = SECRET * 50_000


@contextmanager
def with_a_note(url: str) -> Iterator[Database]:
    """A database with one small table, whose users hardly wait."""
    database = Database(url, patience=SOON)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY, said TEXT NOT NULL)"))
        connection.execute(text("INSERT INTO note VALUES (1, 'før')"))
    yield database
    database.close()


@pytest.fixture
def impatient(database_url: str) -> Iterator[Database]:
    with with_a_note(database_url) as database:
        yield database


@pytest.fixture
def impatient_sqlite(tmp_path: Path) -> Iterator[Database]:
    with with_a_note(f"sqlite:///{tmp_path / 'small.db'}") as database:
        yield database


def say(database: Database, said: str) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE note SET said = :said WHERE id = 1"), {"said": said})
        connection.execute(text("INSERT INTO note SELECT max(id) + 1, :said FROM note"), {"said": said})


def notes(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(text("SELECT said FROM note ORDER BY id")).scalars())


@contextmanager
def a_lock_of_somebody_else(database: Database) -> Iterator[None]:
    """Another program writes to the table, and takes its time."""
    other = create_engine(database.url)
    with other.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("LOCK TABLE note IN EXCLUSIVE MODE")
        yield
        connection.rollback()
    other.dispose()


def test_a_lock_that_is_not_let_go_of_is_told_as_busy_and_then_it_works(impatient: Database) -> None:
    with a_lock_of_somebody_else(impatient), pytest.raises(DatabaseUnavailable) as told:
        say(impatient, SECRET)
    assert told.value.outage is Outage.BUSY
    assert SECRET not in str(told.value)
    assert notes(impatient) == ["før"]
    say(impatient, "efter")
    assert notes(impatient) == ["efter", "efter"]


def test_reading_goes_on_beside_a_lock(impatient: Database) -> None:
    with a_lock_of_somebody_else(impatient):
        assert notes(impatient) == ["før"]


def test_of_many_who_meet_a_lock_each_is_told_within_its_own_patience(impatient: Database) -> None:
    told: list[Outage] = []

    def try_it() -> None:
        try:
            say(impatient, "mig")
        except DatabaseUnavailable as unavailable:
            told.append(unavailable.outage)

    threads = [threading.Thread(target=try_it) for _ in range(6)]
    with a_lock_of_somebody_else(impatient):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert told == [Outage.BUSY] * 6  # while the lock is held still: nobody waited for it
    assert notes(impatient) == ["før"]


@contextmanager
def at_most_pages(database: Database, room: int = ROOM) -> Iterator[None]:
    """SQLite's file may hold so many pages, as on a full disk."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={room // 4096}")

    event.listen(database.engine, "connect", limit)
    database.close()  # who comes now has a new connection
    yield
    event.remove(database.engine, "connect", limit)
    database.close()


@contextmanager
def at_most_bytes(database: Database, room: int = ROOM) -> Iterator[None]:
    """No file may grow past so many bytes, as under a quota."""
    database.close()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


Full = Callable[..., AbstractContextManager[None]]


@pytest.mark.parametrize("full", [at_most_pages, at_most_bytes])
def test_a_full_disk_under_sqlite_keeps_what_there_was(impatient_sqlite: Database, full: Full) -> None:
    with full(impatient_sqlite):
        with pytest.raises(DatabaseUnavailable) as told:
            say(impatient_sqlite, LARGE)
        assert told.value.outage in (Outage.FULL, Outage.OUT_OF_REACH)
        assert SECRET not in str(told.value)
        assert notes(impatient_sqlite) == ["før"]
    say(impatient_sqlite, LARGE)
    assert notes(impatient_sqlite) == [LARGE, LARGE]


# --- answering meanwhile --------------------------------------------------------------------------------------------

ORDER, KEYS = OrderId("odense-1"), Keys(bytes(range(32)))
LONG = {"gode_erfaringer": SECRET * 1_500}


@pytest.fixture
def tokens(database: Database) -> list[str]:
    """The links of an open round of five, one of whom has answered."""
    with database.write() as connection:
        survey_rounds.open_round(connection, KEYS, ORDER, Round.BASELINE)
        people = [(PersonId(f"p{number}"), 1) for number in range(5)]
        invited = survey_roll.invite(connection, KEYS, ORDER, Round.BASELINE, people)
    tokens = [each.token(KEYS) for each in invited]
    assert ballot_box.submit(database, tokens[0], {"first": 1}) is Submission.SUBMITTED
    return tokens


def roll_and_box(database: Database) -> tuple[int, int]:
    """How many have answered by the roll, and how many ballots there are."""
    with database.read() as connection:
        ballots = connection.execute(select(func.count()).select_from(ballot_table)).scalar_one()
        return survey_roll.count(connection, ORDER, Round.BASELINE).answers, ballots


def test_an_answer_that_meets_a_lock_is_not_half_stored_and_the_same_link_takes_it_later(
    database: Database, tokens: list[str]
) -> None:
    impatient = Database(database.url.render_as_string(hide_password=False), patience=SOON)
    other = create_engine(database.url)
    with other.connect() as connection:
        lock = "BEGIN IMMEDIATE" if database.is_sqlite else f"LOCK TABLE {round_table.name} IN ACCESS EXCLUSIVE MODE"
        connection.exec_driver_sql(lock)
        with pytest.raises(DatabaseUnavailable) as told:
            ballot_box.submit(impatient, tokens[1], LONG)
        connection.rollback()
    other.dispose()
    assert told.value.outage is Outage.BUSY
    assert roll_and_box(impatient) == (1, 1)
    assert ballot_box.submit(impatient, tokens[1], LONG) is Submission.SUBMITTED
    assert roll_and_box(impatient) == (2, 2)
    impatient.close()


@pytest.mark.parametrize(("full", "more"), [(at_most_pages, 8 * 4096), (at_most_bytes, None)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_answers_on_a_full_disk_are_whole_or_not_there_and_the_same_links_take_them_later(
    database: Database, tokens: list[str], full: Full, more: int | None
) -> None:
    taken, refused, told = 1, 0, set[Outage]()
    room = ROOM if more is None else Path(str(database.url.database)).stat().st_size + more
    with full(database, room):
        for token in tokens[1:]:
            try:
                taken += ballot_box.submit(database, token, LONG) is Submission.SUBMITTED
            except DatabaseUnavailable as unavailable:
                told.add(unavailable.outage)
                refused += 1
            assert roll_and_box(database) == (taken, taken)
    assert refused > 0
    assert told <= {Outage.FULL, Outage.OUT_OF_REACH}
    outcomes = [ballot_box.submit(database, token, LONG) for token in tokens]
    assert outcomes.count(Submission.SUBMITTED) == refused
    assert outcomes.count(Submission.ALREADY_ANSWERED) == taken
    assert roll_and_box(database) == (5, 5)


@pytest.mark.parametrize("dies_at", ["UPDATE invitation", "DELETE FROM ballot", "INSERT INTO ballot", "COMMIT"])
def test_an_answer_whose_process_fails_at_any_statement_is_whole_or_not_there(
    database: Database, tokens: list[str], dies_at: str
) -> None:
    def die(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(dies_at):
            raise KeyboardInterrupt

    def die_at_the_end(_connection: Any) -> None:
        raise KeyboardInterrupt

    name, listener = ("commit", die_at_the_end) if dies_at == "COMMIT" else ("before_cursor_execute", die)
    event.listen(database._quick, name, listener)
    try:
        with pytest.raises(KeyboardInterrupt):
            ballot_box.submit(database, tokens[1], LONG)
    finally:
        event.remove(database._quick, name, listener)
    assert roll_and_box(database) == (1, 1)
    assert ballot_box.submit(database, tokens[1], LONG) is Submission.SUBMITTED
    assert roll_and_box(database) == (2, 2)


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be one" * 100, None])
def test_a_file_that_is_no_database_or_a_folder_is_out_of_reach(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "klyngeflow.db"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    database = Database(f"sqlite:///{file}", patience=SOON)
    for attempt in (database.read, database.write):
        with pytest.raises(DatabaseUnavailable) as told, attempt() as connection:
            connection.execute(text("SELECT count(*) FROM note"))
        assert told.value.outage is Outage.OUT_OF_REACH
    database.close()


def test_a_statement_that_is_wrong_is_no_outage(impatient: Database) -> None:
    for wrong in ("SELECT nothing FROM nowhere", "INSERT INTO note VALUES (1, 'to gange')", "SELEKT 1"):
        with pytest.raises(Exception, match=r"nowhere|note|SELEKT") as failed, impatient.write() as connection:
            connection.execute(text(wrong))
        assert not isinstance(failed.value, DatabaseUnavailable)


@pytest.mark.postgres
def test_a_connection_that_is_ended_in_the_middle_is_told_and_the_next_works() -> None:
    with own_postgres() as server, with_a_note(server.url) as database:
        with pytest.raises(DatabaseUnavailable) as told, database.write() as connection:
            _say_though_ended(connection, server.url)
        assert told.value.outage is Outage.OUT_OF_REACH
        assert SECRET not in str(told.value)
        assert notes(database) == ["før"]

        server.stop()
        for attempt in (database.read, database.write):
            with pytest.raises(DatabaseUnavailable) as told, attempt() as connection:
                connection.execute(text("SELECT 1"))
            assert told.value.outage is Outage.OUT_OF_REACH
        server.start()
        say(database, "efter")
        assert notes(database) == ["efter", "efter"]


def _say_though_ended(connection: Connection, url: str) -> None:
    connection.execute(text("UPDATE note SET said = :said"), {"said": SECRET})
    _end_the_others(url)
    connection.execute(text("UPDATE note SET said = :said"), {"said": SECRET})


def _end_the_others(url: str) -> None:
    """Every other client's connection, by its process id."""
    engine = create_engine(url)
    with engine.connect() as connection:
        others = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        for pid in connection.execute(text(others)).scalars().all():
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"database": "der_er_ingen"}, "der_er_ingen"),
        ({"username": "ingen"}, "ingen"),
        ({"host": "/nowhere"}, "/nowhere"),
    ],
)
def test_a_server_that_refuses_or_is_not_there_is_told_with_its_own_words_and_no_password(
    postgres_url: str, changed: dict[str, str], said: str
) -> None:
    url = make_url(postgres_url).update_query_dict({"host": changed.pop("host")} if "host" in changed else {})
    url = url.set(password="hemmelig", **changed)  # type: ignore[arg-type]
    database = Database(url.render_as_string(hide_password=False), patience=SOON)
    with pytest.raises(DatabaseUnavailable) as told, database.read() as connection:
        connection.execute(text("SELECT 1"))
    assert told.value.outage is Outage.OUT_OF_REACH
    assert said in str(told.value)
    assert "hemmelig" not in str(told.value)
    database.close()


@pytest.mark.postgres
def test_nobody_gets_a_connection_where_all_are_taken_and_is_told_so(postgres_url: str) -> None:
    database = Database(postgres_url, patience=SOON)
    let_go = threading.Event()

    def hold_one() -> None:
        with database.read():
            let_go.wait(60)

    holders = [threading.Thread(target=hold_one) for _ in range(15)]
    for holder in holders:
        holder.start()
    wait_until(lambda: database.engine.pool.checkedout() == 15)  # type: ignore[attr-defined]
    with pytest.raises(DatabaseUnavailable) as told, database.read():
        pytest.fail("it got a sixteenth")
    let_go.set()
    for holder in holders:
        holder.join(60)
    assert told.value.outage is Outage.BUSY
    with database.read() as connection:
        connection.execute(text("SELECT 1"))
    database.close()
