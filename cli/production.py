"""The production parts: worker, web, migrate, recover, rebuild. All take their settings from the environment."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from temporalio.client import Client

from cli.ending import Refusal
from cli.settings_reading import settings_or_refusal, told_settings
from domain.model import OrderId
from storage.database import Database
from storage.migrate import migrate as migrate_database
from storage.package_repository import PackageChanged
from storage.packages import PackageError
from storage.rebuild import rebuild as rebuild_read_models
from storage.unfinished import unfinished
from web.clock import SystemClock
from web.orders_port import Unavailable
from worker.orders_client import TemporalOrders
from worker.schedules import keep_schedules
from worker.serving import WebServer, make_web
from worker.settings import Settings
from worker.stack import NotReady, Stack, connect, make_worker, open_stack

console = Console(stderr=True)


def opened(settings: Settings) -> Stack:
    """What the settings name, open; Refusal where something is missing."""
    try:
        return open_stack(settings)
    except (NotReady, PackageError, PackageChanged) as refusal:
        raise Refusal(str(refusal)) from None


def worker() -> None:
    """Run a worker: workflows and activities, until SIGTERM."""

    async def run(stack: Stack, client: Client, orders: TemporalOrders) -> None:
        await keep_schedules(client)
        async with make_worker(stack, client, orders):
            console.print("The worker is at work.")
            await _until_stopped()

    _with_temporal(run)


def web() -> None:
    """Run the pages and the API, until SIGTERM."""

    async def run(stack: Stack, client: Client, orders: TemporalOrders) -> None:
        server = WebServer(make_web(stack, client, orders), stack.settings.host, stack.settings.port)
        try:
            await server.start()
        except NotReady as refusal:
            raise Refusal(str(refusal)) from None
        console.print(f"The web answers on {stack.settings.host}:{stack.settings.port}.")
        await _until_stopped()
        await server.stop()

    _with_temporal(run)


def migrate() -> None:
    """Bring the database to this version."""
    settings = settings_or_refusal()
    if settings.mode == "embedded":
        settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        migrate_database(database)
    finally:
        database.close()
    typer.echo("The database is at this version.")


def recover(
    replace: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORDER",
            help="End this order's workflow, which is stuck, and start another over its stream; no other order is "
            "touched. May be given more than once.",
        ),
    ] = None,
) -> None:
    """Start a workflow for every order that needs one and has none: after losing Temporal, or on another cluster."""

    async def run(stack: Stack, _client: Client, orders: TemporalOrders) -> None:
        in_progress = unfinished(stack.database)
        if replace:
            await _replace(orders, list(dict.fromkeys(map(OrderId, replace))), in_progress)
            return
        started = await orders.recover(in_progress)
        typer.echo(f"{len(in_progress)} orders in progress, {started} of them got a new workflow.")

    _with_temporal(run)


async def _replace(orders: TemporalOrders, asked: list[OrderId], in_progress: list[OrderId]) -> None:
    """Refusal before the first where one needs no workflow."""
    for order in asked:
        if order not in in_progress:
            raise Refusal(f"no order in progress has the number '{order}'; `klyngeflow orders list` shows them", 1)
    for order in asked:
        try:
            await orders.replace(order)
        except Unavailable as unavailable:
            raise Refusal(f"{unavailable}; run the same command again", 1) from None
        typer.echo(f"{order}: got a new workflow in the place of its old one.")


def rebuild() -> None:
    """Make the read models again from the events, beside the old ones, then switch."""
    stack = opened(settings_or_refusal())
    with closing(stack), Progress(console=console) as progress:
        task = progress.add_task("Events", total=None)
        count = rebuild_read_models(
            stack.database, lambda done, total: progress.update(task, completed=done, total=total)
        )
    typer.echo(f"Read models made again from {count} events.")


def _with_temporal(run: Callable[[Stack, Client, TemporalOrders], Awaitable[None]]) -> None:
    settings = told_settings()

    async def connected() -> None:
        with closing(opened(settings)) as stack:
            try:
                client = await connect(settings, stack.keys)
            except RuntimeError:
                raise Refusal(f"Temporal does not answer at {settings.temporal_address}", 1) from None
            await run(stack, client, TemporalOrders(client, stack.store, SystemClock()))

    asyncio.run(connected())


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_, stopped.set)
    await stopped.wait()
