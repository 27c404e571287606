"""`klyngeflow up` with 1,400 open orders: how soon it is there, what it takes, how soon it is back after SIGKILL.

    python -m benchmarks.embedded_stack [--orders 1400] [--members 42]

The goals are for up to 1,400 orders, and for more than that those for 5,000.

A data folder is filled with orders at every stage. The stack is started on it the first time, with nothing in Temporal,
so that every order's workflow has to be started; then all its processes are killed at once and it is started again.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from benchmarks.open_orders import fill
from domain.model import OrderId
from worker.servers import executable, free_port, is_free
from workflows.messages import TASK_QUEUE


@dataclass(frozen=True)
class Goals:
    """`memory` in bytes of all processes together, at their worst; the others in seconds from start or kill."""

    memory: float
    ready_again: float
    all_running: float


MANY = 1400
GOALS, GOALS_OF_MANY = Goals(1.5e9, 10, 15), Goals(0.6e9, 3, 15)
WITHIN = 240.0
"""Seconds the measurement may take."""
LOOK_EVERY = 0.02
QUIET_FOR = 1.0
"""Seconds without a workflow task waiting, and hardly any work, that count as rest."""
IDLE = 15.0
"""Percent of one core."""


@dataclass(frozen=True)
class Memory:
    """Bytes of a process tree: what each process has (shared pages counted each time), and the fair share."""

    rss: int
    pss: int


class Running:
    """One `klyngeflow up` in processes of its own."""

    def __init__(self, data: Path, port: int, temporal_port: int, since: float | None = None) -> None:
        """Start it. Time counts from now, or from an earlier `perf_counter`."""
        self.web = f"http://127.0.0.1:{port}"
        self.temporal = f"127.0.0.1:{temporal_port}"
        command = [executable("klyngeflow"), "up", "--data", str(data)]
        command += ["--port", str(port), "--temporal-port", str(temporal_port)]
        self.began = since or time.perf_counter()
        self._log = (data / "up.log").open("ab")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("KLYNGEFLOW_")}
        self._up = subprocess.Popen(command, stdout=self._log, stderr=self._log, env=environment)
        self._process = psutil.Process(self._up.pid)
        self.worst = 0

    async def ready(self) -> float:
        """Seconds from the start until /readyz says so. Raises RuntimeError where it never will."""
        async with httpx.AsyncClient(timeout=5) as client:
            while True:
                with suppress(httpx.TransportError):
                    answer = await client.get(f"{self.web}/readyz")
                    if answer.status_code == 200:
                        return self.seconds
                self._look()
                await asyncio.sleep(LOOK_EVERY)

    async def all_started(self, orders: int) -> float:
        """Seconds from the start until so many workflows run."""
        client = await Client.connect(self.temporal)
        while (await client.count_workflows("WorkflowType='Order' AND ExecutionStatus='Running'")).count < orders:
            self._look()
            await asyncio.sleep(0.1)
        return self.seconds

    async def at_rest(self) -> float:
        """Seconds from the start until no workflow waits for its turn and nobody works."""
        client = await Client.connect(self.temporal)
        since = self.seconds
        while self.seconds - since < QUIET_FOR:
            before = self._cpu()
            await asyncio.sleep(0.25)
            self._look()
            if await _waiting(client) or (self._cpu() - before) / 0.25 * 100 > IDLE:
                since = self.seconds
        return since

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.began

    def memory(self) -> Memory:
        """What all processes hold now."""
        each = [process.memory_full_info() for process in self._tree()]
        return Memory(sum(info.rss for info in each), sum(info.pss for info in each))

    def parts(self) -> dict[str, int]:
        """PSS of each process by name."""
        return {process.name(): process.memory_full_info().pss for process in self._tree()}

    def stop(self) -> None:
        """As SIGTERM does it, and wait."""
        self._up.terminate()
        self._up.wait()
        self._log.close()

    def kill(self) -> None:
        """SIGKILL to every process, and wait until they are gone."""
        tree = self._tree() if self._up.poll() is None else []
        for process in tree:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._up.wait()
        psutil.wait_procs(tree, timeout=10)
        self._log.close()

    def _tree(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def _cpu(self) -> float:
        """Seconds of work so far."""
        return sum(sum(process.cpu_times()[:2]) for process in self._tree())

    def _look(self) -> None:
        """See that it lives, and how large it is."""
        if self._up.poll() is not None:
            log = Path(self._log.name).read_text(errors="replace").strip().splitlines()
            msg = f"klyngeflow up ended with {self._up.returncode}: {log[-1] if log else 'it said nothing'}"
            raise RuntimeError(msg)
        with suppress(psutil.NoSuchProcess):
            self.worst = max(self.worst, sum(process.memory_info().rss for process in self._tree()))


@dataclass(frozen=True)
class Start:
    """One start of the stack, in seconds from its beginning, and what it then took."""

    ready: float
    all_started: float
    at_rest: float
    answered: float
    memory: Memory
    parts: dict[str, int]
    worst: int


async def _waiting(client: Client) -> int:
    """How many workflow tasks nobody has taken."""
    request = DescribeTaskQueueRequest(
        namespace="default",
        task_queue=TaskQueue(name=TASK_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        report_stats=True,
    )
    found = await client.workflow_service.describe_task_queue(request)
    return int(found.stats.approximate_backlog_count)


async def _command(up: Running, data: Path, order: OrderId, minutes: int) -> float:
    """Seconds until the API has taken a person's command to an order whose workflow is in no cache."""
    key = (data / "terminal.key").read_text().strip()
    began = time.perf_counter()
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": uuid.uuid4().hex}
    async with httpx.AsyncClient(timeout=30, headers=headers) as client:
        body = {"type": "change_meeting", "minutes": minutes}
        path = f"{up.web}/api/v1/orders/{order}/commands"
        while (answer := await client.post(path, json=body)).status_code == 503:  # "try again", which the key allows
            pass
        answer.raise_for_status()
    return time.perf_counter() - began


