"""Mail that does not leave is tried again: after longer and longer pauses, in mail hours, while it is worth sending."""

import datetime as dt
from typing import Any

import pytest

from activities.notify import IN_A_ROW
from domain import commands as do
from domain.meeting import Meeting, at
from domain.model import Round
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Receipt
from storage import outbox
from storage.outbox import MailState
from tests.activities.desk import MEETING, MEMBERS, Desk
from tests.activities.sending import (
    A_DAY,
    A_MINUTE,
    AN_HOUR,
    INVITATION,
    RECEIVED,
    counted,
    failing,
    later,
    send,
    working,
)


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


def test_the_providers_own_wish_for_a_pause_is_heard(desk: Desk) -> None:
    desk.open_survey()
    desk.post.outcome = failing("sendgrid_429", retry_after=90)
    send(desk, INVITATION)
    assert {mail.again_at for mail in desk.mails(INVITATION)} == {desk.now + dt.timedelta(seconds=90)}


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
    desk.post.outcome = failing("smtp_550", bounced=True)
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
