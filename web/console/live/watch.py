"""Looks at the log for all open pages together, and not at all while none is open."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from storage.database import Database
from storage.pulse import marks_of

EVERY = 1.0
"""Seconds between two looks, each a few short queries: a page learns of a change within two."""

LOGGER = logging.getLogger("web.live")


@dataclass(frozen=True)
class _Look:
    """What was seen, and which look it was: one begun before a page was made says nothing of that page."""

    number: int = 0
    marks: Mapping[str, str] = field(default_factory=dict)


class Watch:
    """One for a process. All its methods run in the web server's event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open: Counter[str] = Counter()
        self._begun = 0
        self._last = _Look()
        self._seen = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def pages(self) -> int:
        """How many pages are open."""
        return self._open.total()

    @property
    def is_closed(self) -> bool:
        """Whether the process is ending."""
        return self._is_closed

    async def changed(self, about: str, mark: str, within: float) -> bool:
        """Wait until what a page is about has another mark, so many seconds at most; whether it has."""
        self._open[about] += 1
        after = self._begun
        try:
            async with asyncio.timeout(within):
                while not self._is_closed:
                    self._look_on()
                    await self._seen.wait()
                    if self._last.number > after and self._last.marks.get(about, "") != mark:
                        return True
        except TimeoutError:
            pass
        finally:
            self._open[about] -= 1
            self._open += Counter()  # forgets what nobody is about
        return False

    def close(self) -> None:
        """Let every page go: the server can end."""
        self._is_closed = True
        self._seen.set()
        if self._task is not None:
            self._task.cancel()

    def _look_on(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._looks())

    async def _looks(self) -> None:
        is_out = False
        while self._open and not self._is_closed:
            self._begun += 1
            try:
                self._last = _Look(self._begun, await asyncio.to_thread(self._look, set(self._open)))
                is_out = False
            except Exception as error:  # noqa: BLE001 - one page's trouble is not all pages'
                if not is_out:
                    LOGGER.warning("open pages are not told of changes now: %s", type(error).__name__)
                is_out = True
            seen, self._seen = self._seen, asyncio.Event()
            seen.set()
            await asyncio.sleep(EVERY)

    def _look(self, about: Collection[str]) -> Mapping[str, str]:
        with self._database.read() as connection:
            return marks_of(connection, about)
