"""Sees that the log has grown, and wakes who delivers it: no append waits for that, and none has to tell anybody."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

from activities.failures import without_personal_data
from storage import subscriptions
from storage.database import Database
from storage.log_reader import last_position, types_after
from storage.subscriptions import Listening
from storage.upcasters import EVENT_CLASSES
from workflows.messages import WEBHOOK_QUEUE, webhook_workflow_id
from workflows.webhook import WebhookWorkflow

EVERY = 1.0
"""Seconds between two looks: two short queries."""
ALL_EVERY = 900
"""Looks after which every subscription is woken, whatever it waits for: should its workflow have been lost."""

LOGGER = logging.getLogger("worker.log_watch")


@dataclass(frozen=True)
class _Seen:
    """The log's end, which events are new, and who listens."""

    end: int
    new: frozenset[str]
    listening: Sequence[Listening]


class LogWatch:
    """What was seen last of the log and of the subscriptions."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._database = database
        self._end: int | None = None
        self._changes: dict[str, int] = {}

    async def watch(self) -> None:
        """Look again and again. An outage is waited out, and told once."""
        looks, is_out = 0, False
        while True:
            try:
                await self.look(everywhere=is_out or looks % ALL_EVERY == 0)
                is_out = False
            except Exception as error:  # noqa: BLE001 - the watch goes on, whatever one look met
                if not is_out:
                    LOGGER.warning("the log's readers are not woken now: %s", without_personal_data(error))
                is_out = True
            looks += 1
            await asyncio.sleep(EVERY)

    async def look(self, *, everywhere: bool = False) -> None:
        """Wake the subscriptions that want what is new, or that people have changed; or every active one.

        Raises DatabaseUnavailable, RPCError.
        """
        seen = await asyncio.to_thread(self._look)
        for each in seen.listening:
            is_changed = self._changes.get(each.id, 0) < each.changes
            wants = not each.events or not each.events.isdisjoint(seen.new) or bool(seen.new - EVENT_CLASSES.keys())
            if everywhere or is_changed or (seen.new and wants and not each.away):
                await wake(self._client, each.id, at_once=is_changed)
        self._end, self._changes = seen.end, {each.id: each.changes for each in seen.listening}

    def _look(self) -> _Seen:
        with self._database.read() as connection:
            if not (listening := subscriptions.listening(connection)):
                return _Seen(0, frozenset(), ())
            end = last_position(connection)
            is_new = self._end is not None and end > self._end
            new = types_after(connection, self._end or 0) if is_new else ()
            return _Seen(end, frozenset(new), listening)


async def wake(
    client: Client,
    subscription: str,
    *,
    at_once: bool,
    running: WorkflowIDConflictPolicy = WorkflowIDConflictPolicy.UNSPECIFIED,
) -> None:
    """Have a subscription's workflow look at what there is, and start it where it has none. Raises RPCError."""
    await client.start_workflow(
        WebhookWorkflow.run,
        subscription,
        id=webhook_workflow_id(subscription),
        task_queue=WEBHOOK_QUEUE,
        start_signal="wake",
        start_signal_args=[at_once],
        id_conflict_policy=running,
        static_summary=f"Webhook {subscription}",
    )


async def replace_webhooks(client: Client, database: Database) -> None:
    """Start another workflow for each active subscription, in the place of the one it has. Raises RPCError."""
    with database.read() as connection:
        listening = subscriptions.listening(connection)
    for each in listening:
        await wake(client, each.id, at_once=True, running=WorkflowIDConflictPolicy.TERMINATE_EXISTING)


@asynccontextmanager
async def watching(client: Client, database: Database) -> AsyncIterator[None]:
    """The log is watched for as long as the block lasts."""
    task = asyncio.create_task(LogWatch(client, database).watch())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
