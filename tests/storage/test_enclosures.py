"""What people give beside a command is written with it or not at all."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select

from activities.dependencies import Dependencies
from activities.orders import CHANGED_MEANWHILE, CarriedOut, CarryOut, OrderActivities
from domain import commands as do
from domain.by import By, consultant, coordinator
from domain.commands import AnyCommand
from domain.events import Joined
from domain.meeting import Meeting
from domain.model import OrderId, PersonId, PracticeId, Role, StaffId, TextId
from mail.folder_sender import FolderSender
from storage import clusters, enclosures, people, texts
from storage.clusters import practice_table
from storage.database import Database
from storage.enclosures import EnclosedPractice, EnclosedText, Enclosure, enclosure_table
from storage.event_store import EventStore
from storage.keys import Keys
from storage.people import AddressChanged, PersonChange, person_table
from storage.texts import text_table
from tests.storage.lives import MEETING, PLACED, assigned, placed

ORDER = OrderId("o-1")
CONSULTANT = consultant(StaffId("konsulent-1"))
PLACE, NORA, NEW_PRACTICE = TextId("tekst-sted"), PersonId("nora"), PracticeId("ny-praksis")
AGREE = do.AgreePlan(meeting=Meeting(starts=MEETING, place=PLACE))
JOIN = do.AddMember(joined=Joined(person=NORA, practice=NEW_PRACTICE, role=Role.OWNER, address=1))


@pytest.fixture
def work(database: Database, tmp_path: Any) -> Dependencies:
    """A store with an order that has a consultant."""
    store = EventStore(database)
    store.append(ORDER, 0, [placed(), assigned()], by=CONSULTANT, now=PLACED)
    return Dependencies(database, store, Keys(bytes(range(32))), FolderSender(tmp_path / "mails"), "http://127.0.0.1")


def enclose(work: Dependencies, name: str = "Nora Ny") -> str:
    """Something of each kind."""
    with work.database.write() as connection:
        of = clusters.recognise_cluster(connection, "Vejle Nord", "syddanmark", None)
        enclosure = Enclosure(
            texts=(EnclosedText(id=PLACE, kind="place", content="Vejle Sygehus"),),
            people=(PersonChange(person=NORA, name=name, email="nora@example.dk", address=1),),
            practices=(EnclosedPractice(id=NEW_PRACTICE, cluster=of, name="Lægerne v/ Ny"),),
            attendance={NORA: True},
        )
        enclosed = enclosures.enclose(connection, ORDER, enclosure, PLACED)
    assert enclosed is not None
    return enclosed


def carry_out(
    work: Dependencies, command: AnyCommand, enclosure: str | None, by: By = CONSULTANT, cause: str = "request-1"
) -> CarriedOut:
    ask = CarryOut(order=ORDER, known=1, now=PLACED, commands=(command,), by=by, cause=cause, enclosure=enclosure)
    return OrderActivities(work).carry_out(ask)


def written(work: Dependencies) -> dict[str, int]:
    """How many rows there are of everything that is given beside commands."""
    tables = (text_table, person_table, practice_table, texts.attendance_table, enclosure_table)
    with work.database.read() as connection:
        return {each.name: connection.execute(select(func.count()).select_from(each)).scalar_one() for each in tables}


NOTHING = {"text": 0, "person": 0, "practice": 0, "attendance": 0, "enclosure": 0}
ALL = {"text": 1, "person": 1, "practice": 1, "attendance": 1, "enclosure": 0}
WAITING = NOTHING | {"enclosure": 1}


def test_an_enclosure_says_nothing_until_its_command_is_carried_out(work: Dependencies) -> None:
    enclosed = enclose(work)
    assert written(work) == WAITING
    assert carry_out(work, AGREE, enclosed).refusal is None
    assert written(work) == ALL
    with work.database.read() as connection:
        assert texts.words_of(connection, PLACE) == "Vejle Sygehus"


def test_a_command_with_nothing_beside_it_has_no_enclosure(work: Dependencies) -> None:
    with work.database.write() as connection:
        assert enclosures.enclose(connection, ORDER, Enclosure(), PLACED) is None
    assert written(work) == NOTHING


def test_a_refused_command_writes_nothing_of_what_came_with_it(work: Dependencies) -> None:
    enclosed = enclose(work)
    stranger = coordinator(PersonId("somebody-else"))
    assert carry_out(work, AGREE, enclosed, by=stranger).refusal is not None
    assert written(work) == WAITING
    with work.database.write() as connection:
        assert enclosures.drop(connection, enclosed)
        assert not enclosures.drop(connection, enclosed)
    assert written(work) == NOTHING


def test_a_command_that_changes_nothing_writes_nothing_beside_it(work: Dependencies) -> None:
    before = work.store.version(ORDER)
    enclosed = enclose(work)
    again = do.AssignConsultant(consultant=StaffId("konsulent-1"))
    assert carry_out(work, again, enclosed, by=CONSULTANT).refusal is None
    assert work.store.version(ORDER) == before
    assert written(work) == WAITING


def test_a_command_that_comes_twice_writes_what_was_beside_it_the_first_time_and_no_more(work: Dependencies) -> None:
    first, second = enclose(work), enclose(work, "Nora Helt Anden")
    carry_out(work, AGREE, first)
    version = work.store.version(ORDER)
    assert carry_out(work, AGREE, second).refusal is None
    assert work.store.version(ORDER) == version
    assert written(work) == ALL | {"enclosure": 1}
    with work.database.read() as connection:
        assert people.person(connection, NORA).name == "Nora Ny"


def test_a_command_whose_person_somebody_else_has_changed_meanwhile_is_refused_and_writes_nothing(
    work: Dependencies,
) -> None:
    with work.database.write() as connection:
        people.put(connection, [PersonChange(person=NORA, name="Nora", email="en@example.dk", address=1)])
        people.put(connection, [PersonChange(person=NORA, name="Nora", email="to@example.dk", address=2)])
    enclosed = enclose(work)
    with pytest.raises(AddressChanged), work.database.write() as connection:
        enclosures.unfold(connection, work.keys, enclosed, ())
    before = work.store.version(ORDER)
    refusal = carry_out(work, JOIN, enclosed).refusal
    assert refusal is not None
    assert refusal.code == CHANGED_MEANWHILE
    assert work.store.version(ORDER) == before
    assert written(work) == WAITING | {"person": 1}


def _failing_at(table: str) -> Callable[..., None]:
    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(f"INSERT INTO {table.upper()}"):
            raise OSError("the disk is full")

    return fail


@pytest.mark.parametrize("table", ["text", "person", "practice", "attendance", "order_person", "membership"])
def test_what_fails_at_any_row_leaves_neither_event_nor_rows(
    work: Dependencies, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """The disk is full, or the process dies: events and what belongs to them stand or fall together."""
    enclosed, before = enclose(work), work.store.load(ORDER)
    failing = _failing_at(table)
    event.listen(work.database._quick, "before_cursor_execute", failing)
    try:
        with pytest.raises(OSError, match="full"):
            carry_out(work, JOIN, enclosed)
    finally:
        event.remove(work.database._quick, "before_cursor_execute", failing)
    assert work.store.load(ORDER) == before
    assert written(work) == WAITING
    assert carry_out(work, JOIN, enclosed).refusal is None
    assert written(work) == ALL


def test_what_nobody_came_back_for_is_dropped_by_its_age(work: Dependencies) -> None:
    old = enclose(work)
    with work.database.write() as connection:
        content = Enclosure(texts=(EnclosedText(id=TextId("t"), kind="reason", content="Fordi"),))
        new = enclosures.enclose(connection, ORDER, content, PLACED + dt.timedelta(hours=2))
        assert enclosures.drop_before(connection, PLACED + dt.timedelta(hours=1)) == 1
        assert not enclosures.drop(connection, old)
        assert new is not None
        assert enclosures.drop(connection, new)
