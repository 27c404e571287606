"""The chores: what ended is erased and forgotten, and one order's trouble is not the others'."""

import asyncio
import dataclasses
import datetime as dt

import pytest
from temporalio.exceptions import ApplicationError

from activities.housekeeping import NO_ORDER, HousekeepingActivities
from activities.notify import LetterActivities, SendLetters
from activities.survey import Box, SurveyActivities
from domain import commands as do
from domain.commands import AnyCommand
from domain.model import Actor, MemberId, OrderId, Rejected, Round
from mail.envelope import Envelope
from mail.sending import Sent, UnknownOutcome
from storage import ballot_box, directory, documents, outbox
from storage.outbox import MailState
from storage.unfinished import unfinished
from tests.activities.desk import OPENED, Desk, run


class Refusing:
    """Orders that refuse every command."""

    async def start_missing(self, orders: list[OrderId]) -> int:
        return len(orders)

    async def execute(self, order_id: OrderId, command: AnyCommand, *, actor: Actor, request_id: str) -> object:
        raise Rejected("no", f"{order_id} {command.type} {actor} {request_id}")


def chores(desk: Desk) -> HousekeepingActivities:
    return HousekeepingActivities(desk.at, Refusing())


def test_a_cancelled_order_needs_a_workflow_for_as_long_as_it_has_ballots(desk: Desk) -> None:
    desk.open_survey()
    run(SurveyActivities(desk.at).mend_roll, Box(order=desk.order_id, round=Round.BASELINE))
    assert unfinished(desk.stack.database) == [desk.order_id]
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    assert asyncio.run(chores(desk).sweep(desk.now)).startswith("1 workflows started")
    with desk.stack.database.write() as connection:
        ballot_box.close_round(connection, desk.order_id, Round.BASELINE)
    ballot_box.destroy(desk.stack.database, desk.order_id, Round.BASELINE)
    assert asyncio.run(chores(desk).sweep(desk.now)).startswith("0 workflows started")


def test_a_full_round_that_cannot_be_closed_does_not_stop_the_digests(desk: Desk) -> None:
    desk.open_survey()
    run(SurveyActivities(desk.at).mend_roll, Box(order=desk.order_id, round=Round.BASELINE))
    with desk.stack.database.read() as connection:
        roll = ballot_box.outstanding(connection, desk.order_id, Round.BASELINE)
    for each in roll:
        ballot_box.submit(desk.stack.database, each.token(desk.stack.keys), {})
    full = desk.order_id
    desk.place()
    day = desk.order.call_due + dt.timedelta(days=3)
    now = max(OPENED + dt.timedelta(days=4), dt.datetime.combine(day, dt.time(8), dt.UTC))
    with pytest.raises(ApplicationError, match=f"{full} Rejected"):
        asyncio.run(chores(desk).morning(now))
    assert [mail.occasion for mail in desk.post.sent] == ["morning_digest"]


def test_a_digest_of_unknown_fate_is_not_sent_again(desk: Desk) -> None:
    desk.place()
    tries = 0

    def unknown(_envelope: Envelope) -> Sent:
        nonlocal tries
        tries += 1
        raise UnknownOutcome("smtp_no_answer")

    desk.post.outcome = unknown
    for _ in range(2):
        asyncio.run(chores(desk).morning(OPENED + dt.timedelta(days=4)))
    assert tries == 1
    with desk.stack.database.read() as connection:
        assert [mail.state for mail in outbox.mails(connection, NO_ORDER)] == [MailState.UNKNOWN]


def test_the_night_erases_addresses_documents_and_mail_files_also_of_who_was_replaced(desk: Desk) -> None:
    desk.deck_in_review()
    first = desk.order.members[MemberId("m1")].contact
    with desk.stack.database.write() as connection:
        moved = directory.add_contact(connection, "Bent Ny", "ny@skovby.example")
    desk.do(do.ReaddressMember(member=MemberId("m1"), contact=moved))
    at = dataclasses.replace(desk.at, sender=desk.stack.workplace.sender)
    run(LetterActivities(at).send_letters, SendLetters(order=desk.order_id, key="order_received//", now=desk.now))
    folder = desk.stack.settings.mails
    assert len(list(folder.glob("*.eml"))) == 1
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    night = HousekeepingActivities(at, Refusing()).night
    night(desk.now + dt.timedelta(days=89))
    assert len(list(folder.glob("*.eml"))) == 1
    night(desk.now + dt.timedelta(days=91))
    with desk.stack.database.read() as connection:
        assert documents.documents(connection, desk.order_id) == []
        people = directory.contacts(connection, [first, moved, desk.order.coordinator])
        clinics = directory.practices(connection, {member.practice for member in desk.order.members.values()})
    assert [clinic.name for clinic in clinics.values()] == [""]
    assert [person.email for person in people.values()] == ["", "", ""]
    assert list(folder.glob("*.eml")) == []
    assert night(desk.now + dt.timedelta(days=92)).startswith("0 ")
