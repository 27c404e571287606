"""Rules change while orders run: no history is read differently for it, and what a stream has decided stands."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

import domain.calendar
import worker.workers
from domain.denmark import days_off
from domain.events import SurveyClosed, SurveyOpened
from domain.look import outlook_of
from domain.mailings import MAILINGS
from domain.stages import Stage
from tests.workflows.test_replay import HISTORIES, history_in
from tests.workflows.time_skipping import MEETING, OPENS, OrderSystem, an_order_system
from worker.histories import histories_of
from workflows.order import OrderWorkflow

pytestmark = pytest.mark.temporal

Change = Callable[[pytest.MonkeyPatch], None]


def days_off_shifted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another release knows the holidays differently."""
    monkeypatch.setattr(
        domain.calendar, "days_off", lambda year: {day + dt.timedelta(days=1) for day in days_off(year)}
    )


def working_week_shifted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fridays are off and Sundays are not."""
    monkeypatch.setattr(domain.calendar, "is_working_day", lambda day: day.weekday() not in (4, 5))


def mornings_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything begins two hours later, the mail too."""
    rule = domain.calendar._mail_hours
    later = dt.time(10, 30)
    monkeypatch.setattr(
        domain.calendar, "_mail_hours", lambda day: type(rule(day))(opens=later, closes=rule(day).closes)
    )


def no_mailings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written any more."""
    for occasion in tuple(MAILINGS):
        monkeypatch.delitem(MAILINGS, occasion)


def steps_turned_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock knows of nothing to do."""
    monkeypatch.setattr("domain.look.next_step", lambda _order, _now: None)


CHANGES: list[Change] = [days_off_shifted, working_week_shifted, mornings_later, no_mailings, steps_turned_round]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.name.removesuffix(".json"))
async def test_a_kept_history_replays_under_other_rules(
    file: Path, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    replayer = Replayer(workflows=[OrderWorkflow], data_converter=pydantic_data_converter)
    await replayer.replay_workflow(history_in(file))


async def failed_tasks(system: OrderSystem) -> int:
    return sum(
        event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
        for history in await histories_of(system.env.client, system.workflow_id)
        for event in history.events
    )


async def test_a_step_told_by_the_old_rules_is_taken_when_the_new_ones_allow_it_and_recorded_once(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.workers, "CACHED_WORKFLOWS", 0)  # so that each task replays the history anew
    async with an_order_system(data) as system, system.worker():
        await system.live_to(Stage.PLANNED)
        working_week_shifted(monkeypatch)  # the survey was to open on a Friday
        await system.until(Stage.SURVEY_OPEN)
        (opened,) = (event for event in system.events if isinstance(event, SurveyOpened))
        assert opened.at.date() == opened.opens == OPENS + dt.timedelta(days=2)
        system.answer(11)
        await system.until(Stage.IN_REVIEW)
        (closed,) = (event for event in system.events if isinstance(event, SurveyClosed))
        assert closed.at >= domain.calendar.closing_time(opened.closes)
        assert await failed_tasks(system) == 0


def decided(story: OrderSystem) -> tuple[object, ...]:
    """What the rules say of an order that is planned, and of the days of its year."""
    order = story.order
    now = order.placed_at + dt.timedelta(days=30)
    days = [MEETING + dt.timedelta(days=number) for number in range(365)]
    return outlook_of(order, now), [domain.calendar.is_working_day(day) for day in days]


async def test_each_change_is_of_consequence_to_who_asks_the_rules(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with an_order_system(data) as system, system.worker():
        await system.live_to(Stage.PLANNED)
        before = decided(system)
        for change in CHANGES:
            with monkeypatch.context() as changed:
                change(changed)
                assert decided(system) != before, change.__name__
