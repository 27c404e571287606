"""An order whose history no longer replays on this code is stuck; its workflow is replaced, on a real dev server."""

import asyncio
from pathlib import Path

import pytest

import worker.workers
from domain import commands as do
from domain.model import OrderId, Role
from domain.stages import Stage
from tests.cli.command_line import CommandLine, Ran
from tests.workflows import orders_with_a_past, people
from tests.workflows.changed_order import ChangedOrderWorkflow
from tests.workflows.dev_server import DevServer, IsolatedOrder
from web.orders_port import Unavailable
from web.requests.people import AddMember
from worker import orders_client
from worker.settings import Settings
from workflows.messages import order_workflow_id

pytestmark = pytest.mark.temporal


@pytest.fixture
def _nothing_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)
    monkeypatch.setenv("KLYNGEFLOW_MODE", "embedded")
    monkeypatch.chdir(tmp_path)


async def recover(place: IsolatedOrder, monkeypatch: pytest.MonkeyPatch, *more: str) -> Ran:
    """`klyngeflow recover` from a terminal beside the running worker."""
    settings = place.stack.settings
    for name in ("data", "temporal_address", "temporal_namespace"):
        monkeypatch.setenv(f"KLYNGEFLOW_{name.upper()}", str(getattr(settings, name)))
    return await asyncio.to_thread(CommandLine(), "recover", *more)


async def run_id(place: IsolatedOrder) -> str | None:
    return (await place.client.get_workflow_handle(order_workflow_id(place.order_id)).describe()).run_id


NORA = AddMember(
    type="add_member", name="Nora Ny", email=f"nora@{people.DOMAIN}", practice=people.PRACTICE, role=Role.OWNER
)
LONGER = do.ChangeMeeting(minutes=90)


@pytest.mark.usefixtures("_nothing_told")
async def test_an_order_stuck_on_changed_code_goes_on_where_it_was(
    dev_server: DevServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    await place.orders.start(place.order_id)
    async with place.at_work():
        await place.until(Stage.SURVEY_OPEN)
    invited, first_run = place.outcome(), await run_id(place)
    assert len(invited.mails) == orders_with_a_past.MEMBERS

    monkeypatch.setattr(worker.workers, "OrderWorkflow", ChangedOrderWorkflow)
    async with place.at_work():
        with monkeypatch.context() as impatient:
            impatient.setattr(orders_client, "ANSWER_WITHIN", 2.0)
            with pytest.raises(Unavailable):
                await place.orders.execute(place.order_id, LONGER, by=place.consultant, request_id="stuck")
        assert await place.is_running(), "it counts as running"
        assert await place.orders.start_missing([place.order_id]) == 0
        ran = await recover(place, monkeypatch)
        assert ran.out == "1 orders in progress, 0 of them got a new workflow.\n"
        ran = await recover(place, monkeypatch, "--replace", place.order_id, "--replace", place.order_id)
        assert (ran.code, ran.out) == (0, "1 orders in progress, 1 of them got a new workflow.\n")
        assert await run_id(place) != first_run
        await place.ask(NORA, place.consultant, "joined")
        await place.until(Stage.SURVEY_OPEN)
    after = place.outcome()
    place.stack.close()
    assert set(after.mails.values()) == {1}
    assert len(after.mails) == orders_with_a_past.MEMBERS + 1, "the newcomer's invitation, and no other"
    assert after.mails | invited.mails == after.mails
    assert [event["type"] for event in after.story[len(invited.story) :]] == ["member_added"]


@pytest.mark.usefixtures("_nothing_told")
async def test_nothing_is_replaced_where_one_of_the_orders_needs_no_workflow(
    dev_server: DevServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    await place.orders.start(place.order_id)
    before = await run_id(place)
    ran = await recover(place, monkeypatch, "--replace", place.order_id, "--replace", OrderId("nobodys"))
    assert (ran.code, ran.out) == (1, "")
    said = "no order in progress has the number 'nobodys'; `klyngeflow orders list` shows them"
    assert ran.err == f"klyngeflow: {said}\n"
    assert await run_id(place) == before
    place.stack.close()
