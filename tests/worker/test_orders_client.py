"""A request asked again, much later, and a Temporal that goes away: on a real server that skips time."""

import asyncio
from pathlib import Path

import pytest
from temporalio.service import RPCError, RPCStatusCode

from domain import commands as do
from domain.model import OrderId
from domain.stages import Stage
from tests.workflows.time_skipping import OrderSystem, an_order_system
from web.orders_port import Unavailable
from worker.orders_client import AT_ONCE, TemporalOrders


@pytest.mark.temporal
async def test_a_request_is_the_same_command_also_when_its_workflow_is_long_gone(tmp_path: Path) -> None:
    async with an_order_system(tmp_path) as system, system.worker():
        await system.live_to(Stage.ORDERED)
        kirsten = do.AssignConsultant(consultant=system.a_consultant())
        anders = do.AssignConsultant(consultant=system.a_consultant("Anders Anden", "anders"))
        first = await system.do(kirsten, system.operations, request_id="ops/1")
        await system.do(anders, system.operations, request_id="ops/2")
        await system.env.client.get_workflow_handle(system.workflow_id).terminate("lost")
        assert await system.do(kirsten, system.operations, request_id="ops/1") == first
        assert system.order.consultant == anders.consultant
        await system.do(kirsten, system.operations, request_id="ops/3")
        assert system.order.consultant == kirsten.consultant


@pytest.mark.temporal
async def test_a_lost_server_while_waking_an_order_is_a_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with an_order_system(tmp_path) as system, system.worker():
        await system.live_to(Stage.ORDERED)
        await system.env.client.get_workflow_handle(system.workflow_id).terminate("lost")

        async def gone(self: object, *_: object, **__: object) -> None:
            raise RPCError("gone", RPCStatusCode.UNAVAILABLE, b"")

        monkeypatch.setattr(type(system.env.client), "start_workflow", gone)
        with pytest.raises(Unavailable):
            await _assign(system)


async def _assign(system: OrderSystem) -> None:
    await system.do(do.AssignConsultant(consultant=system.a_consultant()), system.operations)


@pytest.mark.temporal
async def test_every_order_gets_another_workflow_and_is_where_it_was(tmp_path: Path) -> None:
    async with an_order_system(tmp_path) as system, system.worker():
        await system.live_to(Stage.PLANNED)
        before = system.events
        handle = system.env.client.get_workflow_handle(system.workflow_id)
        await system.quiet()
        async with asyncio.timeout(20):  # this server's time stands still for ever over work of a workflow that is gone
            while (found := await handle.describe()).raw_description.pending_activities:
                await asyncio.sleep(0.05)
        first = found.run_id
        told = list[tuple[int, int]]()
        assert await system.orders.replace_all([system.order_id], lambda *done: told.append(done)) == 1
        await system.quiet()
        assert (await handle.describe()).run_id != first
        assert (told, system.events) == ([(1, 1)], before)
        await system.until(Stage.SURVEY_OPEN)


@pytest.mark.temporal
async def test_an_order_that_cannot_start_holds_up_no_other(tmp_path: Path) -> None:
    async with an_order_system(tmp_path) as system, system.worker():
        await system.live_to(Stage.ORDERED)
        await system.env.client.get_workflow_handle(system.workflow_id).terminate("lost")
        told = list[tuple[int, int]]()
        with pytest.raises(Unavailable, match=r"^1 of 2 orders got no workflow: there is no order nowhere$"):
            await system.orders.recover([OrderId("nowhere"), system.order_id], lambda *done: told.append(done))
        assert sorted(told) == [(1, 2), (2, 2)]
        assert await system.is_running()


async def test_no_more_than_a_batch_is_started_at_once() -> None:
    at_once = list[int]()
    running = 0

    class Starts(TemporalOrders):
        async def _start(self, *_: object) -> bool:
            nonlocal running
            running += 1
            at_once.append(running)
            await asyncio.sleep(0.001)
            running -= 1
            return True

    orders = Starts.__new__(Starts)
    progress = list[int]()
    ids = [OrderId(f"o-{number}") for number in range(5 * AT_ONCE)]
    assert await orders.replace_all(ids, lambda done, _all: progress.append(done)) == len(ids)
    assert max(at_once) == AT_ONCE
    assert progress == list(range(1, len(ids) + 1))
