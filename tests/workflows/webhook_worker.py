"""A worker of webhooks in a process of its own, which a test may kill."""

import asyncio
import importlib
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from web.clock import SystemClock
from worker.orders_client import TemporalOrders
from worker.settings import Settings
from worker.stack import connect, open_stack
from worker.workers import Queue, at_work

DEAD_AFTER = timedelta(seconds=5)
"""Silence that counts as death here; six times as long in earnest."""

_FORK = get_context("forkserver")
_FORK.set_forkserver_preload([__name__])


def start_webhook_worker(settings: Settings) -> BaseProcess:
    """At work until it is killed."""
    process = _FORK.Process(target=_work, args=(settings,), daemon=True)
    process.start()
    return process


def _work(settings: Settings) -> None:
    importlib.import_module("activities.webhooks").HEARTBEAT = DEAD_AFTER  # type: ignore[attr-defined]
    asyncio.run(_worker(settings))


async def _worker(settings: Settings) -> None:
    stack = open_stack(settings)
    client = await connect(settings, stack.keys)
    orders = TemporalOrders(client, stack.database, stack.store, SystemClock())
    async with at_work(stack, client, orders, [Queue.WEBHOOKS]):
        await asyncio.Event().wait()
