"""What the console tells of the engine beneath: queues with their workers, schedules. `worker/` asks Temporal."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class QueueReport:
    """A task queue: workers that have asked for work lately, and work that nobody has taken yet."""

    name: str
    workers: int
    waiting: int
    oldest_waits: dt.timedelta


@dataclass(frozen=True)
class ScheduleReport:
    """A maintenance job: when it ran last and will next, as far as that is known."""

    job: str
    last_at: dt.datetime | None
    next_at: dt.datetime | None
    is_paused: bool


@dataclass(frozen=True)
class EngineReport:
    """As it is now. `running` counts orders that have a workflow."""

    server_version: str
    running: int
    queues: tuple[QueueReport, ...]
    schedules: tuple[ScheduleReport, ...]


class Engine(Protocol):
    """The engine, as far as the console looks at it."""

    async def report(self) -> EngineReport:
        """How it is. Raises Unavailable where it does not answer."""
