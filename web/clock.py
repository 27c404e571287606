"""The time, as the web is told it: the system's, or another clock's in a demo that lives fourteen months in minutes."""

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """Tells the instant, UTC."""

    async def now(self) -> dt.datetime: ...


class SystemClock:
    """This machine's clock."""

    async def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)
