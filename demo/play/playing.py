"""The demonstration at work: the country, the clock, the worker and the pages, all of it gone at the end or kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
from fastapi import FastAPI

from activities.dependencies import Dependencies
from demo.country.making import make_country
from demo.country.opening import open_country
from demo.country.seeding import Office
from demo.own_settings import of_its_own
from demo.play.chores import Chores
from demo.play.demonstration import Demonstration, add_demonstration
from demo.play.doctors import Doctors
from demo.play.engine import PlayedEngine, PlayedOrders
from demo.play.journey import Journey
from demo.play.others import Others
from demo.play.place import START
from demo.time_machine import time_machine
from storage.open_orders import unfinished
from web.services import Services
from worker.serving import WebServer, make_web, take_port
from worker.workers import at_work

CLUSTERS = 115
"""As many as there are in Denmark."""


@dataclass(frozen=True)
class Playground:
    """A running demonstration. `start` is where one begins."""

    start: str
    app: FastAPI
    services: Services
    journey: Journey
    chores: Chores
    engine: PlayedEngine
    work: Dependencies
    office: Office


@asynccontextmanager
async def playing(
    data: Path, port: int, clusters: int = CLUSTERS, tell: Callable[[int], None] = lambda _done: None
) -> AsyncIterator[Playground]:
    """A country of so many clusters on a clock of its own, in this folder and at this port, until the block ends.

    `tell` is called with how many clusters are there. Raises NotReady, ServerFailed, CountryNotMade, Stalled.
    """
    settings = of_its_own(data, port)
    with closing(take_port(settings.host, port)) as listener, closing(open_country(settings)) as stack:
        async with (
            time_machine(stack.store, stack.keys.codec_key, data / "temporal.log") as machine,
            httpx.AsyncClient(base_url=settings.url, timeout=60) as client,
        ):
            office = await make_country(stack, await machine.now(), clusters, tell)
            orders = PlayedOrders(machine.client, stack.database, stack.store, machine)
            chores = Chores(machine.client)
            engine = PlayedEngine(stack.database, machine, chores)
            app = make_web(stack, machine.client, orders, machine, engine)
            services: Services = app.state.services
            doctors = Doctors(services, settings.mails, client)
            others = Others(services, stack.dependencies, office)
            journey = Journey(machine, stack.dependencies, doctors, chores, others)
            demonstration = Demonstration(office, journey, settings.mails, machine)
            add_demonstration(app, demonstration, settings)
            web = WebServer(app, listener)
            async with at_work(stack, machine.client, orders):
                await orders.recover(unfinished(stack.database))
                await asyncio.to_thread(doctors.read_mail, await machine.now())
                await web.start()
                try:
                    await journey.settle()
                    yield Playground(
                        start=f"{settings.url}{START}",
                        app=app,
                        services=services,
                        journey=journey,
                        chores=chores,
                        engine=engine,
                        work=stack.dependencies,
                        office=office,
                    )
                finally:
                    await journey.stop()
                    await web.stop()
