"""An order held in a workflow: the stream in memory, one writer, and waiting for what happens to it."""

import asyncio
import datetime as dt
import math
from collections.abc import Callable
from functools import partial

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.orders import CONFLICT, AppendEvents, LoadStream, OrderActivities, StreamPart
    from domain.commands import Command, authorise
    from domain.decisions import decide
    from domain.events import Event
    from domain.evolution import evolve
    from domain.model import Actor, OrderId, Rejected
    from domain.order import Order

LOCAL = dt.timedelta(seconds=20)
PATIENT = RetryPolicy(initial_interval=dt.timedelta(seconds=1), maximum_interval=dt.timedelta(minutes=10))

Moment = Callable[[Order], dt.datetime | None]
Condition = Callable[[Order], bool]


class OrderEnded(Exception):  # noqa: N818 - the end of the story, not an error
    """The order was completed or cancelled while something waited on it."""


def never(_order: Order) -> None:
    """No moment: wait for as long as it takes."""


class Flow:
    """The order, and the only way to change it."""

    def __init__(self, order_id: OrderId) -> None:
        self._id = order_id
        self._order: Order | None = None
        self._lock = asyncio.Lock()
        self.companion: asyncio.Task[None] | None = None
        """The mail dispatcher at work: where it fails, so does the story, for everybody to see."""
        self.on_change: Callable[[Order], None] = lambda _order: None

    @property
    def order(self) -> Order:
        if self._order is None:
            msg = f"order {self._id} is not loaded"
            raise ValueError(msg)
        return self._order

    @property
    def is_loaded(self) -> bool:
        return self._order is not None

    async def load(self) -> None:
        """Read the stream. Raises ApplicationError for an order without one."""
        async with self._lock:
            await self._catch_up()
        if self._order is None:
            msg = f"there are no events of order {self._id}"
            raise ApplicationError(msg, non_retryable=True)

    def check(self, command: Command, actor: Actor) -> None:
        """Raises Rejected where the command would be refused now. Changes nothing."""
        authorise(command, actor)
        decide(self.order, command, workflow.now())

    async def execute(self, command: Command, actor: Actor, cause: str) -> None:
        """A person's command: decided, recorded. Raises Rejected. A retry of the same cause finds its own work."""
        authorise(command, actor)
        async with self._lock:
            await self._record([command], actor, cause)

    async def do(self, *commands: Command) -> None:
        """The story's own commands, recorded together.

        A refusal because the order changed meanwhile is no harm: the story looks again. Any other refusal is a fault of
        ours and stops the workflow task, visibly, until the code is mended.
        """
        seen = self.order.version
        async with self._lock:
            try:
                await self._record(commands, Actor.SYSTEM, commands[0].type)
            except Rejected:
                if self.order.ended:
                    raise OrderEnded from None
                if self.order.version == seen:
                    raise

    async def until(self, done: Condition, *, at: Moment = never) -> bool:
        """Wait until the order is so (True) or the moment it gives has come (False), whatever changes on the way.

        Raises OrderEnded.
        """
        while True:
            if self._companion_failed and self.companion:
                self.companion.result()
            if self.order.ended:
                raise OrderEnded
            if done(self.order):
                return True
            moment = at(self.order)
            if moment is not None and moment <= workflow.now():
                return False
            await self.changed_or(moment, partial(self._is_news, done, at, moment))

    def _is_news(self, done: Condition, at: Moment, since: dt.datetime | None) -> bool:
        changed = self.order.ended is not None or done(self.order) or at(self.order) != since
        return changed or self._companion_failed

    @property
    def _companion_failed(self) -> bool:
        return self.companion is not None and self.companion.done() and self.companion.exception() is not None

    async def changed_or(self, moment: dt.datetime | None, happened: Callable[[], bool]) -> None:
        """Wait for `happened`, at the longest until the moment."""
        timeout = None
        if moment is not None:  # whole seconds, so that a timer never fires before its time
            timeout = max(1, math.ceil((moment - workflow.now()).total_seconds()))
        try:
            await workflow.wait_condition(happened, timeout=timeout)
        except TimeoutError:
            return

    async def _record(self, commands: list[Command] | tuple[Command, ...], actor: Actor, cause: str) -> None:
        while True:
            order, events = self.order, list[Event]()
            for command in commands:
                new = decide(order, command, workflow.now())
                for event in new:
                    order = evolve(order, event)
                events += new
            if not events or await self._append(events, actor, cause):
                return
            if cause in await self._catch_up():
                return

    async def _append(self, events: list[Event], actor: Actor, cause: str) -> bool:
        append = AppendEvents(
            order=self._id,
            expected=self.order.version,
            events=events,
            actor=actor,
            cause=cause,
            now=workflow.now(),
        )
        try:
            await workflow.execute_local_activity_method(
                OrderActivities.append_events, append, start_to_close_timeout=LOCAL, retry_policy=PATIENT
            )
        except (ActivityError, ApplicationError) as error:
            if _is_conflict(error):
                return False
            raise
        self._take(events)
        return True

    async def _catch_up(self) -> set[str | None]:
        """Read the events we have not seen; gives what caused them."""
        wanted = LoadStream(order=self._id, after=self._order.version if self._order else 0)
        part: StreamPart = await workflow.execute_local_activity_method(
            OrderActivities.load_stream, wanted, start_to_close_timeout=LOCAL, retry_policy=PATIENT
        )
        self._take(part.events)
        return set(part.causes)

    def _take(self, events: list[Event]) -> None:
        for event in events:
            self._order = evolve(self._order, event)
        if self._order is not None and events:
            self.on_change(self._order)


def _is_conflict(failure: ActivityError | ApplicationError) -> bool:
    """A local activity's failure comes bare, another's in an ActivityError."""
    cause = failure.cause if isinstance(failure, ActivityError) else failure
    return isinstance(cause, ApplicationError) and cause.type == CONFLICT
