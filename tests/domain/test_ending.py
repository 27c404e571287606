"""How orders end: completed with or without a follow-up, cancelled at any stage; and what is still done then."""

import datetime as dt
from datetime import date

import pytest

from demo.clockwork import Clockwork
from domain import commands as do
from domain import events as ev
from domain.agenda import comes_next, due_of
from domain.by import coordinator
from domain.clock import next_step
from domain.letters import Letter, Occasion
from domain.limits import call_lapses_at
from domain.mailings import MAILINGS, next_letter
from domain.stages import ENDED, Stage
from domain.steps import Action
from domain.tasks import tasks_of
from tests.domain.story import (
    AGREE,
    BASELINE,
    CALLED,
    FOLLOW_UP,
    PAST,
    PLACE,
    PLACED,
    THE_MEETING,
    Life,
    given,
    life_at,
    morning_of,
    noon,
)

LIVING = [stage for stage in Stage if stage not in ENDED]
COMPARISON = Letter(Occasion.COMPARISON_DELIVERED, FOLLOW_UP)
SHARED = Letter(Occasion.COMPARISON, FOLLOW_UP)
CANCELLED, OFF = Letter(Occasion.ORDER_CANCELLED), Letter(Occasion.MEETING_CANCELLED)
INVITATION, PROGRAMME = Letter(Occasion.INVITATION, BASELINE), Letter(Occasion.PROGRAMME)


def clock_of(life: Life) -> Clockwork:
    return Clockwork(life.order, life.now)


# --- cancelled ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", LIVING)
def test_an_order_is_cancelled_at_any_stage_and_then_only_that_is_told(stage: Stage) -> None:
    life = (
        given(stage)
        .when(do.CancelOrder(reason="cluster_withdrew"))
        .then(ev.OrderCancelled(at=PAST, reason="cluster_withdrew"))
    )
    assert life.order.stage is Stage.CANCELLED
    assert set(life.order.pending_letters) <= {CANCELLED.key, OFF.key}
    life.with_letters_gone()
    assert next_letter(life.order, life.now) is None
    assert (tasks_of(life.order), comes_next(life.order, life.now), due_of(life.order, life.now)) == ([], [], None)
    given(life).when(do.CancelOrder()).then_rejected("order_ended")


@pytest.mark.parametrize("stage", LIVING)
def test_a_cancelled_order_keeps_no_ballots_and_writes_nothing_more_however_long_it_lies(stage: Stage) -> None:
    clock = clock_of(life_at(stage).with_letters_gone().does(do.CancelOrder()))
    clock.run(noon(date(2031, 1, 1)))
    assert {letter for _, letter in clock.posted} <= {CANCELLED, OFF}
    assert all(survey.destroyed for survey in clock.order.surveys if survey.opened)


@pytest.mark.parametrize("stage", LIVING)
def test_the_coordinator_is_told_of_the_cancellation_once_and_at_once(stage: Stage) -> None:
    night = life_at(stage).now + dt.timedelta(hours=13)
    clock = clock_of(life_at(stage).with_letters_gone().does(do.CancelOrder(), night))
    clock.run(noon(date(2031, 1, 1)))
    assert [at for at, letter in clock.posted if letter == CANCELLED] == [night]
    assert MAILINGS[Occasion.ORDER_CANCELLED].to == "coordinator"


