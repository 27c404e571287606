"""Time for the demo: a Temporal server that skips it, and knowing when everything due has been done."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from domain.agenda import comes_next
from domain.evolution import load
from domain.model import OrderId
from domain.order import Order
from domain.stages import Stage
from storage.event_store import EventStore
from worker.codec import data_converter
from worker.servers import executable
from workflows.shown import SEARCH_ATTRIBUTES

PATIENCE = 60.0
"""Real seconds the system may take to do what is due."""
A_LITTLE = dt.timedelta(seconds=2)


class Stuck(Exception):  # noqa: N818 - a finding, named as one
    """Something that was due has not been done."""


class TimeMachine:
    """A clock that can be moved, and waits until what became due on the way is done."""

    def __init__(self, env: WorkflowEnvironment, store: EventStore) -> None:
        self._env = env
        self._store = store

    @property
    def client(self) -> Client:
        return self._env.client

    async def now(self) -> dt.datetime:
        return (await self._env.get_current_time()).astimezone(dt.UTC)

    async def travel(self, order_id: OrderId, to: dt.datetime) -> None:
        """Go to this instant, stopping wherever something is due. Raises Stuck."""
        while (now := await self.now()) < to:
            await self.settle(order_id)
            coming = [step.at for step in comes_next(self._order(order_id), now) if step.at > now]
            stop = min([to, *(at + A_LITTLE for at in coming)])
            await self._env.sleep(max(stop - now, A_LITTLE))
        await self.settle(order_id)

    async def travel_until(self, order_id: OrderId, *stages: Stage) -> Order:
        """Go on, from one thing to the next, until the order is at one of these stages. Raises Stuck."""
        while (order := self._order(order_id)).stage not in stages:
            now = await self.now()
            coming = [step.at for step in comes_next(order, now) if step.at > now]
            if not coming:
                raise Stuck(f"nothing comes next, and the order is {order.stage}")
            await self.travel(order_id, min(coming) + A_LITTLE)
        return order

    async def settle(self, order_id: OrderId) -> None:
        """Wait until everything due now is done. Raises Stuck."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_settled(self._order(order_id), await self.now()):  # noqa: ASYNC110 - it stands in SQL
                    await asyncio.sleep(0.02)
        except TimeoutError:
            order = self._order(order_id)
            due = [step.code for step in comes_next(order, await self.now())][:3]
            raise Stuck(f"the order stays {order.stage} with {due} due") from None

    def _order(self, order_id: OrderId) -> Order:
        order = load(self._store.load(order_id))
        if order is None:
            raise Stuck(f"there is no order {order_id}")
        return order


def is_settled(order: Order, now: dt.datetime) -> bool:
    """Whether nothing is left to the system to do at this instant."""
    if order.ended:
        return True
    if order.stage in (Stage.ANALYSING, Stage.FOLLOW_UP_ANALYSING):
        return False
    if any(survey.remake or (survey.over and not survey.destroyed) for survey in order.surveys):
        return False
    if order.stage is Stage.FOLLOW_UP_IN_REVIEW and order.second and order.second.delivered:
        return False
    return all(step.at > now for step in comes_next(order, now) if step.code != "meeting")


@asynccontextmanager
async def time_machine(store: EventStore, codec_key: bytes) -> AsyncIterator[TimeMachine]:
    """A server of its own, gone at the end of the block."""
    async with await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter(codec_key), test_server_existing_path=executable("temporal-test-server")
    ) as env:
        request = AddSearchAttributesRequest(namespace="default")
        for key in SEARCH_ATTRIBUTES:
            request.search_attributes[key.name] = IndexedValueType.ValueType(key.indexed_value_type.value)
        await env.client.operator_service.add_search_attributes(request)
        yield TimeMachine(env, store)
