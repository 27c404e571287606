"""What the web needs of the rest of the system, given to `create_app`."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

from anyio import CapacityLimiter
from fastapi import Depends, Request

from domain.help import CrisisCorps
from domain.offers import Offers
from domain.receiver import PUBLIC, Reach
from reporting.office import pdf_of
from storage import passwords
from storage.database import Database
from storage.event_store import EventStore
from storage.keys import Keys
from storage.offers import offers_that_come_with_the_system
from web.clock import Clock, SystemClock
from web.console.live.watch import Watch
from web.console.order.picture_shelf import PictureShelf
from web.engine_port import Engine
from web.letters_port import Letters
from web.orders_port import Orders
from web.package_repository import PackageRepository

if TYPE_CHECKING:
    from web.console.oidc import SignInService

HealthCheck = Callable[[], Awaitable[None]]
"""Returns when all is well and raises when it is not; the exception's class name is shown, never its text."""


@dataclass(frozen=True)
class Office:
    """Whom people ring and write to at KiAP."""

    name: str = "KiAP"
    phone: str = "7196 8844"
    address: str = "support@kiap.dk"


@dataclass(frozen=True)
class Controller:
    """The data controller as it has told us, for the privacy notice; the page says what it has not told."""

    name: str = ""
    address: str = ""
    contact: str = ""
    dpo: str = ""
    legal_basis: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything has been told."""
        return all((self.name, self.address, self.contact, self.dpo, self.legal_basis))


@dataclass(frozen=True)
class Services:
    """Everything the pages and the API stand on.

    `base_url` is the public address without a slash at the end. Orders live by `clock`, sessions and their pauses by
    `wall_clock`: a demo's year is no reason to sign in again. With a `sign_in_service` nobody has a password here.
    `reach` says which addresses events may be sent to. `checks` are asked by `/readyz`, by name.
    `backups` is where the newest back-up can be seen, if anybody said. `offers` are what practices can make use of.
    """

    database: Database
    keys: Keys
    packages: PackageRepository
    orders: Orders
    base_url: str
    clock: Clock = field(default_factory=SystemClock)
    wall_clock: Clock = field(default_factory=SystemClock)
    checks: Mapping[str, HealthCheck] = field(default_factory=dict)
    crisis_corps: CrisisCorps = field(default_factory=CrisisCorps)
    sign_in_service: "SignInService | None" = None
    engine: Engine | None = None
    letters: Letters | None = None
    office: Office = Office()
    controller: Controller = Controller()
    backups: Path | None = None
    offers: Offers = field(default_factory=offers_that_come_with_the_system)
    reach: Reach = PUBLIC

    @cached_property
    def password_turns(self) -> CapacityLimiter:
        """Passwords that are looked at together: each costs a tenth of a second and 64 MiB, and strangers may ask."""
        return CapacityLimiter(passwords.AT_ONCE)

    @cached_property
    def pictures(self) -> PictureShelf:
        """Pictures of decks that somebody looks at."""
        return PictureShelf()

    @cached_property
    def pdfs(self) -> PictureShelf:
        """Papers as PDF, each a single "picture", by a hash of what they were made from."""
        return PictureShelf(lambda paper: (pdf_of(paper),))

    @cached_property
    def watch(self) -> Watch:
        """What open pages are told by."""
        return Watch(self.database)

    @cached_property
    def _going_on(self) -> set[asyncio.Task[None]]:
        return set()

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside the answers that are given meanwhile. It ends with the process, done or not."""
        task = asyncio.get_running_loop().create_task(work)
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)

    @cached_property
    def store(self) -> EventStore:
        """The event store on the database."""
        return EventStore(self.database)

    def address(self, path: str) -> str:
        """The public address of a path."""
        return self.base_url.rstrip("/") + path


def services_of(request: Request) -> Services:
    """The services the running application was made with."""
    return cast("Services", request.app.state.services)


CurrentServices = Annotated[Services, Depends(services_of)]
"""An endpoint's parameter that is the services."""
