"""Too few answer, or everybody at once."""

import datetime as dt

import pytest

from activities.housekeeping import HousekeepingActivities
from domain import commands as do
from domain.meeting import COPENHAGEN, danish
from domain.model import Actor, Round
from domain.stages import Stage
from storage.survey_rounds import RoundState
from tests.workflows.town import CLOSES, Town

pytestmark = pytest.mark.temporal


async def test_a_survey_too_few_answered_is_extended_and_then_enough_have(town_on_each: Town) -> None:
    town = town_on_each
    await town.live_to(Stage.TOO_FEW_ANSWERS, answers=4)
    assert town.box() is RoundState.CLOSED
    await town.do(do.ExtendSurvey(closes=dt.date(2031, 5, 8)))
    assert town.order.stage is Stage.SURVEY_OPEN
    assert town.box() is RoundState.OPEN
    assert len(town.mails("survey_extended")) == 8
    town.answer(3)
    await town.until(Stage.READY)
    survey = town.order.baseline
    assert survey is not None
    assert (survey.answers, survey.enough, survey.without_results) == (7, True, False)
    assert town.types().count("survey_closed") == town.types().count("turnout_counted") == 2
    assert len(town.mails("too_few_answers")) == 1
    assert town.results_of(Round.BASELINE).n == 7


async def test_a_survey_extended_before_it_closes_closes_once(town: Town) -> None:
    await town.live_to(Stage.SURVEY_OPEN)
    town.answer(3)
    await town.until_day(CLOSES)
    await town.do(do.ExtendSurvey(closes=dt.date(2031, 5, 6)), Actor.COORDINATOR)
    await town.until_day(dt.date(2031, 5, 6))
    assert town.order.stage is Stage.SURVEY_OPEN
    town.answer(6)
    await town.until(Stage.READY)
    assert town.types().count("survey_closed") == 1
    assert town.results_of(Round.BASELINE).n == 9


async def test_a_survey_too_few_answered_goes_on_without_results_where_nobody_decides(town: Town) -> None:
    await town.live_to(Stage.TOO_FEW_ANSWERS, answers=4)
    (told,) = town.mails("too_few_answers")
    assert "4 svar af 12" in told.text
    assert "inden onsdag den 7. maj kl. 8.30" in told.text
    await town.until(Stage.READY)
    survey = town.order.baseline
    assert survey is not None
    assert (survey.without_results, survey.deck_version) == (True, 1)
    (decided,) = (event.at for event in town.events if event.type == "went_on_without_results")
    assert danish(decided).replace(second=0, microsecond=0) == dt.datetime(2031, 5, 7, 8, 30, tzinfo=COPENHAGEN)
    results = town.results_of(Round.BASELINE)
    assert results.suppressed
    assert all(item.suppressed for item in results.items.values())
    assert town.box() is RoundState.DESTROYED
    await town.hold_the_meeting(follow_up="declined")
    await town.until(Stage.COMPLETED)


async def test_a_follow_up_too_few_answered_ends_without_a_comparison(town: Town) -> None:
    await town.live_to(Stage.READY)
    await town.agree_at_the_meeting()
    await town.until(Stage.FOLLOW_UP_OPEN)
    town.answer(3, Round.FOLLOW_UP)
    await town.until(Stage.COMPLETED)
    assert town.types()[-3:] == ["went_on_without_results", "ballots_destroyed", "order_completed"]
    assert town.mails("comparison_delivered") == []
    assert town.box(Round.FOLLOW_UP) is RoundState.DESTROYED


async def test_a_survey_everyone_has_answered_closes_the_next_morning(town: Town) -> None:
    await town.live_to(Stage.SURVEY_OPEN)
    chores = HousekeepingActivities(town.stack.workplace, town.orders)
    town.answer(11)
    await town.until_day(dt.date(2031, 4, 22), hour=9)
    assert (await chores.morning(await town.now())).startswith("0 full rounds")
    town.answer(1)
    await town.until_day(dt.date(2031, 4, 23), hour=9)
    assert (await chores.morning(await town.now())).startswith("1 full rounds")
    await town.quiet()
    assert town.order.stage is Stage.IN_REVIEW
    assert town.order.baseline is not None
    assert town.order.baseline.answers == 12
    assert (await chores.morning(await town.now())).startswith("0 full rounds")
    await town.until(Stage.READY)
    assert town.mails("reminder") == []
    assert town.mails("deck_delivered")[0].at_home.date() == dt.date(2031, 4, 25)


async def test_a_survey_closed_by_hand_is_counted_and_made_into_a_deck(town: Town) -> None:
    await town.live_to(Stage.SURVEY_OPEN)
    town.answer(10)
    await town.do(do.CloseSurvey(round=Round.BASELINE))
    assert town.order.stage is Stage.IN_REVIEW
    assert town.results_of(Round.BASELINE).n == 10
    assert town.mails("reminder") == []