@pytest.mark.parametrize(
    ("stage", "gone", "are_told"),
    [
        (Stage.ORDERED, (), False),
        (Stage.PLANNED, (), False),
        (Stage.SURVEY_OPEN, (), False),  # the invitations were still to leave, and now do not
        (Stage.SURVEY_OPEN, (INVITATION,), True),
        (Stage.TOO_FEW_ANSWERS, (INVITATION,), True),
        (Stage.IN_REVIEW, (INVITATION,), True),
        (Stage.READY, (INVITATION,), True),
        (Stage.READY, (INVITATION, PROGRAMME), True),
        (Stage.AWAITING_RECORD, (INVITATION, PROGRAMME), False),  # held: nothing is left to wait for
        (Stage.QUIET, (INVITATION, PROGRAMME), False),
        (Stage.FOLLOW_UP_OPEN, (), False),
        (Stage.FOLLOW_UP_OPEN, (Letter(Occasion.INVITATION, FOLLOW_UP),), True),
        (Stage.FOLLOW_UP_IN_REVIEW, (Letter(Occasion.INVITATION, FOLLOW_UP),), False),
    ],
)
def test_members_who_had_an_invitation_or_a_programme_are_told_once_while_something_is_left_to_wait_for(
    stage: Stage, gone: tuple[Letter, ...], are_told: bool
) -> None:
    clock = clock_of(life_at(stage).got(*gone).does(do.CancelOrder()))
    clock.run(noon(date(2031, 1, 1)))
    assert [letter for _, letter in clock.posted].count(OFF) == are_told
    assert MAILINGS[Occasion.MEETING_CANCELLED].to == "members"


def test_a_cancellation_takes_the_entry_out_of_the_calendars_it_was_put_in() -> None:
    assert {occasion for occasion, mailing in MAILINGS.items() if mailing.calendar == "cancel"} == {
        Occasion.ORDER_CANCELLED,
        Occasion.MEETING_CANCELLED,
    }


def test_a_meeting_cancelled_the_evening_before_is_told_without_waiting_for_the_morning_after_it() -> None:
    """Called off at six for eight the next morning: mail hours would begin when people sit there."""
    life = life_at(Stage.READY).got(PROGRAMME).with_letters_gone()
    early = THE_MEETING.starts.replace(hour=8)
    life.does(do.MoveMeeting(to=early)).with_letters_gone()
    evening = noon(THE_MEETING.day - dt.timedelta(days=1)) + dt.timedelta(hours=6)
    due = next_letter(life.does(do.CancelOrder(), evening).got(CANCELLED).order, evening)
    assert due is not None
    assert (due.letter, due.at, due.settle) == (OFF, evening, False)


def test_a_follow_up_cancelled_at_night_is_told_in_the_morning() -> None:
    """The meeting is long over, and nobody has to be caught before it."""
    life = life_at(Stage.FOLLOW_UP_OPEN).with_letters_gone()
    saturday_night = noon(date(2027, 1, 16)) + dt.timedelta(hours=11)
    due = next_letter(life.does(do.CancelOrder(), saturday_night).got(CANCELLED).order, saturday_night)
    assert due is not None
    assert (due.letter, due.at) == (OFF, morning_of(date(2027, 1, 18)))


def test_a_cancellation_told_late_is_still_told_as_long_as_the_meeting_or_the_round_is_ahead() -> None:
    """An outage over the round's end: the meeting is still in everybody's calendar."""
    clock = clock_of(life_at(Stage.SURVEY_OPEN).got(INVITATION).does(do.CancelOrder()))
    clock.sleep(noon(date(2026, 3, 20)) - clock.now)
    clock.run(noon(date(2031, 1, 1)))
    assert OFF in [letter for _, letter in clock.posted]
    too_late = clock_of(life_at(Stage.FOLLOW_UP_OPEN).with_letters_gone().does(do.CancelOrder()))
    too_late.sleep(noon(date(2027, 1, 28)) - too_late.now)
    too_late.run(noon(date(2031, 1, 1)))
    assert OFF not in [letter for _, letter in too_late.posted]


def test_nobody_is_told_of_a_cancellation_after_the_meeting_would_have_been() -> None:
    life = life_at(Stage.READY).got(PROGRAMME).with_letters_gone().does(do.CancelOrder())
    clock = clock_of(life)
    clock.sleep(THE_MEETING.starts_at - clock.now)
    clock.run(noon(date(2031, 1, 1)))
    assert OFF not in [letter for _, letter in clock.posted]
    assert clock.order.pending_letters == {}


