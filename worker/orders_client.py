"""Orders behind the Temporal client: starting them, and giving them commands."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Sequence

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.by import By
from domain.commands import AnyCommand
from domain.decisions import decide_for
from domain.evolution import evolve
from domain.look import outlook_of
from domain.model import OrderId, Rejected
from domain.order import Order
from domain.outlook import Outlook
from storage import outbox_reports
from storage.database import Database
from storage.event_store import EventStore
from storage.recorded import Recorded
from web.clock import Clock
from web.orders_port import Accepted, Unavailable
from workflows.messages import REJECTED, TASK_QUEUE, Execute, StartOrder, order_workflow_id
from workflows.order import OrderWorkflow
from workflows.shown import first_attributes, shown_of

ANSWER_WITHIN = 20.0
"""Seconds a person waits for an answer before being told to try again."""
AT_ONCE = 20
"""Workflows being started at the same time: more only wait in the server."""

Progress = Callable[[int, int], None]


class TemporalOrders:
    """The web's and maintenance's way to running orders."""

    def __init__(self, client: Client, database: Database, store: EventStore, clock: Clock) -> None:
        self._client = client
        self._database = database
        self._store = store
        self._clock = clock

    # --- starting ---------------------------------------------------------------------------------------------------

    async def start(self, order_id: OrderId) -> None:
        """Start the order's workflow unless it runs. Raises Unavailable."""
        try:
            await self._start(order_id)
        except RPCError as error:
            raise Unavailable(f"order {order_id}: {error.status.name}") from error
        except RuntimeError as error:  # a client that connects lazily, and has not yet
            raise Unavailable("Temporal does not answer") from error

    async def replace_all(self, orders: Iterable[OrderId], progress: Progress | None = None) -> int:
        """Start another workflow over each order's stream, in the place of the one it has; how many.

        For a deploy or a restore: one whose history does not replay counts as running for ever. Some at once.
        Raises Unavailable after the last.
        """

        async def replaced(order_id: OrderId) -> bool:
            return await self._start(order_id, WorkflowIDConflictPolicy.TERMINATE_EXISTING)

        return await self._each(list(orders), replaced, progress)

    async def start_missing(self, orders: Iterable[OrderId]) -> int:
        """Start a workflow for each of these orders that has none; how many that were. Raises Unavailable."""
        running = {
            execution.id
            async for execution in self._client.list_workflows("WorkflowType='Order' AND ExecutionStatus='Running'")
        }
        missing = [order for order in orders if order_workflow_id(order) not in running]
        return await self._each(missing, self._start)

    async def recover(self, orders: Iterable[OrderId], progress: Progress | None = None) -> int:
        """The same without trusting Temporal's lists, which are empty or late after a loss."""
        return await self._each(list(orders), self._start, progress)

    async def look_again(self, order_id: OrderId) -> None:
        """Something has changed beside the stream: the order's workflow looks at it. Raises Unavailable."""
        handle = self._client.get_workflow_handle(order_workflow_id(order_id))
        try:
            await handle.signal(OrderWorkflow.look_again)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # one that is missing looks as it starts
                raise Unavailable(f"order {order_id}: {error.status.name}") from error

    async def _start(
        self, order_id: OrderId, running: WorkflowIDConflictPolicy = WorkflowIDConflictPolicy.FAIL
    ) -> bool:
        """False where it runs already, and may.

        Its first task comes when something is due: until then it costs the worker nothing, and a command wakes it.
        """
        now = await self._clock.now()
        outlook = await asyncio.to_thread(self._outlook, order_id, now)
        due = outlook.next_moment
        try:
            await self._client.start_workflow(
                OrderWorkflow.run,
                StartOrder(outlook=outlook, shown=shown_of(outlook.shown)),
                id=order_workflow_id(order_id),
                task_queue=TASK_QUEUE,
                id_conflict_policy=running,
                static_summary=f"Bestilling {order_id}",
                search_attributes=first_attributes(outlook.shown),
                start_delay=due - now if due is not None and due > now else None,
            )
        except WorkflowAlreadyStartedError:
            return False
        return True

    def _outlook(self, order_id: OrderId, now: dt.datetime) -> Outlook:
        order, _ = self._load(order_id)
        if order is None:
            msg = f"there is no order {order_id}"
            raise LookupError(msg)
        with self._database.read() as connection:
            waiting = outbox_reports.waiting_letters(connection, order_id, now)
        return outlook_of(order, now, waiting)

    async def _each(
        self,
        orders: Sequence[OrderId],
        start: Callable[[OrderId], Awaitable[bool]],
        progress: Progress | None = None,
    ) -> int:
        """Do it to these, some at once; one that fails is no harm to the others. Raises Unavailable after the last."""
        gate, done = asyncio.Semaphore(AT_ONCE), 0

        async def one(order: OrderId) -> bool:
            nonlocal done
            async with gate:
                try:
                    return await start(order)
                finally:
                    done += 1
                    if progress:
                        progress(done, len(orders))

        outcomes = await asyncio.gather(*map(one, orders), return_exceptions=True)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failures:
            msg = f"{len(failures)} of {len(orders)} orders got no workflow: {failures[0]}"
            raise Unavailable(msg) from failures[0]
        return outcomes.count(True)

    # --- commands ---------------------------------------------------------------------------------------------------

    async def execute(
        self, order_id: OrderId, command: AnyCommand, *, by: By, request_id: str, enclosure: str | None = None
    ) -> Accepted:
        """Give a command; the same request id is the same command, and gets the same answer, however late.

        It is asked of the stream first: a refusal, or a command that is done already, costs no history.
        Raises Rejected, Unavailable.
        """
        now = await self._clock.now()
        if answer := await asyncio.to_thread(self._answered, order_id, command, by, request_id, now):
            return answer
        try:
            return await self._ask(order_id, Execute(command=command, by=by, enclosure=enclosure), request_id)
        except Rejected:
            if answer := await asyncio.to_thread(self._earlier, order_id, by, request_id):
                return answer
            raise

    def _answered(
        self, order_id: OrderId, command: AnyCommand, by: By, request_id: str, now: dt.datetime
    ) -> Accepted | None:
        """The answer that needs no workflow: given before, or there is nothing to do. Raises Rejected."""
        order, recorded = self._load(order_id)
        if order is None:
            raise Rejected("no_such_order", "Bestillingen findes ikke.", order=order_id)
        if earlier := _earlier(recorded, by, request_id):
            return earlier
        if not decide_for(order, command, by, now):
            return Accepted(order.version, order.stage)
        return None

    def _earlier(self, order_id: OrderId, by: By, request_id: str) -> Accepted | None:
        _, recorded = self._load(order_id)
        return _earlier(recorded, by, request_id)

    def _load(self, order_id: OrderId) -> tuple[Order | None, list[Recorded]]:
        recorded = self._store.load_recorded(order_id)
        order: Order | None = None
        for each in recorded:
            order = evolve(order, each.event)
        return order, recorded

    async def _ask(self, order_id: OrderId, request: Execute, request_id: str) -> Accepted:
        for attempt in (1, 2):
            try:
                return await self._update(order_id, request, request_id)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND or attempt == 2:
                    raise Unavailable(f"order {order_id}: {error.status.name}") from error
                await self.start(order_id)  # it has no workflow, though it should: it was lost
            except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
                raise Unavailable(f"order {order_id} does not answer") from error
            except RuntimeError as error:  # a client that connects lazily, and has not yet
                raise Unavailable("Temporal does not answer") from error
        raise AssertionError

    async def _update(self, order_id: OrderId, request: Execute, request_id: str) -> Accepted:
        handle = self._client.get_workflow_handle(order_workflow_id(order_id))
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                accepted = await handle.execute_update(OrderWorkflow.execute, request, id=request_id)
        except WorkflowUpdateFailedError as failure:
            raise _refusal(failure) from None
        return Accepted(accepted.version, accepted.stage)


def _earlier(recorded: Sequence[Recorded], by: By, request_id: str) -> Accepted | None:
    """What this request came to, where it has changed the order already."""
    asked = (request_id, by.role, by.who)
    own = [each.version for each in recorded if (each.causation_id, each.by.role, each.by.who) == asked]
    if not own:
        return None
    order: Order | None = None
    for each in recorded[: own[-1]]:
        order = evolve(order, each.event)
    return Accepted(own[-1], order.stage) if order else None


def _refusal(failure: WorkflowUpdateFailedError) -> Exception:
    cause = failure.cause
    if isinstance(cause, ApplicationError) and cause.type == REJECTED:
        code, facts = cause.details
        return Rejected(code, cause.message, **facts)
    return Unavailable(str(cause))
