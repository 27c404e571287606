"""A request asked again, much later, and a Temporal that goes away: on a real server that skips time."""

from pathlib import Path

import pytest
from temporalio.service import RPCError, RPCStatusCode

from domain import commands as do
from domain.stages import Stage
from tests.workflows.time_skipping import OrderSystem, an_order_system
from web.orders_port import Unavailable


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
