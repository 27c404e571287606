"""Letters around the meeting: programme, new time, reminder, and the record that is asked for."""

import datetime as dt
from datetime import date

import pytest

from domain import commands as do
from domain.by import coordinator
from domain.letters import Letter, Occasion, WhyNot
from domain.mailings import letters_to_come, letters_to_settle, why_not
from domain.stages import Stage
from tests.domain.letters import MINUTE, PROGRAMME, clock_of, coming, days_of, next_of
from tests.domain.story import A_NEWCOMER, BASELINE, KAREN, RECORDED, THE_MEETING, five_on, life_at, morning_of, noon

# --- the programme --------------------------------------------------------------------------------------------------


def test_programme_and_results_go_five_working_days_before_in_one_mail() -> None:
    due = next_of(life_at(Stage.READY), Occasion.PROGRAMME)
    assert due.at == morning_of(date(2026, 3, 18))


def test_the_programme_waits_for_results_that_are_to_be_delivered_the_same_day() -> None:
    """The deck goes at half past eight by itself; within the hour the programme takes it along."""
    due = next_of(life_at(Stage.IN_REVIEW), Occasion.PROGRAMME, morning_of(date(2026, 3, 18)))
    assert due.at == morning_of(date(2026, 3, 18)) + dt.timedelta(hours=1)
    clock = clock_of(life_at(Stage.IN_REVIEW))
    clock.run(THE_MEETING.ends_at)
    assert days_of(clock, Occasion.PROGRAMME) == [date(2026, 3, 18)]
    assert days_of(clock, Occasion.RESULTS) == []


@pytest.mark.parametrize(
    "stage", [Stage.SURVEY_OPEN, Stage.TOO_FEW_ANSWERS, Stage.ANALYSING, Stage.IN_REVIEW, Stage.READY]
)
def test_the_programme_goes_by_the_meetings_date_whatever_has_become_of_the_deck(stage: Stage) -> None:
    """After an outage the round is anywhere; a deck that cannot be made or released keeps nobody waiting for ever."""
    life = life_at(stage).with_letters_gone()
    for now in (morning_of(date(2026, 3, 19)), noon(date(2026, 3, 20)), morning_of(date(2026, 3, 24))):
        due = next_of(life, Occasion.PROGRAMME, now)
        assert due.at == now


def test_the_programme_waits_an_hour_for_a_deck_that_is_to_be_made_the_same_morning() -> None:
    """The meeting was moved near: the box is emptied and the programme due at the same half past eight."""
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    emptied = morning_of(date(2026, 3, 16))
    life.does(do.CloseSurvey(round=BASELINE, why="due"), emptied)
    life.does(do.RecordTurnout(round=BASELINE, answers=38, invited=42)).does(
        do.MoveMeeting(to=five_on(date(2026, 3, 18)))
    ).with_letters_gone()
    [due] = [due for due in letters_to_come(life.order, life.now) if due.letter == PROGRAMME]
    assert due.at == emptied + dt.timedelta(hours=1)
    [as_before] = [due for due in letters_to_come(life.order, emptied + 59 * MINUTE) if due.letter == PROGRAMME]
    assert as_before.at == due.at


# --- reminders and new times ----------------------------------------------------------------------------------------


def test_a_programme_late_to_the_day_before_is_reminder_enough() -> None:
    clock = clock_of(life_at(Stage.READY))
    clock.sleep(morning_of(date(2026, 3, 24)) - clock.now)
    clock.run(THE_MEETING.ends_at)
    assert days_of(clock, Occasion.PROGRAMME) == [date(2026, 3, 24)]
    assert days_of(clock, Occasion.MEETING_REMINDER) == []


def test_no_reminder_is_shown_as_coming_while_the_programme_is_still_to_come_that_day() -> None:
    life = life_at(Stage.READY)
    assert coming(life, Occasion.MEETING_REMINDER, morning_of(date(2026, 3, 23))) is not None
    assert coming(life, Occasion.MEETING_REMINDER, morning_of(date(2026, 3, 24)) - MINUTE) is None


def test_a_new_time_told_the_day_before_the_meeting_is_reminder_enough() -> None:
    life = life_at(Stage.READY).got(PROGRAMME).with_letters_gone()
    life.does(do.MoveMeeting(to=five_on(date(2026, 3, 24))), morning_of(date(2026, 3, 23)))
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 24)))
    assert days_of(clock, Occasion.MEETING_MOVED) == [date(2026, 3, 23)]
    assert days_of(clock, Occasion.MEETING_REMINDER) == []


