"""An order started again with nothing to do sleeps: it costs one event and no work, and wakes when asked."""

import asyncio

import pytest

from domain import commands as do
from tests.workflows import orders_with_a_past
from tests.workflows.dev_server import DevServer
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
