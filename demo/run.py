"""Running the demo: a store, a server, a web and a worker of its own, thrown away afterwards or kept."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from demo.check import Figure, figures
from demo.harvest import Harvest
from demo.own_settings import of_its_own
from demo.story import Story
from demo.time_machine import time_machine
from domain.model import Round
from reporting.deck_check import deck_problems
from storage.packages import find_package
from worker.orders_client import TemporalOrders
from worker.servers import free_port
from worker.serving import WebServer, make_web, take_port
from worker.stack import open_stack, terminal_key_file
from worker.workers import at_work

PACKAGE = "trivsel-og-arbejdsglaede"
MARK = "timeline.json"
"""The file by which a folder is known as an earlier demo's, which may be replaced."""


@dataclass(frozen=True)
class Outcome:
    """What the demo came to."""

    timeline: list[dict[str, Any]]
    figures: list[Figure]
    seconds: float


async def run_demo(out: Path, tell: Callable[[str], None], keep: Path | None = None) -> Outcome:
    """Carry one order through its life and leave everything in `out`, whose content goes when all of it is made.

    What it worked with, database and keys, stays in `keep`, where one is named. Raises Stuck, ServerFailed.
    """
    began = time.monotonic()
    with _place_to_work(keep) as data, TemporaryDirectory(prefix="klyngeflow-demo-") as gathered:
        port = free_port()
        settings = of_its_own(data, port)
        with closing(take_port(settings.host, port)) as listener, closing(open_stack(settings)) as stack:
            async with time_machine(stack.store, stack.keys.codec_key, data / "temporal.log") as machine:
                orders = TemporalOrders(machine.client, stack.database, stack.store, machine)
                web = WebServer(make_web(stack, machine.client, orders, machine), listener)
                await web.start()
                async with (
                    at_work(stack, machine.client, orders),
                    httpx.AsyncClient(base_url=settings.url, timeout=60) as client,
                ):
                    key = terminal_key_file(settings).read_text().strip()
                    story = Story(stack, machine, client, find_package(PACKAGE, deck_problems), key, tell)
                    await story.live()
                    harvest = Harvest(stack, story.order_id, Path(gathered))
                    timeline = await harvest.gather(client, machine.client, story.papers)
                await web.stop()
            baseline, follow_up = harvest.results(Round.BASELINE), harvest.results(Round.FOLLOW_UP)
            found = figures(story.package, baseline, follow_up, harvest.decks())
        _hand_over(Path(gathered), out)
    return Outcome(timeline, found, time.monotonic() - began)


@contextmanager
def _place_to_work(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
    else:
        with TemporaryDirectory(prefix="klyngeflow-demo-") as data:
            yield Path(data)


def _hand_over(gathered: Path, out: Path) -> None:
    """The new in place of the old; the mark first, so that a folder half filled is still known as a demo's."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        elif old.name != MARK:
            old.unlink()
    for new in sorted(gathered.iterdir(), key=lambda path: path.name != MARK):
        shutil.move(new, out / new.name)
