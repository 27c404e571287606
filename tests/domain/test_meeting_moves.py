"""The meeting moves: both ways, at every stage, until it is recorded. A "no" names a date that is then a yes."""

import datetime as dt
from datetime import date

import pytest

from demo.clockwork import Clockwork
from domain import commands as do
from domain import events as ev
from domain.calendar import add_working_days
from domain.decisions.plan import earliest_day
from domain.letters import Letter, Occasion
from domain.mailings import letters_to_come, next_letter
from domain.meeting import Meeting
from domain.model import DocumentId
from domain.order import Order
from domain.stages import Stage
from tests.domain.story import (
    AGREE,
    BASELINE,
    CALLED,
    CLOSES,
    FOLLOW_UP_OPENS,
    MEETING,
    OPENS,
    PAST,
    PLACE,
    PLACED,
    Life,
    five_on,
    given,
    life_at,
    morning_of,
    noon,
)

BEFORE_THE_RECORD = (
    Stage.PLANNED,
    Stage.SURVEY_OPEN,
    Stage.TOO_FEW_ANSWERS,
    Stage.ANALYSING,
    Stage.IN_REVIEW,
    Stage.READY,
    Stage.AWAITING_RECORD,
)
AFTER_THE_RECORD = (
    Stage.QUIET,
    Stage.FOLLOW_UP_OPEN,
    Stage.FOLLOW_UP_ANALYSING,
    Stage.FOLLOW_UP_IN_REVIEW,
    Stage.FOLLOW_UP_DELIVERED,
)


def moved(day: date, hour: int = 17, opens: date = OPENS, closes: date = CLOSES) -> ev.MeetingMoved:
    return ev.MeetingMoved(at=PAST, starts=five_on(day, hour), survey_opens=opens, survey_closes=closes)


def move(day: date, hour: int = 17) -> do.MoveMeeting:
    return do.MoveMeeting(to=five_on(day, hour))


# --- later ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", BEFORE_THE_RECORD)
def test_a_meeting_moves_a_fortnight_on_at_every_stage_before_the_record(stage: Stage) -> None:
    day = date(2026, 4, 14)
    expected = moved(day, opens=date(2026, 3, 16), closes=date(2026, 3, 30)) if stage is Stage.PLANNED else moved(day)
    life = given(stage).when(move(day)).then(expected)
    assert life.order.meeting is not None
    assert life.order.meeting.starts == five_on(day)


@pytest.mark.parametrize("stage", BEFORE_THE_RECORD)
def test_a_meeting_still_ahead_moves_by_an_hour_at_every_stage(stage: Stage) -> None:
    hour_later = given(stage).when(do.MoveMeeting(to=MEETING + dt.timedelta(hours=1)))
    if stage is Stage.AWAITING_RECORD:
        hour_later.then_rejected("meeting_in_the_past", earliest=date(2026, 3, 27))
    else:
        hour_later.then(moved(MEETING.date(), 18))


@pytest.mark.parametrize("stage", BEFORE_THE_RECORD)
def test_a_meeting_moved_to_where_it_is_stays(stage: Stage) -> None:
    given(stage).when(do.MoveMeeting(to=MEETING)).then_nothing()


def test_a_time_given_in_utc_is_the_same_hour_in_denmark() -> None:
    summer = dt.datetime(2026, 4, 14, 15, tzinfo=dt.UTC)
    given(Stage.SURVEY_OPEN).when(do.MoveMeeting(to=summer)).then(moved(date(2026, 4, 14), 17))


def test_a_survey_extended_up_to_the_meeting_does_not_stop_the_meeting_from_moving_on() -> None:
    life = life_at(Stage.SURVEY_OPEN).does(do.ExtendSurvey(closes=date(2026, 3, 20)))
    given(life).when(move(date(2026, 3, 26))).then(moved(date(2026, 3, 26), closes=date(2026, 3, 20)))


# --- sooner ---------------------------------------------------------------------------------------------------------


def test_a_planned_meeting_moves_forward_and_its_survey_with_it() -> None:
    day = date(2026, 2, 25)
    # Closing on 13 February would be in week 7.
    given(Stage.PLANNED).when(move(day)).then(moved(day, opens=date(2026, 1, 23), closes=date(2026, 2, 6)))


