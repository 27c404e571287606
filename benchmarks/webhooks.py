"""How fast the log reaches a fast subscriber, and what an append pays for subscribers.

    python -m benchmarks.webhooks [--events N] [--appends N]

First one subscription is brought from the log's beginning to its end, by the visits that Temporal makes, over real HTTP
to a receiver in a process of its own. Then the same single appends are timed in turns with nobody subscribed, and with
ten subscriptions at work: a Temporal server, a worker of webhooks and the receiver are processes of their own, and what
is compared are the appends of one run. The worker and the receiver want a processor too, so the second number is what
all of it costs on this machine.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import datetime as dt
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from temporalio.testing import ActivityEnvironment

from activities.webhooks import Deliver, WebhookActivities
from domain.by import SYSTEM
from storage import deliveries, subscriptions
from storage.deliveries import DeliveryState
from tests.storage.lives import letter, whole_life
from tests.workflows.webhook_worker import start_webhook_worker
from worker.servers import free_port, temporal_server
from worker.settings import Settings
from worker.stack import Stack, open_stack

SUBSCRIPTIONS = 10
TODAY = dt.date(2026, 3, 2)
TURNS = 5


async def _take_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers each request of a connection with 204."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            (size,) = re.findall(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(size))
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            await writer.drain()


def _receive(pipe: Pipe) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_take_all, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextmanager
def receiver() -> Iterator[str]:
    """Gives the address of a receiver in a process of its own."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_receive, args=(theirs,), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{ours.recv()}/"
    process.kill()


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def subscribe(stack: Stack, url: str, after: int | None) -> str:
    with stack.database.write() as connection:
        return subscriptions.add(connection, stack.keys, url, (), now(), after=after)[0]


def fill(stack: Stack, events: int) -> int:
    """Whole lives of orders, until there are so many events; how many there are."""
    written = number = 0
    while written < events:
        number += 1
        life = whole_life(f"o-{number}", cluster=f"klynge-{number}")[: events - written]
        written += stack.store.append(f"o-{number}", 0, life, by=SYSTEM, now=now())
    return written


def bring_to_the_end(stack: Stack, id_: str) -> float:
    """Seconds until the subscription has everything."""
    work, env = WebhookActivities(stack.dependencies), ActivityEnvironment()
    env.info = dataclasses.replace(env.info, started_time=now())
    started = time.perf_counter()
    while env.run(work.deliver, Deliver(subscription=id_)).more:
        pass
    return time.perf_counter() - started


def appended(stack: Stack, order: str, first: int, count: int) -> list[float]:
    """Seconds of each of so many single appends to an order."""
    taken = []
    for number in range(first, first + count):
        event = letter(f"reminder/baseline/{number}", TODAY)
        started = time.perf_counter()
        stack.store.append(order, number, [event], by=SYSTEM, now=now())
        taken.append(time.perf_counter() - started)
    return taken


async def what_an_append_pays(stack: Stack, url: str, appends: int) -> tuple[list[float], list[float], int]:
    """The appends' seconds without and with subscriptions, in turns; and how many events the subscribers had."""
    ids = [subscribe(stack, url, None) for _ in range(SUBSCRIPTIONS)]
    without, with_ = list[float](), list[float]()
    for turn in range(TURNS):
        pause_or_resume(stack, ids, pause=True)
        await asyncio.sleep(3)  # what was on its way is done
        without += await asyncio.to_thread(appended, stack, placed(stack, 2 * turn), 1, appends // TURNS)
        pause_or_resume(stack, ids, pause=False)
        await until_everything_is_sent(stack, ids)
        with_ += await asyncio.to_thread(appended, stack, placed(stack, 2 * turn + 1), 1, appends // TURNS)
    await until_everything_is_sent(stack, ids)
    with stack.database.read() as connection:
        sent = sum(deliveries.counts(connection, id_).get(DeliveryState.DELIVERED, 0) for id_ in ids)
    return without, with_, sent


def placed(stack: Stack, number: int) -> str:
    """A new order for each turn, so that all are of the same length."""
    order = f"taktmaaler-{number}"
    stack.store.append(order, 0, whole_life(order, cluster=order)[:1], by=SYSTEM, now=now())
    return order


def pause_or_resume(stack: Stack, ids: list[str], *, pause: bool) -> None:
    with stack.database.write() as connection:
        for id_ in ids:
            subscriptions.pause(connection, id_) if pause else subscriptions.resume(connection, id_)


async def until_everything_is_sent(stack: Stack, ids: list[str]) -> None:
    def left() -> int:
        with stack.database.read() as connection:
            return sum(subscriptions.subscription(connection, id_).behind for id_ in ids)

    while await asyncio.to_thread(left):  # noqa: ASYNC110 - it stands in SQL
        await asyncio.sleep(0.2)


async def main(events: int, appends: int) -> None:
    os.environ["KLYNGEFLOW_WEBHOOKS_TO_PRIVATE"] = "true"
    with tempfile.TemporaryDirectory() as folder, receiver() as url:
        port = free_port()
        settings = Settings(data=Path(folder), temporal_address=f"127.0.0.1:{port}")
        stack = open_stack(settings)
        count = fill(stack, events)
        id_ = subscribe(stack, url, 0)
        seconds = bring_to_the_end(stack, id_)
        with stack.database.read() as connection:
            assert deliveries.counts(connection, id_) == {DeliveryState.DELIVERED: count}
        print(f"{count} events to a fast subscriber: {seconds:.1f} s, {count / seconds:.0f} a second")
        with stack.database.write() as connection:
            subscriptions.remove(connection, id_)
        async with temporal_server(Path(folder) / "temporal.db", port, free_port()):
            deliverer = start_webhook_worker(settings)
            try:
                without, with_, sent = await what_an_append_pays(stack, url, appends)
            finally:
                deliverer.kill()
        for name, taken in (("nobody", without), (f"{SUBSCRIPTIONS} subscriptions", with_)):
            ninety = statistics.quantiles(taken, n=20)[-1]
            print(f"an append with {name}: {statistics.median(taken) * 1e3:.2f} ms, p95 {ninety * 1e3:.2f} ms")
        ratio = statistics.median(with_) / statistics.median(without)
        print(f"ratio {ratio:.2f} ({sent} events were delivered meanwhile)")
        stack.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--appends", type=int, default=500)
    asked = parser.parse_args()
    asyncio.run(main(asked.events, asked.appends))
