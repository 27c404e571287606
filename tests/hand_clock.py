"""A clock that is set by hand."""

import datetime as dt
from dataclasses import dataclass

from domain.meeting import at

MONDAY = at(dt.date(2026, 1, 5), dt.time(10))


@dataclass
class HandClock:
    instant: dt.datetime = MONDAY

    async def now(self) -> dt.datetime:
        return self.instant

    def set(self, day: str, time: str = "10:00") -> None:
        """Danish wall time."""
        self.instant = at(dt.date.fromisoformat(day), dt.time.fromisoformat(time))
