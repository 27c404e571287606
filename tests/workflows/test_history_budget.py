"""What an order costs in Temporal's history.

How many workflow tasks there are depends on the machine too; all else in a history is the order's own, and the same
everywhere, where people do one thing at a time.
"""

import datetime as dt
import shutil
from collections import Counter
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from domain import commands as do
from domain.model import Round
from domain.stages import Stage
from tests.workflows import people
from tests.workflows.time_skipping import OrderSystem, an_order_system, the_meeting
from worker.histories import histories_of

pytestmark = pytest.mark.temporal

BUDGET = {
    "workflow_execution_started": 2,
    "workflow_execution_continued_as_new": 1,
    "workflow_execution_completed": 1,
    "workflow_execution_update_accepted": 4,
    "workflow_execution_update_completed": 4,
    "activity_task_scheduled": 22,
    "activity_task_started": 22,
    "activity_task_completed": 22,
    "marker_recorded": 11,
    "timer_started": 19,
    "timer_fired": 15,
    "timer_canceled": 1,
    "upsert_workflow_search_attributes": 11,
}
"""History events of a typical whole life, over all its runs, apart from workflow tasks."""
TASKS = 43
"""Workflow tasks of that life on a machine at rest. Each is three events: with them it is the goal's 250, and 14 more
since the members are sent the comparison."""
SPARE_TASKS = 5
"""What load may add: an activity of the worker's own that outlasts its task makes one more."""


async def an_hour_passes(system: OrderSystem) -> None:
    """The server's time does not go on over unfinished work: whatever was under way is done."""
    await system.until_instant(await system.now() + dt.timedelta(hours=1))


async def a_life(system: OrderSystem, members: int) -> list[WorkflowHistory]:
    """A follow-up agreed at the meeting, nearly everybody answering, nobody in a hurry: each run's history."""
    system.order_id = people.place(system.stack, system.package, members, await system.now())
    await system.orders.start(system.order_id)
    await an_hour_passes(system)
    await system.do(do.AssignConsultant(consultant=system.a_consultant()), system.operations)
    await an_hour_passes(system)
    await system.do(do.AgreePlan(meeting=the_meeting()))
    await an_hour_passes(system)
    await system.until(Stage.SURVEY_OPEN)
    system.answer(members - 1, Round.BASELINE)
    await system.until(Stage.READY)
    await system.agree_at_the_meeting(attended=9, absent=1)
    await an_hour_passes(system)
    await system.live_on_to_the_end(answers=members - 1)
    return await histories_of(system.env.client, system.workflow_id)


def kinds(runs: list[WorkflowHistory]) -> Counter[str]:
    """How many events of each kind."""
    return Counter(
        EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower() for run in runs for event in run.events
    )


async def test_a_whole_life_keeps_to_the_budget_whatever_the_size_of_the_cluster(data: Path) -> None:
    for members in (10, 73):
        folder = shutil.copytree(data, data.with_name(f"cluster-of-{members}"))
        async with an_order_system(folder) as system, system.worker():
            runs = await a_life(system, members)
        assert len(runs) == 2, "the long wait begins with a history of its own"
        counted = kinds(runs)
        assert {kind: n for kind, n in counted.items() if not kind.startswith("workflow_task_")} == BUDGET
        assert counted["workflow_task_completed"] <= TASKS + SPARE_TASKS
        assert not counted["workflow_task_failed"]
