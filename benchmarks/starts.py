"""How long commands take that are started most: migrate, the list of orders, a report, and `up` until it answers.

    python -m benchmarks.starts [--times 7]

Each is a process of its own, as a shell starts it, on a database of this version. The median counts; the first start,
which may read files from disk, is left out.
"""

import argparse
import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.embedded_stack import Running, two_free_ports
from benchmarks.order_list import filled
from worker.servers import executable, free_port

GOALS = {"migrate": 0.4, "orders list": 0.4, "report": 1.2, "up, until it is ready": 1.5}
"""Seconds."""
ANSWERS = Path(__file__).parents[1] / "docs" / "examples" / "answers.csv"
REPORT = (
    "report",
    "trivsel-og-arbejdsglaede",
    "--answers",
    str(ANSWERS),
    "--cluster",
    "Aalborg Øst",
    "--members",
    "16",
)


def a_command(data: Path, *arguments: str) -> float:
    """Seconds that a command takes. Raises CalledProcessError."""
    told = {"KLYNGEFLOW_MODE": "embedded", "KLYNGEFLOW_DATA": str(data)}
    began = time.perf_counter()
    subprocess.run([executable("klyngeflow"), *arguments], env=os.environ | told, check=True, capture_output=True)
    return time.perf_counter() - began


def up(data: Path) -> float:
    """Seconds until /readyz says so."""
    running = Running(data, free_port(), two_free_ports())
    try:
        return asyncio.run(running.ready())
    finally:
        running.stop()


def measured(start: Callable[[], float], times: int) -> list[float]:
    start()
    return sorted(start() for _ in range(times))


def among_many(data: Path, times: int) -> float:
    """How much longer the list takes among ten thousand orders than among a hundred, asked in turns."""
    stores = [data / "few", data / "many"]
    for folder, orders in zip(stores, (100, 10_000), strict=True):
        folder.mkdir()
        filled(folder / "klyngeflow.db", orders).close()
    taken: list[list[float]] = [[], []]
    for _ in range(times + 1):
        for folder, seconds in zip(stores, taken, strict=True):
            seconds.append(a_command(folder, "orders", "list"))
    few, many = (median(seconds[1:]) for seconds in taken)
    return many / few


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=7)
    times = max(1, parser.parse_args().times)
    print(f"Seconds from the start, {times} times each; load of the machine {os.getloadavg()[0]:.1f}\n")
    print(f"{'':24}{'median':>8}{'fastest':>9}{'slowest':>9}{'goal':>7}")
    with tempfile.TemporaryDirectory(prefix="klyngeflow-bench-", ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        starts: dict[str, Callable[[], float]] = {
            "migrate": lambda: a_command(data, "migrate"),
            "orders list": lambda: a_command(data, "orders", "list"),
            "report": lambda: a_command(data, *REPORT, "--out", str(data / "report")),
            "up, until it is ready": lambda: up(data),
        }
        for name, start in starts.items():
            found = measured(start, times)
            told = "goal met" if median(found) <= GOALS[name] else "goal missed"
            print(f"{name:24}{median(found):8.2f}{found[0]:9.2f}{found[-1]:9.2f}{GOALS[name]:7.1f}   {told}")
        ratio = among_many(data, times)
        print(f"\norders list among 10,000 orders: {ratio:.2f} times that among 100 (goal: at most 1.5)")


if __name__ == "__main__":
    main()
