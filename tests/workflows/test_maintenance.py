"""Maintenance on its schedules, and what Temporal's own pages show of an order; on a real dev server."""

import asyncio
import datetime as dt

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.common import TypedSearchAttributes

from activities.maintenance import MaintenanceJob
from activities.orders import CarryOut, OrderActivities
from domain import commands as do
from domain.model import Rejected, Round
from domain.stages import Stage
from storage import survey_rounds
from storage.survey_rounds import RoundState
from tests.workflows import orders_with_a_past
from tests.workflows.dev_server import DevServer, IsolatedOrder
from worker.histories import histories_of
from worker.schedules import keep_schedules
from workflows.maintenance import MaintenanceWorkflow, schedule_id
from workflows.messages import TASK_QUEUE, order_workflow_id
from workflows.shown import CLUSTER, CONSULTANT, DUE, PACKAGE, STAGE

pytestmark = pytest.mark.temporal

UPDATES = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ADMITTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_REJECTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED,
)


async def described(place: IsolatedOrder) -> WorkflowExecutionDescription:
    return await place.client.get_workflow_handle(order_workflow_id(place.order_id)).describe()


async def shown(place: IsolatedOrder) -> TypedSearchAttributes:
    return (await described(place)).typed_search_attributes


async def run(client: Client, job: MaintenanceJob) -> str:
    return await client.execute_workflow(MaintenanceWorkflow.run, job, id=f"now-{job}", task_queue=TASK_QUEUE)


async def in_the_list(place: IsolatedOrder, query: str) -> set[str]:
    return {execution.id async for execution in place.client.list_workflows(query)}


async def test_schedules_made_twice_are_one_of_each(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    await keep_schedules(place.client)
    await keep_schedules(place.client)
    made = [schedule.id async for schedule in await place.client.list_schedules()]
    assert sorted(made) == sorted(schedule_id(each) for each in MaintenanceJob)


async def test_the_sweep_starts_an_order_whose_workflow_is_missing_and_no_other(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    async with place.at_work():
        assert (await run(place.client, MaintenanceJob.SWEEP)).startswith("1 workflows started")
        await place.until(Stage.SURVEY_OPEN)
        assert (await run(place.client, MaintenanceJob.SWEEP)).startswith("0 workflows started")
    assert len(place.outcome().mails) == orders_with_a_past.MEMBERS


async def test_the_sweep_sees_to_the_ballots_of_an_order_whose_workflow_was_lost_as_it_was_cancelled(
    dev_server: DevServer,
) -> None:
    place = await dev_server.place(orders_with_a_past.half_answered)
    order = place.order
    now = dt.datetime.now(dt.UTC)
    cancel = CarryOut(
        order=order.id,
        known=order.version,
        now=now,
        commands=(do.CancelOrder(reason="cluster_withdrew"),),
        by=place.coordinator,
        cause="cancelled",
    )
    OrderActivities(place.stack.dependencies).carry_out(cancel)
    async with place.at_work():
        assert (await run(place.client, MaintenanceJob.SWEEP)).startswith("1 workflows started")
        async with asyncio.timeout(20):
            while await place.is_running():
                await asyncio.sleep(0.05)
        assert (await run(place.client, MaintenanceJob.SWEEP)).startswith("0 workflows started")
    assert [event.type for event in place.events if event.type != "letters_sent"][-1] == "ballots_destroyed"
    with place.stack.database.read() as connection:
        assert survey_rounds.round_state(connection, order.id, Round.BASELINE) is RoundState.DESTROYED


async def test_a_schedule_does_its_job(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    await keep_schedules(place.client)
    async with place.at_work():
        await place.client.get_schedule_handle(schedule_id(MaintenanceJob.SWEEP)).trigger()
        await place.until(Stage.SURVEY_OPEN)
    assert await place.is_running()


async def test_temporals_pages_show_where_an_order_is(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    await place.orders.start(place.order_id)
    order = place.order
    assert order.consultant
    assert (await shown(place))[STAGE] == Stage.PLANNED
    async with place.at_work():
        await place.until(Stage.SURVEY_OPEN)
        attributes = await shown(place)
        assert (attributes[STAGE], attributes[CLUSTER]) == (Stage.SURVEY_OPEN, order.cluster)
        assert (attributes[CONSULTANT], attributes[PACKAGE]) == (order.consultant, order.package)
        assert attributes[DUE] > place.order.placed_at
        query = f"KlyngeflowStage='survey_open' AND KlyngeflowPackage='{order.package}'"
        assert await in_the_list(place, query) == {order_workflow_id(order.id)}
        assert await in_the_list(place, "KlyngeflowStage='planned'") == set()
        details = await current_details(place)
        assert "Undersøgelsen er i gang" in details
        assert order.package in details
        await place.do(do.CancelOrder(reason="cluster_withdrew"), place.coordinator, "cancelled")
        await place.until(Stage.CANCELLED)
    ended = await shown(place)
    assert ended[STAGE] == Stage.CANCELLED
    assert ended.get(DUE) is None


async def current_details(place: IsolatedOrder) -> str:
    """What Temporal's page says of the order just now."""
    handle = place.client.get_workflow_handle(order_workflow_id(place.order_id))
    metadata: WorkflowMetadata = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return metadata.current_details


async def test_a_refused_command_leaves_no_trace_in_the_history(dev_server: DevServer) -> None:
    place = await dev_server.place(orders_with_a_past.about_to_open)
    await place.orders.start(place.order_id)
    async with place.at_work():
        await place.until(Stage.SURVEY_OPEN)
        with pytest.raises(Rejected, match="no_deck_yet"):
            await place.do(do.HoldDeck(), place.consultant, "held")
        (history,) = await histories_of(place.client, order_workflow_id(place.order_id))
    assert [event for event in history.events if event.event_type in UPDATES] == []
