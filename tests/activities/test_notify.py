"""A round of mail that meets trouble: each letter once, to the end, and no trace of when anybody answered."""

import datetime as dt
import threading
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Connection
from temporalio.exceptions import CancelledError
from temporalio.testing import ActivityEnvironment

from activities.letter_writer import LetterWriter
from activities.notify import IN_A_ROW, LetterActivities, SendLetters
from activities.orders import CarriedOut
from domain import commands as do
from domain.meeting import Meeting, at
from domain.model import PersonId, Round, StaffId
from domain.order import LetterRecord
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Receipt
from storage import ballot_box, outbox, people, suppressions, survey_roll, survey_rounds
from storage.outbox import MailState, To
from storage.suppressions import Mailbox, Suppressed
from tests.activities.desk import CLOSED, MEETING, MEMBERS, START, Desk, run
from tests.the_packages import SAMARBEJDE
from web.requests.people import ReaddressMember

RECEIVED = "order_received//"
INVITATION = "invitation/baseline/"
REMINDER = "reminder/baseline/2031-04-25"
A_MINUTE, AN_HOUR, A_DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def later(attempt: int = 7, **span: float) -> dict[str, Any]:
    """An attempt so long after it was asked for, as the worker tells of it; on a clock that is not the order's."""
    first = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return {"attempt": attempt, "scheduled_time": first, "started_time": first + dt.timedelta(**span)}


def asked(desk: Desk, *keys: str, settle: tuple[str, ...] = ()) -> SendLetters:
    return SendLetters(order=desk.order_id, keys=keys, settle=settle, known=desk.order.version, now=desk.now)


def send(
    desk: Desk, key: str, letters: LetterActivities | None = None, *, settle: bool = False, **info: Any
) -> LetterRecord:
    """Have a letter sent; what the stream says has become of it."""
    ask = asked(desk, settle=(key,)) if settle else asked(desk, key)
    done: CarriedOut = run((letters or LetterActivities(desk.at)).send_letters, ask, **info)
    assert done.outlook.version == desk.order.version
    return desk.order.letters[key]


def counted(done: LetterRecord) -> Counter[str]:
    """What became of the mails, by how many; what is none is left out."""
    counts = {state: getattr(done, state) for state in ("sent", "failed", "unknown", "waiting")}
    return +Counter(counts)


def answer_as(desk: Desk, person: str) -> None:
    with desk.stack.database.read() as connection:
        roll = survey_roll.outstanding(connection, desk.order_id, Round.BASELINE)
    (mine,) = (each for each in roll if each.person == person)
    outcome = ballot_box.submit(desk.stack.database, mine.token(desk.stack.keys), {"arbejdsglaede": "hoej"})
    assert outcome is ballot_box.Submission.SUBMITTED


def failing(code: str = "smtp_451", *, retry_after: float | None = None) -> Any:
    def outcome(_envelope: Envelope) -> Receipt:
        raise DefiniteFailure(code, retry_after=retry_after)

    return outcome


def working(envelope: Envelope) -> Receipt:
    return Receipt(envelope.outbox_id)


# --- mail that does not leave ---------------------------------------------------------------------------------------