def test_a_new_time_for_the_next_morning_is_told_the_same_evening_and_never_after_it() -> None:
    """Moved at seven in the evening to eight the next morning: mail hours begin when it is too late."""
    evening = noon(date(2026, 3, 19)).replace(hour=18)
    life = life_at(Stage.READY).got(PROGRAMME).with_letters_gone()
    life.does(do.MoveMeeting(to=five_on(date(2026, 3, 20), hour=8)), evening)
    due = next_of(life, Occasion.MEETING_MOVED)
    an_hour_for_the_papers = dt.timedelta(hours=1)
    assert due.at == evening + an_hour_for_the_papers
    assert coming(life, Occasion.MEETING_MOVED, noon(date(2026, 3, 20))) is None
    moved = Letter(Occasion.MEETING_MOVED, number="2")
    assert why_not(life.order, moved, noon(date(2026, 3, 20)), evening) is WhyNot.TOO_LATE


def test_only_news_hurries_in_the_evening_before_the_meeting() -> None:
    """A newcomer's programme does not: in the morning it is too late, and it is given up."""
    life = life_at(Stage.READY).got(PROGRAMME).with_letters_gone()
    life.does(do.MoveMeeting(to=five_on(THE_MEETING.day, hour=8))).with_letters_gone()
    evening = noon(THE_MEETING.day - dt.timedelta(days=1)) + dt.timedelta(hours=6)
    life.does(do.AddMember(joined=A_NEWCOMER), evening)
    assert coming(life, Occasion.PROGRAMME) is None
    assert [due.letter for due in letters_to_settle(life.order, evening)] == [PROGRAMME]


def test_a_newcomers_programme_on_the_day_before_does_not_take_the_others_reminder() -> None:
    life = life_at(Stage.READY).got(PROGRAMME, when=morning_of(date(2026, 3, 18))).with_letters_gone()
    life.does(do.AddMember(joined=A_NEWCOMER), morning_of(date(2026, 3, 24)))
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 24)))
    assert [letter.occasion for _, letter in clock.posted] == [Occasion.PROGRAMME, Occasion.MEETING_REMINDER]


def test_a_meeting_on_monday_is_reminded_of_on_friday() -> None:
    life = life_at(Stage.READY).does(do.MoveMeeting(to=five_on(date(2026, 4, 13)))).got(PROGRAMME)
    due = next_of(life, Occasion.MEETING_REMINDER)
    assert due.at == morning_of(date(2026, 4, 10))


def test_nothing_about_a_meeting_leaves_once_it_has_begun() -> None:
    life = life_at(Stage.READY)
    begun = THE_MEETING.starts_at
    assert coming(life, Occasion.PROGRAMME, begun) is None
    assert coming(life, Occasion.MEETING_REMINDER, begun) is None


# --- the record -----------------------------------------------------------------------------------------------------


def test_the_record_is_asked_for_the_morning_after_and_after_three_and_ten_working_days() -> None:
    clock = clock_of(life_at(Stage.READY))
    clock.run(noon(date(2026, 6, 1)))
    assert days_of(clock, Occasion.RECORD_REQUEST) == [date(2026, 3, 26), date(2026, 3, 31), date(2026, 4, 14)]


def test_requests_for_the_record_stop_as_it_comes() -> None:
    clock = clock_of(life_at(Stage.READY))
    clock.run(RECORDED)
    clock.does(do.RecordMeeting(attended=36, absent=6), coordinator(KAREN))
    clock.run(noon(date(2026, 6, 1)))
    assert days_of(clock, Occasion.RECORD_REQUEST) == [date(2026, 3, 26)]


@pytest.mark.parametrize(
    ("wakes", "asked"),
    [
        (noon(date(2026, 4, 8)), [date(2026, 4, 8), date(2026, 4, 14)]),
        (noon(date(2026, 3, 30)).replace(hour=20), [date(2026, 3, 31), date(2026, 4, 14)]),
    ],
)
def test_after_an_outage_the_record_is_asked_for_once_and_then_as_planned(
    wakes: dt.datetime, asked: list[date]
) -> None:
    clock = clock_of(life_at(Stage.READY))
    clock.run(noon(date(2026, 3, 25)))
    clock.sleep(wakes - clock.now)
    clock.run(noon(date(2026, 6, 1)))
    assert days_of(clock, Occasion.RECORD_REQUEST) == asked
