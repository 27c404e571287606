"""Faults of ours: an order stands still where operations see it, and goes on when the code is mended."""

import asyncio
import datetime as dt

import pytest

from activities import orders
from domain import commands as do
from domain.by import By
from domain.commands import AnyCommand
from domain.decisions import decide_for
from domain.events import Event
from domain.order import Order
from domain.stages import Stage
from storage.incidents import Incident, IncidentKind, incidents
from tests.workflows.time_skipping import OPENS, OrderSystem

pytestmark = pytest.mark.temporal


def tasks_of(system: OrderSystem) -> list[Incident]:
    with system.stack.database.read() as connection:
        return incidents(connection, system.order_id)


async def test_a_rule_that_fails_is_a_task_for_operations_until_it_is_mended(
    system: OrderSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    await system.live_to(Stage.PLANNED)

    def fails(order: Order, command: AnyCommand, by: By, now: dt.datetime) -> list[Event]:
        if isinstance(command, do.RecordLetters) and order.stage is Stage.SURVEY_OPEN:
            raise ZeroDivisionError("a fault of ours")
        return decide_for(order, command, by, now)

    monkeypatch.setattr(orders, "decide_for", fails)
    waiting = asyncio.create_task(system.until_day(OPENS))
    async with asyncio.timeout(20):
        while not (tasks := tasks_of(system)):
            await asyncio.sleep(0.05)
    assert [(task.kind, task.step, task.reason) for task in tasks] == [
        (IncidentKind.STEP_FAILS, "send_letters", "ZeroDivisionError")
    ]
    monkeypatch.undo()
    await waiting
    assert tasks_of(system) == []
    assert len(system.mails("invitation")) == 12
    await system.until(Stage.TOO_FEW_ANSWERS)
    assert len(system.mails("reminder")) == 3 * 12