def test_a_transient_failure_is_tried_for_days_and_then_given_up(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome, first = failing(), desk.now
    for days in (0, 3, 4, 4.9):
        desk.now = first + dt.timedelta(days=days)
        assert counted(send(desk, INVITATION)) == {"waiting": MEMBERS}
        assert {mail.state for mail in desk.mails(INVITATION)} == {MailState.QUEUED}
    desk.now = first + dt.timedelta(days=5)
    assert counted(send(desk, INVITATION)) == {"failed": MEMBERS}


def test_a_mail_is_tried_after_a_longer_pause_each_time_and_not_before(desk: Desk) -> None:
    desk.place()
    desk.post.outcome = failing()
    for pause in (1, 2, 4, 8):
        assert counted(send(desk, RECEIVED)) == {"waiting": 1}
        (mail,) = desk.mails(RECEIVED)
        assert mail.again_at == desk.now + pause * A_MINUTE
        tried = len(desk.post.sent) + mail.attempts
        desk.now = mail.again_at - dt.timedelta(seconds=1)
        send(desk, RECEIVED)
        assert len(desk.post.sent) + desk.mails(RECEIVED)[0].attempts == tried
        desk.now = mail.again_at


def test_no_pause_is_longer_than_six_hours_however_often_or_long_a_provider_says_no(desk: Desk) -> None:
    desk.place()
    desk.post.outcome, first = failing("sendgrid_429", retry_after=10 * 3600), desk.now
    send(desk, RECEIVED)
    assert desk.mails(RECEIVED)[0].again_at == first + 6 * AN_HOUR
    desk.post.outcome = failing()
    for _ in range(12):
        again_at = desk.mails(RECEIVED)[0].again_at
        assert again_at is not None
        assert again_at - desk.now <= 6 * AN_HOUR
        desk.now = again_at
        send(desk, RECEIVED)
    assert desk.mails(RECEIVED)[0].again_at == desk.now + 6 * AN_HOUR


def test_a_provider_that_is_away_is_not_asked_for_every_recipient(desk: Desk) -> None:
    desk.open_survey()
    tries: list[str] = []

    def away(envelope: Envelope) -> Receipt:
        tries.append(envelope.outbox_id)
        raise DefiniteFailure("smtp_unreachable")

    desk.post.outcome = away
    assert counted(send(desk, INVITATION)) == {"waiting": MEMBERS}
    assert len(tries) == IN_A_ROW < MEMBERS
    assert {mail.again_at for mail in desk.mails(INVITATION)} == {desk.now + A_MINUTE}


def test_addresses_that_are_refused_one_after_the_other_are_not_the_providers_trouble(desk: Desk) -> None:
    desk.open_survey()

    def refused(_envelope: Envelope) -> Receipt:
        raise DefiniteFailure("smtp_550", bounced=True)

    desk.post.outcome = refused
    assert counted(send(desk, INVITATION)) == {"failed": MEMBERS}
    assert {mail.state for mail in desk.mails(INVITATION)} == {MailState.BOUNCED}


def test_an_attempt_after_a_crash_knows_how_late_it_is(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome = failing()
    assert counted(send(desk, INVITATION)) == {"waiting": MEMBERS}
    assert counted(send(desk, INVITATION, **later(days=4))) == {"waiting": MEMBERS}
    assert counted(send(desk, INVITATION, **later(days=5))) == {"failed": MEMBERS}


def test_an_attempt_that_comes_at_night_leaves_the_mail_for_the_morning(desk: Desk) -> None:
    desk.open_survey()
    assert counted(send(desk, INVITATION, **later(hours=14))) == {"waiting": MEMBERS}
    assert desk.post.sent == []
    desk.now += 4 * A_DAY
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS}
    assert {mail.sent_at for mail in desk.mails(INVITATION)} == {desk.now}


def test_a_mail_in_hand_when_a_worker_died_waits_for_the_morning_too(desk: Desk) -> None:
    desk.open_survey()
    desk.post.repeatable = True
    send(desk, INVITATION, **later(hours=14))
    mail = desk.mails(INVITATION)[0]
    with desk.stack.database.write() as connection:
        assert outbox.claim(connection, mail.id, desk.now)
    assert counted(send(desk, INVITATION, **later(hours=14))) == {"waiting": MEMBERS}
    desk.now += 4 * A_DAY
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS}
    assert len(desk.post.sent) == MEMBERS


def test_a_receipt_does_not_wait_for_the_morning(desk: Desk) -> None:
    desk.place()
    assert counted(send(desk, RECEIVED, **later(hours=14))) == {"sent": 1}


