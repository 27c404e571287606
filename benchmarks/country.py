"""The country's page with 100 orders and with 10,000, in one run: time, queries.

    python -m benchmarks.country [--few 100] [--many 10000] [--times 40]

The rows of the read models are put there as they are: 115 clusters in five regions, twelve packages, orders placed over
three years, up to a quarter of them open, one at most of a cluster and package, as the store holds to, and how many
answered their rounds. The page is asked for turn by turn, so that both stores meet the same machine, and each time made
to the last sign of its HTML. The goal is at most twice the time,
and the same number of queries. With all packages the page itself grows, twelvefold in what it tells of a cluster.
"""

import argparse
import datetime as dt
import math
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event, insert

from domain.denmark import REGIONS
from domain.model import Round
from domain.package import Package
from domain.quarters import quarter_of
from domain.stages import ENDED, Stage
from domain.task_kinds import TaskKind
from storage.board import board_table
from storage.clusters import cluster_table
from storage.database import Database
from storage.migrate import migrate
from storage.package_use import recount
from storage.staff import StaffRole, add_staff
from storage.tasks import task_table
from storage.turnout import turnout_table
from web.console.country.page import country_answer, country_shown

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
CLUSTERS, CONSULTANTS, YEARS = 115, 12, 3
PACKAGES = {f"pakke-{number:02}": f"Pakke nummer {number}" for number in range(12)}
GOAL = 2.0
"""Times as long with many orders as with few."""
ASKED: dict[str, dict[str, str]] = {
    "all of it": {},
    "one package": {"pakke": "pakke-00"},
    "one year": {"aar": "2026"},
    "package and year": {"pakke": "pakke-00", "aar": "2026"},
}


def filled(file: Path, orders: int) -> Database:
    """A store with so many orders."""
    database = Database(f"sqlite:///{file}")
    migrate(database)
    chance = random.Random(7)  # noqa: S311 - made-up orders
    with database.write() as connection:
        staff = [
            add_staff(connection, f"Konsulent {number}", f"k{number}@kiap.example", StaffRole.CONSULTANT)
            for number in range(CONSULTANTS)
        ]
        regions = [region.id for region in REGIONS if region.since is None]
        connection.execute(
            insert(cluster_table),
            [
                {"id": f"c{number}", "name": f"Klynge {number}", "region": regions[number % len(regions)]}
                for number in range(CLUSTERS)
            ],
        )
        rows = list(_orders(orders, staff, chance))
        connection.execute(insert(board_table), rows)
        recount(connection)
        turnouts = [each for row in rows for each in _turnouts(row, chance)]
        connection.execute(insert(turnout_table), turnouts)
        calls = [_call(row) for row in rows if row["stage"] == Stage.ORDERED.value]
        if calls:
            connection.execute(insert(task_table), calls)
    with database.write() as connection:
        connection.exec_driver_sql("ANALYZE")
    return database


def _orders(orders: int, staff: list[Any], chance: random.Random) -> Iterator[dict[str, Any]]:
    going_on = [stage for stage in Stage if stage not in ENDED]
    open_ones = set[tuple[int, str]]()
    for number in range(orders):
        placed = NOW - dt.timedelta(days=chance.uniform(0, 365 * YEARS))
        meeting = placed + dt.timedelta(weeks=9)
        cluster, package = chance.randrange(CLUSTERS), chance.choice(list(PACKAGES))
        is_over = number % 4 != 0 or (cluster, package) in open_ones
        if not is_over:
            open_ones.add((cluster, package))
        stage = Stage.COMPLETED if is_over else chance.choice(going_on)
        yield {
            "order_id": f"o{number:06}", "cluster": f"c{cluster}",
            "package": package, "coordinator": "p", "consultant": chance.choice(staff),
            "stage": stage.value, "meeting_at": None if stage is Stage.ORDERED else meeting,
            "survey_closes": (meeting - dt.timedelta(weeks=3)).date(), "needs_action_from": None, "members": 30,
            "placed_at": placed, "ended_at": placed + dt.timedelta(days=420) if is_over else None, "version": 50,
        }  # fmt: skip


def _call(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "order_id": row["order_id"], "seq": 1, "kind": TaskKind.HOLD_THE_CALL.value, "owner_role": "consultant",
        "owner_id": row["consultant"], "since": row["placed_at"], "due": row["placed_at"] + dt.timedelta(days=7),
    }  # fmt: skip


def _turnouts(row: dict[str, Any], chance: random.Random) -> Iterator[dict[str, Any]]:
    for round_, days in ((Round.BASELINE, 45), (Round.FOLLOW_UP, 400)):
        closed = row["placed_at"] + dt.timedelta(days=days)
        if closed < NOW:
            yield {
                "order_id": row["order_id"], "round": round_.value, "cluster": row["cluster"],
                "package": row["package"], "package_version": 1, "quarter": quarter_of(closed).code,
                "answers": chance.randrange(8, 31), "invited": 30, "released_at": closed,
            }  # fmt: skip


def no_package(slug: str, version: int) -> Package:
    """Nothing is published in these stores."""
    raise LookupError(slug, version)


def ask(database: Database, given: dict[str, str]) -> tuple[float, int]:
    """Milliseconds of the whole page, and queries."""
    said: list[str] = []
    begun = time.perf_counter()
    with database.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: said.append(told[2]))
        shown = country_shown(connection, PACKAGES, given, NOW, no_package)
    country_answer(shown, None)
    return (time.perf_counter() - begun) * 1000, len(said)


def p95(times: list[float]) -> float:
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def measure(few: Database, many: Database, turns: int) -> None:
    print(f"Milliseconds of the page, {turns} times each; load {os.getloadavg()[0]:.1f}\n")
    print(f"{'':18}{'few':>8}{'many':>8}{'ratio':>7}{'p95':>7}  queries")
    for name, given in ASKED.items():
        times: tuple[list[float], list[float]] = ([], [])
        queries = set[int]()
        for database in (few, many):
            ask(database, given)
        for _ in range(turns):
            for database, taken in zip((few, many), times, strict=True):
                milliseconds, how_many = ask(database, given)
                taken.append(milliseconds)
                queries.add(how_many)
        a, b = (median(each) for each in times)
        met = b / a <= GOAL and len(queries) == 1
        tail = p95(times[1]) / p95(times[0])
        print(f"{name:18}{a:8.1f}{b:8.1f}{b / a:7.1f}{tail:7.1f}  {sorted(queries)}  goal {'met' if met else 'missed'}")


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--few", type=int, default=100)
    given.add_argument("--many", type=int, default=10_000)
    given.add_argument("--times", type=int, default=40)
    wanted = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="klyngeflow-bench-", ignore_cleanup_errors=True) as folder:
        few, many = (filled(Path(folder) / f"{orders}.db", orders) for orders in (wanted.few, wanted.many))
        measure(few, many, wanted.times)
        few.close()
        many.close()


if __name__ == "__main__":
    main()
