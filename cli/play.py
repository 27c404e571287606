"""`klyngeflow demo --serve`: the whole system on a clock that can be moved, for as long as somebody plays."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from cli.ending import Refusal
from cli.settings_reading import told_mode
from cli.table import wide_console
from demo.country.making import CountryNotMade
from demo.play.journey import Stalled
from demo.play.playing import playing
from worker.servers import ServerFailed, free_port
from worker.stack import NotReady


def play(keep: Path | None, port: int | None, clusters: int) -> None:
    """Until Ctrl-C. Raises Refusal: in production, where the port is taken, and where the country can't be made."""
    if told_mode() == "production":
        raise Refusal("the settings here say production: a demonstration runs on one's own machine, never there")
    try:
        with _place_to_play(keep) as data:
            asyncio.run(_until_stopped(data, port or free_port(), clusters))
    except (NotReady, ServerFailed, CountryNotMade) as refusal:
        raise Refusal(str(refusal)) from None
    except Stalled:
        raise Refusal("the country stood still before anybody could play in it", 1) from None
    except OSError as failed:
        raise Refusal(f"the demonstration broke off: {failed}", 1) from None


@contextmanager
def _place_to_play(keep: Path | None) -> Iterator[Path]:
    if keep:
        yield keep
        return
    with TemporaryDirectory(prefix="klyngeflow-play-", ignore_cleanup_errors=True) as data:
        yield Path(data)


async def _until_stopped(data: Path, port: int, clusters: int) -> None:
    """A signal ends it, whatever it is at: what it started ends with it."""
    living = asyncio.create_task(_live(data, port, clusters))
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_, living.cancel)
    with suppress(asyncio.CancelledError):
        await living


async def _live(data: Path, port: int, clusters: int) -> None:
    began = time.monotonic()
    console = wide_console()
    with console.status(_doing(0, clusters)) as status:
        async with playing(data, port, clusters, lambda done: status.update(_doing(done, clusters))) as playground:
            status.stop()
            _tell(console, playground.start, time.monotonic() - began)
            try:
                await asyncio.Event().wait()
            finally:
                console.print("Stopping …")


def _doing(done: int, clusters: int) -> str:
    return f"Making a country: {done} of {clusters} clusters …"


def _tell(console: Console, start: str, seconds: float) -> None:
    console.print(f"[bold]The demonstration is up[/bold] after {seconds:.0f} s. Ctrl-C stops it.")
    console.print(f"Open {start}", soft_wrap=True)
