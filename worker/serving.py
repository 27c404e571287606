"""The web server, inside our own event loop."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from temporalio.client import Client

from activities.letter_shown import LetterArchive
from storage.staff import StaffRole
from web.access_log import log_config
from web.app import create_app
from web.clock import Clock, SystemClock
from web.engine_port import Engine
from web.package_repository import PackageRepository
from web.services import Controller, Office, Services
from web.slow_clients import BoundedProtocol
from worker.engine import TemporalEngine
from worker.orders_client import TemporalOrders
from worker.settings import Settings, roles_by_claim
from worker.stack import NotReady, Stack

if TYPE_CHECKING:
    from web.console.oidc import SignInService


def make_web(
    stack: Stack, client: Client, orders: TemporalOrders, clock: Clock | None = None, engine: Engine | None = None
) -> FastAPI:
    """The pages and the API. Another clock and another engine are a demonstration's."""

    async def temporal() -> None:
        await client.service_client.check_health()

    told = stack.settings
    return create_app(
        Services(
            database=stack.database,
            keys=stack.keys,
            packages=PackageRepository(stack.database, stack.packages),
            orders=orders,
            base_url=stack.settings.url,
            clock=clock or SystemClock(),
            checks={"temporal": temporal},
            engine=engine or TemporalEngine(client),
            letters=LetterArchive(stack.dependencies),
            sign_in_service=_sign_in_service(stack.settings),
            reach=told.reach,
            crisis_corps=stack.dependencies.crisis_corps,
            controller=Controller(
                told.controller_name,
                told.controller_address,
                told.controller_contact,
                told.controller_dpo,
                told.controller_legal_basis,
            ),
            office=Office(told.office_name, told.office_phone, told.office_address),
            backups=told.backups,
            offers=stack.offers,
        )
    )


def _sign_in_service(settings: Settings) -> "SignInService | None":
    if not settings.oidc_issuer or settings.oidc_client_secret is None:
        return None
    from web.console.oidc import SignInService  # 0.1 s that an office without one does not wait for

    return SignInService(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        role_claim=settings.oidc_role_claim,
        roles={value: StaffRole(role) for value, role in roles_by_claim(settings.oidc_roles).items()},
        redirect_uri=f"{settings.url}/drift/log-ind/svar",
        home=f"{settings.url}/drift/log-ind",
    )


WAITING = 2048
"""Connections that may wait until they are taken, as uvicorn has it."""
WHERE_PORTS_ARE_SAID = "--port or KLYNGEFLOW_PORT"


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the command's to handle: it stops web, worker and Temporal in their order."""
        yield


def take_port(host: str, port: int) -> socket.socket:
    """Listen there, before anything else is started: who comes early waits. Raises NotReady where that can't be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named: without it, each answer waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(WAITING)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise NotReady(f"port {port} is in use; choose another with {WHERE_PORTS_ARE_SAID}") from None
        raise NotReady(f"the web can't be served at {host}:{port}: {error.strerror}") from None
    return listener


class WebServer:
    """uvicorn inside our own event loop, on a port that is taken already."""

    def __init__(self, app: FastAPI, listener: socket.socket, trusted_proxies: str = "") -> None:
        config = uvicorn.Config(
            app,
            log_config=log_config("WARNING"),
            lifespan="off",
            http=BoundedProtocol,
            forwarded_allow_ips=trusted_proxies,
        )
        self._app = app
        self._server = _Server(config)
        self._listener = listener
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Serve; returns when requests are answered."""
        self._task = asyncio.create_task(self._server.serve([self._listener]))
        while not self._server.started:
            if self._task.done():
                self._task.result()
                msg = "the web server ended as it began"
                raise RuntimeError(msg)
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End: pages that listen are let go, and requests under way answered."""
        for let_go in getattr(self._app.state, "on_end", ()):
            let_go()
        self._server.should_exit = True
        if self._task:
            await self._task
