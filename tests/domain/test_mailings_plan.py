"""Letters about the order itself: that a promised call is late, and a new coordinator's way in."""

import datetime as dt
from datetime import date

from domain import commands as do
from domain.letters import Occasion
from domain.stages import Stage
from tests.domain.letters import clock_of, days_of, next_due, next_of
from tests.domain.story import OPENS, SØREN, life_at, morning_of, noon


def test_operations_hear_of_a_call_overdue_the_morning_after_and_then_weekly() -> None:
    clock = clock_of(life_at(Stage.ORDERED))
    clock.run(noon(date(2026, 1, 28)))
    assert days_of(clock, Occasion.CALL_OVERDUE) == [date(2026, 1, 13), date(2026, 1, 20), date(2026, 1, 27)]


def test_with_the_call_held_nobody_is_told_that_it_is_overdue() -> None:
    clock = clock_of(life_at(Stage.PLANNED))
    clock.run(noon(date(2026, 2, 20)))
    assert days_of(clock, Occasion.CALL_OVERDUE) == []


def test_after_an_outage_overdue_notices_do_not_come_in_a_burst() -> None:
    clock = clock_of(life_at(Stage.ORDERED))
    clock.sleep(dt.timedelta(days=30))
    clock.run(noon(date(2026, 2, 18)))
    assert days_of(clock, Occasion.CALL_OVERDUE) == [date(2026, 2, 4), date(2026, 2, 10), date(2026, 2, 17)]


def test_waking_the_very_moment_a_notice_is_due_that_one_goes_and_not_the_one_before() -> None:
    life = life_at(Stage.ORDERED).with_letters_gone()
    second = morning_of(date(2026, 1, 20))
    due = next_of(life, Occasion.CALL_OVERDUE, second)
    assert (due.letter.number, due.at) == ("2", second)


def test_a_coordinator_replaced_in_the_night_has_the_way_in_at_once() -> None:
    night = noon(OPENS).replace(hour=23)
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone().does(do.ReplaceCoordinator(coordinator=SØREN), night)
    due = next_due(life, night)
    assert (due.letter.key, due.at) == ("coordinator_welcome//2", night)
