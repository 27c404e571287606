"""Orders behind the Temporal client: starting them, and giving them commands."""

import asyncio
from collections.abc import Iterable, Sequence

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.commands import AnyCommand
from domain.decisions import decide
from domain.evolution import load
from domain.model import Actor, OrderId, Rejected
from storage.event_store import EventStore
from web.clock import Clock
from web.orders_port import Accepted, Unavailable
from workflows.messages import REJECTED, TASK_QUEUE, Execute, StartOrder, order_workflow_id
from workflows.order import OrderWorkflow
from workflows.shown import first_attributes, shown_of

ANSWER_WITHIN = 20.0
"""Seconds a person waits for an answer before being told to try again."""
AT_ONCE = 20
"""Workflows being started at the same time: more only wait in the server."""


class TemporalOrders:
    """The web's and the chores' way to running orders."""

    def __init__(self, client: Client, store: EventStore, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock

    async def start(self, order_id: str) -> None:
        """Start the order's workflow unless it runs. Raises Unavailable."""
        try:
            await self._start(order_id)
        except RPCError as error:
            raise Unavailable(f"order {order_id}: {error.status.name}") from error

    async def replace(self, order_id: OrderId) -> None:
        """Start another workflow over the order's stream, in the place of one that is stuck. Raises Unavailable.

        For code that an order's history no longer replays on: such a workflow counts as running for ever.
        """
        try:
            await self._start(order_id, WorkflowIDConflictPolicy.TERMINATE_EXISTING)
        except RPCError as error:
            raise Unavailable(f"order {order_id}: {error.status.name}") from error

    async def _start(self, order_id: str, running: WorkflowIDConflictPolicy = WorkflowIDConflictPolicy.FAIL) -> bool:
        """False where it runs already, and may."""
        order = load(await asyncio.to_thread(self._store.load, order_id))
        if order is None:
            msg = f"there is no order {order_id}"
            raise LookupError(msg)
        try:
            await self._client.start_workflow(
                OrderWorkflow.run,
                StartOrder(order=order.id, shown=shown_of(order)),
                id=order_workflow_id(order.id),
                task_queue=TASK_QUEUE,
                id_conflict_policy=running,
                static_summary=f"Bestilling {order.id}",
                search_attributes=first_attributes(order, await self._clock.now()),
            )
        except WorkflowAlreadyStartedError:
            return False
        return True

    async def start_missing(self, orders: Iterable[OrderId]) -> int:
        """Start a workflow for each of these orders that has none; how many that were. Raises Unavailable."""
        running = {
            execution.id
            async for execution in self._client.list_workflows("WorkflowType='Order' AND ExecutionStatus='Running'")
        }
        return await self._start_each([order for order in orders if order_workflow_id(order) not in running])

    async def recover(self, orders: Iterable[OrderId]) -> int:
        """The same without trusting Temporal's lists, which are empty or late after a loss."""
        return await self._start_each(list(orders))

    async def _start_each(self, orders: Sequence[OrderId]) -> int:
        """Start these, some at once; one that fails is no harm to the others. Raises Unavailable after the last."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def start(order: OrderId) -> bool:
            async with gate:
                return await self._start(order)

        outcomes = await asyncio.gather(*map(start, orders), return_exceptions=True)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failures:
            msg = f"{len(failures)} of {len(orders)} orders got no workflow: {failures[0]}"
            raise Unavailable(msg) from failures[0]
        return outcomes.count(True)

    async def execute(self, order_id: str, command: AnyCommand, *, actor: Actor, request_id: str) -> Accepted:
        """Give a command; the same request id is the same command, and gets the same answer, however late.

        Temporal knows a request for as long as the run that took it; the stream knows it for good. Raises Rejected,
        Unavailable.
        """
        if earlier := await self._earlier(order_id, actor, request_id):
            return earlier
        try:
            return await self._ask(order_id, command, actor, request_id)
        except Rejected:
            if earlier := await self._earlier(order_id, actor, request_id):
                return earlier
            raise

    async def _earlier(self, order_id: str, actor: Actor, request_id: str) -> Accepted | None:
        """What this request came to, where it has changed the order already."""
        recorded = await asyncio.to_thread(self._store.load_recorded, order_id)
        own = [each.version for each in recorded if (each.causation_id, each.actor) == (request_id, actor)]
        if not own:
            return None
        order = load([each.event for each in recorded if each.version <= own[-1]])
        return Accepted(own[-1], order.stage) if order else None

    async def _ask(self, order_id: str, command: AnyCommand, actor: Actor, request_id: str) -> Accepted:
        for attempt in (1, 2):
            try:
                return await self._update(OrderId(order_id), command, actor, request_id)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND or attempt == 2:
                    raise Unavailable(f"order {order_id}: {error.status.name}") from error
                await self._wake(order_id, command)
            except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
                raise Unavailable(f"order {order_id} does not answer") from error
        raise AssertionError

    async def _update(self, order_id: OrderId, command: AnyCommand, actor: Actor, request_id: str) -> Accepted:
        handle = self._client.get_workflow_handle(order_workflow_id(order_id))
        asked = Execute(command=command, actor=actor)
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                accepted = await handle.execute_update(OrderWorkflow.execute, asked, id=request_id)
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        return Accepted(accepted.version, accepted.stage)

    async def _wake(self, order_id: str, command: AnyCommand) -> None:
        """The order has no workflow: it has ended or never was, which `decide` says, or the workflow was lost.

        Raises Rejected, Unavailable.
        """
        order = load(await asyncio.to_thread(self._store.load, order_id))
        decide(order, command, await self._clock.now())
        await self.start(order_id)


def _refusal(failure: WorkflowUpdateFailedError) -> Exception:
    cause = failure.cause
    if isinstance(cause, ApplicationError) and cause.type == REJECTED:
        code, facts = cause.details
        return Rejected(code, cause.message, **facts)
    return Unavailable(str(cause))