@pytest.mark.parametrize(
    ("stage", "earliest"),
    [
        (Stage.PLANNED, date(2026, 2, 3)),
        (Stage.SURVEY_OPEN, date(2026, 3, 25)),  # the survey closes on the 13th, and that leaves the day agreed
        (Stage.TOO_FEW_ANSWERS, date(2026, 3, 17)),
        (Stage.ANALYSING, date(2026, 3, 17)),
        (Stage.IN_REVIEW, date(2026, 3, 19)),  # the consultant looks until the 18th
    ],
)
def test_a_day_too_early_is_refused_and_the_day_named_is_taken(stage: Stage, earliest: date) -> None:
    the_day_before = add_working_days(earliest, -1)
    refusal = given(stage).when(move(the_day_before)).then_rejected("meeting_too_early", earliest=earliest)
    assert "tidligst" in refusal.message
    assert given(stage).when(move(earliest, 9)).events[0].type == "meeting_moved"


def test_with_room_to_spare_an_open_survey_still_leaves_the_deck_its_days() -> None:
    life = life_at(Stage.SURVEY_OPEN).does(move(date(2026, 4, 14)))
    given(life).when(move(date(2026, 3, 24))).then_rejected("meeting_too_early", earliest=date(2026, 3, 25))
    given(life).when(move(date(2026, 3, 25))).then(moved(date(2026, 3, 25)))


def test_with_the_deck_delivered_this_evening_will_do() -> None:
    given(Stage.READY).when(move(date(2026, 3, 18), 20)).then(moved(date(2026, 3, 18), 20))


def test_an_open_survey_keeps_its_closing_day_also_days_after_it_opened() -> None:
    life = life_at(Stage.SURVEY_OPEN).does(move(date(2026, 4, 14)))
    refusal = given(life).when(move(date(2026, 3, 24)), noon(date(2026, 3, 5)))
    refusal.then_rejected("meeting_too_early", earliest=date(2026, 3, 25))


def test_dates_agreed_leave_a_meeting_its_day_where_a_new_survey_would_come_too_late() -> None:
    """The day before it opens: a survey opening tomorrow in its stead would close after it."""
    chosen = AGREE.model_copy(update={"survey_opens": date(2026, 2, 27), "survey_closes": date(2026, 3, 9)})
    life = Life().does(PLACE, PLACED).does(chosen, CALLED)
    eve = noon(date(2026, 2, 27)) - dt.timedelta(hours=5)
    given(life).when(move(date(2026, 3, 19)), eve).then(moved(date(2026, 3, 19), closes=date(2026, 3, 9)))


def test_with_the_deck_delivered_tomorrow_morning_will_do() -> None:
    given(Stage.READY).when(move(date(2026, 3, 19), 8)).then(moved(date(2026, 3, 19), 8))


@pytest.mark.parametrize("stage", BEFORE_THE_RECORD)
def test_a_day_gone_by_is_refused_and_the_day_named_is_taken(stage: Stage) -> None:
    refusal = given(stage).when(move(date(2025, 12, 1))).then_rejected("meeting_in_the_past")
    named = date.fromisoformat(str(refusal.facts["earliest"]))
    assert given(stage).when(move(named, 9)).events[0].type == "meeting_moved"


def test_a_meeting_years_ahead_is_a_slip_of_the_finger() -> None:
    given(Stage.READY).when(move(date(2062, 3, 25))).then_rejected("meeting_too_late", latest=date(2028, 3, 18))


@pytest.mark.parametrize("stage", BEFORE_THE_RECORD)
def test_every_day_from_the_earliest_on_is_free_and_none_before(stage: Stage) -> None:
    life = life_at(stage)
    earliest = earliest_day(life.order, life.now)
    for day in (earliest + dt.timedelta(days=number) for number in range(60)):
        assert given(life).when(move(day, 23)).events, day
    assert given(life).when(move(earliest - dt.timedelta(days=1), 23)).refusal


# --- the survey's dates ---------------------------------------------------------------------------------------------


def test_dates_chosen_at_the_call_are_kept_as_long_as_they_leave_time() -> None:
    chosen = AGREE.model_copy(update={"survey_opens": date(2026, 2, 2), "survey_closes": date(2026, 2, 16)})
    life = Life().does(PLACE, PLACED).does(chosen, CALLED)
    given(life).when(move(date(2026, 3, 10))).then(
        moved(date(2026, 3, 10), opens=date(2026, 2, 2), closes=date(2026, 2, 16))
    )
    given(life).when(move(date(2026, 2, 20))).then(
        moved(date(2026, 2, 20), opens=date(2026, 1, 23), closes=date(2026, 2, 6))
    )


