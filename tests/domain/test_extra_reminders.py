"""A reminder besides the package's own: when it leaves, to whom, and when doctors are left in peace instead."""

import datetime as dt
from datetime import date

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from domain import commands as do
from domain import events as ev
from domain.calendar import add_working_days, is_quiet, is_working_day
from domain.decisions.survey import MOST_REMINDERS_ADDED
from domain.letters import Occasion
from domain.model import Rejected
from domain.order import Order
from domain.stages import Stage
from tests.domain.letters import clock_of, days_of, next_due
from tests.domain.story import A_NEWCOMER, AGREE, BASELINE, CALLED, PAST, PLACE, PLACED, Life, given, life_at, noon

REMIND = do.SendReminder()
TUESDAY = date(2026, 3, 10)
"""Two working days from the reminders of the 6th and the 12th."""


def invited() -> Life:
    """An open survey whose invitations have left."""
    return life_at(Stage.SURVEY_OPEN).with_letters_gone()


def a_long_survey() -> Life:
    """Open for six weeks, so that there are many days between the package's own reminders and the last day."""
    life = Life().does(PLACE, PLACED)
    starts = dt.datetime(2026, 5, 12, 17)  # noqa: DTZ001 - as the clock on the wall shows
    meeting = AGREE.meeting.model_copy(update={"starts": starts})
    dates = {"meeting": meeting, "survey_opens": date(2026, 3, 2), "survey_closes": date(2026, 4, 17)}
    life.does(AGREE.model_copy(update=dates), CALLED)
    return life.does(do.OpenSurvey(round=BASELINE), noon(date(2026, 3, 2))).with_letters_gone()


def test_it_leaves_at_the_next_mail_time_and_the_packages_own_stay() -> None:
    life = given(invited()).when(REMIND, noon(TUESDAY)).then(ev.ReminderAdded(at=PAST, round=BASELINE, day=TUESDAY))
    due = next_due(life)
    assert (due.letter.key, due.at) == ("reminder/baseline/2026-03-10", noon(TUESDAY))
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 16)))
    assert days_of(clock, Occasion.REMINDER) == [TUESDAY, date(2026, 3, 12), date(2026, 3, 13)]


def test_asked_for_in_the_evening_it_leaves_the_next_morning() -> None:
    evening = noon(date(2026, 3, 9)).replace(hour=19)
    life = given(invited()).when(REMIND, evening).then(ev.ReminderAdded(at=PAST, round=BASELINE, day=TUESDAY))
    assert next_due(life).at.date() == TUESDAY


@pytest.mark.parametrize(
    ("day", "other", "says"),
    [
        (date(2026, 3, 9), date(2026, 3, 6), "Der gik en ud den 6. marts 2026"),  # the Friday before a Monday
        (date(2026, 3, 11), date(2026, 3, 12), "Der går en ud den 12. marts 2026"),
        (date(2026, 3, 12), date(2026, 3, 12), "Der går en ud den 12. marts 2026"),
    ],
)
def test_none_comes_on_anothers_heels(day: date, other: date, says: str) -> None:
    refusal = given(invited()).when(REMIND, noon(day)).then_rejected("reminder_too_near", day=other)
    assert refusal.message == f"{says}, og lægerne får højst en påmindelse hver anden arbejdsdag."


def test_after_two_more_than_the_packages_own_doctors_are_left_in_peace() -> None:
    life = a_long_survey()
    life.does(REMIND, noon(date(2026, 3, 24))).does(REMIND, noon(date(2026, 3, 27)))
    refusal = given(life).when(REMIND, noon(date(2026, 4, 8))).then_rejected("reminders_used_up", most=2)
    assert refusal.message == "Lægerne har allerede fået 2 ekstra påmindelser. Flere sender vi ikke."


def test_a_day_that_has_another_letter_about_the_survey_has_no_reminder() -> None:
    life = invited().does(do.ExtendSurvey(closes=date(2026, 3, 20)), noon(date(2026, 3, 9)).replace(hour=19))
    refusal = given(life).when(REMIND, noon(date(2026, 3, 9)).replace(hour=20)).then_rejected("told_today", day=TUESDAY)
    assert refusal.message.startswith("Lægerne får et andet brev om spørgeskemaet den 10. marts 2026")


def test_none_leaves_when_the_time_to_answer_is_over() -> None:
    night = noon(date(2026, 3, 13)).replace(hour=19)
    given(invited()).when(REMIND, night).then_rejected("reminder_too_late", closes=date(2026, 3, 13))


def test_none_is_asked_for_where_no_survey_is_open() -> None:
    given(Stage.TOO_FEW_ANSWERS).when(REMIND).then_rejected("survey_not_open")


def test_in_a_quiet_week_nobody_is_reminded() -> None:
    life = life_at(Stage.FOLLOW_UP_OPEN).with_letters_gone()
    life.does(do.ExtendSurvey(closes=date(2027, 2, 26)), noon(date(2027, 1, 19)))
    given(life).when(REMIND, noon(date(2027, 2, 17))).then_rejected("quiet_time")


def test_an_extension_told_the_same_day_takes_its_place() -> None:
    life = invited().does(REMIND, noon(date(2026, 3, 9)).replace(hour=19))
    life.does(do.ExtendSurvey(closes=date(2026, 3, 20)))
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 23)))
    assert days_of(clock, Occasion.SURVEY_EXTENDED) == [TUESDAY]
    assert TUESDAY not in days_of(clock, Occasion.REMINDER)


def test_a_newcomer_who_is_invited_first_does_not_take_the_others_reminder() -> None:
    life = invited().does(REMIND, noon(TUESDAY)).does(do.AddMember(joined=A_NEWCOMER), noon(TUESDAY))
    clock = clock_of(life)
    clock.run(noon(TUESDAY))
    assert days_of(clock, Occasion.REMINDER) == [TUESDAY]


@any_of(st.lists(st.integers(0, 60 * 24), max_size=40))
def test_whenever_it_is_asked_for_doctors_have_few_reminders_and_never_two_days_running(hours: list[int]) -> None:
    life = a_long_survey()
    began = life.now
    for hour in sorted(hours):
        try:
            life.does(REMIND, began + dt.timedelta(hours=hour))
        except Rejected:
            continue
    added = {event.day for event in life.events if isinstance(event, ev.ReminderAdded)}
    assert len(added) <= MOST_REMINDERS_ADDED
    days = _reminders(life.order)
    assert added <= set(days)
    for day in added:
        assert is_working_day(day)
        assert not is_quiet(day)
        assert not {add_working_days(day, 1), add_working_days(day, -1)} & set(days)


def _reminders(order: Order) -> tuple[date, ...]:
    assert order.baseline is not None
    return order.baseline.reminders
