"""Retention: whoever an order ever had is erased with it, also who left its state long before."""

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select

from activities import erasure
from activities.digest import NO_ORDER
from activities.erasure import Erasure
from activities.maintenance import MaintenanceActivities
from activities.notify import LetterActivities, SendLetters
from domain import commands as do
from domain.by import By, Capacity
from domain.events import Event
from domain.meeting import danish
from domain.model import OrderId, PersonId, PracticeId, Rejected, Role
from mail.folder_sender import FolderSender
from storage import (
    account_links,
    audit,
    clusters,
    documents,
    enclosures,
    outbox,
    retention,
    sessions,
    sign_in_pauses,
    staff,
)
from storage import people as directory
from storage.account_links import account_link_table
from storage.clusters import practice_table
from storage.database import Database
from storage.enclosures import EnclosedText, Enclosure, enclosure_table
from storage.erased_tables import forget_erased
from storage.forgetting import StillRemembered
from storage.outbox import To
from storage.people import PersonChange, order_person_table, person_table
from storage.sessions import session_table
from storage.sign_in_pauses import attempt_table
from storage.staff import OFFICE, StaffRole
from tests.activities.desk import Desk, run
from tests.activities.maintenance import A_DAY, MONDAY, Refusing, a_mail_fails
from tests.the_packages import SAMARBEJDE
from web.requests.catalogue import REQUESTS
from web.requests.people import AddMember, ReaddressMember, ReplaceCoordinator

EVENTS: tuple[type[BaseModel], ...] = get_args(get_args(Event)[0])
ERASABLE = (PersonId, PracticeId)
RECEIVED, REVIEW = "order_received//", "deck_review/baseline/"


def night(desk: Desk, days: float, sender: FolderSender | None = None) -> str:
    """The nightly erasure, so many days from now."""
    at = dataclasses.replace(desk.at, sender=sender) if sender else desk.at
    return Erasure(at).erase_what_is_due(desk.now + dt.timedelta(days=days))


def the_night_after_everything(desk: Desk) -> str:
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    return night(desk, 91)


def in_the_files(desk: Desk, *words: str) -> set[str]:
    """Those of the words that any of the database's files still has."""
    files = [path.read_bytes() for path in desk.stack.settings.data.glob("klyngeflow.db*")]
    return {word for word in words if any(word.encode() in file for file in files)}


