"""The console's list of orders: what a page costs among few orders and among many.

    python -m benchmarks.order_list [--few 100] [--many 10000] [--turns 40]

The rows of the board are put there as they are: orders of a country of 115 clusters, a quarter of them ended, the
others with their practices. Each question is asked turn by turn, so that both stores meet the same machine; the ratio
is of medians.
"""

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, event, insert

from domain.stages import Stage
from storage.board import board_table
from storage.clusters import cluster_table, practice_table
from storage.database import Database
from storage.migrate import migrate
from storage.order_list import Sorting, Wanted, first_of_each_stage, order_lines, stage_counts
from storage.people import order_person_table, person_table

NOW = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
CLUSTERS = 115
PRACTICES = 15
"""Of each cluster."""
STAGES = tuple(Stage)


def open_only(text: str = "") -> Wanted:
    return Wanted(ended=False, text=text)


QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "first page": lambda c: order_lines(c, open_only(), Sorting.DUE, limit=51),
    "by name": lambda c: order_lines(c, open_only(), Sorting.CLUSTER, limit=51),
    "counts": lambda c: stage_counts(c, open_only()),
    "board": lambda c: first_of_each_stage(c, open_only(), Sorting.DUE, 8),
    "search by name": lambda c: order_lines(c, open_only(text="nord 42"), Sorting.DUE, limit=51),
    "search by practice": lambda c: order_lines(c, open_only(text="000042"), Sorting.DUE, limit=51),
}


def filled(file: Path, orders: int) -> Database:
    """A store with so many orders, a quarter of them ended."""
    database = Database(f"sqlite:///{file}")
    migrate(database)
    with database.write() as connection:
        for table, rows in _rows(orders).items():
            connection.execute(insert(table), rows)
    return database


def _rows(orders: int) -> dict[Table, list[dict[str, Any]]]:
    tables: dict[Table, list[dict[str, Any]]] = {
        table: [] for table in (cluster_table, person_table, practice_table, board_table, order_person_table)
    }
    for cluster in range(CLUSTERS):
        key = f"c{cluster:03}"
        tables[cluster_table].append({"id": key, "name": f"Klyngen Nord {cluster}", "region": "nordjylland"})
        person = {"id": key, "name": f"Læge {cluster}", "email": f"{key}@example.dk", "phone": "", "address": 1}
        tables[person_table].append(person)
        for practice in range(cluster * PRACTICES, (cluster + 1) * PRACTICES):
            tables[practice_table].append({"id": f"p{practice}", "cluster_id": key, "name": f"{practice:06}"})
    for number in range(orders):
        cluster, is_over = number % CLUSTERS, number % 4 == 0
        key = f"c{cluster:03}"
        tables[board_table].append(
            {
                "order_id": f"o{number:06}", "cluster": key, "package": "trivsel", "coordinator": key,
                "stage": STAGES[number % len(STAGES)].value, "due": NOW + dt.timedelta(hours=number % 500),
                "needs_action_from": "consultant", "members": 30, "placed_at": NOW,
                "ended_at": NOW if is_over else None, "version": 1,
            }
        )  # fmt: skip
        for practice in range(0 if is_over else PRACTICES):
            place = f"p{cluster * PRACTICES + practice}"
            on_order = {"order_id": f"o{number:06}", "person_id": place, "practice_id": place, "address": 1}
            tables[order_person_table].append(on_order)
    return tables


def ask(database: Database, question: Callable[[Connection], object]) -> tuple[float, int]:
    """Milliseconds and statements."""
    said: list[str] = []
    with database.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        begun = time.perf_counter()
        question(connection)
        return (time.perf_counter() - begun) * 1000, len(said)


def measure(few: Database, many: Database, turns: int) -> None:
    print(f"{'':22}{'few':>10}{'many':>10}{'ratio':>8}  statements")
    for name, question in QUESTIONS.items():
        times: Sequence[list[float]] = ([], [])
        counts = set[int]()
        for _ in range(turns):
            for database, taken in zip((few, many), times, strict=True):
                milliseconds, statements = ask(database, question)
                taken.append(milliseconds)
                counts.add(statements)
        a, b = (statistics.median(each) for each in times)
        print(f"{name:22}{a:>8.1f}ms{b:>8.1f}ms{b / a:>8.1f}  {sorted(counts)}")


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    given.add_argument("--few", type=int, default=100)
    given.add_argument("--many", type=int, default=10_000)
    given.add_argument("--turns", type=int, default=40)
    wanted = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few, many = (filled(Path(folder) / f"{orders}.db", orders) for orders in (wanted.few, wanted.many))
        measure(few, many, wanted.turns)
        few.close()
        many.close()


if __name__ == "__main__":
    main()
