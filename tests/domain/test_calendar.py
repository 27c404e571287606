"""Working days, quiet weeks, mail hours, and the survey dates computed back from a meeting."""

import datetime as dt
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    SurveyDates,
    add_months,
    add_working_days,
    closing_time,
    earliest_meeting,
    end_of_work,
    is_quiet,
    is_working_day,
    latest_close,
    mail_time,
    months_between,
    morning,
    reminder_days,
    review_until,
    suitable_day_from,
    suitable_day_until,
    survey_dates_before,
    survey_dates_from,
    unhurried_close,
    working_day_from,
    working_day_until,
)
from domain.denmark import MAIL_HOURS, MailHours, region_today, regions_on
from domain.meeting import Meeting, at, danish, wall_clock
from domain.policies import Policies

KIAP = Policies()
ANY_TIME = Policies(mail_hours="any_time")
DAYS = [date(2026, 1, 1) + dt.timedelta(days=number) for number in range(3 * 365)]
WORKING_DAYS = [day for day in DAYS if is_working_day(day)]

days_of_these_years = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def clock(day: date, hour: int, minute: int = 0) -> dt.datetime:
    return at(day, dt.time(hour, minute))


# --- days off -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),  # nytårsdag
        date(2026, 4, 2),  # skærtorsdag
        date(2026, 4, 3),  # langfredag
        date(2026, 4, 6),  # 2. påskedag
        date(2026, 5, 14),  # Kristi himmelfartsdag
        date(2026, 5, 25),  # 2. pinsedag
        date(2026, 6, 5),  # Grundlovsdag
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2026, 3, 7),  # a Saturday
        date(2026, 3, 8),
    ],
)
def test_nobody_works_on(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 12, 23), date(2026, 12, 30), date(2026, 5, 15)])
def test_people_work_on(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("day", "worked"), [(date(2023, 5, 5), False), (date(2024, 4, 26), True), (date(2026, 5, 1), True)]
)
def test_store_bededag_is_a_working_day_from_2024(day: date, worked: bool) -> None:
    assert is_working_day(day) is worked


def test_a_year_has_ten_public_holidays_and_three_days_off_of_kiaps_own() -> None:
    """Those of 2027 that are weekdays: Grundlovsdag and 25 December are Saturdays, 26 December a Sunday."""
    off = [day for day in DAYS if day.year == 2027 and day.weekday() < 5 and not is_working_day(day)]
    assert off == [
        date(2027, 1, 1),
        date(2027, 3, 25),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 6),
        date(2027, 5, 17),
        date(2027, 12, 24),
        date(2027, 12, 31),
    ]


# --- quiet weeks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 7, 6), date(2026, 8, 2)),  # weeks 28–31
        (date(2026, 2, 9), date(2026, 2, 15)),  # week 7
        (date(2026, 10, 12), date(2026, 10, 18)),  # week 42
        (date(2026, 12, 23), date(2027, 1, 1)),
    ],
)
def test_reminders_keep_still_from_first_to_last_day_of_a_quiet_time(first: date, last: date) -> None:
    length = (last - first).days
    assert all(is_quiet(first + dt.timedelta(days=number)) for number in range(length + 1))
    assert not is_quiet(first - dt.timedelta(days=1))
    assert not is_quiet(last + dt.timedelta(days=1))


def test_week_53_is_not_mistaken_for_a_quiet_one() -> None:
    assert date(2026, 12, 28).isocalendar().week == 53
    assert not is_quiet(date(2027, 1, 2))


# --- counting -------------------------------------------------------------------------------------------------------


def test_five_working_days_over_easter_take_two_weeks() -> None:
    assert add_working_days(date(2026, 4, 1), 5) == date(2026, 4, 13)
    assert add_working_days(date(2026, 4, 13), -5) == date(2026, 4, 1)


@given(days_of_these_years, st.integers(1, 60))
def test_counting_on_and_back_again_comes_to_the_same_working_day(day: date, count: int) -> None:
    start = working_day_from(day)
    assert add_working_days(add_working_days(start, count), -count) == start


