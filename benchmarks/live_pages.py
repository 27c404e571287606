"""What fifty open pages of the console cost, as a share of one core: while nothing happens, and until they are told.

    python -m benchmarks.live_pages [--pages 50] [--orders 10000] [--events 500000] [--seconds 20]

A real server on the loopback, with as many readers, on a store of a country's size. The readers' own work is counted
with the server's. Goal: less than a tenth of a core.
"""

import argparse
import asyncio
import datetime as dt
import tempfile
import time
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from benchmarks.order_list import filled
from storage.database import Database
from storage.event_sql import INSERT, run_many
from storage.log_reader import last_position
from storage.pulse import EVERYTHING, pulse
from web.console.live.stream import told
from web.console.live.watch import Watch

BATCH = 10_000


def with_events(database: Database, events: int, orders: int, after: int = 0) -> None:
    """Rows of the log behind a position, of so many orders."""
    at = dt.datetime(2027, 6, 1, tzinfo=dt.UTC).isoformat()
    for first in range(0, events, BATCH):
        rows = [
            (number + 1, f"o{number % orders:06}", number // orders + 1, f"e{number}", "letters_sent", 1, "{}",
             "system", "-", "-", f"c{number}", at, f"{number:064x}")
            for number in range(after + first, after + min(events, first + BATCH))
        ]  # fmt: skip
        with database.write() as connection:
            run_many(connection, INSERT, rows)


async def served(watch: Watch, mark: str) -> tuple[uvicorn.Server, asyncio.Task[None], int]:
    """The stream behind a server of its own, and its port."""

    async def live(_request: Request) -> StreamingResponse:
        return StreamingResponse(told(watch, EVERYTHING, mark), media_type="text/event-stream")

    config = uvicorn.Config(Starlette(routes=[Route("/", live)]), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.01)
    return server, task, server.servers[0].sockets[0].getsockname()[1]


async def read_until_told(port: int) -> float:
    """When a page was told, on the clock of `time.perf_counter`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    while b"changed" not in (line := await reader.readline()):
        if not line:
            msg = "the stream ended and said nothing"
            raise RuntimeError(msg)
    writer.close()
    return time.perf_counter()


async def measure(database: Database, pages: int, seconds: float) -> None:
    with database.read() as connection:
        mark, last = pulse(connection), last_position(connection)
    watch = Watch(database)
    server, task, port = await served(watch, mark)
    readers = [asyncio.create_task(read_until_told(port)) for _ in range(pages)]
    while watch.pages < pages:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.01)
    await asyncio.sleep(1)
    begun, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    share = (time.process_time() - used) / (time.perf_counter() - begun)
    print(f"{pages} open pages, nothing happens: {share:.1%} of a core (goal: below 10 %)")
    with_events(database, 1, 1, after=last)
    changed = time.perf_counter()
    waits = [moment - changed for moment in await asyncio.gather(*readers)]
    print(f"told after {max(waits):.2f} s at the latest (goal: 2 s)")
    server.should_exit = True
    await task


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    given.add_argument("--pages", type=int, default=50)
    given.add_argument("--orders", type=int, default=10_000)
    given.add_argument("--events", type=int, default=500_000)
    given.add_argument("--seconds", type=float, default=20)
    wanted = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = filled(Path(folder) / "store.db", wanted.orders)
        with_events(database, wanted.events, wanted.orders)
        asyncio.run(measure(database, wanted.pages, wanted.seconds))
        database.close()


if __name__ == "__main__":
    main()
