"""Who is signed in: one of KiAP's own, and what they may."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from domain.authority import Right, has_right
from domain.by import By, Capacity
from domain.model import StaffId
from storage import sessions
from storage.keys import token_hash
from storage.outage import DatabaseUnavailable
from storage.sessions import SEEN_EVERY, Session
from storage.staff import StaffRole
from web.console.cookie import session_token
from web.console.live.fresh import LIVE
from web.services import CurrentServices, Services

ROLES: dict[StaffRole, str] = {
    StaffRole.CONSULTANT: "Konsulent",
    StaffRole.OPERATIONS: "Drift",
    StaffRole.ADMINISTRATOR: "Administrator",
}


class NotSignedIn(Exception):  # noqa: N818 - a finding, named as one
    """Nobody is signed in; the page asked for is shown once somebody is."""


@dataclass(frozen=True)
class Principal:
    """One of KiAP's own. `form_token` is what the forms of this session carry."""

    id: StaffId
    name: str
    email: str
    role: StaffRole
    session: Session
    form_token: str

    @property
    def by(self) -> By:
        """As commands and the audit log have them."""
        return By(role=Capacity(self.role.value), who=self.id)

    @property
    def role_name(self) -> str:
        return ROLES[self.role]

    def may(self, right: Right) -> bool:
        """Whether they may do this in the console."""
        return has_right(self.by, right)


async def find_principal(request: Request, services: Services) -> Principal | None:
    """Who is signed in on this request, if anybody; looked up once for each."""
    if not hasattr(request.state, "principal"):
        token = session_token(request)
        is_left_open = request.url.path == LIVE
        request.state.principal = await _recognised(services, token, is_left_open=is_left_open) if token else None
    found: Principal | None = request.state.principal
    return found


async def signed_in_staff(request: Request, services: CurrentServices) -> Principal:
    """Who is signed in. Raises NotSignedIn."""
    principal = await find_principal(request, services)
    if principal is None:
        raise NotSignedIn
    return principal


SignedInStaff = Annotated[Principal, Depends(signed_in_staff)]
"""An endpoint's parameter that is whoever is signed in. That they may see the page is settled before."""


async def _recognised(services: Services, token: str, *, is_left_open: bool) -> Principal | None:
    """Whose session it is. A page that was left open is no use of it: unused sessions end."""
    now = await services.wall_clock.now()

    def look_up() -> Principal | None:
        with services.database.read() as connection:
            found = sessions.signed_in(connection, token, now)
        if found is None:
            return None
        if now - found.session.seen_at >= SEEN_EVERY and not is_left_open:
            with suppress(DatabaseUnavailable), services.database.write() as connection:
                sessions.note_use(connection, found.session.id, now)
        form_token = services.keys.token("form", token_hash(token))
        return Principal(
            found.staff.id, found.staff.name, found.staff.email, found.staff.role, found.session, form_token
        )

    return await run_in_threadpool(look_up)