def test_no_days_on_is_the_day_itself() -> None:
    assert add_working_days(date(2026, 3, 7), 0) == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 3, 25), 8, date(2026, 11, 25)),
        (date(2026, 3, 25), 12, date(2027, 3, 25)),
        (date(2026, 6, 30), 8, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_on_is_the_same_day_or_the_months_last(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


# --- mail hours and summer time -------------------------------------------------------------------------------------

WEDNESDAY, FRIDAY, MONDAY = date(2026, 3, 11), date(2026, 3, 13), date(2026, 3, 16)


@pytest.mark.parametrize(
    ("asked", "leaves"),
    [
        (clock(WEDNESDAY, 8, 29), clock(WEDNESDAY, 8, 30)),
        (clock(WEDNESDAY, 8, 30), clock(WEDNESDAY, 8, 30)),
        (clock(WEDNESDAY, 14, 59), clock(WEDNESDAY, 14, 59)),
        (clock(FRIDAY, 15), clock(MONDAY, 8, 30)),
        (clock(date(2026, 3, 14), 12), clock(MONDAY, 8, 30)),
        (clock(date(2026, 12, 23), 16), clock(date(2026, 12, 28), 8, 30)),
        (clock(date(2026, 12, 30), 20), clock(date(2027, 1, 4), 8, 30)),
    ],
)
def test_mails_leave_on_working_days_from_half_past_eight_to_three(asked: dt.datetime, leaves: dt.datetime) -> None:
    assert mail_time(asked, KIAP) == leaves
    assert mail_time(asked, ANY_TIME) == asked


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 12, 1), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_no_mail_leaves_early_or_outside_its_hours(asked: dt.datetime) -> None:
    leaves = danish(mail_time(asked, KIAP))
    assert leaves >= asked
    assert is_working_day(leaves.date())
    assert dt.time(8, 30) <= leaves.time() < dt.time(15)


@pytest.mark.parametrize(
    ("day", "hour_in_utc"),
    [(date(2026, 3, 27), 8), (date(2026, 3, 30), 7), (date(2026, 10, 23), 7), (date(2026, 10, 26), 8)],
)
def test_nine_stays_nine_across_both_changes_of_the_clock(day: date, hour_in_utc: int) -> None:
    meeting = Meeting(starts=dt.datetime.combine(day, dt.time(9)))
    assert meeting.starts_at == dt.datetime.combine(day, dt.time(hour_in_utc), dt.UTC)
    assert danish(meeting.starts_at).time() == dt.time(9)
    assert danish(morning(day)).time() == dt.time(8, 30)


def test_a_meeting_on_the_night_the_clock_changes_keeps_its_length() -> None:
    meeting = Meeting(starts=dt.datetime.combine(date(2026, 3, 28), dt.time(23)), minutes=180)
    assert danish(meeting.ends_at).time() == dt.time(3)


def test_an_agreed_time_with_an_offset_is_read_as_danish_time() -> None:
    in_winter = dt.datetime(2026, 3, 25, 16, tzinfo=dt.UTC)
    assert wall_clock(in_winter) == dt.datetime.combine(date(2026, 3, 25), dt.time(17))
    assert Meeting.model_validate_json('{"starts": "2026-07-01T15:00:00Z"}').starts.hour == 17
    assert Meeting.model_validate_json('{"starts": "2026-07-01T17:00:00"}').starts.hour == 17


# --- the survey computed back from the meeting ----------------------------------------------------------------------


def test_the_survey_of_a_meeting_in_march() -> None:
    """Closed on Friday the 13th, counted on Monday, two days of review, delivered on the 18th: five days before."""
    dates = survey_dates_before(date(2026, 3, 25), KIAP)
    assert dates == SurveyDates(opens=date(2026, 2, 27), closes=date(2026, 3, 13))
    assert closing_time(dates.closes) == clock(date(2026, 3, 16), 8, 30)
    assert reminder_days(dates, KIAP) == (date(2026, 3, 6), date(2026, 3, 12), date(2026, 3, 13))


def test_every_meeting_of_three_years_gets_a_survey_that_keeps_every_promise() -> None:
    for meeting in WORKING_DAYS:
        dates = survey_dates_before(meeting, KIAP)
        made = closing_time(dates.closes)
        delivered = review_until(made, KIAP, meeting)
        assert is_working_day(dates.opens)
        assert is_working_day(dates.closes)
        assert not is_quiet(dates.opens)
        assert not is_quiet(dates.closes)
        assert (dates.closes - dates.opens).days >= KIAP.survey_open_days
        assert danish(delivered).date() <= add_working_days(meeting, -KIAP.deck_before_meeting)
        assert delivered >= morning(add_working_days(danish(made).date(), KIAP.review_days))


def test_no_reminder_of_three_years_falls_on_a_day_off_a_quiet_day_or_outside_the_round() -> None:
    for opens in WORKING_DAYS:
        dates = survey_dates_from(opens, KIAP)
        days = reminder_days(dates, KIAP)
        assert len(set(days)) == len(days)
        for day in days:
            assert is_working_day(day)
            assert not is_quiet(day)
            assert add_working_days(dates.opens, 1) < day <= dates.closes


@given(days_of_these_years, st.integers(3, 60), st.integers(0, 10), st.integers(0, 10))
def test_reminders_keep_to_their_days_whatever_is_agreed(day: date, length: int, review: int, lead: int) -> None:
    policies = Policies(survey_open_days=length, review_days=review, deck_before_meeting=lead)
    dates = survey_dates_from(day, policies)
    for reminder in reminder_days(dates, policies):
        assert is_working_day(reminder)
        assert not is_quiet(reminder)
        assert dates.opens < reminder <= dates.closes
    assert latest_close(earliest_meeting(dates.closes, policies), policies) >= dates.closes


def test_a_reminder_moves_ahead_of_a_quiet_week_and_the_last_ones_fall_together() -> None:
    """Opened on 2 October 2026, closing on the 16th in week 42: the last reminder comes the Friday before."""
    dates = SurveyDates(opens=date(2026, 10, 2), closes=date(2026, 10, 16))
    assert reminder_days(dates, KIAP) == (date(2026, 10, 9),)


def test_a_survey_never_opens_in_a_quiet_week() -> None:
    assert survey_dates_from(date(2026, 7, 6), KIAP).opens == date(2026, 8, 3)
    assert survey_dates_from(date(2026, 12, 22), KIAP).opens == date(2026, 12, 22)
    assert survey_dates_from(date(2026, 12, 23), KIAP).opens == date(2027, 1, 4)


@given(days_of_these_years)
def test_the_earliest_meeting_is_the_first_working_day_on_which_the_deck_is_in_time(closes: date) -> None:
    earliest = earliest_meeting(closes, KIAP)
    assert latest_close(earliest, KIAP) >= closes
    assert latest_close(add_working_days(earliest, -1), KIAP) < closes


@given(days_of_these_years)
def test_a_later_meeting_never_wants_an_earlier_survey(meeting: date) -> None:
    later = meeting + dt.timedelta(days=1)
    assert latest_close(meeting, KIAP) <= latest_close(later, KIAP)
    assert survey_dates_before(meeting, KIAP).opens <= survey_dates_before(later, KIAP).opens


def test_a_deck_made_late_goes_at_the_latest_the_working_day_before_the_meeting() -> None:
    made = clock(date(2026, 3, 23), 12)
    assert review_until(made, KIAP, date(2026, 3, 25)) == clock(date(2026, 3, 24), 8, 30)
    assert review_until(made, KIAP, date(2026, 3, 24)) == made
    assert review_until(made, KIAP, None) == clock(date(2026, 3, 25), 8, 30)


def test_working_days_nearest_to_a_saturday() -> None:
    assert working_day_from(date(2026, 4, 4)) == date(2026, 4, 7)
    assert working_day_until(date(2026, 4, 4)) == date(2026, 4, 1)


def test_hovedstaden_and_sjaelland_become_oestdanmark_in_2027() -> None:
    before, after = ({region.id for region in regions_on(day)} for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert before - after == {"hovedstaden", "sjaelland"}
    assert after - before == {"oestdanmark"}


def test_a_place_in_a_merged_region_is_in_the_new_one_from_its_first_day() -> None:
    def region(region_id: str, day: date) -> str | None:
        found = region_today(region_id, day)
        return found.id if found else None

    assert region("sjaelland", date(2026, 12, 31)) == "sjaelland"
    assert region("sjaelland", date(2027, 1, 1)) == "oestdanmark"
    assert region("syddanmark", date(2027, 1, 1)) == "syddanmark"
    assert region("skaane", date(2027, 1, 1)) is None


# --- days that suit, and hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 3, 11), date(2026, 3, 11), date(2026, 3, 11)),  # a Wednesday
        (date(2026, 3, 14), date(2026, 3, 13), date(2026, 3, 16)),  # a Saturday
        (date(2026, 4, 3), date(2026, 4, 1), date(2026, 4, 7)),  # Good Friday, between Maundy Thursday and Easter
        (date(2026, 7, 15), date(2026, 7, 3), date(2026, 8, 3)),  # in the summer's four weeks
        (date(2026, 12, 24), date(2026, 12, 22), date(2027, 1, 4)),  # at Christmas
    ],
)
def test_a_day_suits_that_is_a_working_day_outside_the_quiet_times(day: date, before: date, after: date) -> None:
    assert (suitable_day_until(day, KIAP), suitable_day_from(day, KIAP)) == (before, after)


