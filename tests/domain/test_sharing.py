"""The comparison is the coordinator's first; the members get it once the coordinator, or KiAP for them, sends it on."""

import datetime as dt
from datetime import date

import pytest

from domain import commands as do
from domain import events as ev
from domain.agenda import comes_next
from domain.by import consultant, coordinator
from domain.clock import next_step
from domain.letters import Letter, Occasion, WhyNot
from domain.limits import last_day_to_share, shared_by
from domain.mailings import Reader, next_letter, why_not, why_not_to
from domain.model import Round
from domain.stages import Stage
from domain.steps import Action
from domain.task_kinds import TaskKind
from domain.tasks import tasks_of
from tests.domain.story import FOLLOW_UP, KAREN, LENE, PAST, Life, given, life_at, morning_of

SHARED = Letter(Occasion.COMPARISON, FOLLOW_UP)
DELIVERED = date(2027, 1, 29)
"""The day on which the review of the second round's deck is over."""
LAST_DAY = date(2027, 3, 30)
"""The last of the forty working days that the coordinator has, after which comes the day that ends the order."""


def delivered() -> Life:
    """The comparison is with the coordinator, and nothing else is under way."""
    return life_at(Stage.FOLLOW_UP_DELIVERED).with_letters_gone()


@pytest.mark.parametrize("by", [coordinator(KAREN), consultant(LENE)], ids=lambda by: by.role)
def test_coordinator_and_consultant_may_send_the_comparison_to_the_members(by: object) -> None:
    life = delivered()
    assert life.ask(do.ShareComparison(), by=by) == [ev.ComparisonShared(at=life.now)]  # type: ignore[arg-type]


def test_it_is_sent_once() -> None:
    life = given(delivered()).when(do.ShareComparison()).then(ev.ComparisonShared(at=PAST))
    assert list(life.order.pending_letters) == [SHARED.key]
    given(life).when(do.ShareComparison()).then_nothing()
    life.with_letters_gone()
    given(life).when(do.ShareComparison()).then_nothing()
    assert next_letter(life.order, life.now) is None


@pytest.mark.parametrize("stage", [Stage.READY, Stage.QUIET, Stage.FOLLOW_UP_OPEN, Stage.FOLLOW_UP_IN_REVIEW])
def test_there_is_nothing_to_send_before_the_coordinator_has_it(stage: Stage) -> None:
    given(stage).when(do.ShareComparison()).then_rejected("no_comparison_yet")


def test_a_comparison_that_was_withheld_is_never_sent() -> None:
    life = life_at(Stage.FOLLOW_UP_IN_REVIEW).does(do.HoldDeck())
    limit = next_step(life.order, life.now)
    assert limit is not None
    life.does(do.WithholdDeck(), limit.at)
    given(life).when(do.ShareComparison()).then_rejected("no_comparison_yet")
    assert TaskKind.SHARE_COMPARISON not in {task.kind for task in tasks_of(life.order)}


def test_the_mail_waits_for_mail_hours_and_the_order_for_the_mail() -> None:
    life = delivered()
    saturday = dt.datetime.combine(date(2027, 1, 30), dt.time(12), tzinfo=dt.UTC)
    life.does(do.ShareComparison(), saturday)
    due = next_letter(life.order, saturday)
    assert due is not None
    assert (due.letter, due.at) == (SHARED, morning_of(date(2027, 2, 1)))
    assert next_step(life.order, saturday) is None, "the order lives until its mail has gone"
    life.got(SHARED, when=due.at)
    step = next_step(life.order, due.at)
    assert step is not None
    assert (step.action, step.at) == (Action.COMPLETE, due.at)


def test_nobody_has_to_send_it_and_the_order_ends_when_the_time_is_over() -> None:
    life = delivered()
    until = shared_by(life.order)
    assert until == morning_of(date(2027, 3, 31))
    assert last_day_to_share(life.order) == LAST_DAY
    step = next_step(life.order, life.now)
    assert step is not None
    assert (step.action, step.at) == (Action.COMPLETE, until)
    given(life).when(do.CompleteOrder(), until - dt.timedelta(minutes=1)).then_rejected("not_finished")
    life.does(do.CompleteOrder(), until)
    assert life.order.ended is not None
    assert SHARED.key not in life.order.letters
    given(life).when(do.ShareComparison()).then_rejected("order_ended")


def test_it_is_the_coordinators_task_with_the_last_day_as_its_date() -> None:
    life = delivered().does(do.AssignConsultant(consultant=LENE))
    (task,) = tasks_of(life.order)
    assert (task.kind, task.owner, task.due.date()) == (TaskKind.SHARE_COMPARISON, "coordinator", LAST_DAY)
    assert task.facts["round"] == Round.FOLLOW_UP
    assert tasks_of(life.does(do.ShareComparison()).order) == []


def test_the_members_see_the_first_round_alone_until_they_are_sent_the_second() -> None:
    life = delivered()
    assert [survey.round for survey in life.order.shared_surveys] == [Round.BASELINE]
    life.does(do.ShareComparison())
    assert [survey.round for survey in life.order.shared_surveys] == [Round.BASELINE, Round.FOLLOW_UP]
    assert life_at(Stage.SURVEY_OPEN).order.shared_surveys == ()


def test_the_mail_is_not_worth_sending_before_it_is_asked_for_or_once_the_order_is_called_off() -> None:
    life = delivered()
    assert why_not(life.order, SHARED, life.now, life.now) is WhyNot.OVERTAKEN
    life.does(do.ShareComparison())
    assert why_not(life.order, SHARED, life.now, life.now) is None
    life.does(do.CancelOrder(reason="cluster_withdrew"))
    assert why_not(life.order, SHARED, life.now, life.now) is WhyNot.ORDER_ENDED
    assert SHARED.key not in life.order.pending_letters


def test_who_has_left_or_wants_no_mail_or_cannot_have_any_gets_none() -> None:
    assert why_not_to(SHARED, Reader(on_the_list=False)) is WhyNot.LEFT
    assert why_not_to(SHARED, Reader(opted_out=True)) is WhyNot.OPTED_OUT
    assert why_not_to(SHARED, Reader(bounced=True)) is WhyNot.BOUNCED
    assert why_not_to(SHARED, Reader()) is None


def test_the_mail_to_come_stands_on_the_timeline() -> None:
    life = delivered().does(do.ShareComparison())
    assert [each.code for each in comes_next(life.order, life.now)] == ["letter.comparison"]