@pytest.mark.parametrize("attempt", [1, 7])
def test_a_letter_that_has_had_its_day_is_tried_no_longer(desk: Desk, attempt: int) -> None:
    desk.open_survey()
    send(desk, INVITATION)
    assert desk.order.baseline is not None
    day = desk.order.baseline.reminders[-1]
    reminder = f"reminder/baseline/{day}"
    desk.now, desk.post.outcome = at(day, dt.time(9)), failing()
    assert counted(send(desk, reminder, **later(hours=5))) == {"waiting": MEMBERS}
    desk.post.outcome = working
    sent = len(desk.post.sent)
    assert counted(send(desk, reminder, **later(attempt, days=2))) == {"failed": MEMBERS}
    assert len(desk.post.sent) == sent
    assert {mail.code for mail in desk.mails(reminder)} == {"too_late"}


def test_a_letter_overtaken_between_two_attempts_is_not_sent(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome = failing()
    assert counted(send(desk, INVITATION)) == {"waiting": MEMBERS}
    desk.do(do.CloseSurvey(round=Round.BASELINE))
    desk.post.outcome = working
    send(desk, INVITATION)
    assert desk.post.sent == []
    assert desk.mails(INVITATION) == [], "nobody is waited for, and a row would tell who had not answered by then"


@pytest.mark.parametrize("ends", [do.MoveMeeting(to=MEETING + 14 * A_DAY), do.CancelOrder(reason="cluster_withdrew")])
def test_what_waits_of_a_letter_that_is_to_be_settled_is_noted_as_not_worth_sending(desk: Desk, ends: Any) -> None:
    desk.place()
    desk.do(do.AgreePlan(meeting=Meeting(starts=MEETING)))
    desk.post.outcome, plan = failing(), "plan_agreed//1"
    assert counted(send(desk, plan)) == {"waiting": 1}
    desk.do(ends)
    desk.post.outcome = working
    assert counted(send(desk, plan, settle=True)) == {}
    assert desk.post.sent == []
    why = "order_ended" if ends.type == "cancel_order" else "overtaken"
    assert [(mail.state, mail.code) for mail in desk.mails(plan)] == [(MailState.SKIPPED, why)]


def test_the_providers_own_wish_for_a_pause_is_heard(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome = failing("sendgrid_429", retry_after=90)
    send(desk, INVITATION)
    assert {mail.again_at for mail in desk.mails(INVITATION)} == {desk.now + dt.timedelta(seconds=90)}


# --- who answers meanwhile ------------------------------------------------------------------------------------------


def test_who_answers_between_two_attempts_leaves_nothing_in_the_outbox(desk: Desk) -> None:
    desk.open_survey()
    send(desk, INVITATION)
    desk.now = dt.datetime(2031, 4, 25, 7, tzinfo=dt.UTC)
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
    desk.now = dt.datetime(2031, 4, 25, 7, tzinfo=dt.UTC)
    answered = ""

    def answer_meanwhile(envelope: Envelope) -> Receipt:
        nonlocal answered
        waiting = [mail.recipient for mail in desk.mails(REMINDER) if mail.state is MailState.QUEUED]
        if not answered:
            answered = waiting[-1]
            answer_as(desk, answered)
        return Receipt(envelope.outbox_id)

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
    moved, changed, old_address = "meeting_moved//2", "", ""

    def change_meanwhile(envelope: Envelope) -> Receipt:
        nonlocal changed, old_address
        if not changed:
            changed = [mail.recipient for mail in desk.mails(moved) if mail.state is MailState.QUEUED][-1]
            with desk.stack.database.read() as connection:
                old_address = people.person(connection, PersonId(changed)).email
            if how == "removed":
                desk.do(do.RemoveMember(member=PersonId(changed)))
            else:
                new = "et-helt-andet-sted@skovby.example"
                desk.ask(ReaddressMember(type="readdress_member", member=PersonId(changed), email=new))
        return Receipt(envelope.outbox_id)

    desk.post.outcome, before = change_meanwhile, len(desk.post.sent)
    assert counted(send(desk, moved)) == {"sent": MEMBERS - 1}
    assert changed not in {mail.recipient for mail in desk.mails(moved)}
    assert old_address not in {envelope.to.address for envelope in desk.post.sent[before:]}


# --- one recipient's trouble ----------------------------------------------------------------------------------------


def test_one_letter_that_cannot_be_written_does_not_stop_the_others(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_survey()
    someone, whole = desk.member(0), LetterWriter.write

    def write(writer: LetterWriter, connection: Connection, *given: Any) -> Envelope:
        if given[2].to.recipient == someone:
            raise LookupError("laege0@skovby.example has no letter")
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
    someone = "laege0@skovby.example"

    def full(envelope: Envelope) -> Receipt:
        if envelope.to.address == someone:
            raise DefiniteFailure("smtp_452")
        return Receipt(envelope.outbox_id)

    desk.post.outcome = full
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS - 1, "waiting": 1}
    desk.post.outcome, desk.now = working, at(dt.date(2031, 4, 25), dt.time(9))
    assert counted(send(desk, REMINDER)) == {"sent": MEMBERS - 1}
    assert ("news_waits", MailState.SKIPPED) in {(mail.code, mail.state) for mail in desk.mails(REMINDER)}
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS}
    assert [envelope.occasion for envelope in desk.post.sent if envelope.to.address == someone] == ["invitation"]


def test_an_address_that_bounced_gets_no_other_letter_and_none_of_another_order(desk: Desk) -> None:
    desk.open_survey()
    someone = "laege0@skovby.example"

    def refused(envelope: Envelope) -> Receipt:
        if envelope.to.address == someone:
            raise DefiniteFailure("smtp_550", bounced=True)
        return Receipt(envelope.outbox_id)

    desk.post.outcome = refused
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS - 1, "failed": 1}
    desk.post.outcome = working
    desk.now = at(dt.date(2031, 4, 25), dt.time(9))
    assert counted(send(desk, REMINDER)) == {"sent": MEMBERS - 1}
    desk.package, desk.now = SAMARBEJDE, START
    desk.open_survey()
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS - 1}
    assert someone not in {envelope.to.address for envelope in desk.post.sent}
    skipped = [mail.code for mail in desk.mails(INVITATION) if mail.state is MailState.SKIPPED]
    assert skipped == ["bounced"]


