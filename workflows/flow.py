"""An order as its workflow has it: the last outlook, the one way to change it, and waiting for what comes.

Nothing is decided here. Every fact came from an activity and stands in Temporal's history, so a replay reads the past
and never decides it again, whatever the rules have become.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from workflows.alarm import Alarm

with workflow.unsafe.imports_passed_through():
    from activities.orders import NO_SUCH_ORDER, STREAM_CUT, CarriedOut, CarryOut, OrderActivities
    from activities.steps import DueSteps, StepActivities
    from domain.by import By
    from domain.commands import AnyCommand
    from domain.outlook import Outlook

LOCAL = dt.timedelta(seconds=20)
AT_ONCE = RetryPolicy(initial_interval=dt.timedelta(milliseconds=200), maximum_attempts=4)
"""For local activities: what does not work at once is asked as a regular one, which costs no history to repeat."""
PATIENT = RetryPolicy(initial_interval=dt.timedelta(seconds=1), maximum_interval=dt.timedelta(minutes=10))
FATAL = (STREAM_CUT, NO_SUCH_ORDER)
"""Failures that no repetition mends: the workflow ends with them, once, for everybody to see."""

Condition = Callable[[Outlook], bool]
Ask = TypeVar("Ask")


class OrderEnded(Exception):  # noqa: N818 - the end of the story, not an error
    """The order was completed or cancelled while something waited on it."""


class Flow:
    """The order's outlook, and the only way to change it."""

    def __init__(self, outlook: Outlook) -> None:
        self._outlook = outlook
        self._failure: BaseException | None = None
        self._alarm = Alarm()
        self.on_news: Callable[[Outlook], None] = lambda _outlook: None

    @property
    def outlook(self) -> Outlook:
        """What is so, as far as we have been told."""
        return self._outlook

    async def carry_out(self, command: AnyCommand, *, by: By, cause: str, enclosure: str | None) -> CarriedOut:
        """Have a command decided and recorded. Raises ApplicationError where it is fatal.

        Safe to call while another is on its way: each is decided by the stream as it stands.
        """
        ask = CarryOut(
            order=self._outlook.order,
            known=self._outlook.version,
            now=workflow.now(),
            commands=(command,),
            by=by,
            cause=cause,
            enclosure=enclosure,
        )
        return await self.outcome_of(self._at_once(OrderActivities.carry_out, ask))

    async def look(self) -> None:
        """Be told what is so. Raises ApplicationError where it is fatal."""
        ask = CarryOut(order=self._outlook.order, known=self._outlook.version, now=workflow.now())
        await self.outcome_of(self._at_once(OrderActivities.carry_out, ask))

    async def take_due_steps(self) -> None:
        """Have the steps taken that are due and take no time. Raises ApplicationError where it is fatal."""
        ask = DueSteps(order=self._outlook.order, known=self._outlook.version, now=workflow.now())
        await self.outcome_of(self._at_once(StepActivities.take_due_steps, ask))

    async def outcome_of(self, activity: Awaitable[CarriedOut]) -> CarriedOut:
        """Wait for work that changes the order, and see what is so now. Raises ApplicationError where it is fatal."""
        try:
            with self._alarm.expecting_news():
                carried_out = await activity
        except (ActivityError, ApplicationError) as failure:
            raise self._fatal(failure) from None
        self._take(carried_out.outlook)
        return carried_out

    async def _at_once(self, work: Callable[[Any, Ask], CarriedOut], ask: Ask) -> CarriedOut:
        try:
            with self._alarm.held():
                return await workflow.execute_local_activity_method(
                    work, ask, start_to_close_timeout=LOCAL, retry_policy=AT_ONCE
                )
        except (ActivityError, ApplicationError) as failure:
            if _type_of(failure) in FATAL:
                raise
        return await workflow.execute_activity_method(work, ask, start_to_close_timeout=LOCAL, retry_policy=PATIENT)

    def _fatal(self, failure: ActivityError | ApplicationError) -> BaseException:
        """The whole workflow ends with it: whoever waits finds it here."""
        cause = failure.cause if isinstance(failure, ActivityError) else failure
        self._failure = cause or failure
        return self._failure

    def _take(self, outlook: Outlook) -> None:
        """The newest is kept: two that were asked for at once may come in either order."""
        if outlook.version < self._outlook.version:
            return
        self._outlook = outlook
        self.on_news(outlook)

    async def wait(self, until: dt.datetime | None, *, unless: Condition) -> None:
        """Wait for a moment, or until this is so. Raises what has ended the workflow."""

        def is_over() -> bool:
            is_time = until is not None and until <= workflow.now()
            return is_time or self._failure is not None or unless(self.outlook)

        with self._alarm.set_for(until):
            await workflow.wait_condition(is_over)
        self.raise_failure()

    def rest(self) -> None:
        """Nobody waits for a moment any more: the run is about to end."""
        self._alarm.stop()

    def raise_failure(self) -> None:
        """Raise what has ended the workflow, if anything has."""
        if self._failure is not None:
            raise self._failure


def _type_of(failure: ActivityError | ApplicationError) -> str | None:
    """A local activity's failure comes bare, another's in an ActivityError."""
    cause = failure.cause if isinstance(failure, ActivityError) else failure
    return cause.type if isinstance(cause, ApplicationError) else None