async def measure(data: Path, orders: int, planned: OrderId) -> list[Start]:
    """The first start and, after a SIGKILL of everything, the second."""
    temporal_port = two_free_ports()
    starts: list[Start] = []
    killed: float | None = None
    for minutes in (160, 170):
        up = Running(data, free_port(), temporal_port, since=killed)
        try:
            ready = await up.ready()
            answered = await _command(up, data, planned, minutes)
            all_started = await up.all_started(orders)
            at_rest = await up.at_rest()
            starts.append(Start(ready, all_started, at_rest, answered, up.memory(), up.parts(), up.worst))
        finally:
            killed = time.perf_counter()
            up.kill()
    return starts


def two_free_ports() -> int:
    """A free port whose neighbour a thousand above, Temporal's pages, is free too."""
    while (port := free_port()) > 64_000 or not is_free(port + 1000):
        pass
    return port


def tell(first: Start, second: Start, goals: Goals) -> None:
    """Print both starts side by side, and the goals."""
    print(f"\n{'':42}{'first start':>14}{'after SIGKILL':>15}{'ratio':>9}")
    _row("seconds to /readyz", first.ready, second.ready)
    _row("  to an answer to a command, from then", first.answered, second.answered)
    _row("  until all workflows run", first.all_started, second.all_started)
    _row("  until nothing is left to do", first.at_rest, second.at_rest)
    _row("MB of all processes, shared pages once (PSS)", first.memory.pss / 1e6, second.memory.pss / 1e6)
    for name in first.parts:
        _row(f"  {name}", first.parts[name] / 1e6, second.parts.get(name, 0) / 1e6)
    _row("MB, shared pages each time (RSS)", first.memory.rss / 1e6, second.memory.rss / 1e6)
    _row("  at their worst", first.worst / 1e6, second.worst / 1e6)
    most = max(first.worst, second.worst)
    print()
    _goal("MB of all processes, RSS at its worst", most / 1e6, goals.memory / 1e6)
    _goal("seconds from kill to ready", second.ready, goals.ready_again)
    _goal("seconds until all workflows run, from nothing", first.all_started, goals.all_running)


def _row(title: str, first: float, second: float) -> None:
    print(f"{title:44}{first:12,.1f}{second:15,.1f}{second / first:7.2f} ×")


def _goal(title: str, measured: float, goal: float) -> None:
    print(f"{title:46}{measured:10,.1f}   goal: under {goal:<8,.0f}{'goal met' if measured < goal else 'goal missed'}")


async def _run(orders: int, members: int) -> None:
    with tempfile.TemporaryDirectory(prefix="klyngeflow-bench-", ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        began = time.perf_counter()
        filled = fill(data, orders, members)
        print(f"{orders} open orders of {members} members, {filled.events:,} events", end="")
        print(f", put there in {time.perf_counter() - began:.0f} s; load of the machine {os.getloadavg()[0]:.1f}")
        print(", ".join(f"{count} {stage}" for stage, count in filled.stages.most_common()))
        async with asyncio.timeout(WITHIN):
            first, second = await measure(data, orders, filled.planned)
            tell(first, second, GOALS if orders <= MANY else GOALS_OF_MANY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1400)
    parser.add_argument("--members", type=int, default=42)
    arguments = parser.parse_args()
    try:
        asyncio.run(_run(max(50, arguments.orders), arguments.members))
    except TimeoutError:
        sys.exit(f"not done within {WITHIN:.0f} s: goal missed")


if __name__ == "__main__":
    main()