def test_who_opted_out_gets_no_letter_for_members_though_a_colleague_at_the_address_does(desk: Desk) -> None:
    desk.open_survey()
    someone = desk.member(0)
    desk.ask(ReaddressMember(type="readdress_member", member=desk.member(1), email="laege0@skovby.example"))
    with desk.stack.database.write() as connection:
        no_thanks = people.person(connection, someone)
        mailbox = Mailbox(no_thanks.name, no_thanks.email)
        suppressions.suppress(connection, desk.stack.keys, mailbox, Suppressed.OPTED_OUT, desk.now)
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS - 1}
    assert [mail.recipient for mail in desk.mails(INVITATION) if mail.code == "opted_out"] == [no_thanks.id]
    assert [each.to.name for each in desk.post.sent if each.to.address == "laege0@skovby.example"] == [
        "Bent Kvistgaard B"
    ]


def test_a_consultant_who_has_left_leaves_the_letter_to_the_office(desk: Desk) -> None:
    desk.deck_in_review()
    desk.do(do.AssignConsultant(consultant=StaffId("nobody-i-know")), now=CLOSED + 2 * A_DAY)
    assert counted(send(desk, "deck_review/baseline/")) == {"sent": 1}
    assert desk.post.sent[-1].to.address == desk.at.office.operations


# --- runs that overlap or end ---------------------------------------------------------------------------------------


def test_a_mail_still_in_hand_is_not_taken_for_an_orphan(desk: Desk) -> None:
    desk.place()
    letters, sending, go_on = LetterActivities(desk.at), threading.Event(), threading.Event()
    first: list[LetterRecord] = []

    def slowly(_envelope: Envelope) -> Receipt:
        sending.set()
        assert go_on.wait(10)
        raise DefiniteFailure("smtp_451")

    desk.post.outcome = slowly
    thread = threading.Thread(target=lambda: first.append(send(desk, RECEIVED, letters)))
    thread.start()
    assert sending.wait(10)
    assert counted(send(desk, RECEIVED, letters)) == {"waiting": 1}
    go_on.set()
    thread.join(10)
    assert [counted(done) for done in first] == [{"waiting": 1}]
    desk.post.outcome, desk.now = working, desk.now + A_MINUTE
    assert counted(send(desk, RECEIVED, letters)) == {"sent": 1}
    assert len(desk.post.sent) == 1


