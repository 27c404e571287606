"""A request asked again, much later, and a Temporal that goes away: on a real server that skips time."""

from pathlib import Path

import pytest
from temporalio.service import RPCError, RPCStatusCode

from domain import commands as do
from domain.model import Actor
from domain.stages import Stage
from tests.workflows.town import Town, a_town
from web.orders_port import Unavailable


@pytest.mark.temporal
async def test_a_request_is_the_same_command_also_when_its_workflow_is_long_gone(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town, town.worker():
        await town.live_to(Stage.ORDERED)
        kirsten = do.AssignConsultant(consultant=town.a_consultant())
        anders = do.AssignConsultant(consultant=town.a_consultant("Anders Anden", "anders"))
        first = await town.do(kirsten, Actor.OPERATIONS, request_id="ops/1")
        await town.do(anders, Actor.OPERATIONS, request_id="ops/2")
        await town.env.client.get_workflow_handle(town.workflow_id).terminate("lost")
        assert await town.do(kirsten, Actor.OPERATIONS, request_id="ops/1") == first
        assert town.order.consultant == anders.consultant
        await town.do(kirsten, Actor.OPERATIONS, request_id="ops/3")
        assert town.order.consultant == kirsten.consultant


@pytest.mark.temporal
async def test_a_lost_server_while_waking_an_order_is_a_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_town(tmp_path) as town, town.worker():
        await town.live_to(Stage.ORDERED)
        await town.env.client.get_workflow_handle(town.workflow_id).terminate("lost")

        async def gone(self: object, *_: object, **__: object) -> None:
            raise RPCError("gone", RPCStatusCode.UNAVAILABLE, b"")

        monkeypatch.setattr(type(town.env.client), "start_workflow", gone)
        with pytest.raises(Unavailable):
            await _assign(town)


async def _assign(town: Town) -> None:
    await town.do(do.AssignConsultant(consultant=town.a_consultant()), Actor.OPERATIONS)
