"""A letter goes to whoever it concerns as each mail leaves, and one reader's trouble is nobody else's."""

from typing import Any

import pytest
from sqlalchemy import Connection

from activities.letter_writer import LetterWriter
from domain import commands as do
from domain.model import PersonId, Round, StaffId
from mail.envelope import Envelope
from mail.sending import Receipt
from storage import ballot_box, people, suppressions, survey_roll
from storage.outbox import MailState
from storage.suppressions import Mailbox, Suppressed
from tests.activities.desk import CLOSED, MEETING, MEMBERS, START, Desk
from tests.activities.sending import (
    A_DAY,
    AN_HOUR,
    INVITATION,
    REMINDED,
    REMINDER,
    counted,
    failing,
    later,
    send,
    working,
)
from tests.the_packages import SAMARBEJDE
from web.requests.people import ReaddressMember

ANNA = "laege0@skovby.example"
"""The first doctor's address."""


def answer_as(desk: Desk, person: str) -> None:
    """What this doctor's link does when the questionnaire is sent."""
    with desk.stack.database.read() as connection:
        roll = survey_roll.outstanding(connection, desk.order_id, Round.BASELINE)
    (mine,) = (each for each in roll if each.person == person)
    outcome = ballot_box.submit(desk.stack.database, mine.token(desk.stack.keys), {"arbejdsglaede": "hoej"})
    assert outcome is ballot_box.Submission.SUBMITTED


def last_to_go(desk: Desk, letter: str) -> PersonId:
    """Whose mail is the last that waits in the outbox."""
    return PersonId([mail.recipient for mail in desk.mails(letter) if mail.state is MailState.QUEUED][-1])


# --- what changes meanwhile -----------------------------------------------------------------------------------------


def test_who_answers_between_two_attempts_leaves_nothing_in_the_outbox(desk: Desk) -> None:
    desk.open_survey()
    send(desk, INVITATION)
    desk.now = REMINDED
    desk.post.outcome = failing()
    assert counted(send(desk, REMINDER)) == {"waiting": MEMBERS}
    someone = desk.mails(REMINDER)[0].recipient
    answer_as(desk, someone)
    desk.post.outcome, desk.now = working, desk.now + AN_HOUR
    assert counted(send(desk, REMINDER)) == {"sent": MEMBERS - 1}
    assert someone not in {mail.recipient for mail in desk.mails(REMINDER)}


def test_who_answers_while_the_round_is_on_its_way_leaves_nothing_either(desk: Desk) -> None:
    desk.open_survey()
    send(desk, INVITATION)
    desk.now = REMINDED
    answered = ""

    def answer_meanwhile(envelope: Envelope) -> Receipt:
        nonlocal answered
        if not answered:
            answered = last_to_go(desk, REMINDER)
            answer_as(desk, answered)
        return working(envelope)

    desk.post.outcome = answer_meanwhile
    assert counted(send(desk, REMINDER)) == {"sent": MEMBERS - 1}
    assert answered
    assert answered not in {mail.recipient for mail in desk.mails(REMINDER)}


@pytest.mark.parametrize("how", ["removed", "readdressed"])
def test_who_leaves_or_moves_while_the_round_is_on_its_way_gets_nothing_at_the_old_address(
    desk: Desk, how: str
) -> None:
    desk.open_survey()
    send(desk, INVITATION)
    desk.do(do.MoveMeeting(to=MEETING + 14 * A_DAY))
    desk.now += A_DAY * 3
    moved, changed, old_address = "meeting_moved//2", PersonId(""), ""

    def change_meanwhile(envelope: Envelope) -> Receipt:
        nonlocal changed, old_address
        if not changed:
            changed = last_to_go(desk, moved)
            with desk.stack.database.read() as connection:
                old_address = people.person(connection, changed).email
            if how == "removed":
                desk.do(do.RemoveMember(member=changed))
            else:
                new = "et-helt-andet-sted@skovby.example"
                desk.ask(ReaddressMember(type="readdress_member", member=changed, email=new))
        return working(envelope)

    desk.post.outcome, before = change_meanwhile, len(desk.post.sent)
    assert counted(send(desk, moved)) == {"sent": MEMBERS - 1}
    assert changed not in {mail.recipient for mail in desk.mails(moved)}
    assert old_address not in {envelope.to.address for envelope in desk.post.sent[before:]}


