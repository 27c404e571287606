"""Too few answer, or everybody at once."""

import datetime as dt

import pytest

from activities.maintenance import MaintenanceActivities
from domain import commands as do
from domain.meeting import COPENHAGEN, danish
from domain.model import Rejected, Round
from domain.stages import Stage
from storage.survey_rounds import RoundState
from tests.workflows.time_skipping import CLOSES, OrderSystem

pytestmark = pytest.mark.temporal


async def test_a_survey_too_few_answered_is_extended_and_then_enough_have(system_on_each: OrderSystem) -> None:
    system = system_on_each
    await system.live_to(Stage.TOO_FEW_ANSWERS, answers=4)
    assert system.box() is RoundState.CLOSED
    await system.do(do.ExtendSurvey(closes=dt.date(2031, 5, 8)))
    assert system.order.stage is Stage.SURVEY_OPEN
    assert system.box() is RoundState.OPEN
    assert len(system.mails("survey_extended")) == 8
    system.answer(3)
    await system.until(Stage.READY)
    survey = system.order.baseline
    assert survey is not None
    assert (survey.answers, survey.enough, survey.without_results) == (7, True, False)
    assert system.types().count("survey_closed") == system.types().count("turnout_counted") == 2
    assert len(system.mails("too_few_answers")) == 1
    assert system.results_of(Round.BASELINE).n == 7


async def test_an_extra_reminder_goes_once_to_those_who_have_not_answered(system_on_each: OrderSystem) -> None:
    system = system_on_each
    await system.live_to(Stage.SURVEY_OPEN)
    system.answer(5)
    reminded = dt.date(2031, 4, 23)
    await system.until_day(reminded, hour=11)
    before = len(system.mails("reminder"))
    await system.do(do.SendReminder(), request_id="once")
    await system.do(do.SendReminder(), request_id="once")
    await system.quiet()
    extra = system.mails("reminder")[before:]
    assert len(extra) == 7, "twelve members, and five have answered"
    assert {mail.at_home.date() for mail in extra} == {reminded}
    assert system.types().count("reminder_added") == 1
    with pytest.raises(Rejected, match="højst en påmindelse hver anden arbejdsdag"):
        await system.do(do.SendReminder())


async def test_a_survey_extended_before_it_closes_closes_once(system: OrderSystem) -> None:
    await system.live_to(Stage.SURVEY_OPEN)
    system.answer(3)
    await system.until_day(CLOSES)
    await system.do(do.ExtendSurvey(closes=dt.date(2031, 5, 6)), system.coordinator)
    await system.until_day(dt.date(2031, 5, 6))
    assert system.order.stage is Stage.SURVEY_OPEN
    system.answer(6)
    await system.until(Stage.READY)
    assert system.types().count("survey_closed") == 1
    assert system.results_of(Round.BASELINE).n == 9


async def test_a_survey_too_few_answered_goes_on_without_results_where_nobody_decides(system: OrderSystem) -> None:
    await system.live_to(Stage.TOO_FEW_ANSWERS, answers=4)
    (told,) = system.mails("too_few_answers")
    assert "4 svar af 12" in told.text
    assert "inden onsdag den 7. maj kl. 8.30" in told.text
    await system.until(Stage.READY)
    survey = system.order.baseline
    assert survey is not None
    assert (survey.without_results, survey.deck_version) == (True, 1)
    (decided,) = (event.at for event in system.events if event.type == "went_on_without_results")
    assert danish(decided).replace(second=0, microsecond=0) == dt.datetime(2031, 5, 7, 8, 30, tzinfo=COPENHAGEN)
    results = system.results_of(Round.BASELINE)
    assert results.suppressed
    assert all(item.suppressed for item in results.items.values())
    assert system.box() is RoundState.DESTROYED
    await system.hold_the_meeting(follow_up="declined")
    await system.until(Stage.COMPLETED)


async def test_a_follow_up_too_few_answered_ends_without_a_comparison(system: OrderSystem) -> None:
    await system.live_to(Stage.READY)
    await system.agree_at_the_meeting()
    await system.until(Stage.FOLLOW_UP_OPEN)
    system.answer(3, Round.FOLLOW_UP)
    await system.until(Stage.COMPLETED)
    assert system.types()[-3:] == ["went_on_without_results", "ballots_destroyed", "order_completed"]
    assert system.mails("comparison_delivered") == []
    assert system.box(Round.FOLLOW_UP) is RoundState.DESTROYED


async def test_a_survey_everyone_has_answered_closes_the_next_morning(system: OrderSystem) -> None:
    await system.live_to(Stage.SURVEY_OPEN)
    maintenance = MaintenanceActivities(system.stack.dependencies, system.orders)
    system.answer(11)
    await system.until_day(dt.date(2031, 4, 22), hour=9)
    assert (await maintenance.morning(await system.now())).startswith("0 full rounds")
    system.answer(1)
    await system.until_day(dt.date(2031, 4, 23), hour=9)
    assert (await maintenance.morning(await system.now())).startswith("1 full rounds")
    await system.quiet()
    assert system.order.stage is Stage.IN_REVIEW
    assert system.order.baseline is not None
    assert system.order.baseline.answers == 12
    assert (await maintenance.morning(await system.now())).startswith("0 full rounds")
    await system.until(Stage.READY)
    assert system.mails("reminder") == []
    assert system.mails("deck_delivered")[0].at_home.date() == dt.date(2031, 4, 25)


async def test_a_survey_closed_by_hand_is_counted_and_made_into_a_deck(system: OrderSystem) -> None:
    await system.live_to(Stage.SURVEY_OPEN)
    system.answer(10)
    await system.do(do.CloseSurvey(round=Round.BASELINE))
    assert system.order.stage is Stage.IN_REVIEW
    assert system.results_of(Round.BASELINE).n == 10
    assert system.mails("reminder") == []