def test_dates_chosen_to_the_very_last_day_are_kept() -> None:
    """A Sunday, and the box is emptied on the Monday."""
    chosen = AGREE.model_copy(update={"survey_opens": date(2026, 3, 2), "survey_closes": date(2026, 3, 15)})
    life = Life().does(PLACE, PLACED).does(chosen, CALLED)
    given(life).when(move(date(2026, 3, 25), 19)).then(
        moved(date(2026, 3, 25), 19, opens=date(2026, 3, 2), closes=date(2026, 3, 15))
    )


def test_a_tight_plan_may_move_on_in_the_very_morning_it_opens() -> None:
    """On its opening day a new survey could only open tomorrow; the one agreed is kept instead."""
    life = Life().does(PLACE, PLACED)
    life.does(AGREE.model_copy(update={"meeting": Meeting(starts=five_on(date(2026, 2, 3)))}), CALLED)
    given(life).when(move(date(2026, 2, 3), 19), noon(date(2026, 1, 8)) - dt.timedelta(hours=4)).then(
        moved(date(2026, 2, 3), 19, opens=date(2026, 1, 8), closes=date(2026, 1, 22))
    )


def test_dates_once_computed_anew_are_no_longer_the_ones_chosen() -> None:
    """Moved forward the chosen dates had to give way; moved back, the survey is as near to the meeting as any."""
    chosen = AGREE.model_copy(update={"survey_opens": date(2026, 2, 2), "survey_closes": date(2026, 2, 16)})
    life = Life().does(PLACE, PLACED).does(chosen, CALLED).does(move(date(2026, 2, 20)))
    given(life).when(do.MoveMeeting(to=MEETING)).then(moved(MEETING.date()))


def test_dates_chosen_that_an_outage_has_passed_give_way() -> None:
    chosen = AGREE.model_copy(update={"survey_opens": date(2026, 1, 19), "survey_closes": date(2026, 2, 2)})
    life = Life().does(PLACE, PLACED).does(chosen, CALLED)
    given(life).when(move(date(2026, 3, 25), 19), noon(date(2026, 1, 22))).then(moved(date(2026, 3, 25), 19))


def test_after_an_outage_past_the_opening_the_meeting_may_still_move_on() -> None:
    life = Life().does(PLACE, PLACED)
    life.does(AGREE.model_copy(update={"meeting": Meeting(starts=five_on(date(2026, 2, 3)))}), CALLED)
    given(life).when(move(date(2026, 2, 4)), noon(date(2026, 1, 9))).then(
        moved(date(2026, 2, 4), opens=date(2026, 1, 8), closes=date(2026, 1, 22))
    )


def test_a_follow_up_agreed_before_the_meeting_comes_along_only_as_far_as_its_window_makes_it() -> None:
    life = life_at(Stage.READY).does(do.AgreeFollowUp(opens=date(2026, 12, 1)))
    given(life).when(move(date(2026, 4, 14))).then(
        moved(date(2026, 4, 14)), ev.FollowUpMoved(at=PAST, opens=date(2026, 12, 14))
    )
    for opens in (date(2026, 12, 14), FOLLOW_UP_OPENS):  # the window's first day, and a later one
        life = life_at(Stage.READY).does(do.AgreeFollowUp(opens=opens))
        given(life).when(move(date(2026, 4, 14))).then(moved(date(2026, 4, 14)))


# --- what members and coordinator are told --------------------------------------------------------------------------


def due(order: Order) -> set[Occasion]:
    return {Letter.parse(key).occasion for key in order.pending_letters}


INVITATION, PROGRAMME = Letter(Occasion.INVITATION, BASELINE), Letter(Occasion.PROGRAMME)


@pytest.mark.parametrize(
    ("known", "is_told"), [((), False), ((INVITATION,), True), ((PROGRAMME,), True), ((INVITATION, PROGRAMME), True)]
)
def test_members_hear_of_a_new_time_only_when_they_know_the_old_one(known: tuple[Letter, ...], is_told: bool) -> None:
    life = life_at(Stage.READY).with_letters_gone().got(*known).does(move(date(2026, 4, 14)))
    assert due(life.order) == {Occasion.PLAN_AGREED} | ({Occasion.MEETING_MOVED} if is_told else set())


@pytest.mark.parametrize(("known", "is_told"), [(INVITATION, False), (PROGRAMME, True)])
def test_members_hear_of_a_new_length_only_when_they_have_the_programme(known: Letter, is_told: bool) -> None:
    life = life_at(Stage.READY).with_letters_gone().got(known).does(do.ChangeMeeting(minutes=180))
    assert due(life.order) == {Occasion.PLAN_AGREED} | ({Occasion.MEETING_MOVED} if is_told else set())