def everybody(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.stack.database.read() as connection:
        c = person_table.c
        return [(row.name, row.email, row.phone) for row in connection.execute(select(c.name, c.email, c.phone))]


def nora(practice: str, email: str = "nora@by.example", role: Role = Role.OWNER) -> AddMember:
    return AddMember(type="add_member", name="Nora Ny", email=email, practice=practice, role=role)


def a_life_with_newcomers(desk: Desk) -> PersonId:
    """Nora joins, is corrected, leaves and comes again from another practice, with links; another coordinates then."""
    desk.open_survey()
    before = set(desk.order.members)
    desk.ask(nora("Lægerne v/ Ny", "nroa@ny.example"))
    (late,) = set(desk.order.members) - before
    desk.ask(ReaddressMember(type="readdress_member", member=late, email="nora@by.example"))
    desk.do(do.RemoveMember(member=late))
    desk.ask(nora("Lægerne v/ By"))
    replacement = {"name": "Olga Ovre", "email": "olga@by.example", "phone": "12345678"}
    desk.ask(ReplaceCoordinator(type="replace_coordinator", **replacement))
    desk.do(do.SendLink(holder=late))
    desk.do(do.RenewLink(holder=late))
    desk.do(do.RevokeLink(holder=late))
    return late


def test_a_late_joiners_first_address_and_clinic_are_erased_too(desk: Desk) -> None:
    late = a_life_with_newcomers(desk)
    with desk.stack.database.read() as connection:
        joined = directory.person(connection, late)
        assert (joined.email, joined.address) == ("nora@by.example", 2), "the same doctor throughout"
    told = ("Nora Ny", "nroa@ny.example", "nora@by.example", "Lægerne v/ Ny", "Lægerne v/ By", "Olga Ovre", "Karla")
    assert the_night_after_everything(desk).startswith("12 ")
    assert set(everybody(desk)) == {("", "", "")}
    with desk.stack.database.read() as connection:
        assert set(connection.execute(select(practice_table.c.name)).scalars()) == {""}
    assert in_the_files(desk, *told) == set()


def test_notes_and_reasons_of_kiaps_own_are_erased_with_the_order(desk: Desk) -> None:
    desk.place()
    until = (danish(desk.now).date() + dt.timedelta(days=2)).isoformat()
    told = ("Karla er syg.", "Vi ringer efter ferien.", "En svær klynge.")
    for asked in (
        {"type": "note_call", "outcome": "spoke", "note_text": told[0]},
        {"type": "postpone_task", "task": "hold_the_call", "until": until, "why_text": told[1]},
        {"type": "add_note", "note_text": told[2]},
    ):
        desk.ask(REQUESTS[asked["type"]].model_validate(asked))
    assert in_the_files(desk, *told) == set(told)
    the_night_after_everything(desk)
    assert in_the_files(desk, *told) == set()


# --- nobody is missed -----------------------------------------------------------------------------------------------


def erasable_in(annotation: Any, value: Any) -> Iterator[str]:
    """The ids in a value that name somebody or something erasable, wherever they stand."""
    if annotation in ERASABLE:
        yield value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from erasable_in(field.annotation, getattr(value, name))
    elif isinstance(value, tuple):
        inner, *_ = get_args(annotation)
        for each in value:
            yield from erasable_in(inner, each)
    elif value is not None:
        for each in get_args(annotation):
            if each in ERASABLE:
                yield value


def may_name_somebody(annotation: Any) -> bool:
    if annotation in ERASABLE:
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return any(may_name_somebody(field.annotation) for field in annotation.model_fields.values())
    return any(may_name_somebody(each) for each in get_args(annotation))


def test_everybody_and_every_clinic_an_event_names_is_on_the_orders_list_to_erase(desk: Desk) -> None:
    a_life_with_newcomers(desk)
    events = desk.stack.store.load(desk.order_id)
    with_somebody = {kind for kind in EVENTS if may_name_somebody(kind)}
    assert with_somebody <= {type(event) for event in events}, "a kind of event that this life does not have"
    named = {each for event in events for each in erasable_in(type(event), event)}
    c = order_person_table.c
    with desk.stack.database.read() as connection:
        rows = connection.execute(select(c.person_id, c.practice_id).where(c.order_id == desk.order_id)).all()
    assert named <= {row.person_id for row in rows} | {row.practice_id for row in rows}
    assert len(named) == 12


def test_who_has_another_order_stays_until_that_one_is_erased(desk: Desk) -> None:
    desk.place()
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    desk.package = SAMARBEJDE
    desk.place()
    assert " of 1 orders " in night(desk, 91)
    with desk.stack.database.read() as connection:
        assert all(each.email for each in directory.people(connection, list(desk.order.members)).values())
        assert directory.person(connection, desk.order.coordinator).email
        clinics = clusters.practices(connection, {member.practice for member in desk.order.members.values()})
    assert all(each.name for each in clinics.values())
    desk.do(do.CancelOrder(reason="cluster_withdrew"), now=desk.now + dt.timedelta(days=10))
    night(desk, 91)
    assert set(everybody(desk)) == {("", "", "")}


def test_a_doctor_who_was_erased_and_orders_again_is_somebody_new(desk: Desk) -> None:
    desk.place()
    first = desk.member(0)
    the_night_after_everything(desk)
    desk.place()
    assert first not in desk.order.members
    with desk.stack.database.read() as connection:
        assert directory.person(connection, first).email == ""
        assert directory.person(connection, desk.member(0)).email == "laege0@skovby.example"


# --- what was written and never used --------------------------------------------------------------------------------


def enclose(desk: Desk) -> None:
    """What a process leaves behind that dies between enclosing and giving the command."""
    words = EnclosedText(id="t-1", kind="ideas", content="Ring til Inge Immer")
    person = PersonChange(person="p-1", name="Inge Immer", email="inge@immer.example", address=1)
    with desk.stack.database.write() as connection:
        assert enclosures.enclose(connection, desk.order_id, Enclosure(texts=(words,), people=(person,)), desk.now)


def enclosed(desk: Desk) -> int:
    with desk.stack.database.read() as connection:
        return connection.execute(select(func.count()).select_from(enclosure_table)).scalar_one()


def test_what_was_enclosed_for_a_command_that_never_came_is_gone_after_a_day(desk: Desk) -> None:
    desk.place()
    enclose(desk)
    assert night(desk, 0.9).endswith(" 0 unused")
    assert enclosed(desk) == 1
    assert night(desk, 1.1).endswith(" 1 unused")
    assert enclosed(desk) == 0
    assert in_the_files(desk, "Inge Immer", "inge@immer.example") == set()


def test_a_refused_command_leaves_nothing_of_what_was_written_with_it(desk: Desk) -> None:
    desk.place()
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    with pytest.raises(Rejected):
        desk.ask(nora("Lægerne v/ Ny"))
    assert enclosed(desk) == 0
    assert "Nora Ny" not in {name for name, *_ in everybody(desk)}
    night(desk, 1)
    assert in_the_files(desk, "Nora Ny", "nora@by.example", "Lægerne v/ Ny") == set()


# --- a night's work -------------------------------------------------------------------------------------------------


class Forgetting:
    """Stands in the way of forgetting for so many nights; how often it was asked."""

    def __init__(self, in_the_way: int = 0) -> None:
        self.asked = 0
        self.in_the_way = in_the_way

    def __call__(self, database: Database) -> None:
        self.asked += 1
        if self.asked <= self.in_the_way:
            raise StillRemembered("somebody reads")
        forget_erased(database)


@pytest.mark.parametrize("what", ["an order", "what was never used", "a morning list"])
def test_a_night_that_erased_and_could_not_forget_is_finished_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    desk.place()
    match what:
        case "an order":
            desk.do(do.CancelOrder(reason="cluster_withdrew"))
        case "what was never used":
            enclose(desk)
        case _:
            with desk.stack.database.write() as connection:
                outbox.queue(connection, NO_ORDER, "morning_digest//2031-03-03", [To(OFFICE)], desk.now)
    forgetting = Forgetting(in_the_way=2)
    monkeypatch.setattr(erasure, "forget_erased", forgetting)
    for _ in range(2):
        with pytest.raises(StillRemembered):
            night(desk, 91)
    night(desk, 91)
    assert forgetting.asked == 3
    night(desk, 92)
    assert forgetting.asked == 3, "a night without anything to erase writes no table anew"


def test_a_night_takes_what_signing_in_left_behind_and_keeps_what_goes_on(desk: Desk) -> None:
    """Ended sessions, links too old and attempts that no longer count; the log's network addresses after 90 days."""
    now = desk.now
    with desk.stack.database.write() as connection:
        person = staff.staff(connection, staff.add_staff(connection, "Ole", "ole@kiap.example", StaffRole.OPERATIONS))
        account_links.make_link(connection, person.id, now)
        attempt = sign_in_pauses.Attempt("ole@kiap.example", "192.0.2.7", from_known=False)
        sign_in_pauses.begin_attempt(connection, desk.stack.keys, attempt, now)
        sessions.begin_session(connection, person, "192.0.2.7", "Firefox", now)
        by, origin = By(role=Capacity.OPERATIONS, who=person.id), audit.Origin(audit.Edge.PAGE, "192.0.2.7")
        audit.note(connection, by, audit.Deed.LINK_MADE, origin, now, audit.Subject(why="glemt kode"))
    tables = (session_table, attempt_table, account_link_table)

    def left() -> tuple[list[int], str]:
        with desk.stack.database.read() as connection:
            counts = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
            (line,) = audit.entries(connection, audit.Wanted(person=person.id), 5)
        return counts, line.why + line.origin.network

    night(desk, 0)
    assert left() == ([1, 3, 1], "glemt kode192.0.2.7")
    night(desk, 4)
    assert left() == ([0, 0, 0], "glemt kode192.0.2.7")
    night(desk, 89)
    assert left()[1] == "glemt kode192.0.2.7"
    night(desk, 91)
    assert left()[1] == ""


def test_a_night_erases_at_most_so_many_orders_and_leaves_the_rest_to_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "ORDERS_A_NIGHT", 2)
    for _ in range(3):
        desk.place()
        desk.do(do.CancelOrder(reason="cluster_withdrew"))
    assert " of 2 orders " in night(desk, 91)
    assert " of 1 orders " in night(desk, 92)
    assert set(everybody(desk)) == {("", "", "")}


def test_a_night_looks_at_no_order_that_is_not_due(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.place()
    the_night_after_everything(desk)
    desk.place()

    def load(*_: object) -> list[Event]:
        pytest.fail("a stream was read")

    monkeypatch.setattr(type(desk.stack.store), "load", load)
    assert night(desk, 89).startswith("0 names, addresses and texts of 0 orders")


# --- mails' files ---------------------------------------------------------------------------------------------------


class Watched(FolderSender):
    """A mail folder that tells what else is possible while mails' files are removed."""

    database: Database
    fails = False
    asked: list[list[str]]

    def forget(self, outbox_ids: Iterable[str]) -> None:
        ids = list(outbox_ids)
        self.asked.append(ids)
        with self.database.write() as connection:  # somebody else writes meanwhile
            change = PersonChange(person=f"p-{len(self.asked)}", name="N", email="n@ny.example", address=1)
            directory.put(connection, [change])
        if self.fails and ids:
            raise OSError("the disk is away")
        super().forget(ids)


@pytest.fixture
def folder(desk: Desk) -> Watched:
    watched = Watched(desk.stack.settings.mails)
    watched.database, watched.asked = desk.stack.database, []
    return watched


def received(desk: Desk, folder: FolderSender, key: str = RECEIVED) -> None:
    at = dataclasses.replace(desk.at, sender=folder)
    ask = SendLetters(order=desk.order_id, keys=(key,), known=desk.order.version, now=desk.now)
    run(LetterActivities(at).send_letters, ask)
    assert files(desk)


def files(desk: Desk) -> list[str]:
    return [path.name for path in desk.stack.settings.mails.glob("*.eml")]


def test_nobody_waits_to_write_while_mails_files_are_removed_by_their_names(desk: Desk, folder: Watched) -> None:
    desk.deck_in_review()
    desk.now += 2 * A_DAY  # mail leaves on Mondays
    received(desk, folder, REVIEW)
    sent = [mail.id for mail in desk.mails()]
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    night(desk, 91, folder)
    assert files(desk) == []
    assert [ids for ids in folder.asked if ids] == [sent]


def test_a_night_that_could_not_remove_a_file_begins_there_again(desk: Desk, folder: Watched) -> None:
    desk.place()
    received(desk, folder)
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    folder.fails = True
    with pytest.raises(OSError, match="the disk is away"):
        night(desk, 91, folder)
    assert desk.mails() != [], "what leads to the file is still there"
    folder.fails = False
    night(desk, 92, folder)
    assert (files(desk), desk.mails()) == ([], [])


def test_the_night_drops_morning_lists_and_their_files_after_ninety_days(desk: Desk, folder: Watched) -> None:
    desk.place()
    at = dataclasses.replace(desk.at, sender=folder)
    for number, day in enumerate((1, 2)):
        a_mail_fails(desk, number, MONDAY + (day - 0.5) * A_DAY)
        run_morning(MaintenanceActivities(at, Refusing()), MONDAY + day * A_DAY)
    first, second = ({mail.id for mail in lists(desk) if mail.letter.endswith(day)} for day in ("04-22", "04-23"))
    assert len(first) == len(second) == 2, "operations' and the consultant's"
    Erasure(at).erase_what_is_due(MONDAY + 91.5 * A_DAY)
    assert {mail.id for mail in lists(desk)} == second
    assert {name.split(".")[-2] for name in files(desk)} == second
    run_morning(MaintenanceActivities(desk.at, Refusing()), MONDAY + 98 * A_DAY)
    office = [mail.mail.text for mail in desk.post.sent if mail.to.address == desk.at.office.operations]
    assert "2 mails kom ikke af sted" in office[-1], "what nobody has seen to is told for as long as it is there"


def test_the_night_erases_addresses_documents_and_mail_files_also_of_who_was_replaced(
    desk: Desk, folder: Watched
) -> None:
    desk.deck_in_review()
    moved = desk.member(1)
    desk.ask(ReaddressMember(type="readdress_member", member=moved, email="ny@skovby.example"))
    desk.now += 2 * A_DAY  # mail leaves on Mondays
    received(desk, folder, REVIEW)
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    night(desk, 89, folder)
    assert len(files(desk)) == 1
    night(desk, 91, folder)
    with desk.stack.database.read() as connection:
        assert documents.documents(connection, desk.order_id) == []
        found = directory.people(connection, [moved, desk.order.coordinator])
        clinics = clusters.practices(connection, {member.practice for member in desk.order.members.values()})
        assert retention.due_for_erasure(connection, desk.now + dt.timedelta(days=92), 10) == []
    assert [clinic.name for clinic in clinics.values()] == [""]
    assert [person.email for person in found.values()] == ["", ""]
    assert files(desk) == []
    assert in_the_files(desk, "ny@skovby.example", "laege1@skovby.example") == set()
    assert night(desk, 92, folder).startswith("0 ")


def lists(desk: Desk) -> list[outbox.OutgoingMail]:
    with desk.stack.database.read() as connection:
        return outbox.mails(connection, OrderId(NO_ORDER))


def run_morning(maintenance: MaintenanceActivities, now: dt.datetime) -> None:
    asyncio.run(maintenance.morning(now))


def test_the_morning_lists_of_who_has_left_go_the_next_night(desk: Desk) -> None:
    with desk.stack.database.write() as connection:
        karen, lone = (
            staff.add_staff(connection, name, "a@kiap.example", StaffRole.CONSULTANT) for name in ("Karen", "Lone")
        )
        for who in (karen, lone):
            outbox.queue(connection, NO_ORDER, "morning_digest//2031-03-03", [To(who)], desk.now)
        staff.staff_left(connection, karen, desk.now)
    Erasure(desk.at).erase_what_is_due(desk.now + A_DAY)
    with desk.stack.database.read() as connection:
        assert [mail.recipient for mail in outbox.mails(connection, NO_ORDER)] == [lone]