def test_a_letter_on_its_way_as_the_order_is_cancelled_is_still_recorded() -> None:
    life = life_at(Stage.SURVEY_OPEN).does(do.CancelOrder())
    life = (
        given(life)
        .when(do.RecordLetters(key=INVITATION.key, sent=41, waiting=1, seen=7))
        .then(ev.LettersSent(at=PAST, key=INVITATION.key, sent=41, waiting=1, seen=7))
    )
    assert INVITATION.key not in life.order.pending_letters


def test_the_refusal_says_when_and_how_it_ended() -> None:
    refusal = given(Stage.CANCELLED).when(do.StartFollowUp()).then_rejected("order_ended")
    assert refusal.message == "Bestillingen blev aflyst den 7. januar 2026 og kan ikke ændres."


# --- completed ------------------------------------------------------------------------------------------------------


def test_an_order_is_complete_with_its_comparison_once_its_ballots_are_gone() -> None:
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW)
    given(life).when(do.CompleteOrder()).then_rejected("not_finished")
    life.does(do.ReleaseDeck())
    given(life).when(do.CompleteOrder()).then_rejected("not_finished")
    life.does(do.RecordDestruction(round=FOLLOW_UP)).does(do.ShareComparison())
    given(life).when(do.CompleteOrder()).then(ev.OrderCompleted(at=PAST, with_follow_up=True))


def test_a_follow_up_with_too_few_answers_completes_the_order_without_one() -> None:
    life = life_at(Stage.FOLLOW_UP_TOO_FEW).does(do.GoOnWithoutResults()).does(do.RecordDestruction(round=FOLLOW_UP))
    given(life).when(do.CompleteOrder()).then(ev.OrderCompleted(at=PAST, with_follow_up=False))


def test_not_wanting_a_follow_up_the_order_is_complete_with_its_meeting() -> None:
    life = Life().does(PLACE, PLACED).does(AGREE.model_copy(update={"follow_up_wanted": False}), CALLED)
    clock = clock_of(life)
    clock.run(noon(date(2026, 3, 26)))
    clock.does(do.RecordMeeting(attended=30, absent=3), coordinator(clock.order.coordinator))
    clock.run(noon(date(2026, 3, 27)))
    assert clock.order.ended is not None
    assert clock.posted[-1][1].occasion is Occasion.AFTER_MEETING


def test_an_order_is_not_completed_before_its_last_letter_has_gone() -> None:
    """Sent on to the members on a Friday evening: their mail leaves on Monday morning, and that is the end."""
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW).with_letters_gone()
    friday_evening = noon(date(2027, 1, 29)) + dt.timedelta(hours=8)
    life.does(do.ReleaseDeck()).does(do.RecordDestruction(round=FOLLOW_UP)).with_letters_gone()
    life.does(do.ShareComparison(), friday_evening)
    assert next_step(life.order, friday_evening) is None
    due = next_letter(life.order, friday_evening)
    assert due is not None
    assert (due.letter, due.at) == (SHARED, morning_of(date(2027, 2, 1)))
    life.got(SHARED, when=due.at)
    step = next_step(life.order, due.at)
    assert step is not None
    assert (step.action, step.at) == (Action.COMPLETE, due.at)
    life.does(do.CompleteOrder(), due.at)
    assert next_letter(life.order, due.at) is None


def test_a_call_that_is_never_held_lapses_after_ninety_days() -> None:
    life = life_at(Stage.ORDERED)
    assert call_lapses_at(life.order) == morning_of(date(2026, 4, 7))  # the ninetieth day is the Sunday of Easter
    clock = clock_of(life)
    clock.run(call_lapses_at(life.order))
    assert clock.order.ended is not None
    assert clock.order.ended.reason == "never_called"


@pytest.mark.parametrize("stage", LIVING)
def test_left_to_the_clock_every_order_ends_with_every_letter_gone(stage: Stage) -> None:
    clock = clock_of(life_at(stage))
    clock.run(noon(date(2029, 1, 1)))
    assert clock.order.ended is not None
    assert clock.order.pending_letters == {}
    assert next_letter(clock.order, clock.now) is None
    assert next_step(clock.order, clock.now) is None
