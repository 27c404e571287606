"""Retention: whoever an order ever had is erased with it, also who left its state long before."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any, get_args

import pytest
from activities.erasing import Erasing, brought_by
from pydantic import BaseModel
from temporalio.testing import ActivityEnvironment

from activities.notify import LetterActivities, SendLetters
from domain import commands as do
from domain.events import Event
from domain.model import ContactId, MemberId, PracticeId
from mail.folder_sender import FolderSender
from storage import directory
from storage.database import Database
from tests.activities.desk import Desk
from tests.workflows import people

EVENTS: tuple[type[BaseModel], ...] = get_args(get_args(Event)[0])
ERASABLE = (ContactId, PracticeId)


def the_night_after_everything(desk: Desk) -> None:
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    Erasing(desk.at).erase_what_is_due(desk.now + dt.timedelta(days=91))


def test_a_late_joiners_first_address_and_clinic_are_erased_too(desk: Desk) -> None:
    desk.open_survey()
    with desk.stack.database.write() as connection:
        first, mended, again = directory.add_contacts(
            connection, [("Nora Ny", "nroa@ny.example"), ("Nora Ny", "nora@ny.example"), ("Nora Ny", "nora@by.example")]
        )
        here, there = (directory.add_practice(connection, desk.order.cluster, name) for name in ("Ny", "By"))
    late = MemberId("m20")
    desk.do(
        do.AddMember(joined=people.joined(20, first, here)),
        do.ReaddressMember(member=late, contact=mended),
        do.RemoveMember(member=late),
        do.AddMember(joined=people.joined(20, again, there)),
    )
    the_night_after_everything(desk)
    with desk.stack.database.read() as connection:
        found = directory.contacts(connection, [first, mended, again])
        clinics = directory.practices(connection, [here, there])
    assert [person.email for person in found.values()] == ["", "", ""]
    assert [clinic.name for clinic in clinics.values()] == ["", ""]


class WritingMeanwhile(FolderSender):
    """Somebody else writes to the database while mails' files are removed."""

    database: Database

    def forget(self, outbox_ids: Iterable[str]) -> None:
        with self.database.write() as connection:
            directory.add_contact(connection, "Nora Ny", "nora@ny.example")
        super().forget(outbox_ids)


def test_nobody_waits_to_write_while_mails_files_are_removed(desk: Desk) -> None:
    desk.deck_in_review()
    folder = WritingMeanwhile(desk.stack.settings.mails)
    folder.database = desk.stack.database
    at = dataclasses.replace(desk.at, sender=folder)
    send = SendLetters(order=desk.order_id, key="order_received//", now=desk.now)
    ActivityEnvironment().run(LetterActivities(at).send_letters, send)
    assert list(desk.stack.settings.mails.glob("*.eml"))
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    Erasing(at).erase_what_is_due(desk.now + dt.timedelta(days=91))
    assert not list(desk.stack.settings.mails.glob("*.eml"))


def planted(annotation: Any, ids: list[str]) -> Any:
    """A value for what names an erasable id, wherever that stands in the annotation; None for anything else."""
    if annotation in ERASABLE:
        ids.append(f"{annotation.__name__}-{len(ids)}")
        return ids[-1]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        given = {name: planted(field.annotation, ids) for name, field in annotation.model_fields.items()}
        return annotation.model_construct(**given) if any(given.values()) else None
    found = [value for each in get_args(annotation) if (value := planted(each, ids)) is not None]
    return tuple(found) or None


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_no_events_contacts_and_clinics_are_forgotten_by_erasing(kind: type[BaseModel]) -> None:
    ids = list[str]()
    event: Any = planted(kind, ids) or kind.model_construct()
    contacts, practices = brought_by(event)
    assert sorted({*contacts, *practices}) == sorted(ids)
    assert all(each.startswith("ContactId") for each in contacts)


def test_the_events_with_contacts_are_found_by_their_annotations() -> None:
    found = {kind.__name__ for kind in EVENTS if planted(kind, [])}
    assert {"OrderPlaced", "MemberAdded", "CoordinatorReplaced", "MemberReaddressed"} <= found
    assert "LettersSent" not in found
