"""Moving the country's clock: from one thing that is due to the next, each done before time goes on."""

import asyncio
import datetime as dt
import logging
from dataclasses import dataclass

from activities.dependencies import Dependencies
from demo.play.chores import Chores
from demo.play.doctors import Doctors
from demo.play.open_orders import next_in, unsettled
from demo.play.others import Others
from demo.play.steps import Leap, later
from demo.time_machine import A_LITTLE, PATIENCE, TimeMachine
from storage.log_reader import last_position

LOGGER = logging.getLogger("demo.play")
LOOK_EVERY = 0.05
"""Real seconds between two looks at whether everything due is done."""


class UnderWay(Exception):  # noqa: N818 - a finding, named as one
    """Time is moving already."""


class Stalled(Exception):  # noqa: N818 - a finding, named as one
    """Something due has not been done, and time stopped there."""


@dataclass(frozen=True)
class Travelled:
    """What a journey came to: its ends, the log's position at its beginning, and how many doctors answered."""

    since: dt.datetime
    until: dt.datetime
    after_position: int
    answers: int
    stalled: bool = False


class Journey:
    """One clock for everybody, moved by one at a time."""

    def __init__(
        self, machine: TimeMachine, work: Dependencies, doctors: Doctors, chores: Chores, others: Others
    ) -> None:
        self._machine = machine
        self._work = work
        self._doctors = doctors
        self._chores = chores
        self._others = others
        self.with_others = False
        """Whether everybody else does what is theirs on the way, doctors aside, who always do."""
        self._task: asyncio.Task[None] | None = None
        self.last: Travelled | None = None
        """The journey before this moment."""

    @property
    def under_way(self) -> bool:
        return self._task is not None and not self._task.done()

    async def begin(self, step: Leap, wait: float = 0, *, with_others: bool = False) -> None:
        """Set out; returns when it is over or after so many real seconds. Raises UnderWay."""
        if self.under_way:
            raise UnderWay
        self.with_others = with_others
        self._task = asyncio.create_task(self._travel(step))
        await self.arrive(wait)

    async def arrive(self, wait: float | None = None) -> None:
        """Wait until time stands again, or so many real seconds."""
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=wait)

    async def stop(self) -> None:
        """Break off where it is: the system is about to end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until everything due now is done. Raises Stalled where nothing has been done for a while."""
        deadline, before = _in(PATIENCE), -1
        while await asyncio.to_thread(unsettled, self._work, await self._machine.now()):
            done = await asyncio.to_thread(self._position)
            if done != before:
                deadline, before = _in(PATIENCE), done
            if asyncio.get_running_loop().time() > deadline:
                raise Stalled
            await asyncio.sleep(LOOK_EVERY)

    async def _travel(self, step: Leap) -> None:
        since, position, answered = await self._machine.now(), self._position(), self._doctors.answered
        stalled = False
        try:
            await self.settle()
            to = await self._target(step, since)
            await self._go(to)
        except Exception as failure:  # noqa: BLE001 - whatever it was, time stands where it stopped, and one is told
            LOGGER.warning("time stopped on its way: %s", type(failure).__name__)
            stalled = True
        until = await self._machine.now()
        self.last = Travelled(since, until, position, self._doctors.answered - answered, stalled)

    async def _target(self, step: Leap, now: dt.datetime) -> dt.datetime:
        if step is not Leap.EVENT:
            return later(now, step)
        coming = await asyncio.to_thread(next_in, self._work.database, now)
        return coming + A_LITTLE if coming else later(now, Leap.DAY)

    async def _go(self, to: dt.datetime) -> None:
        while (now := await self._machine.now()) < to:
            stop = await self._next_stop(now, to)
            await self._doctors.answer_until(stop)
            await self._machine.skip(max(stop - await self._machine.now(), A_LITTLE))
            await self._chores.do(now, await self._machine.now())
            await self.settle()
            if self.with_others:
                await self._others.do_theirs(await self._machine.now())
                await self.settle()
            await asyncio.to_thread(self._doctors.read_mail, now)

    async def _next_stop(self, now: dt.datetime, to: dt.datetime) -> dt.datetime:
        coming = await asyncio.to_thread(next_in, self._work.database, now)
        stops = [self._chores.next_after(now), *([coming] if coming else [])]
        return min(to, min(stops) + A_LITTLE)

    def _position(self) -> int:
        with self._work.database.read() as connection:
            return last_position(connection)


def _in(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds
