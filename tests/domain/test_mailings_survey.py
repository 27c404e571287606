"""Invitations, reminders and extensions: each on its day, and never two at once to one reader."""

import datetime as dt
from datetime import date

import pytest

from domain import commands as do
from domain.calendar import add_working_days, is_quiet, is_working_day
from domain.commands import AnyCommand
from domain.letters import Occasion
from domain.mailings import letters_to_come
from domain.stages import Stage
from tests.domain.letters import INVITATION, clock_of, coming, days_of, next_due
from tests.domain.story import (
    A_NEWCOMER,
    AGREE,
    BASELINE,
    BIRTHE,
    CALLED,
    PLACE,
    PLACED,
    THE_MEETING,
    Life,
    five_on,
    life_at,
    morning_of,
    noon,
)


def invited() -> Life:
    """An open survey whose invitations have left."""
    return life_at(Stage.SURVEY_OPEN).with_letters_gone()


# --- reminders ------------------------------------------------------------------------------------------------------


def test_no_reminder_leaves_before_its_morning() -> None:
    life = invited()
    due = next_due(life)
    assert (due.letter.key, due.at) == ("reminder/baseline/2026-03-06", morning_of(date(2026, 3, 6)))


def test_a_reminder_whose_day_an_outage_has_taken_is_dropped() -> None:
    life = invited()
    late = noon(date(2026, 3, 6)).replace(hour=16)
    due = next_due(life, late)
    assert due.letter.key == "reminder/baseline/2026-03-12"


def test_a_reminder_still_leaves_later_on_its_own_day() -> None:
    life = invited()
    at_noon = noon(date(2026, 3, 6))
    due = next_due(life, at_noon)
    assert (due.letter.key, due.at) == ("reminder/baseline/2026-03-06", at_noon)


def test_after_an_outage_no_two_reminders_come_at_once_and_none_with_the_invitation() -> None:
    clock = clock_of(life_at(Stage.SURVEY_OPEN))
    clock.sleep(morning_of(date(2026, 3, 12)) - clock.now)
    clock.run(noon(date(2026, 3, 16)))
    assert days_of(clock, Occasion.INVITATION) == [date(2026, 3, 12)]
    assert days_of(clock, Occasion.REMINDER) == [date(2026, 3, 13)]


def test_an_extension_that_an_outage_made_late_takes_the_place_of_the_days_reminder() -> None:
    life = invited()
    life.does(do.ExtendSurvey(closes=date(2026, 3, 20)), noon(date(2026, 3, 6)))
    clock = clock_of(life)
    clock.sleep(morning_of(date(2026, 3, 12)) - clock.now)
    clock.run(noon(date(2026, 3, 23)))
    assert days_of(clock, Occasion.SURVEY_EXTENDED) == [date(2026, 3, 12)]
    assert days_of(clock, Occasion.REMINDER) == [date(2026, 3, 20)]


@pytest.mark.parametrize("why", ["by_hand", "everyone_answered"])
def test_a_closed_survey_reminds_nobody(why: str) -> None:
    life = invited()
    life.does(do.CloseSurvey.model_validate({"round": BASELINE, "why": why}), noon(date(2026, 3, 2)))
    assert coming(life, Occasion.REMINDER) is None


def test_no_reminder_comes_between_the_last_day_and_the_emptying_of_the_box() -> None:
    clock = clock_of(life_at(Stage.SURVEY_OPEN))
    clock.run(morning_of(date(2026, 3, 16)))
    assert max(days_of(clock, Occasion.REMINDER)) == date(2026, 3, 13)


def test_two_extensions_in_an_evening_are_one_letter() -> None:
    evening = noon(date(2026, 3, 9)).replace(hour=19)
    life = invited()
    life.does(do.ExtendSurvey(closes=date(2026, 3, 18)), evening).does(do.ExtendSurvey(closes=date(2026, 3, 20)))
    assert set(life.order.pending_letters) == {"survey_extended/baseline/2"}


@pytest.mark.parametrize("opens", [date(2026, 6, 22), date(2026, 10, 5), date(2026, 12, 14), date(2026, 2, 2)])
def test_a_round_across_a_quiet_time_reminds_before_it_or_after_and_never_in_it(opens: date) -> None:
    life = Life().does(PLACE, PLACED)
    closes = opens + dt.timedelta(days=21)
    meeting = THE_MEETING.model_copy(update={"starts": five_on(add_working_days(closes, 12))})
    life.does(AGREE.model_copy(update={"meeting": meeting, "survey_opens": opens, "survey_closes": closes}), CALLED)
    clock = clock_of(life)
    clock.run(noon(closes + dt.timedelta(days=7)))
    days = days_of(clock, Occasion.REMINDER)
    assert days
    assert all(is_working_day(day) and not is_quiet(day) and opens < day <= closes for day in days)


# --- members who are new in the round -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        do.AddMember(joined=A_NEWCOMER),
        do.ReaddressMember(member=BIRTHE, address=2),
    ],
    ids=lambda change: change.type,
)
def test_mid_round_who_is_new_is_invited_in_the_next_mail_hours_and_only_once(change: AnyCommand) -> None:
    life = invited()
    saturday = noon(date(2026, 3, 7))
    life.does(change, saturday)
    due = next_due(life, saturday)
    assert (due.letter, due.at) == (INVITATION, morning_of(date(2026, 3, 9)))
    life.got(INVITATION, when=due.at)
    assert coming(life, Occasion.INVITATION) is None


def test_a_newcomers_invitation_does_not_take_the_others_reminder() -> None:
    life = invited()
    life.does(do.AddMember(joined=A_NEWCOMER), morning_of(date(2026, 3, 6)))
    assert [due.letter.occasion for due in letters_to_come(life.order, life.now) if due.at == life.now] == [
        Occasion.INVITATION,
        Occasion.REMINDER,
    ]
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 6)))
    assert [letter.key for _, letter in clock.posted] == ["invitation/baseline/", "reminder/baseline/2026-03-06"]


def test_a_newcomer_at_the_last_minute_is_not_invited_to_a_closed_box() -> None:
    life = invited()
    sunday = noon(date(2026, 3, 15))
    assert coming(life.does(do.AddMember(joined=A_NEWCOMER), sunday), Occasion.INVITATION) is None


# --- too few answers ------------------------------------------------------------------------------------------------


def test_a_question_already_answered_is_not_put_to_the_consultant() -> None:
    sunday = noon(date(2026, 3, 15))
    life = invited().does(do.CloseSurvey(round=BASELINE), sunday)
    life.does(do.RecordTurnout(round=BASELINE, answers=3, invited=42))
    assert coming(life, Occasion.TOO_FEW_ANSWERS) is not None
    assert coming(life.does(do.GoOnWithoutResults()), Occasion.TOO_FEW_ANSWERS) is None
