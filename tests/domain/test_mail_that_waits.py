"""Mail that did not leave waits in the outbox: when it is tried again, what it holds up, and when it is given up."""

import datetime as dt
from datetime import date

from domain import commands as do
from domain.letters import Letter, Occasion
from domain.mailings import letters_to_come, letters_to_settle, next_letter
from domain.stages import Stage
from tests.domain.letters import INVITATION, MINUTE, PROGRAMME, coming, next_due, next_of
from tests.domain.story import A_NEWCOMER, BASELINE, OPENS, THE_MEETING, Life, five_on, life_at, morning_of, noon


def survey_opens() -> Life:
    """The invitations are all that is due."""
    return life_at(Stage.PLANNED).with_letters_gone().does(do.OpenSurvey(round=BASELINE), morning_of(OPENS))


def sent_but_one(life: Life, letter: Letter) -> do.RecordLetters:
    """41 of 42 mails have left, and one waits in the outbox."""
    return do.RecordLetters(key=letter.key, sent=41, waiting=1, seen=life.order.version)


def test_mail_that_waits_is_tried_at_its_instant_and_lets_the_others_pass() -> None:
    life = survey_opens()
    life.does(sent_but_one(life, INVITATION))
    in_ten_days = life.now + dt.timedelta(days=10)
    waiting = {INVITATION.key: in_ten_days}
    assert next_due(life, waiting=waiting).letter.occasion is Occasion.REMINDER
    assert [due.at for due in letters_to_come(life.order, life.now, waiting) if due.letter == INVITATION] == [
        in_ten_days
    ]


def test_mail_that_waits_keeps_mail_hours() -> None:
    life = survey_opens()
    life.does(sent_but_one(life, INVITATION))
    saturday = noon(date(2026, 2, 28))
    due = next_due(life, waiting={INVITATION.key: saturday})
    assert (due.letter, due.at) == (INVITATION, morning_of(date(2026, 3, 2)))


def test_mail_that_waits_in_the_outbox_is_tried_though_the_stream_knows_of_none() -> None:
    """Between a mail's return to the outbox and the count of it."""
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION)
    in_an_hour = life.now + dt.timedelta(hours=1)
    dues = letters_to_come(life.order, life.now, {INVITATION.key: in_an_hour})
    [due] = [due for due in dues if due.letter == INVITATION]
    assert due.at == in_an_hour


def test_a_newcomer_does_not_wait_for_the_mail_that_does() -> None:
    life = survey_opens()
    life.does(sent_but_one(life, INVITATION)).does(do.AddMember(joined=A_NEWCOMER))
    due = next_due(life, waiting={INVITATION.key: life.now + dt.timedelta(days=7)})
    assert (due.letter, due.at) == (INVITATION, life.now)


def test_mail_that_waits_past_its_time_comes_once_more_to_be_settled() -> None:
    life = life_at(Stage.READY).with_letters_gone().got(PROGRAMME)
    reminder = next_of(life, Occasion.MEETING_REMINDER)
    life.does(sent_but_one(life, reminder.letter), reminder.at)
    in_time = {reminder.letter.key: reminder.at + MINUTE}
    assert letters_to_settle(life.order, reminder.at, in_time) == []
    begun = THE_MEETING.starts_at
    [left_over] = letters_to_settle(life.order, begun, in_time)
    assert (left_over.letter, left_over.at, left_over.settle) == (reminder.letter, begun, True)
    assert next_letter(life.order, begun, in_time) == left_over
    life.does(do.RecordLetters(key=reminder.letter.key, sent=41, failed=1, seen=life.order.version), begun)
    assert letters_to_settle(life.order, begun) == []


def test_a_round_of_which_some_waits_has_gone_and_is_still_to_do() -> None:
    life = survey_opens()
    life.does(sent_but_one(life, INVITATION))
    assert INVITATION.key in life.order.letters
    assert set(life.order.pending_letters) == {INVITATION.key}
    first_reminder = next_of(life, Occasion.REMINDER)
    assert first_reminder == coming(life_at(Stage.SURVEY_OPEN).got(INVITATION), Occasion.REMINDER)
    assert life.got(INVITATION).order.pending_letters == {}


def test_a_reminder_that_waits_is_for_its_own_day_and_an_open_round() -> None:
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION)
    due = next_of(life, Occasion.REMINDER)
    life.does(sent_but_one(life, due.letter), due.at)
    assert due.letter in [each.letter for each in letters_to_come(life.order, due.at + MINUTE)]
    tomorrow = due.at + dt.timedelta(days=1)
    assert due.letter not in [each.letter for each in letters_to_come(life.order, tomorrow)]
    life.does(do.CloseSurvey(round=BASELINE), due.at + MINUTE)
    assert due.letter.key not in life.order.pending_letters


def test_a_meeting_reminder_that_waits_is_dropped_when_the_meeting_moves() -> None:
    life = life_at(Stage.READY).with_letters_gone().got(PROGRAMME)
    due = next_of(life, Occasion.MEETING_REMINDER)
    life.does(sent_but_one(life, due.letter), due.at)
    life.does(do.MoveMeeting(to=five_on(THE_MEETING.day + dt.timedelta(days=14))), due.at + MINUTE)
    assert due.letter.key not in life.order.pending_letters


def test_after_the_order_ended_nothing_waits() -> None:
    life = life_at(Stage.SURVEY_OPEN).does(do.CancelOrder(reason="cluster_withdrew")).with_letters_gone()
    life.does(sent_but_one(life, INVITATION))
    assert life.order.pending_letters == {}
