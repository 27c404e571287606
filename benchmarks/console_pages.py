"""Every page of the console with 100 orders and with 10,000 and half a million events, in one run: time and queries.

    python -m benchmarks.console_pages [--orders 10000] [--events 500000] [--times 25]

Each page is asked for as a browser does, signed in, without the network between; turn by turn, so that both stores meet
the same machine. The goal is at most twice the time at the 95th percentile, and the same number of queries.
"""

import argparse
import asyncio
import datetime as dt
import math
import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, event, insert, select, update

from benchmarks.country import filled
from benchmarks.live_pages import with_events
from benchmarks.open_orders import fill
from domain.model import OrderId
from storage import sessions
from storage.audit import Deed, Edge, audit_table
from storage.board import board_table
from storage.database import Database
from storage.log_reader import last_position
from storage.outbox import MailState, outbox_table
from storage.projections import projection_table
from storage.staff import StaffRole, add_staff, staff_called
from web.app import create_app
from web.console.cookie import COOKIE
from web.orders_port import Accepted, Unavailable
from web.package_repository import PackageRepository
from web.services import Services
from worker.settings import Settings
from worker.stack import Stack, open_stack

FEW = 100
MEMBERS, MAILS, LINES, BATCH = 10, 40, 10, 500
GOAL = 2.0
"""Times as long with many orders as with few."""
PAGES = (
    "/drift?hvis=alle",
    "/drift?hvis=mine",
    "/drift?hvis=ingens",
    "/drift/forloeb",
    "/drift/forloeb?vis=tavle",
    "/drift/forloeb?soeg=klynge+7",
    "/drift/forloeb/{order}",
    "/drift/forloeb/{order}/note",
    "/drift/landet",
    "/drift/mails",
    "/drift/mails?stak=sendt",
    "/drift/drift",
    "/drift/modtagere",
    "/drift/kolleger",
    "/drift/noegler",
    "/drift/log",
    "/drift/min-side",
)


class NoEngine:
    """Commands go nowhere: the pages are only read."""

    async def execute(self, *_given: object, **_more: object) -> Accepted:
        raise Unavailable

    async def start(self, _order: OrderId) -> None:
        raise Unavailable


@dataclass
class Store:
    """A store with its pages, and what was measured of each."""

    stack: Stack
    client: httpx.AsyncClient
    order: str
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    queries: dict[str, int] = field(default_factory=dict)

    async def ask(self, path: str) -> None:
        """Once, and how long it took and how many queries."""
        told = list[str]()

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            told.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        began = time.perf_counter()
        answer = await self.client.get(path.replace("{order}", self.order))
        took = 1_000 * (time.perf_counter() - began)
        event.remove(Engine, "before_cursor_execute", note)
        assert answer.status_code == 200, (path, answer.status_code)
        self.milliseconds.setdefault(path, []).append(took)
        self.queries[path] = len(told)

    def p95(self, path: str) -> float:
        """Of all but the first, which fills caches."""
        found = sorted(self.milliseconds[path][1:])
        return found[math.ceil(0.95 * len(found)) - 1]


def a_store(folder: Path, orders: int, events: int) -> Store:
    """So many orders of 115 clusters with their mail, and so many events in all; one of them has a whole life."""
    fill(folder, 1, MEMBERS)
    filled(folder / "klyngeflow.db", orders).close()
    stack = open_stack(Settings(mode="embedded", data=folder))
    now = dt.datetime.now(dt.UTC)
    with stack.database.read() as connection:
        last = last_position(connection)
        (order,) = connection.execute(select(board_table.c.order_id).where(board_table.c.order_id.not_like("o00%")))
    with_events(stack.database, events - last, orders, after=last)
    with stack.database.write() as connection:
        connection.execute(update(projection_table).values(position=events))  # these events change no read model
        for first in range(0, orders, BATCH):
            some = range(first, min(orders, first + BATCH))
            connection.execute(
                insert(outbox_table), [_mail(number, each, now) for number in some for each in range(MAILS)]
            )
            connection.execute(
                insert(audit_table), [_line(number, each, now) for number in some for each in range(LINES)]
            )
        connection.exec_driver_sql("ANALYZE")
    services = Services(
        database=stack.database,
        keys=stack.keys,
        packages=PackageRepository(stack.database, stack.packages),
        orders=NoEngine(),
        base_url="http://console.example",
    )
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(services)),
        base_url=services.base_url,
        cookies={COOKIE: _session(stack.database, now)},
    )
    return Store(stack, client, order.order_id)


def _mail(number: int, each: int, now: dt.datetime) -> dict[str, Any]:
    """A mail of an order; one in two thousand is in trouble."""
    then = now - dt.timedelta(minutes=number * MAILS + each)
    troubled = (number * MAILS + each) % 2_000 == 0
    return {
        "id": f"m{number}-{each}", "order_id": f"o{number:06}", "letter": "invitation/baseline/",
        "recipient": f"p{number}-{each}", "address": 1,
        "state": MailState.UNKNOWN.value if troubled else MailState.SENT.value,
        "attempts": 1, "queued_at": then, "claimed_at": then, "sent_at": None if troubled else then,
    }  # fmt: skip


def _line(number: int, each: int, now: dt.datetime) -> dict[str, Any]:
    """A line of the log of changes."""
    return {
        "at": now - dt.timedelta(minutes=number * LINES + each), "by_role": "consultant", "by_who": f"k{number % 12}",
        "deed": Deed.COMMAND.value, "about": "", "order_id": f"o{number:06}", "request_id": None,
        "facts": {"command": "add_note"}, "why": "", "edge": Edge.PAGE.value, "network": "",
    }  # fmt: skip


def _session(database: Database, now: dt.datetime) -> str:
    with database.write() as connection:
        id_ = add_staff(connection, "Asta Krog", "asta@kiap.example", StaffRole.ADMINISTRATOR)
        (asta,) = staff_called(connection, [id_])
        return sessions.begin_session(connection, asta, "127.0.0.1", "En browser", now)


async def measure(few: Store, many: Store, times: int) -> None:
    """Every page, turn by turn."""
    print(f"{'':34}{'few':>9}{'many':>9}{'ratio':>7}  queries")
    for path in PAGES:
        for _ in range(times + 1):
            await few.ask(path)
            await many.ask(path)
        ratio = many.p95(path) / few.p95(path)
        same = few.queries[path] == many.queries[path]
        met = "met" if ratio <= GOAL and same else "missed"
        counts = f"{few.queries[path]}" if same else f"{few.queries[path]} and {many.queries[path]}"
        print(f"{path:34}{few.p95(path):7.1f}ms{many.p95(path):7.1f}ms{ratio:7.2f}  {counts:9} goal {met}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--times", type=int, default=25)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="klyngeflow-bench-", ignore_cleanup_errors=True) as folder:
        few = a_store(Path(folder) / "few", FEW, FEW * 50)
        many = a_store(Path(folder) / "many", given.orders, given.events)
        print(f"95th percentile of {given.times} times each; load of the machine {os.getloadavg()[0]:.1f}\n")
        asyncio.run(measure(few, many, given.times))
        few.stack.close()
        many.stack.close()


if __name__ == "__main__":
    main()
