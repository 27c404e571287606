"""What the workflow is told of an order: how far it is, its next step and its next letters; facts, and no names."""

import datetime as dt
from datetime import date

import pytest

from demo.clockwork import Clockwork
from domain import commands as do
from domain.agenda import due_of
from domain.letters import Letter, Occasion
from domain.look import outlook_of
from domain.mailings import next_letter
from domain.model import Round
from domain.outlook import Outlook
from domain.stages import ENDED, Stage
from tests.domain.story import (
    A_NEWCOMER,
    BASELINE,
    BIRTHE,
    FOLLOW_UP_OPENS,
    KAREN,
    LENE,
    OPENS,
    RECORDED,
    Life,
    life_at,
    morning_of,
    noon,
)

INVITATION = Letter(Occasion.INVITATION, BASELINE)


def look(life: Life) -> Outlook:
    return outlook_of(life.order, life.now)


FAR = {
    #                            plan   settled over  meeting follow-up agreed settled over
    Stage.ORDERED:              (False, False, False, False, False, False, False, False),
    Stage.PLANNED:              (True,  False, False, False, False, False, False, False),
    Stage.SURVEY_OPEN:          (True,  False, False, False, False, False, False, False),
    Stage.TOO_FEW_ANSWERS:      (True,  False, False, False, False, False, False, False),
    Stage.ANALYSING:            (True,  True,  False, False, False, False, False, False),
    Stage.IN_REVIEW:            (True,  True,  False, False, False, False, False, False),
    Stage.READY:                (True,  True,  False, False, False, False, False, False),
    Stage.AWAITING_RECORD:      (True,  True,  True,  False, False, False, False, False),
    Stage.QUIET:                (True,  True,  True,  True,  False, False, False, False),
    Stage.FOLLOW_UP_OPEN:       (True,  True,  True,  True,  True,  True,  False, False),
    Stage.FOLLOW_UP_TOO_FEW:    (True,  True,  True,  True,  True,  True,  False, False),
    Stage.FOLLOW_UP_ANALYSING:  (True,  True,  True,  True,  True,  True,  True,  False),
    Stage.FOLLOW_UP_IN_REVIEW:  (True,  True,  True,  True,  True,  True,  True,  False),
    Stage.FOLLOW_UP_DELIVERED:  (True,  True,  True,  True,  True,  True,  True,  True),
    Stage.COMPLETED:            (True,  True,  True,  True,  True,  True,  True,  True),
}  # fmt: skip
"""How far an order is at each stage, as its workflow waits for it: a round is over with its ballots destroyed."""


@pytest.mark.parametrize("stage", FAR)
def test_the_workflow_is_told_how_far_the_order_is(stage: Stage) -> None:
    seen = look(life_at(stage))
    assert FAR[stage] == (
        seen.plan_agreed,
        seen.baseline.settled,
        seen.baseline.over,
        seen.meeting_settled,
        seen.follow_up_settled,
        seen.follow_up_agreed,
        seen.second.settled,
        seen.second.over,
    )
    assert seen.awaits_follow_up is not seen.second.over
    assert seen.ended is (stage in ENDED)
    assert seen.version == life_at(stage).order.version


@pytest.mark.parametrize("round_", Round)
def test_a_round_is_asked_for_by_its_name(round_: Round) -> None:
    seen = look(life_at(Stage.FOLLOW_UP_OPEN))
    assert seen.round(round_) == (seen.baseline if round_ is Round.BASELINE else seen.second)
    assert seen.baseline != seen.second


@pytest.mark.parametrize(
    "command", [do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), do.DeclineFollowUp()], ids=lambda command: command.type
)
def test_a_follow_up_agreed_or_declined_is_settled(command: do.AgreeFollowUp | do.DeclineFollowUp) -> None:
    seen = look(life_at(Stage.QUIET).does(command))
    agreed = isinstance(command, do.AgreeFollowUp)
    assert (seen.follow_up_settled, seen.follow_up_agreed, seen.awaits_follow_up) == (True, agreed, agreed)


# --- the next letters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", Stage)
def test_the_next_letters_are_those_that_are_due_first(stage: Stage) -> None:
    life = life_at(stage)
    seen, following = look(life), next_letter(life.order, life.now)
    assert bool(seen.letters) is (following is not None)
    assert {letter.at for letter in seen.letters} == ({following.at} if following else set())
    assert len({letter.key for letter in seen.letters}) == len(seen.letters)
    assert seen.letters_pending is bool(life.order.pending_letters)


