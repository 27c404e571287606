"""`klyngeflow up`: the whole system on this machine."""

import asyncio
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.ending import Refusal
from cli.out_folder import OutFolderError, check_room
from cli.settings_reading import settings_or_refusal, told_mode
from cli.table import wide_console
from storage.package_repository import PackageChanged
from storage.packages import PackageError
from worker.embedded_stack import Addresses, embedded_stack
from worker.logs import log_with_times
from worker.servers import ServerFailed, is_free
from worker.settings import Settings
from worker.stack import NotReady

ROOM = 2_000_000
"""Bytes: what an empty database, Temporal's and its log take."""
PAGES_ABOVE = 1000


def up(
    data: Annotated[Path | None, typer.Option(help="Folder with everything that is kept (default: data).")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the pages and the API (default: 8080).")] = None,
    temporal_port: Annotated[
        int, typer.Option(min=1, max=65535 - PAGES_ABOVE, help="Port of Temporal; its own pages are 1000 above.")
    ] = 7233,
) -> None:
    """Run everything on this machine: Temporal with its pages, worker and web. Ctrl-C stops it cleanly."""
    if told_mode() == "production":
        raise Refusal("the settings here say production: `up` is for one's own machine, see `worker` and `web`")
    given: dict[str, Any] = {name: value for name, value in (("data", data), ("port", port)) if value is not None}
    settings = settings_or_refusal(lambda: Settings(mode="embedded", **given))
    _check_place(settings, temporal_port)
    log_with_times()
    try:
        asyncio.run(_run(settings, temporal_port))
    except (ServerFailed, NotReady, PackageError, PackageChanged) as refusal:
        raise Refusal(str(refusal)) from None


def _check_place(settings: Settings, temporal_port: int) -> None:
    """Refusal where nothing could be kept, or a port is taken before anything is there: then nothing is made."""
    try:
        check_room(settings.data, ROOM)
    except OutFolderError as error:
        raise Refusal(f"--data: {error}") from None
    options = {temporal_port: "--temporal-port", temporal_port + PAGES_ABOVE: "--temporal-port"}
    if settings.port in options:
        raise Refusal(
            f"port {settings.port} can't be both the web's and Temporal's, which takes {temporal_port} and, for its "
            f"pages, {temporal_port + PAGES_ABOVE}; choose another with --port"
        )
    if not (settings.data / "running.lock").exists():
        for port, option in {settings.port: "--port", **options}.items():
            if not is_free(port):
                raise Refusal(f"port {port} is in use; is Klyngeflow running already? Choose another with {option}")


async def _run(settings: Settings, temporal_port: int) -> None:
    """Until it is told to stop: by a signal that ends a start at once, what runs cleanly, and a stop that hangs too."""
    state = _State()
    living = asyncio.create_task(_live(settings, temporal_port, state))

    def stop() -> None:
        if state.up and not state.stopped.is_set():
            state.stopped.set()
        else:
            living.cancel()

    for signal_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_, stop)
    with suppress(asyncio.CancelledError):
        await living


@dataclass
class _State:
    up: bool = False
    stopped: asyncio.Event = field(default_factory=asyncio.Event)


async def _live(settings: Settings, temporal_port: int, state: _State) -> None:
    began = time.monotonic()
    console = wide_console()
    with console.status("Starting Temporal, worker and web …") as status:
        async with embedded_stack(settings, temporal_port) as addresses:
            state.up = True
            status.stop()
            _tell(console, addresses, time.monotonic() - began)
            stopping = asyncio.create_task(state.stopped.wait())
            await asyncio.wait([stopping, addresses.temporal_ended], return_when=asyncio.FIRST_COMPLETED)
            if addresses.temporal_ended.done() and not state.stopped.is_set():
                msg = f"Temporal ended by itself (see '{settings.data / 'temporal.log'}'). Nothing is lost: start again"
                raise Refusal(msg, 1)
            console.print("Stopping …")


def _tell(console: Console, addresses: Addresses, seconds: float) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_row("Pages and API", addresses.web)
    table.add_row("KiAP's console", f"{addresses.web}/drift")
    table.add_row("Temporal's pages", f"{addresses.temporal_ui}/namespaces/default/workflows")
    table.add_row("Mails that left", str(addresses.mails))
    if addresses.api_key:
        table.add_row("API key", str(addresses.api_key))
    console.print(f"[bold]Klyngeflow is up[/bold] after {seconds:.1f} s. Ctrl-C stops it.")
    console.print(table)
    if addresses.first_link:
        console.print("Nobody can sign in to the console yet. The first one is its administrator, by this link:")
        console.print(addresses.first_link, soft_wrap=True)
    addresses.recovery.add_done_callback(partial(_tell_recovery, console))


def _tell_recovery(console: Console, recovery: "asyncio.Task[int]") -> None:
    if recovery.cancelled():
        return
    if failure := recovery.exception():
        console.print(f"[red]{failure}[/red]. It is tried again within a quarter of an hour.")
    elif started := recovery.result():
        console.print(f"{started} open orders got a new workflow.")
