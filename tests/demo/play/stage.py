"""A demonstration that runs: a small country in a thread of its own, reached as a browser reaches it."""

import asyncio
import datetime as dt
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

from activities.dependencies import Dependencies
from demo.mailbox import Mail, mails_in
from demo.play.playing import Playground, playing
from demo.play.steps import Leap
from storage.database import Database
from worker.servers import free_port

CLUSTERS = 6
WITHIN = 240.0
"""Real seconds for a country, or for a week of it, on a machine with much else to do."""
Result = TypeVar("Result")


@dataclass(frozen=True)
class Stage:
    """The running demonstration."""

    playground: Playground
    address: str
    data: Path
    loop: asyncio.AbstractEventLoop

    @property
    def database(self) -> Database:
        return self.playground.services.database

    @property
    def work(self) -> Dependencies:
        return self.playground.work

    @property
    def app(self) -> FastAPI:
        return self.playground.app

    @property
    def now(self) -> dt.datetime:
        return self.wait_for(self.playground.services.clock.now())

    def wait_for(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(WITHIN)

    def browser(self) -> httpx.Client:
        """A browser on the demonstration's pages, which says where its forms come from."""
        sender = {"Origin": self.address, "Sec-Fetch-Site": "same-origin"}
        return httpx.Client(base_url=self.address, headers=sender, timeout=WITHIN)

    @property
    def key(self) -> str:
        """The machine's own API key."""
        return (self.data / "terminal.key").read_text().strip()

    def travel(self, step: Leap, *, with_others: bool = False) -> None:
        """As far as this step goes, and everything on the way done."""
        self.wait_for(self.playground.journey.begin(step, WITHIN, with_others=with_others))
        assert not self.playground.journey.under_way
        assert self.playground.journey.last is not None
        assert not self.playground.journey.last.stalled

    def mails(self, occasion: str = "*") -> list[Mail]:
        return mails_in(self.data / "mails", occasion)


@contextmanager
def a_stage(data: Path, clusters: int = CLUSTERS) -> Iterator[Stage]:
    """Set up, and struck again at the end of the block."""
    port, loop = free_port(), asyncio.new_event_loop()
    up, over = threading.Event(), asyncio.Event()
    found: list[Playground] = []

    async def play() -> None:
        async with playing(data, port, clusters) as playground:
            found.append(playground)
            up.set()
            await over.wait()

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(play())
        finally:
            up.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert up.wait(WITHIN)
        assert found, "the demonstration did not begin"
        yield Stage(found[0], f"http://127.0.0.1:{port}", data, loop)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(WITHIN)
        loop.close()
