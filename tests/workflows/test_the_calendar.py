"""The calendar that the tests of workflows live by lies ahead of the machine's clock, and says how it is moved."""

import datetime as dt
import warnings

import pytest

from domain.calendar import is_working_day
from tests.workflows.time_skipping import (
    CLOSES,
    CYCLE,
    FOLLOW_UP_OPENS,
    MEETING,
    OPENS,
    START,
    check_that_it_lies_ahead,
)

A_YEAR = dt.timedelta(days=365)
EASTER = dt.date(2031, 4, 13)


def test_the_calendar_lies_ahead_of_this_machines_clock() -> None:
    now = dt.datetime.now(dt.UTC)
    check_that_it_lies_ahead(START, now)
    if now > START - A_YEAR:
        warnings.warn(
            f"the tests' calendar must be moved before {START:%-d %B %Y}: see tests/workflows/time_skipping.py",
            stacklevel=1,
        )


def test_once_it_has_begun_it_says_how_it_is_moved() -> None:
    with pytest.raises(AssertionError, match=r"3 March 2031 .* move each year in .* 28 on"):
        check_that_it_lies_ahead(START, START + dt.timedelta(seconds=1))


def test_the_days_the_tests_name_are_the_days_they_were_chosen_for() -> None:
    assert [day.strftime("%a") for day in (START, MEETING, OPENS, CLOSES, FOLLOW_UP_OPENS)] == [
        "Mon",
        "Wed",
        "Fri",
        "Fri",
        "Mon",
    ]
    holidays = [EASTER + dt.timedelta(days=days) for days in (-3, -2, 1, 39, 50)]
    assert not any(is_working_day(day) for day in holidays)
    assert all(is_working_day(day) for day in (START.date(), MEETING, OPENS, CLOSES, FOLLOW_UP_OPENS))


def test_after_a_cycle_weekdays_and_leap_days_come_again() -> None:
    days = [START.date() + dt.timedelta(days=number) for number in range(600)]
    later = [START.date().replace(year=START.year + CYCLE) + dt.timedelta(days=number) for number in range(600)]
    assert [(day.month, day.day, day.weekday()) for day in days] == [(d.month, d.day, d.weekday()) for d in later]
