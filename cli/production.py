"""The production parts: worker, web, recover, rebuild. All take their settings from the environment."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from temporalio.client import Client

from cli.ending import Refusal
from cli.settings_reading import told_settings
from domain.model import OrderId
from storage import incidents
from storage.incidents import IncidentKind
from storage.open_orders import unfinished
from storage.package_repository import PackageChanged
from storage.packages import PackageError
from storage.rebuild import rebuild as rebuild_read_models
from web.clock import SystemClock
from web.orders_port import Unavailable
from worker.log_watch import replace_webhooks
from worker.logs import log_with_times
from worker.orders_client import TemporalOrders
from worker.schedules import keep_schedules
from worker.serving import WebServer, make_web, take_port
from worker.settings import Settings
from worker.stack import NotReady, Stack, connect, open_stack
from worker.temporal_check import check_temporal
from worker.workers import Queue, at_work

console = Console(stderr=True)


def opened(settings: Settings) -> Stack:
    """What the settings name, open; Refusal where something is missing."""
    try:
        return open_stack(settings)
    except (NotReady, PackageError, PackageChanged) as refusal:
        raise Refusal(str(refusal)) from None


def worker(
    queue: Annotated[
        list[Queue] | None, typer.Option(help="Work on this queue alone, so that mail has a process of its own.")
    ] = None,
) -> None:
    """Run a worker: workflows, activities and mail, until SIGTERM."""

    async def run(stack: Stack, client: Client, orders: TemporalOrders) -> None:
        await keep_schedules(client)
        async with at_work(stack, client, orders, queue or tuple(Queue)):
            console.print("The worker is at work.")
            await _until_stopped()

    _with_temporal(run)


def web() -> None:
    """Run the pages and the API, until SIGTERM.

    Answering needs the database alone, so Temporal may come later.
    """

    async def run(stack: Stack, client: Client, orders: TemporalOrders) -> None:
        try:
            listener = take_port(stack.settings.host, stack.settings.port)
        except NotReady as refusal:
            raise Refusal(str(refusal)) from None
        if stack.settings.unsaid:
            console.print(stack.settings.unsaid, soft_wrap=True)
        server = WebServer(make_web(stack, client, orders), listener, stack.settings.trusted_proxies)
        await server.start()
        console.print(f"The web answers on {stack.settings.host}:{stack.settings.port}.")
        await _until_stopped()
        await server.stop()

    _with_temporal(run, lazily=True)


def recover(
    order: Annotated[list[str] | None, typer.Argument(metavar="[ORDER]...", help="These orders alone.")] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="End the workflows these orders have and start others over their streams: after a restore, or for one "
            "that is stuck.",
        ),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --replace: every order in progress, and every webhook.")
    ] = False,
) -> None:
    """Start a workflow for every order that needs one and has none: after losing Temporal, or on another cluster."""
    if everything and (order or not replace):
        raise Refusal("--all goes with --replace and without orders: it is every order in progress")
    if replace and not order and not everything:
        raise Refusal("--replace needs the orders to replace, or --all")

    async def run(stack: Stack, client: Client, orders: TemporalOrders) -> None:
        in_progress = unfinished(stack.database)
        wanted = list(dict.fromkeys(map(OrderId, order or in_progress)))
        for each in wanted:
            if each not in in_progress:
                raise Refusal(f"no order in progress has the number '{each}'; `klyngeflow orders list` shows them", 1)
        with Progress(console=console) as progress:
            task = progress.add_task("Orders", total=len(wanted))

            def told(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            try:
                started = await (orders.replace_all if replace else orders.recover)(wanted, told)
            except Unavailable as unavailable:
                raise Refusal(f"{unavailable}; run the same command again", 1) from None
        if replace:
            _no_incidents(stack, wanted)
        if everything:
            await replace_webhooks(client, stack.database)
        typer.echo(f"{len(wanted)} orders in progress, {started} of them got a new workflow.")

    _with_temporal(run)


def _no_incidents(stack: Stack, orders: Sequence[OrderId]) -> None:
    """What was wrong with the workflows that are no more is settled; if it still is, the new ones say so."""
    with stack.database.write() as connection:
        for order in orders:
            for kind in (IncidentKind.WORKFLOW_FAILED, IncidentKind.STEP_FAILS):
                incidents.resolve(connection, kind, order)


def rebuild() -> None:
    """Make the read models again from the events, beside the old ones, then switch."""
    stack = opened(told_settings())
    with closing(stack), Progress(console=console) as progress:
        task = progress.add_task("Events", total=None)
        count = rebuild_read_models(
            stack.database, lambda done, total: progress.update(task, completed=done, total=total)
        )
    typer.echo(f"Read models made again from {count} events.")


def _with_temporal(run: Callable[[Stack, Client, TemporalOrders], Awaitable[None]], *, lazily: bool = False) -> None:
    settings = told_settings()

    async def connected() -> None:
        with closing(opened(settings)) as stack:
            log_with_times()
            try:
                client = await connect(settings, stack.keys, lazily=lazily)
            except RuntimeError:
                raise Refusal(f"Temporal does not answer at {settings.temporal_address}") from None
            if not lazily:
                try:
                    await check_temporal(client)
                except NotReady as refusal:
                    raise Refusal(str(refusal)) from None
            await run(stack, client, TemporalOrders(client, stack.database, stack.store, SystemClock()))

    asyncio.run(connected())


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_, stopped.set)
    await stopped.wait()
