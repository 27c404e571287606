"""The timers of those who wait in one workflow: everybody is woken in time, and history is spared what it can be."""

import asyncio
import datetime as dt
from collections import Counter
from contextlib import nullcontext

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from worker.servers import executable
from workflows.alarm import Alarm

pytestmark = pytest.mark.temporal

HOUR = dt.timedelta(hours=1)


@workflow.defn
class Waiters:
    """So many who each wait for the ends of their hours, one after the other; always, or while news is expected.

    A negative hour is slept through, without the alarm.
    """

    @workflow.run
    async def run(self, hours: list[list[float]], expecting: bool) -> list[list[float]]:
        """When each was woken, in hours from the beginning."""
        self._alarm, self._began, self._expecting = Alarm(), workflow.now(), expecting
        return list(await asyncio.gather(*map(self._wait, hours)))

    async def _wait(self, hours: list[float]) -> list[float]:
        woken = []
        for each in hours:
            if each < 0:
                await workflow.sleep(-each * HOUR)
                continue
            moment = self._began + each * HOUR
            news = self._alarm.expecting_news() if self._expecting else nullcontext()
            with news, self._alarm.set_for(moment):
                await workflow.wait_condition(lambda moment=moment: moment <= workflow.now())  # type: ignore[misc]
            woken.append(round((workflow.now() - self._began) / HOUR, 2))
        return woken


async def waited(hours: list[list[float]], *, expecting: bool = False) -> tuple[list[list[float]], Counter[str]]:
    """When each was woken, and what the timers made of history."""
    async with (
        await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=executable("temporal-test-server")
        ) as env,
        Worker(env.client, task_queue="alarm", workflows=[Waiters]),
    ):
        handle = await env.client.start_workflow(Waiters.run, args=[hours, expecting], id="waiters", task_queue="alarm")
        woken = await handle.result()
        history = await handle.fetch_history()
    names = (EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in history.events)
    return woken, Counter(name for name in names if name.startswith("TIMER"))


def waited_for(hours: list[list[float]]) -> list[list[float]]:
    return [[each for each in of_one if each > 0] for of_one in hours]


@pytest.mark.parametrize(
    ("hours", "timers"),
    [
        ([[1], [1]], 1),  # one timer for both
        ([[5], [1, 2, 3]], 4),
        ([[5], [-1, 3]], 3),  # the far one is set once, and found again
        ([[1, 5], [2, 3], [4]], 5),
        ([[3], [3], [1, 3]], 2),
    ],
)
async def test_everybody_is_woken_in_time_by_no_more_timers_than_moments(hours: list[list[float]], timers: int) -> None:
    woken, history = await waited(hours)
    assert woken == waited_for(hours)
    assert history == {"TIMER_STARTED": timers, "TIMER_FIRED": timers}


@pytest.mark.parametrize("hours", [[[1], [1]], [[5], [-1, 3]], [[1, 5], [2, 3], [4]], [[3], [3], [1, 3]]])
async def test_everybody_is_woken_in_time_though_an_earlier_timer_had_to_do(hours: list[list[float]]) -> None:
    woken, _ = await waited(hours, expecting=True)
    assert woken == waited_for(hours)
