"""Faults of ours: an order stands still where everybody sees it, and goes on when the code is mended."""

import asyncio
import datetime as dt
from typing import cast

import pytest
from temporalio.api.enums.v1 import EventType

from domain import commands as do
from domain.commands import Command
from domain.decisions.rules import RULES, Rule
from domain.events import Event
from domain.order import Order
from domain.stages import Stage
from tests.workflows.time_skipping import OPENS, OrderSystem
from worker.histories import histories_of

pytestmark = [pytest.mark.temporal, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


async def failed_tasks(system: OrderSystem) -> int:
    """How often the server was told that the workflow's code failed."""
    *_, latest = await histories_of(system.env.client, system.workflow_id)
    return sum(event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED for event in latest.events)


async def test_a_postman_who_fails_stops_the_story_until_he_is_mended(
    system: OrderSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    await system.live_to(Stage.PLANNED)
    rule = RULES[do.RecordLetters]

    def fails(order: Order, command: do.RecordLetters, now: dt.datetime) -> list[Event]:
        if order.stage is Stage.SURVEY_OPEN:
            raise ZeroDivisionError("a fault of ours")
        return rule.decide(order, command, now)

    monkeypatch.setitem(RULES, cast("type[Command]", do.RecordLetters), Rule(fails, after_the_end=True))
    waiting = asyncio.create_task(system.until_day(OPENS))
    async with asyncio.timeout(20):
        while not await failed_tasks(system):
            await asyncio.sleep(0.05)
    monkeypatch.undo()
    await waiting
    assert len(system.mails("invitation")) == 12
    await system.until(Stage.TOO_FEW_ANSWERS)
    assert len(system.mails("reminder")) == 3 * 12