def test_who_was_taken_for_dead_may_still_tell_what_became_of_the_mail(desk: Desk) -> None:
    desk.place()
    with desk.stack.database.write() as connection:
        (mail,) = outbox.queue(connection, desk.order_id, RECEIVED, [To(desk.order.coordinator)], desk.now)
        outbox.claim(connection, mail.id, desk.now)
    assert counted(send(desk, RECEIVED)) == {"unknown": 1}
    with desk.stack.database.write() as connection:
        assert not outbox.mark_failed(connection, mail.id, "smtp_451", again_at=desk.now)
        assert not outbox.mark_failed(connection, mail.id, "smtp_451", again_at=desk.now, attempt=2)
        assert outbox.mark_failed(connection, mail.id, "smtp_451", again_at=desk.now, attempt=1)
    assert counted(send(desk, RECEIVED)) == {"sent": 1}


@pytest.mark.parametrize("moment", ["claiming", "writing", "sending", "recording"])
def test_a_round_cancelled_in_the_middle_of_a_mail_ends_that_mail_first(
    desk: Desk, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is told to stop, by SIGTERM or by its order, cancels the thread its activity runs in."""
    desk.open_survey()
    env, cancelled = ActivityEnvironment(), threading.Event()

    def cancel() -> None:
        if not cancelled.is_set():
            cancelled.set()
            env.cancel()

    def cancelling_before(module: Any, name: str) -> None:
        whole = getattr(module, name)

        def with_cancel(*given: Any, **named: Any) -> Any:
            cancel()
            return whole(*given, **named)

        monkeypatch.setattr(module, name, with_cancel)

    match moment:
        case "claiming":
            cancelling_before(outbox, "claim")
        case "writing":
            cancelling_before(LetterWriter, "write")
        case "recording":
            cancelling_before(outbox, "mark_sent")
        case _:
            cancelling_before(desk.post, "send")
    with pytest.raises(CancelledError):
        env.run(LetterActivities(desk.at).send_letters, asked(desk, INVITATION))
    assert Counter(mail.state for mail in desk.mails(INVITATION)) == {MailState.SENT: 1, MailState.QUEUED: MEMBERS - 1}
    assert counted(send(desk, INVITATION)) == {"sent": MEMBERS}
    assert len(desk.post.sent) == MEMBERS, "nobody has it twice"


# --- the roll -------------------------------------------------------------------------------------------------------


def test_a_link_dies_as_soon_as_its_member_leaves_or_moves(desk: Desk) -> None:
    desk.open_survey()
    gone, moved, stays = (desk.member(number) for number in range(3))
    with desk.stack.database.read() as connection:
        old = {
            each.person: each.token(desk.stack.keys)
            for each in survey_roll.invitations(connection, desk.order_id, Round.BASELINE)
        }
    assert len(old) == MEMBERS
    desk.do(do.RemoveMember(member=gone))
    desk.ask(ReaddressMember(type="readdress_member", member=moved, email="ny@skovby.example"))
    outcomes = [ballot_box.submit(desk.stack.database, old[person], {}) for person in (gone, moved, stays)]
    assert outcomes == [
        ballot_box.Submission.REVOKED,
        ballot_box.Submission.UNKNOWN,
        ballot_box.Submission.SUBMITTED,
    ]
    assert desk.post.sent == []


def test_a_change_of_members_before_the_survey_opens_makes_no_roll(desk: Desk) -> None:
    desk.place()
    desk.do(do.RemoveMember(member=desk.member(0)))
    with desk.stack.database.read() as connection:
        assert survey_rounds.round_state(connection, desk.order_id, Round.BASELINE) is None
