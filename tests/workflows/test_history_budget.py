"""What an order costs in Temporal's history."""

import shutil
from pathlib import Path

import pytest

from domain.stages import Stage
from tests.workflows.time_skipping import OrderSystem, an_order_system
from worker.histories import histories_of

pytestmark = pytest.mark.temporal

AT_MOST = 253
"""History events of a typical whole life, over all its runs: 250 (`benchmarks/order_history.py`), and one task more,
since the consultant is named here while the first letter is on its way.
"""
A_TASK = 6
"""Events by which two lives may differ: what comes in while a workflow task is under way saves one."""


async def events_of_a_life(system: OrderSystem, members: int) -> list[int]:
    """A follow-up agreed at the meeting, nearly everybody answering: events of each run."""
    await system.live_to(Stage.READY, members=members, answers=members - 1)
    await system.agree_at_the_meeting(attended=9, absent=1)
    await system.live_on_to_the_end(answers=members - 1)
    return [len(history.events) for history in await histories_of(system.env.client, system.workflow_id)]


async def test_a_whole_life_keeps_to_the_budget_whatever_the_size_of_the_cluster(data: Path) -> None:
    counted = []
    for members in (10, 73):
        folder = shutil.copytree(data, data.with_name(f"cluster-of-{members}"))
        async with an_order_system(folder) as system, system.worker():
            counted.append(await events_of_a_life(system, members))
    assert abs(sum(counted[0]) - sum(counted[1])) <= A_TASK, "the size of the cluster is nothing to a history"
    assert max(map(sum, counted)) <= AT_MOST
    assert len(counted[0]) == 2, "the long wait begins with a history of its own"
