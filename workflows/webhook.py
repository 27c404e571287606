"""One subscription to the log while it has something to deliver: visit after visit, and the pauses between them.

It holds nothing: cursor and deliveries stand in SQL. With nothing left it ends, and the next event starts another.
"""

import asyncio
import datetime as dt
from contextlib import suppress

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.webhooks import HEARTBEAT, Deliver, Delivered, WebhookActivities
    from workflows.messages import WEBHOOK_QUEUE

ONE_VISIT = dt.timedelta(minutes=5)
PATIENT = RetryPolicy(initial_interval=dt.timedelta(seconds=1), maximum_interval=dt.timedelta(minutes=1))
VISITS = 100
"""In one run; some ten events of history each."""


@workflow.defn(name="Webhook")
class WebhookWorkflow:
    """Never more than one at a time for a subscription, which keeps each order's events in order."""

    def __init__(self) -> None:
        self._is_news = False
        self._at_once = False

    @workflow.run
    async def run(self, subscription: str) -> None:
        """Until there is nothing to deliver and nothing to try again."""
        for _ in range(VISITS):
            self._is_news = self._at_once = False
            visited = await self._visit(subscription)
            if visited.more:
                continue
            if visited.again_at is None and not self._is_news:
                return
            await self._pause(visited)
        workflow.continue_as_new(subscription)

    @workflow.signal
    def wake(self, at_once: bool) -> None:
        """There is something new; or people have changed something, which is looked at whatever we wait for."""
        self._is_news = True
        self._at_once = self._at_once or at_once

    async def _visit(self, subscription: str) -> Delivered:
        return await workflow.execute_activity_method(
            WebhookActivities.deliver,
            Deliver(subscription=subscription),
            task_queue=WEBHOOK_QUEUE,
            start_to_close_timeout=ONE_VISIT,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=PATIENT,
        )

    async def _pause(self, visited: Delivered) -> None:
        left = visited.again_at - workflow.now() if visited.again_at is not None else None
        if left is not None and left <= dt.timedelta(0):
            return
        workflow.set_current_details(f"Prøver igen {visited.again_at}" if visited.again_at else "")
        with suppress(asyncio.TimeoutError):
            await workflow.wait_condition(lambda: self._at_once or (self._is_news and not visited.away), timeout=left)
