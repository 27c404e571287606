"""A round of mail that meets trouble: each letter once, to the end, and no trace of when anybody answered."""

import datetime as dt
import threading
from typing import Any

import pytest

from activities.notify import LetterActivities, LettersDone, SendLetters
from activities.survey import Box, SurveyActivities
from domain import commands as do
from domain.meeting import at
from domain.model import ContactId, MemberId, Round, StaffId
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Receipt
from storage import ballot_box, directory, outbox, survey_roll, survey_rounds
from storage.outbox import MailState
from tests.activities.desk import CLOSED, MEMBERS, Desk, run

INVITATION = "invitation/baseline/"
REMINDER = "reminder/baseline/2031-04-28"


def later(attempt: int = 7, **span: float) -> dict[str, Any]:
    """An attempt so long after it was asked for, as the worker tells of it; on a clock that is not the order's."""
    first = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return {"attempt": attempt, "scheduled_time": first, "started_time": first + dt.timedelta(**span)}


def send(
    desk: Desk, key: str, letters: LetterActivities | None = None, *, until: dt.datetime | None = None, **info: Any
) -> LettersDone:
    ask = SendLetters(order=desk.order_id, key=key, now=desk.now, until=until)
    done: LettersDone = run((letters or LetterActivities(desk.at)).send_letters, ask, **info)
    return done


def answer_as(desk: Desk, contact: str) -> None:
    with desk.stack.database.read() as connection:
        roll = survey_roll.outstanding(connection, desk.order_id, Round.BASELINE)
    (mine,) = (each for each in roll if each.contact == contact)
    outcome = ballot_box.submit(desk.stack.database, mine.token(desk.stack.keys), {"arbejdsglaede": "hoej"})
    assert outcome is ballot_box.Submission.SUBMITTED


def failing(code: str = "smtp_451", *, retry_after: float | None = None) -> Any:
    def outcome(_envelope: Envelope) -> Receipt:
        raise DefiniteFailure(code, retry_after=retry_after)

    return outcome


