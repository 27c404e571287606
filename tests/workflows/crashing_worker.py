"""A real worker in a process of its own that is killed (SIGKILL) at one point of its work, before or after it.

The program itself knows nothing of it: what it calls at that point is wrapped, in that process only.
"""

import asyncio
import functools
import importlib
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from mail.envelope import Envelope
from storage.documents import NewDocument
from web.clock import SystemClock
from worker.orders_client import TemporalOrders
from worker.settings import Settings
from worker.stack import connect, open_stack
from worker.workers import at_work

POINTS = {
    "append": "storage.event_store:EventStore.append",
    "load": "storage.event_store:EventStore.load_recorded",
    "send": "mail.folder_sender:FolderSender.send",
    "close the box": "storage.ballot_box:close_round",
    "shelve": "storage.result_repository:store",
    "keep the file": "storage.documents:put",
    "destroy": "storage.ballot_box:destroy",
}
OF_NO_ORDER = {"publish": "storage.first_round_figures:publish_first_rounds"}
"""Points that no order's life comes by."""
DEAD_AFTER = timedelta(seconds=5)
"""Silence that counts as death here; six times as long in earnest."""

_FORK = get_context("forkserver")
_FORK.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Crash:
    """Death before or after the `nth` call of a point that is about something: an event type, an occasion, a file."""

    when: Literal["before", "after"]
    point: str
    about: str = ""
    nth: int = 1

    def __str__(self) -> str:
        return " ".join(filter(None, [self.when, self.point, self.about, str(self.nth) if self.nth > 1 else ""]))


def start_crashing_worker(settings: Settings, crash: Crash) -> BaseProcess:
    """The worker, at work; it ends with `-SIGKILL`."""
    process = _FORK.Process(target=_work, args=(settings, crash), daemon=True)
    process.start()
    return process


def _work(settings: Settings, crash: Crash) -> None:
    for module in ("activities.notify", "activities.deck"):
        importlib.import_module(module).HEARTBEAT = DEAD_AFTER  # type: ignore[attr-defined]
    _lay(crash)
    asyncio.run(_worker(settings))


async def _worker(settings: Settings) -> None:
    stack = open_stack(settings)
    client = await connect(settings, stack.keys)
    async with at_work(stack, client, TemporalOrders(client, stack.database, stack.store, SystemClock())):
        await asyncio.Event().wait()


def _lay(crash: Crash) -> None:
    """Put the mine at its point."""
    module_name, _, path = (POINTS | OF_NO_ORDER)[crash.point].partition(":")
    *owners, name = path.split(".")
    owner = functools.reduce(getattr, owners, importlib.import_module(module_name))
    setattr(owner, name, _mined(getattr(owner, name), crash))


def _mined(call: Callable[..., Any], crash: Crash) -> Callable[..., Any]:
    calls = iter(range(1, 1_000_000))

    @functools.wraps(call, updated=())
    def mined(*arguments: Any, **named: Any) -> Any:
        is_it = crash.about in {"", *_subjects([*arguments, *named.values()])} and next(calls) == crash.nth
        if is_it and crash.when == "before":
            _die()
        outcome = call(*arguments, **named)
        if is_it:
            _die()
        return outcome

    return mined


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _subjects(arguments: list[Any]) -> Iterator[str]:
    """What a call is about: the types of events, a mail's occasion, a file's kind."""
    for argument in arguments:
        match argument:
            case Envelope():
                yield argument.occasion
            case NewDocument():
                yield argument.kind
            case list():
                yield from (event.type for event in argument if hasattr(event, "type"))
            case _:
                pass