def test_letters_due_at_the_same_instant_are_told_together() -> None:
    life = life_at(Stage.READY).with_letters_gone()
    life.does(do.AssignConsultant(consultant=LENE)).does(do.ReplaceCoordinator(coordinator=KAREN))
    life.does(do.ChangeMeeting(minutes=180)).does(do.RecordDeck(round=BASELINE, version=2, documents=()))
    assert {letter.key for letter in look(life).letters} >= {"order_assigned//1", "plan_agreed//2"}


def test_a_letter_to_be_given_up_is_told_as_such() -> None:
    life = life_at(Stage.SURVEY_OPEN)
    life.does(do.RecordLetters(key=INVITATION.key, sent=41, waiting=1, seen=life.order.version))
    life.does(do.CloseSurvey(round=BASELINE)).with_letters_gone()
    [told] = outlook_of(life.order, life.now, {INVITATION.key: life.now + dt.timedelta(days=1)}).letters
    assert (told.key, told.at, told.settle) == (INVITATION.key, life.now, True)


# --- the end --------------------------------------------------------------------------------------------------------


def test_a_cancelled_order_is_finished_when_its_ballots_are_gone_and_all_are_told() -> None:
    life = life_at(Stage.SURVEY_OPEN).got(INVITATION).does(do.CancelOrder())
    assert (look(life).ended, look(life).finished) == (True, False)
    life.does(do.RecordDestruction(round=BASELINE))
    assert not look(life).finished, "somebody is still to be told"
    assert look(life.with_letters_gone()).finished
    told_first = life_at(Stage.SURVEY_OPEN).got(INVITATION).does(do.CancelOrder()).with_letters_gone()
    assert not look(told_first).finished, "ballots are still there"


def test_mail_of_an_ended_order_that_waits_is_settled_before_it_is_finished() -> None:
    life = life_at(Stage.COMPLETED)
    assert look(life).finished
    waiting = {INVITATION.key: life.now + dt.timedelta(days=1)}
    seen = outlook_of(life.order, life.now, waiting)
    assert not seen.finished
    assert [(letter.key, letter.settle) for letter in seen.letters] == [(INVITATION.key, True)]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in ENDED])
def test_left_to_the_clock_every_order_is_finished_in_the_end_and_only_then(stage: Stage) -> None:
    clock = Clockwork(life_at(stage).order, life_at(stage).now)
    while clock.tick(clock.now + dt.timedelta(days=1500)):
        seen = outlook_of(clock.order, clock.now)
        assert seen.finished is (clock.order.ended is not None and seen.step is None and not seen.letters)
    assert outlook_of(clock.order, clock.now).finished


# --- what Temporal's pages show -------------------------------------------------------------------------------------


def test_what_is_shown_is_stage_meeting_and_who_is_waited_for() -> None:
    life = life_at(Stage.QUIET).does(do.AssignConsultant(consultant=LENE))
    shown = look(life.does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS), RECORDED)).shown
    assert shown.stage is Stage.QUIET
    assert (shown.cluster, shown.package) == (life.order.cluster, "trivsel-og-arbejdsglaede")
    assert (shown.consultant, shown.meeting) == (LENE, "2026-03-25T17:00:00")
    assert shown.follow_up_opens == FOLLOW_UP_OPENS
    assert shown.due == due_of(life.order, life.now)


@pytest.mark.parametrize("stage", Stage)
def test_an_outlook_comes_back_from_json_as_it_was_and_names_nobody(stage: Stage) -> None:
    life = life_at(stage)
    seen = look(life)
    told = seen.model_dump_json()
    assert Outlook.model_validate_json(told) == seen
    assert KAREN not in told
    assert BIRTHE not in told


def test_an_outlook_does_not_grow_with_the_members_or_the_years() -> None:
    """It is in the history of every step that is taken."""
    few, many = life_at(Stage.SURVEY_OPEN), life_at(Stage.SURVEY_OPEN)
    for number in range(100, 200):
        joined = A_NEWCOMER.model_copy(update={"person": f"medlem-{number}"})
        many.does(do.AddMember(joined=joined))
    sizes = [len(look(life.with_letters_gone()).model_dump_json()) for life in (few, many)]
    assert sizes[1] - sizes[0] < 10
    assert max(len(look(life_at(stage)).model_dump_json()) for stage in Stage) < 4_000


def test_an_outlook_says_when_the_next_thing_is_due() -> None:
    life = life_at(Stage.PLANNED).with_letters_gone()
    seen = look(life)
    assert seen.step is not None
    assert seen.step.at == morning_of(OPENS)
    assert outlook_of(life.order, noon(date(2026, 2, 1))).step == seen.step