def test_a_transient_failure_is_tried_for_days_and_then_given_up(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome, first = failing(), desk.now
    for days in (0, 1, 4.9):
        desk.now = first + dt.timedelta(days=days)
        assert send(desk, INVITATION) == LettersDone(sent=0, failed=0, waiting=MEMBERS)
        assert {mail.state for mail in desk.mails(INVITATION)} == {MailState.QUEUED}
    desk.now = first + dt.timedelta(days=5)
    assert send(desk, INVITATION) == LettersDone(sent=0, failed=MEMBERS)


def test_an_attempt_after_a_crash_knows_how_late_it_is(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome = failing()
    assert send(desk, INVITATION).waiting == MEMBERS
    assert send(desk, INVITATION, **later(days=4)).waiting == MEMBERS
    assert send(desk, INVITATION, **later(days=5)) == LettersDone(sent=0, failed=MEMBERS)


def test_an_attempt_that_comes_at_night_leaves_the_mail_for_the_morning(desk: Desk) -> None:
    desk.open_survey()
    assert send(desk, INVITATION, **later(hours=14)) == LettersDone(sent=0, failed=0, waiting=MEMBERS)
    assert desk.post.sent == []
    desk.now += dt.timedelta(days=4)
    assert send(desk, INVITATION) == LettersDone(sent=MEMBERS, failed=0)
    assert {mail.sent_at for mail in desk.mails(INVITATION)} == {desk.now}


def test_a_mail_in_hand_when_a_worker_died_waits_for_the_morning_too(desk: Desk) -> None:
    desk.open_survey()
    desk.post.repeatable = True
    send(desk, INVITATION, **later(hours=14))
    mail = desk.mails(INVITATION)[0]
    with desk.stack.database.write() as connection:
        assert outbox.claim(connection, mail.id, desk.now)
    assert send(desk, INVITATION, **later(hours=14)).waiting == MEMBERS
    desk.now += dt.timedelta(days=4)
    assert send(desk, INVITATION) == LettersDone(sent=MEMBERS, failed=0)
    assert len(desk.post.sent) == MEMBERS


def test_a_receipt_does_not_wait_for_the_morning(desk: Desk) -> None:
    desk.place()
    assert send(desk, "order_received//", **later(hours=14)) == LettersDone(sent=1, failed=0)


@pytest.mark.parametrize("attempt", [1, 7])
def test_a_letter_that_has_had_its_day_is_tried_no_longer(desk: Desk, attempt: int) -> None:
    desk.open_survey()
    send(desk, INVITATION)
    desk.do(do.RecordLetters(key=INVITATION, sent=MEMBERS, failed=0))
    assert desk.order.baseline is not None
    day = desk.order.baseline.reminders[-1]
    reminder = f"reminder/baseline/{day}"
    desk.now, until = at(day, dt.time(9)), at(day + dt.timedelta(days=1), dt.time(8, 30))
    desk.post.outcome = failing()
    assert send(desk, reminder, until=until, **later(hours=5)).waiting == MEMBERS
    desk.post.outcome = lambda _envelope: Receipt("ok")
    sent = len(desk.post.sent)
    assert send(desk, reminder, until=until, **later(attempt, days=2)) == LettersDone(sent=0, failed=MEMBERS)
    assert len(desk.post.sent) == sent
    assert {mail.code for mail in desk.mails(reminder)} == {"too_late"}


def test_a_letter_overtaken_between_two_attempts_is_not_sent(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome = failing()
    assert send(desk, INVITATION).waiting == MEMBERS
    desk.post.outcome = lambda _envelope: Receipt("ok")
    assert send(desk, INVITATION, until=desk.now) == LettersDone(sent=0, failed=MEMBERS)
    assert desk.post.sent == []


def test_the_providers_own_wish_for_a_pause_is_heard(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome = failing("sendgrid_429", retry_after=90)
    assert send(desk, INVITATION).pause == 90


def test_who_answers_between_two_attempts_leaves_nothing_in_the_outbox(desk: Desk) -> None:
    desk.open_survey()
    send(desk, INVITATION)
    desk.now = dt.datetime(2031, 4, 28, 7, tzinfo=dt.UTC)
    desk.post.outcome = failing()
    assert send(desk, REMINDER).waiting == MEMBERS
    someone = desk.mails(REMINDER)[0].recipient
    answer_as(desk, someone)
    desk.post.outcome = lambda _envelope: Receipt("ok")
    assert send(desk, REMINDER).sent == MEMBERS - 1
    assert someone not in {mail.recipient for mail in desk.mails(REMINDER)}


def test_who_answers_while_the_round_is_on_its_way_leaves_nothing_either(desk: Desk) -> None:
    desk.open_survey()
    send(desk, INVITATION)
    answered = ""

    def answer_meanwhile(envelope: Envelope) -> Receipt:
        nonlocal answered
        waiting = [mail.recipient for mail in desk.mails(REMINDER) if mail.state is MailState.QUEUED]
        if not answered:
            answered = waiting[-1]
            answer_as(desk, answered)
        return Receipt(envelope.outbox_id)

    desk.post.outcome = answer_meanwhile
    assert send(desk, REMINDER).sent == MEMBERS - 1
    assert answered
    assert answered not in {mail.recipient for mail in desk.mails(REMINDER)}


def test_one_letter_that_cannot_be_written_does_not_stop_the_others(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.open_survey()
    nobody = MemberId("m0")
    desk.do(do.ReaddressMember(member=nobody, contact=ContactId("nobody-i-know")))
    assert send(desk, INVITATION) == LettersDone(sent=MEMBERS - 1, failed=0, waiting=1)
    states = {mail.recipient: mail.state for mail in desk.mails(INVITATION)}
    assert states.pop("nobody-i-know") is MailState.QUEUED
    assert set(states.values()) == {MailState.SENT}
    assert len(states) == MEMBERS - 1
    (broken,) = (mail for mail in desk.mails(INVITATION) if mail.recipient == "nobody-i-know")
    assert f"{broken.id} error_notindirectory" in caplog.text
    assert send(desk, INVITATION, **later(days=6)) == LettersDone(sent=MEMBERS - 1, failed=1)


def test_whose_invitation_still_waits_gets_no_reminder_as_well(desk: Desk) -> None:
    desk.open_survey()
    someone = "laege0@skovby.example"

    def full(envelope: Envelope) -> Receipt:
        if envelope.to.address == someone:
            raise DefiniteFailure("smtp_452")
        return Receipt(envelope.outbox_id)

    desk.post.outcome = full
    assert send(desk, INVITATION) == LettersDone(sent=MEMBERS - 1, failed=0, waiting=1)
    desk.post.outcome = lambda _envelope: Receipt("ok")
    assert send(desk, REMINDER) == LettersDone(sent=MEMBERS - 1, failed=0)
    assert send(desk, INVITATION) == LettersDone(sent=MEMBERS, failed=0)
    assert [envelope.occasion for envelope in desk.post.sent if envelope.to.address == someone] == ["invitation"]


def test_a_consultant_nobody_knows_is_the_offices_letter(desk: Desk) -> None:
    desk.deck_in_review()
    desk.do(do.AssignConsultant(consultant=StaffId("nobody-i-know")), now=CLOSED + dt.timedelta(days=2))
    assert send(desk, "deck_review/baseline/") == LettersDone(sent=1, failed=0)
    assert desk.post.sent[-1].to.address == desk.at.office.operations


def test_a_mail_still_in_hand_is_not_taken_for_an_orphan(desk: Desk) -> None:
    desk.place()
    letters, sending, go_on = LetterActivities(desk.at), threading.Event(), threading.Event()

    def slowly(_envelope: Envelope) -> Receipt:
        sending.set()
        assert go_on.wait(10)
        raise DefiniteFailure("smtp_451")

    desk.post.outcome = slowly

    def first() -> None:
        assert send(desk, "order_received//", letters) == LettersDone(sent=0, failed=0, waiting=1)

    thread = threading.Thread(target=first)
    thread.start()
    assert sending.wait(10)
    assert send(desk, "order_received//", letters) == LettersDone(sent=0, failed=0, waiting=1)
    go_on.set()
    thread.join(10)
    desk.post.outcome = lambda _envelope: Receipt("ok")
    assert send(desk, "order_received//", letters) == LettersDone(sent=1, failed=0)
    assert len(desk.post.sent) == 1


def test_who_was_taken_for_dead_may_still_tell_what_became_of_the_mail(desk: Desk) -> None:
    desk.place()
    with desk.stack.database.write() as connection:
        (mail,) = outbox.queue(connection, desk.order_id, "order_received//", [desk.order.coordinator], desk.now)
        outbox.claim(connection, mail.id, desk.now)
    assert send(desk, "order_received//") == LettersDone(sent=0, failed=1)
    with desk.stack.database.write() as connection:
        assert not outbox.mark_failed(connection, mail.id, "smtp_451", again=True)
        assert not outbox.mark_failed(connection, mail.id, "smtp_451", again=True, attempt=2)
        assert outbox.mark_failed(connection, mail.id, "smtp_451", again=True, attempt=1)
    assert send(desk, "order_received//") == LettersDone(sent=1, failed=0)


def test_a_link_dies_as_soon_as_its_member_leaves_or_moves(desk: Desk) -> None:
    desk.open_survey()
    roll = Box(order=desk.order_id, round=Round.BASELINE)
    survey = SurveyActivities(desk.at)
    run(survey.mend_roll, roll)  # opens the round where it is not there yet
    with desk.stack.database.read() as connection:
        old = {
            each.member: each.token(desk.stack.keys)
            for each in survey_roll.invitations(connection, desk.order_id, Round.BASELINE)
        }
    assert len(old) == MEMBERS
    with desk.stack.database.write() as connection:
        moved = directory.add_contact(connection, "Bent Ny", "ny@skovby.example")
    desk.do(do.RemoveMember(member=MemberId("m0")), do.ReaddressMember(member=MemberId("m1"), contact=moved))
    run(survey.mend_roll, roll)
    outcomes = [ballot_box.submit(desk.stack.database, old[MemberId(member)], {}) for member in ("m0", "m1", "m2")]
    assert outcomes == [
        ballot_box.Submission.REVOKED,
        ballot_box.Submission.UNKNOWN,
        ballot_box.Submission.SUBMITTED,
    ]
    assert desk.post.sent == []


def test_the_roll_of_a_round_that_is_not_open_is_left_alone(desk: Desk) -> None:
    desk.place()
    run(SurveyActivities(desk.at).mend_roll, Box(order=desk.order_id, round=Round.BASELINE))
    with desk.stack.database.read() as connection:
        assert survey_rounds.round_state(connection, desk.order_id, Round.BASELINE) is None
