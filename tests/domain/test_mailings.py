"""The mail dispatcher's list: each letter when it is due, not before, not after, and once."""

import datetime as dt
from datetime import date

import pytest

from demo.clockwork import Clockwork
from domain import commands as do
from domain.by import consultant, coordinator
from domain.letters import Letter, Occasion
from domain.mailings import MAILINGS, next_letter
from domain.meeting import danish
from domain.stages import Stage
from tests.domain.letters import MINUTE, PROGRAMME, clock_of, next_due
from tests.domain.story import (
    AGREE,
    CALLED,
    FOLLOW_UP,
    FOLLOW_UP_OPENS,
    KAREN,
    LENE,
    PLACE,
    PLACED,
    RECORDED,
    Life,
    life_at,
    noon,
)


def a_whole_life() -> Clockwork:
    """Called, met, recorded with a follow-up agreed; the rest is the clock's."""
    clock = clock_of(life_at(Stage.ORDERED))
    clock.run(CALLED)
    clock.does(AGREE, consultant(LENE))
    clock.run(RECORDED)
    agreed = do.RecordMeeting(attended=36, absent=6, follow_up="agreed", follow_up_opens=FOLLOW_UP_OPENS)
    clock.does(agreed, coordinator(KAREN))
    clock.run(noon(date(2027, 6, 1)))
    return clock


def test_every_letter_of_a_life_as_agreed_comes_on_its_day_and_once() -> None:
    clock = a_whole_life()
    assert clock.order.stage is Stage.COMPLETED
    assert [(danish(at).date(), letter.key) for at, letter in clock.posted] == [
        (date(2026, 1, 5), "order_received//"),
        (date(2026, 1, 7), "plan_agreed//1"),
        (date(2026, 2, 27), "invitation/baseline/"),
        (date(2026, 3, 6), "reminder/baseline/2026-03-06"),
        (date(2026, 3, 12), "reminder/baseline/2026-03-12"),
        (date(2026, 3, 13), "reminder/baseline/2026-03-13"),
        (date(2026, 3, 16), "deck_review/baseline/"),
        (date(2026, 3, 18), "deck_delivered/baseline/"),
        (date(2026, 3, 18), "programme//"),
        (date(2026, 3, 24), "meeting_reminder//2026-03-25"),
        (date(2026, 3, 26), "record_request//1.1"),
        (date(2026, 3, 27), "after_meeting//"),
        (date(2026, 12, 15), "follow_up_notice//2027-01-12"),
        (date(2027, 1, 12), "invitation/follow_up/"),
        (date(2027, 1, 19), "reminder/follow_up/2027-01-19"),
        (date(2027, 1, 25), "reminder/follow_up/2027-01-25"),
        (date(2027, 1, 26), "reminder/follow_up/2027-01-26"),
        (date(2027, 1, 27), "deck_review/follow_up/"),
        (date(2027, 1, 29), "comparison_delivered/follow_up/"),
    ]


def test_letters_leave_in_mail_hours_but_the_answer_to_an_order_at_night_comes_at_once() -> None:
    night = PLACED + dt.timedelta(hours=13)
    life = Life().does(PLACE, night)
    due = next_due(life, night)
    assert (due.letter.occasion, due.at) == (Occasion.ORDER_RECEIVED, night)
    assert {occasion for occasion, mailing in MAILINGS.items() if mailing.at_once} == {
        Occasion.ORDER_RECEIVED,
        Occasion.ORDER_ASSIGNED,
        Occasion.COORDINATOR_WELCOME,
        Occasion.PLAN_AGREED,
        Occasion.ORDER_CANCELLED,
        Occasion.NEW_LINK,
    }


def test_each_letter_is_posted_once_however_often_the_clock_looks() -> None:
    clock = a_whole_life()
    keys = [letter.key for _, letter in clock.posted]
    assert len(set(keys)) == len(keys)
    clock.run(clock.now + dt.timedelta(days=400))
    assert [letter.key for _, letter in clock.posted] == keys


def test_a_letter_recorded_twice_is_recorded_once() -> None:
    life = life_at(Stage.READY).got(PROGRAMME)
    assert life.ask(do.RecordLetters(key=PROGRAMME.key, sent=1, seen=life.order.version)) == []


@pytest.mark.parametrize("stage", list(Stage))
def test_the_next_letter_is_never_in_the_past(stage: Stage) -> None:
    life = life_at(stage)
    for days in range(0, 400, 9):
        now = life.now + dt.timedelta(days=days) + MINUTE
        due = next_letter(life.order, now)
        assert due is None or due.at >= now


def test_every_occasion_has_a_mailing_and_a_key_that_reads_back() -> None:
    assert set(MAILINGS) == set(Occasion)
    for letter in (Letter(occasion, FOLLOW_UP, "2027-01-12") for occasion in Occasion):
        assert Letter.parse(letter.key) == letter


@pytest.mark.parametrize(
    "key", ["", "programme", "programme///", "valentine//", "reminder/third/", "programme//Birthe"]
)
def test_a_key_that_names_no_letter_is_refused(key: str) -> None:
    with pytest.raises(ValueError):
        Letter.parse(key)
