"""Running the demo: a store, a server, a web and a worker of its own, all gone afterwards."""

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from domain.model import Round
from storage.packages import find_package
from worker.demo.check import Figure, figures
from worker.demo.harvest import Harvest
from worker.demo.story import Story
from worker.demo.time_machine import time_machine
from worker.orders_client import TemporalOrders
from worker.servers import free_port
from worker.serving import WebServer, make_web
from worker.settings import Settings
from worker.stack import make_worker, open_stack

PACKAGE = "trivsel-og-arbejdsglaede"


@dataclass(frozen=True)
class Outcome:
    """What the demo came to."""

    timeline: list[dict[str, Any]]
    figures: list[Figure]
    seconds: float


async def run_demo(out: Path, tell: Callable[[str], None]) -> Outcome:
    """Carry one order through its life and leave everything in `out`, which must be empty. Raises Stuck."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="klyngeflow-demo-") as data:
        port = free_port()
        settings = _of_its_own(Path(data), port)
        with closing(open_stack(settings)) as stack:
            async with time_machine(stack.store, stack.keys.codec_key) as machine:
                orders = TemporalOrders(machine.client, stack.store, machine)
                web = WebServer(make_web(stack, machine.client, orders, machine), settings.host, port)
                await web.start()
                async with (
                    make_worker(stack, machine.client, orders),
                    httpx.AsyncClient(base_url=settings.url, timeout=60) as client,
                ):
                    keys = {actor.value: key for key, actor in stack.api_keys.items()}
                    story = Story(stack, machine, client, find_package(PACKAGE), keys, tell)
                    await story.live()
                    harvest = Harvest(stack, story.order_id, out)
                    timeline = await harvest.gather(client, machine.client)
                await web.stop()
            baseline, follow_up = harvest.results(Round.BASELINE), harvest.results(Round.FOLLOW_UP)
            found = figures(story.package, baseline, follow_up, harvest.decks())
    return Outcome(timeline, found, time.monotonic() - began)


def _of_its_own(data: Path, port: int) -> Settings:
    """Whatever the settings here name: the demo takes no other database or key, and its letters reach nobody."""
    return Settings(
        mode="embedded",
        data=data,
        database_url="",
        master_key_file=None,
        host="127.0.0.1",
        port=port,
        base_url=f"http://127.0.0.1:{port}",
        mail="folder",
        mail_folder=None,
        api_keys={},
    )
