"""Letters of the quiet months: when the follow-up shall be, and notice of it."""

from datetime import date

import pytest

from domain import commands as do
from domain.by import coordinator
from domain.commands import AnyCommand
from domain.letters import Occasion
from domain.stages import Stage
from tests.domain.letters import clock_of, coming, days_of, posted
from tests.domain.story import AGREE, FOLLOW_UP_OPENS, KAREN, RECORDED, five_on, life_at, noon


def test_without_an_agreement_the_coordinator_is_asked_as_the_window_opens_and_monthly() -> None:
    clock = clock_of(life_at(Stage.QUIET))
    clock.run(noon(date(2027, 6, 1)))
    assert days_of(clock, Occasion.FOLLOW_UP_QUESTION) == [
        date(2026, 11, 25),
        date(2026, 12, 28),
        date(2027, 1, 25),
        date(2027, 2, 25),
    ]
    assert clock.order.stage is Stage.COMPLETED


def test_the_coordinator_is_asked_on_the_windows_very_last_day_too() -> None:
    life = life_at(Stage.READY).does(do.MoveMeeting(to=five_on(date(2026, 3, 24))))
    life.does(do.RecordMeeting(attended=36, absent=6), RECORDED)
    clock = clock_of(life)
    clock.run(noon(date(2027, 6, 1)))
    assert days_of(clock, Occasion.FOLLOW_UP_QUESTION)[-1] == date(2027, 3, 24)


def test_a_cluster_that_wants_no_follow_up_is_not_asked_about_one() -> None:
    life = life_at(Stage.PLANNED).does(AGREE.model_copy(update={"follow_up_wanted": False}))
    life.does(do.LeaveMeetingUnrecorded(), RECORDED)
    assert coming(life, Occasion.FOLLOW_UP_QUESTION) is None


def test_a_question_that_an_outage_passed_over_is_not_made_up_for() -> None:
    clock = clock_of(life_at(Stage.QUIET))
    clock.sleep(noon(date(2027, 1, 11)) - clock.now)
    clock.run(noon(date(2027, 1, 20)))
    assert days_of(clock, Occasion.FOLLOW_UP_QUESTION) == [date(2027, 1, 11)]


def test_an_answer_ends_the_questions() -> None:
    clock = clock_of(life_at(Stage.QUIET))
    clock.run(noon(date(2026, 11, 26)))
    clock.does(do.AgreeFollowUp(opens=date(2027, 3, 1)), coordinator(KAREN))
    clock.run(noon(date(2027, 2, 26)))
    assert len(posted(clock, Occasion.FOLLOW_UP_QUESTION)) == 1
    assert days_of(clock, Occasion.FOLLOW_UP_NOTICE) == [date(2027, 2, 1)]


def test_a_follow_up_moved_after_its_notice_has_a_notice_again() -> None:
    clock = clock_of(life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS)))
    clock.run(noon(date(2026, 12, 16)))
    clock.does(do.MoveFollowUp(opens=date(2027, 3, 1)), coordinator(KAREN))
    clock.run(noon(date(2027, 2, 26)))
    assert days_of(clock, Occasion.FOLLOW_UP_NOTICE) == [date(2026, 12, 15), date(2027, 2, 1)]


def test_who_agrees_on_a_day_less_than_four_weeks_off_needs_no_notice_of_it() -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=date(2026, 12, 15)), noon(date(2026, 12, 1)))
    assert coming(life, Occasion.FOLLOW_UP_NOTICE) is None


@pytest.mark.parametrize("command", [do.DeclineFollowUp(), do.StartFollowUp()], ids=lambda command: command.type)
def test_declined_or_started_now_nobody_is_given_notice(command: AnyCommand) -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=date(2027, 3, 1))).does(command, noon(date(2026, 12, 1)))
    assert coming(life, Occasion.FOLLOW_UP_NOTICE) is None
    assert coming(life, Occasion.FOLLOW_UP_QUESTION) is None