def test_a_meeting_moved_twice_in_an_evening_is_told_once_with_the_last_time() -> None:
    life = life_at(Stage.READY).got(Letter(Occasion.PROGRAMME)).with_letters_gone()
    life.does(move(date(2026, 4, 14))).does(move(date(2026, 4, 15)))
    assert set(life.order.pending_letters) == {"plan_agreed//3", "meeting_moved//3"}


@pytest.mark.parametrize("is_told_at_once", [False, True])
def test_a_new_length_after_a_new_time_is_told_in_the_same_letter_or_the_next(is_told_at_once: bool) -> None:
    """Who knows only the invitation hears of the move, also where the length changes before that mail has left."""
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone().does(move(date(2026, 4, 14)))
    if is_told_at_once:
        life.with_letters_gone()
    life.does(do.ChangeMeeting(minutes=180))
    assert set(life.order.pending_letters) == {"plan_agreed//3", "meeting_moved//3"}


def test_the_new_day_has_a_reminder_of_its_own() -> None:
    life = life_at(Stage.READY).got(Letter(Occasion.PROGRAMME))
    life.got(Letter(Occasion.MEETING_REMINDER, number="2026-03-25"), when=morning_of(date(2026, 3, 24)))
    life.does(move(date(2026, 4, 14))).with_letters_gone()
    following = next_letter(life.order, life.now)
    assert following is not None
    assert (following.letter.key, following.at) == ("meeting_reminder//2026-04-14", morning_of(date(2026, 4, 13)))


# --- after the meeting's time has passed ----------------------------------------------------------------------------


def test_a_meeting_that_came_to_nothing_moves_on_and_the_record_is_asked_for_anew() -> None:
    """Nobody came on 25 March; the request of the 26th was answered by moving the meeting."""
    life = life_at(Stage.AWAITING_RECORD).does(move(date(2026, 4, 14)))
    assert life.order.stage is Stage.READY
    requests = [d for d in letters_to_come(life.order, life.now) if d.letter.occasion is Occasion.RECORD_REQUEST]
    assert [(d.letter.number, d.at) for d in requests] == [("2.1", morning_of(date(2026, 4, 15)))]


def test_a_deck_withheld_as_the_meeting_began_can_be_released_for_the_new_date() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.HoldDeck()).does(do.WithholdDeck(), life_at(Stage.AWAITING_RECORD).now)
    life.does(move(date(2026, 4, 14)))
    given(life).when(do.ReleaseDeck()).then(ev.DeckReleased(at=PAST, round=BASELINE, automatic=False))


@pytest.mark.parametrize("stage", AFTER_THE_RECORD)
def test_a_recorded_meeting_does_not_move(stage: Stage) -> None:
    given(stage).when(move(date(2027, 6, 1))).then_rejected("meeting_recorded")


def test_a_meeting_whose_record_was_given_up_does_not_move() -> None:
    life = life_at(Stage.READY).does(do.LeaveMeetingUnrecorded(), noon(date(2026, 4, 27)))
    given(life).when(move(date(2026, 6, 1))).then_rejected("meeting_recorded")


def test_a_meeting_moved_after_the_survey_opened_is_held_on_its_new_day() -> None:
    """From the opening on, left to the clock: survey, deck and letters follow, and the record is asked for."""
    life = life_at(Stage.SURVEY_OPEN).does(move(date(2026, 4, 14)))
    clock = Clockwork(life.order, life.now)
    clock.run(morning_of(date(2026, 4, 15)))
    days = {letter.occasion: day.date() for day, letter in clock.posted}
    assert days[Occasion.DECK_DELIVERED] == date(2026, 3, 18)
    assert days[Occasion.PROGRAMME] == date(2026, 4, 7)
    assert days[Occasion.MEETING_REMINDER] == date(2026, 4, 13)
    assert days[Occasion.RECORD_REQUEST] == date(2026, 4, 15)
    assert clock.order.stage is Stage.AWAITING_RECORD


def test_a_deck_made_again_keeps_the_review_it_was_given() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.RemakeDeck()).does(move(date(2026, 4, 14)))
    until = life.order.baseline.review_until if life.order.baseline else None
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(DocumentId("dokument-to"),)))
    assert life.order.baseline is not None
    assert life.order.baseline.review_until == until
