"""The whole system in a thread of its own: pages on a port, workers, a Temporal server whose time tests let pass."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from domain.by import Scope
from domain.model import OrderId, StaffId
from storage import accounts, api_keys, passwords
from storage.staff import StaffRole, add_staff
from tests.web.application import NO_TLS
from tests.workflows.mailbox import Mail
from tests.workflows.time_skipping import TRIVSEL, OrderSystem, ServerClock, an_order_system
from worker.serving import WebServer, make_web, take_port

PASSWORD = "en lang og god sætning"
PATIENCE = 180.0
Result = TypeVar("Result")

NAMES = (
    "Anna Kvist", "Bent Kvist", "Clara Kvist", "Dorte Kvist", "Erik Kvist", "Freja Kvist",
    "Gert Kvist", "Hanne Kvist", "Ida Kvist", "Jens Kvist", "Karla Kvist", "Lars Kvist",
)  # fmt: skip


class Portal:
    """What a test does outside the browser: orders from kiap.dk, colleagues, mail that is read, time that passes."""

    def __init__(self, system: OrderSystem, address: str, loop: asyncio.AbstractEventLoop) -> None:
        self.system = system
        self.address = address
        self._loop = loop
        with system.stack.database.write() as connection:
            self._key = api_keys.make_key(connection, "kiap-dk", Scope, self.run(system.now()))

    def run(self, doing: Coroutine[Any, Any, Result]) -> Result:
        """Done in the system's own loop."""
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(PATIENCE)

    def order(self, cluster: str = "Aalborg Øst", members: int = len(NAMES), number: int = 1) -> OrderId:
        """kiap.dk sends an order; the test's own from now on."""
        doctors = [
            {"name": name, "email": f"laege{at}@example.dk", "practice": f"Praksis {at // 2}", "role": "ejerlæge"}
            for at, name in enumerate(NAMES[:members])
        ]
        sent = {
            "cluster": {"name": cluster, "region": "nordjylland"},
            "package": TRIVSEL,
            "coordinator": {"name": "Mette Holm", "email": "mette.holm@example.dk", "phone": "20 30 40 50"},
            "members": doctors,
        }
        headers = {"Authorization": f"Bearer {self._key}", "Idempotency-Key": f"bestilling-{number:04}"}
        answer = httpx.post(f"{self.address}/api/v1/orders", json=sent, headers=headers, timeout=60, verify=NO_TLS)
        assert answer.status_code == 201, answer.text
        self.system.order_id = OrderId(answer.json()["order"])
        self.run(self.system.quiet())
        return self.system.order_id

    def colleague(self, role: StaffRole, name: str, email: str) -> StaffId:
        """One of KiAP's own, who has a password."""
        now, kept = self.run(self.system.now()), passwords.password_hash(PASSWORD)
        with self.system.stack.database.write() as connection:
            id_ = add_staff(connection, name, email, role)
            accounts.set_password_hash(connection, id_, kept, now)
        return id_

    def mail(self, occasion: str, to: str = "") -> Mail:
        """The newest mail of an occasion, to an address."""
        return [mail for mail in self.system.mails(occasion) if to in ("", mail.to)][-1]

    def wait_for_mail(self, occasion: str) -> Mail:
        """The newest mail of an occasion, once there is one: a page may set it going beside its answer."""

        async def sent() -> None:
            async with asyncio.timeout(PATIENCE):
                while not self.system.mails(occasion):
                    await asyncio.sleep(0.05)

        self.run(sent())
        return self.mail(occasion)

    def link(self, mail: Mail, path: str) -> str:
        """The address in a mail's text that leads to a path."""
        return f"{self.address}{path}{mail.link(f'{self.address}{path}')}"


@contextmanager
def a_portal(folder: Path) -> Iterator[Portal]:
    """A portal at work for as long as the block lasts."""
    loop = asyncio.new_event_loop()
    ended, ready = asyncio.Event(), threading.Event()
    found: dict[str, Any] = {}

    async def live() -> None:
        listener = take_port("127.0.0.1", 0)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with an_order_system(folder, base_url=address) as system, system.worker():
            web = WebServer(make_web(system.stack, system.env.client, system.orders, ServerClock(system.env)), listener)
            await web.start()
            found.update(system=system, address=address)
            ready.set()
            await ended.wait()
            await web.stop()

    def work() -> None:
        try:
            loop.run_until_complete(live())
        except BaseException as error:  # noqa: BLE001 - told where it is waited for
            found["error"] = error
        finally:
            ready.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(PATIENCE)
    try:
        if "error" in found:
            raise found["error"]
        yield Portal(found["system"], found["address"], loop)
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(PATIENCE)
        loop.close()
        if "error" in found:
            raise found["error"]
