"""How orders end: completed with or without a follow-up, cancelled at any stage; and what is still done then."""

from datetime import date

import pytest
from domain.postbox import next_letter

from domain import commands as do
from domain import events as ev
from domain.agenda import call_lapses_at, comes_next, due_of, tasks_of
from domain.letters import Letter, Occasion
from domain.model import Actor
from domain.stages import ENDED, Stage
from tests.domain.clockwork import Clockwork
from tests.domain.story import AGREE, CALLED, FOLLOW_UP, PAST, PLACE, PLACED, Life, given, life_at, morning_of, noon

LIVING = [stage for stage in Stage if stage not in ENDED]
COMPARISON = Letter(Occasion.COMPARISON_DELIVERED, FOLLOW_UP)


@pytest.mark.parametrize("stage", LIVING)
def test_an_order_is_cancelled_at_any_stage_and_then_no_letter_leaves_any_more(stage: Stage) -> None:
    life = (
        given(stage)
        .when(do.CancelOrder(reason="cluster_withdrew"))
        .then(ev.OrderCancelled(at=PAST, reason="cluster_withdrew"))
    )
    assert life.order.stage is Stage.CANCELLED
    assert life.order.pending_letters == ()
    assert next_letter(life.order, life.now) is None
    assert (tasks_of(life.order), comes_next(life.order, life.now), due_of(life.order, life.now)) == ([], [], None)
    given(life).when(do.CancelOrder()).then_rejected("order_ended")


@pytest.mark.parametrize("stage", LIVING)
def test_a_cancelled_order_keeps_no_ballots_and_writes_nothing_however_long_it_lies(stage: Stage) -> None:
    life = life_at(stage).does(do.CancelOrder())
    clock = Clockwork(life.order, life.now)
    clock.run(noon(date(2031, 1, 1)))
    assert clock.posted == []
    assert all(survey.destroyed for survey in clock.order.surveys if survey.opened)


def test_a_letter_on_its_way_as_the_order_is_cancelled_is_still_recorded() -> None:
    life = life_at(Stage.SURVEY_OPEN).does(do.CancelOrder())
    given(life).when(do.RecordLetters(key="invitation/baseline/", sent=42)).then(
        ev.LettersSent(at=PAST, key="invitation/baseline/", sent=42, failed=0)
    )


def test_the_refusal_says_when_and_how_it_ended() -> None:
    refusal = given(Stage.CANCELLED).when(do.StartFollowUp()).then_rejected("order_ended")
    assert refusal.message == "Bestillingen blev aflyst den 7. januar 2026 og kan ikke ændres."


def test_an_order_is_complete_with_its_comparison() -> None:
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW)
    given(life).when(do.CompleteOrder()).then_rejected("not_finished")
    life.does(do.ReleaseDeck())
    given(life).when(do.CompleteOrder()).then(ev.OrderCompleted(at=PAST, with_follow_up=True))


def test_a_follow_up_with_too_few_answers_completes_the_order_without_one() -> None:
    life = life_at(Stage.FOLLOW_UP_TOO_FEW).does(do.GoOnWithoutResults())
    given(life).when(do.CompleteOrder()).then(ev.OrderCompleted(at=PAST, with_follow_up=False))


def test_not_wanting_a_follow_up_the_order_is_complete_with_its_meeting() -> None:
    life = Life().does(PLACE, PLACED).does(AGREE.model_copy(update={"follow_up_wanted": False}), CALLED)
    clock = Clockwork(life.order, life.now)
    clock.run(noon(date(2026, 3, 26)))
    clock.does(do.RecordMeeting(attended=30, absent=3), Actor.COORDINATOR)
    clock.run(noon(date(2026, 3, 27)))
    assert clock.order.ended is not None
    assert clock.posted[-1][1].occasion is Occasion.AFTER_MEETING


def test_a_completed_order_still_posts_its_last_letter_once() -> None:
    """Released and completed on a Friday evening: the comparison leaves on Monday morning."""
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW).with_letters_gone()
    life.does(do.ReleaseDeck(), noon(date(2027, 1, 29))).does(do.CompleteOrder())
    friday_evening = noon(date(2027, 1, 29)).replace(hour=20)
    due = next_letter(life.order, friday_evening)
    assert due is not None
    assert (due.letter, due.at) == (COMPARISON, morning_of(date(2027, 2, 1)))
    life.does(do.RecordLetters(key=COMPARISON.key, sent=1), due.at)
    assert next_letter(life.order, due.at) is None


def test_a_call_that_is_never_held_lapses_after_ninety_days() -> None:
    life = life_at(Stage.ORDERED)
    assert call_lapses_at(life.order) == morning_of(date(2026, 4, 7))  # the ninetieth day is the Sunday of Easter
    clock = Clockwork(life.order, life.now)
    clock.run(call_lapses_at(life.order))
    assert clock.order.ended is not None
    assert clock.order.ended.reason == "never_called"


@pytest.mark.parametrize("stage", LIVING)
def test_left_to_the_clock_every_order_ends_with_every_letter_gone(stage: Stage) -> None:
    life = life_at(stage)
    clock = Clockwork(life.order, life.now)
    clock.run(noon(date(2029, 1, 1)))
    assert clock.order.ended is not None
    assert clock.order.pending_letters == ()
    assert next_letter(clock.order, clock.now) is None
