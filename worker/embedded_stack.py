"""The embedded stack: Temporal, worker and web in one process tree, all data in one folder."""

import asyncio
import fcntl
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.open_orders import unfinished
from web.clock import SystemClock
from worker.address_file import address_file
from worker.codec import EncryptingCodec
from worker.codec_server import codec_router
from worker.data_folder import make_data_folder
from worker.orders_client import TemporalOrders
from worker.schedules import keep_schedules
from worker.servers import FREE_WITHIN, temporal_server
from worker.serving import WebServer, make_web, take_port
from worker.settings import Settings
from worker.stack import NotReady, connect, first_link, open_stack, terminal_key_file
from worker.workers import at_work


@dataclass(frozen=True)
class Addresses:
    """Where the running stack is reached."""

    web: str
    temporal: str
    temporal_ui: str
    mails: Path
    api_key: Path
    """The file with this machine's own API key."""
    first_link: str
    """By which the first of all signs in; "" where somebody can already."""
    recovery: "asyncio.Task[int]"
    """Starting the open orders that have no workflow, beside everything else; how many those were."""
    temporal_ended: "asyncio.Task[int]"
    """Done when Temporal has ended by itself, which it never should."""


@asynccontextmanager
async def embedded_stack(settings: Settings, temporal_port: int) -> AsyncIterator[Addresses]:
    """Everything up, in this order: Temporal, worker, web. Down again at the end of the block, in the other order.

    Open orders without a workflow get theirs while the web answers already: after losing Temporal that takes a while,
    and a command to an order not reached yet starts it itself.
    """
    ui_port, file = temporal_port + 1000, settings.data / "temporal.db"
    with (
        _only_one(settings.data),
        closing(take_port(settings.host, settings.port)) as listener,
        closing(open_stack(settings)) as stack,
    ):
        was_killed = address_file(settings.data).exists()  # and its Temporal may be leaving the ports just now
        async with temporal_server(
            file,
            temporal_port,
            ui_port,
            codec_endpoint=f"{settings.url}/codec",
            free_within=FREE_WITHIN if was_killed else 0,
        ) as server:
            client = await connect(settings.model_copy(update={"temporal_address": server.address}), stack.keys)
            orders = TemporalOrders(client, stack.database, stack.store, SystemClock())
            app = make_web(stack, client, orders)
            app.include_router(codec_router(EncryptingCodec(stack.keys.codec_key), server.ui))
            web = WebServer(app, listener, settings.trusted_proxies)
            async with at_work(stack, client, orders):
                await keep_schedules(client)
                await web.start()
                tasks = list[asyncio.Task[int]]()
                try:
                    recovery = asyncio.create_task(orders.start_missing(unfinished(stack.database)))
                    tasks.append(recovery)
                    ended = asyncio.create_task(server.process.wait())
                    tasks.append(ended)
                    address_file(settings.data).write_text(
                        json.dumps({"web": settings.url, "temporal": server.address})
                    )
                    key_file = terminal_key_file(settings)
                    yield Addresses(
                        settings.url,
                        server.address,
                        server.ui,
                        settings.mails,
                        key_file,
                        first_link(stack),
                        recovery,
                        ended,
                    )
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)
                    await web.stop()
                    address_file(settings.data).unlink(missing_ok=True)


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Hold the data folder: two stacks on one folder would each believe it theirs."""
    make_data_folder(data)
    lock = (data / "running.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        msg = f"Klyngeflow is running already on the data in '{data}'"
        raise NotReady(msg) from None
    with lock:
        yield
