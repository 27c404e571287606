"""What the console is told of Temporal, by a real one: workers, what waits, schedules, and that it is gone."""

import asyncio

import pytest
from temporalio.client import Client

from activities.maintenance import MaintenanceJob
from tests.workflows import orders_with_a_past
from tests.workflows.dev_server import DevServer
from web.orders_port import Unavailable
from worker.engine import QUEUES, TemporalEngine
from worker.schedules import keep_schedules
from worker.servers import free_port
from workflows.maintenance import schedule_id

pytestmark = pytest.mark.temporal


async def test_workers_waiting_work_and_schedules_are_told(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    engine = TemporalEngine(place.client)
    await place.orders.start(place.order_id)
    before = await engine.report()
    assert (before.running, before.schedules) == (1, ())
    assert [queue.name for queue in before.queues] == list(QUEUES)
    assert {queue.workers for queue in before.queues} == {0}
    async with asyncio.timeout(20):
        while (await engine.report()).queues[0].waiting != 1:
            await asyncio.sleep(0.1)

    await keep_schedules(place.client)
    await place.client.get_schedule_handle(schedule_id(MaintenanceJob.SWEEP)).pause()
    async with place.at_work(), asyncio.timeout(20):
        while {queue.workers for queue in (await engine.report()).queues} != {1}:
            await asyncio.sleep(0.1)
        await place.client.get_schedule_handle(schedule_id(MaintenanceJob.NIGHTLY_ERASURE)).trigger()
        while not any(each.last_at for each in (await engine.report()).schedules):
            await asyncio.sleep(0.1)
        after = await engine.report()
    told = {each.job: each for each in after.schedules}
    assert set(told) == set(MaintenanceJob)
    assert told["sweep"].is_paused
    assert told["sweep"].last_at is None
    assert told["nightly_erasure"].last_at is not None
    assert told["morning_digest"].next_at is not None
    place.stack.close()


async def test_an_engine_that_is_gone_says_so() -> None:
    nobody = await Client.connect(f"127.0.0.1:{free_port()}", lazy=True)
    with pytest.raises(Unavailable):
        await TemporalEngine(nobody).report()
