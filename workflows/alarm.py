"""The timers of a workflow in which several wait: as few as wake it in time, since each is history."""

import asyncio
import datetime as dt
import math
from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import workflow


class Alarm:
    """Wakes the workflow at every moment somebody waits for.

    Only the soonest has to have a timer, and a moment has one at most. One that nobody waits for any more is left alone
    where it is later, for it may be wanted again, and where its moment has come, for it may ring already: a server
    does not take the cancellation of a timer that has fired.
    """

    def __init__(self) -> None:
        self._wanted: list[dt.datetime] = []
        self._timers: dict[dt.datetime, asyncio.TimerHandle] = {}

    @contextmanager
    def set_for(self, moment: dt.datetime | None) -> Iterator[None]:
        """Wake at this moment, if there is one, for as long as the block lasts."""
        if moment is None:
            yield
            return
        self._wanted.append(moment)
        self._wind()
        try:
            yield
        finally:
            self._wanted.remove(moment)

    def _wind(self) -> None:
        now = workflow.now()
        soonest = min((moment for moment in self._wanted if moment > now), default=None)
        if soonest is None:
            return
        for moment in [moment for moment in self._timers if now < moment < soonest]:
            self._timers.pop(moment).cancel()
        if soonest not in self._timers:
            seconds = math.ceil((soonest - now).total_seconds())  # whole ones, so that it never rings before its time
            self._timers[soonest] = asyncio.get_running_loop().call_later(seconds, self._ring, soonest)

    def _ring(self, moment: dt.datetime) -> None:
        del self._timers[moment]
        self._wind()