def test_where_mail_may_leave_at_any_time_no_time_is_quiet() -> None:
    summer = date(2026, 7, 15)
    assert suitable_day_until(summer, ANY_TIME) == suitable_day_from(summer, ANY_TIME) == summer


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (date(2026, 3, 2), date(2026, 3, 16)),
        (date(2026, 6, 22), date(2026, 8, 3)),  # a fortnight on is 6 July, in the summer
    ],
)
def test_a_round_no_meeting_waits_for_closes_when_people_are_there(opens: date, closes: date) -> None:
    assert unhurried_close(opens, KIAP) == closes


def test_work_ends_with_the_mail_hours() -> None:
    assert end_of_work(date(2026, 3, 11)) == clock(date(2026, 3, 11), 15)


def test_the_hours_in_force_on_the_day_are_those_that_count(monkeypatch: pytest.MonkeyPatch) -> None:
    new = date(2026, 9, 1)
    later = MailHours(dt.time(9), dt.time(14), since=new)
    monkeypatch.setattr("domain.calendar.MAIL_HOURS", (later, *MAIL_HOURS))
    assert (morning(new - dt.timedelta(days=1)), end_of_work(new)) == (clock(date(2026, 8, 31), 8, 30), clock(new, 14))
    assert morning(date(2026, 9, 2)) == clock(date(2026, 9, 2), 9)


def test_no_working_days_from_a_day_off_is_that_day() -> None:
    sunday = date(2026, 3, 15)
    assert add_working_days(sunday, 0) == sunday


@given(first=st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), days=st.integers(0, 900))
def test_months_between_are_the_most_that_can_be_added_without_going_past(first: dt.date, days: int) -> None:
    then = first + dt.timedelta(days=days)
    months = months_between(first, then)
    assert add_months(first, months) <= then < add_months(first, months + 1)
