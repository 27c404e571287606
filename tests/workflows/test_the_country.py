"""The country's figures on a real Temporal server: a night whose worker is killed has published nothing twice."""

import asyncio
import datetime as dt
import signal

import pytest

from activities.maintenance import MaintenanceJob
from tests.activities.test_country_counted_once import counted, deliver_six
from tests.workflows import orders_with_a_past
from tests.workflows.crashing_worker import Crash, start_crashing_worker
from tests.workflows.dev_server import DevServer, IsolatedOrder
from workflows.maintenance import MaintenanceWorkflow
from workflows.messages import TASK_QUEUE

pytestmark = pytest.mark.temporal

LONG_PAST = dt.date(2026, 1, 5)
"""In a quarter that is over, whatever day the test is run."""


async def see_that_each_is_counted_once(place: IsolatedOrder) -> None:
    deliver_six(place.stack.database, LONG_PAST)
    worker = start_crashing_worker(place.stack.settings, Crash("after", "publish"))
    job = MaintenanceJob.NIGHTLY_ERASURE
    await place.client.start_workflow(MaintenanceWorkflow.run, job, id="the-night-it-dies", task_queue=TASK_QUEUE)
    await asyncio.to_thread(worker.join)
    assert worker.exitcode == -signal.SIGKILL
    assert counted(place.stack.database) == ([], [])
    async with place.at_work():
        told = [
            await place.client.execute_workflow(MaintenanceWorkflow.run, job, id=night, task_queue=TASK_QUEUE)
            for night in ("the-night-after", "another-night")
        ]
    assert [each.rpartition(", ")[2] for each in told] == [
        "2 national figures published",
        "0 national figures published",
    ]
    assert counted(place.stack.database) == ([6], [6])


async def test_a_night_whose_worker_is_killed_counts_nothing_and_the_next_counts_everything_once(
    dev_server: DevServer,
) -> None:
    await see_that_each_is_counted_once(await dev_server.place(orders_with_a_past.about_to_open))


@pytest.mark.postgres
async def test_so_it_is_on_postgresql(dev_server_on_postgres: DevServer) -> None:
    await see_that_each_is_counted_once(await dev_server_on_postgres.place(orders_with_a_past.about_to_open))