# --- one reader's trouble -------------------------------------------------------------------------------------------


def test_one_letter_that_cannot_be_written_does_not_stop_the_others(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_survey()
    someone, whole = desk.member(0), LetterWriter.write

    def write(writer: LetterWriter, connection: Connection, *given: Any) -> Envelope:
        if given[2].to.recipient == someone:
            raise LookupError(f"{ANNA} has no letter")
        return whole(writer, connection, *given)

    monkeypatch.setattr(LetterWriter, "write", write)
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS - 1, "waiting": 1}
    states = {mail.recipient: mail.state for mail in desk.mails(INVITATION)}
    assert states.pop(someone) is MailState.QUEUED
    assert set(states.values()) == {MailState.SENT}
    (broken,) = (mail for mail in desk.mails(INVITATION) if mail.recipient == someone)
    assert broken.code == "error_lookuperror"
    assert broken.id in caplog.text
    assert "LookupError" in caplog.text
    assert "skovby" not in caplog.text, "an exception's words may quote an address"
    assert counted(send(desk, INVITATION, **later(days=6))) == {"sent": MEMBERS - 1, "failed": 1}


def test_whose_invitation_still_waits_gets_no_reminder_as_well(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome = failing("smtp_452", to=ANNA)
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS - 1, "waiting": 1}
    desk.post.outcome, desk.now = working, REMINDED
    assert counted(send(desk, REMINDER)) == {"sent": MEMBERS - 1}
    assert ("news_waits", MailState.SKIPPED) in {(mail.code, mail.state) for mail in desk.mails(REMINDER)}
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS}
    assert [envelope.occasion for envelope in desk.post.sent if envelope.to.address == ANNA] == ["invitation"]


def test_an_address_that_bounced_gets_no_other_letter_and_none_of_another_order(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome = failing("smtp_550", to=ANNA, bounced=True)
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS - 1, "failed": 1}
    desk.post.outcome, desk.now = working, REMINDED
    assert counted(send(desk, REMINDER)) == {"sent": MEMBERS - 1}
    desk.package, desk.now = SAMARBEJDE, START
    desk.open_survey()
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS - 1}
    assert ANNA not in {envelope.to.address for envelope in desk.post.sent}
    skipped = [mail.code for mail in desk.mails(INVITATION) if mail.state is MailState.SKIPPED]
    assert skipped == ["bounced"]


def test_who_opted_out_gets_no_letter_for_members_though_a_colleague_at_the_address_does(desk: Desk) -> None:
    desk.open_survey()
    someone = desk.member(0)
    desk.ask(ReaddressMember(type="readdress_member", member=desk.member(1), email=ANNA))
    with desk.stack.database.write() as connection:
        no_thanks = people.person(connection, someone)
        mailbox = Mailbox(no_thanks.name, no_thanks.email)
        suppressions.suppress(connection, desk.stack.keys, mailbox, Suppressed.OPTED_OUT, desk.now)
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS - 1}
    assert [mail.recipient for mail in desk.mails(INVITATION) if mail.code == "opted_out"] == [no_thanks.id]
    assert [each.to.name for each in desk.post.sent if each.to.address == ANNA] == ["Bent Kvistgaard B"]


def test_a_consultant_who_has_left_leaves_the_letter_to_the_office(desk: Desk) -> None:
    desk.deck_in_review()
    desk.do(do.AssignConsultant(consultant=StaffId("nobody-i-know")), now=CLOSED + 2 * A_DAY)
    assert counted(send(desk, "deck_review/baseline/")) == {"sent": 1}
    assert desk.post.sent[-1].to.address == desk.at.office.operations
