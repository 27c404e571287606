"""An order started again with nothing to do sleeps: it costs one event and no work, and wakes when asked."""

import asyncio
import datetime as dt

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.service import RPCError

from activities.orders import CarryOut, OrderActivities
from domain import commands as do
from domain.stages import Stage
from storage import outbox
from storage.outbox import To
from tests.workflows import orders_with_a_past, people
from tests.workflows.dev_server import DevServer
from tests.workflows.time_skipping import OrderSystem
from worker.histories import histories_of
from workflows.messages import order_workflow_id

pytestmark = pytest.mark.temporal

A_WHILE = 1.5
"""Real seconds in which a workflow that has something to do does it."""


async def test_an_order_with_nothing_due_is_one_event_until_somebody_asks(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.half_answered)
    await place.orders.start(place.order_id)
    async with place.at_work():
        await asyncio.sleep(A_WHILE)
        (asleep,) = await histories_of(place.client, order_workflow_id(place.order_id))
        assert await place.is_running()
        await place.do(do.ChangeMeeting(minutes=90), place.consultant, "longer")
        (awake,) = await histories_of(place.client, order_workflow_id(place.order_id))
    assert len(asleep.events) == 1
    assert len(awake.events) > 1
    assert place.order.meeting is not None
    assert place.order.meeting.minutes == 90
    place.stack.close()


async def test_an_order_with_mail_to_try_again_sleeps_until_then(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.half_answered)
    now, member = dt.datetime.now(dt.UTC), people.member(place.stack, place.order_id, 11)
    again_at = now + dt.timedelta(days=2)
    with place.stack.database.write() as connection:
        (mail,) = outbox.queue(connection, place.order_id, "invitation/baseline/", [To(member)], now)
        outbox.put_off(connection, [mail.id], again_at)
    waits = do.RecordLetters(key="invitation/baseline/", sent=11, waiting=1, seen=place.order.version)
    ask = CarryOut(order=place.order_id, known=place.order.version, now=now, commands=(waits,))
    OrderActivities(place.stack.dependencies).carry_out(ask)
    await place.orders.start(place.order_id)
    (history,) = await histories_of(place.client, order_workflow_id(place.order_id))
    started = history.events[0]
    sleeps = started.workflow_execution_started_event_attributes.first_workflow_task_backoff.ToTimedelta()
    assert abs(started.event_time.ToDatetime(dt.UTC) + sleeps - again_at) < dt.timedelta(minutes=1)
    place.stack.close()


async def test_temporals_page_shows_where_an_order_is_from_the_beginning_of_its_long_wait(system: OrderSystem) -> None:
    await system.live_to(Stage.READY, members=10, answers=9)
    await system.agree_at_the_meeting(attended=9, absent=1)
    async with asyncio.timeout(60):
        while len(await histories_of(system.env.client, system.workflow_id)) < 2:  # the next run, once it is listed
            await asyncio.sleep(0.2)
    assert len(await histories_of(system.env.client, system.workflow_id)) == 2
    assert "Klyngen arbejder videre" in await current_details(system)


async def current_details(system: OrderSystem) -> str:
    """What Temporal's page says, from a worker that may be busy."""
    handle = system.env.client.get_workflow_handle(system.workflow_id)
    async with asyncio.timeout(60):
        while True:
            try:
                told = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
            except RPCError:
                await asyncio.sleep(0.5)
            else:
                return str(told.current_details)
