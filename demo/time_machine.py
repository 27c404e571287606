"""Time for the demo: a Temporal server that skips it, and knowing when everything due has been done."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from google.protobuf.empty_pb2 import Empty
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.client import Client
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from domain.agenda import comes_next
from domain.clock import next_step
from domain.evolution import load
from domain.mailings import NOTHING, Waiting, next_letter
from domain.model import OrderId
from domain.order import Order
from domain.stages import Stage
from storage.event_store import EventStore
from worker.codec import data_converter
from worker.servers import READY_WITHIN, child, did_not_start, free_port
from workflows.shown import SEARCH_ATTRIBUTES

PATIENCE = 60.0
"""Real seconds the system may take to do what is due."""
A_LITTLE = dt.timedelta(seconds=2)


class Stuck(Exception):  # noqa: N818 - a finding, named as one
    """Something that was due has not been done."""


class TimeMachine:
    """A clock that can be moved, and waits until what became due on the way is done."""

    def __init__(self, client: Client, store: EventStore) -> None:
        self.client = client
        self._store = store

    async def now(self) -> dt.datetime:
        shown = await self.client.test_service.get_current_time(Empty())
        return shown.time.ToDatetime(dt.UTC)

    async def travel(self, order_id: OrderId, to: dt.datetime) -> None:
        """Go to this instant, stopping wherever something is due. Raises Stuck."""
        while (now := await self.now()) < to:
            await self.settle(order_id)
            coming = _next_at(self._order(order_id), now)
            stop = min(to, coming + A_LITTLE) if coming else to
            await self.skip(max(stop - now, A_LITTLE))
        await self.settle(order_id)

    async def travel_until(self, order_id: OrderId, *stages: Stage) -> Order:
        """Go on, from one thing to the next, until the order is at one of these stages. Raises Stuck."""
        while (order := self._order(order_id)).stage not in stages:
            now = await self.now()
            coming = _next_at(order, now)
            if coming is None:
                raise Stuck(f"nothing comes next, and the order is {order.stage}")
            await self.travel(order_id, coming + A_LITTLE)
        return order

    async def skip(self, time: dt.timedelta) -> None:
        """Let this much time pass at once."""
        request = SleepRequest()
        request.duration.FromTimedelta(time)
        await self.client.test_service.unlock_time_skipping_with_sleep(request)

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


def _next_at(order: Order, now: dt.datetime) -> dt.datetime | None:
    """When the system has something to do for the order next."""
    step, letter = next_step(order, now), next_letter(order, now)
    return min((each.at for each in (step, letter) if each is not None and each.at > now), default=None)


def is_settled(order: Order, now: dt.datetime, waiting: Waiting = NOTHING) -> bool:
    """Whether nothing is left to the system to do at this instant."""
    step, letter = next_step(order, now), next_letter(order, now, waiting)
    return all(each is None or each.at > now for each in (step, letter))


@asynccontextmanager
async def time_machine(store: EventStore, codec_key: bytes, log: Path) -> AsyncIterator[TimeMachine]:
    """A server of its own, gone at the end of the block and with this process. Raises ServerFailed."""
    port = free_port()
    async with child("temporal-test-server", str(port), log=log) as process:
        client = await _connected(f"127.0.0.1:{port}", codec_key, process, log)
        request = AddSearchAttributesRequest(namespace="default")
        for key in SEARCH_ATTRIBUTES:
            request.search_attributes[key.name] = IndexedValueType.ValueType(key.indexed_value_type.value)
        await client.operator_service.add_search_attributes(request)
        yield TimeMachine(client, store)


async def _connected(address: str, codec_key: bytes, process: asyncio.subprocess.Process, log: Path) -> Client:
    # The SDK warns at every start that this server can do less than one in production: nothing to tell a spectator.
    quiet = LoggingConfig(TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    runtime = Runtime(telemetry=TelemetryConfig(logging=quiet))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READY_WITHIN):
            while process.returncode is None:
                try:
                    return await Client.connect(address, data_converter=data_converter(codec_key), runtime=runtime)
                except RuntimeError:
                    await asyncio.sleep(0.05)
    raise did_not_start(log)
