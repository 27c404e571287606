"""Signing in with address and password, and signing out."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from domain.authority import Right
from domain.text import line_or_nothing
from domain.unfit import Unfit
from storage import audit, sessions
from storage.audit import Deed
from storage.staff import Staff
from web.console.cookie import take_cookie
from web.console.entering import enter, welcome
from web.console.frame import console_page
from web.console.own_paths import SIGN_IN, own_path
from web.console.password_check import Credentials, Wait, whose_password
from web.console.password_rules import typed_password
from web.console.principal import SignedInStaff, find_principal
from web.console.router import ConsoleRouter, SentForm
from web.origin import PageOrigin, network_of
from web.services import CurrentServices, Services

if TYPE_CHECKING:
    from web.console.oidc import SignInService

NO = "Mailadressen og adgangskoden passer ikke sammen. Prøv igen, eller bed en administrator om et nyt link."
"""The one answer to every no: it does not tell whether there is such an account."""

AT_THE_SERVICE = f"{SIGN_IN}/tjeneste"

router = ConsoleRouter()


@router.open_page("/log-ind")
async def sign_in_page(request: Request, services: CurrentServices, naeste: str = "", ud: str = "") -> Response:
    """The form; whoever is signed in goes on."""
    if await find_principal(request, services) is not None:
        return RedirectResponse(own_path(naeste), status_code=303)
    if services.sign_in_service is not None:
        leave = await _way_out(services.sign_in_service, services) if ud else ""
        to = f"{AT_THE_SERVICE}?{urlencode({'naeste': own_path(naeste)})}"
        return console_page("console/service.html", None, to=to, signed_out=bool(ud), leave=leave)
    return _form(naeste=own_path(naeste), signed_out=bool(ud))


@router.open_action("/log-ind")
async def sign_in(request: Request, form: SentForm, services: CurrentServices) -> Response:
    """A session for whoever knows the password; one answer for every no, and a pause where there were too many."""
    if services.sign_in_service is not None:
        return RedirectResponse(SIGN_IN, status_code=303)
    given = _credentials(form)
    naeste = own_path(_text(form, "naeste"))
    now, wall_now = await services.clock.now(), await services.wall_clock.now()
    found = await whose_password(services, given, network_of(request), wall_now)
    if isinstance(found, Wait):
        headers = {"Retry-After": str(found.seconds)}
        return _form(429, naeste=naeste, email=given.email, problem=found.line, headers=headers)
    if found is None:
        return _form(422, naeste=naeste, email=given.email, problem=NO)

    def begun(person: Staff = found) -> str:
        with services.database.write() as connection:
            return enter(connection, request, person, now=now, wall_now=wall_now)

    return welcome(await run_in_threadpool(begun), naeste)


@router.action("/log-ud", needs=Right.READ)
async def sign_out(me: SignedInStaff, origin: PageOrigin, services: CurrentServices) -> Response:
    """End this session."""
    now = await services.clock.now()

    def ended() -> None:
        with services.database.write() as connection:
            sessions.end_session(connection, me.id, me.session.id)
            audit.note(connection, me.by, Deed.SIGNED_OUT, origin, now)

    await run_in_threadpool(ended)
    answer = RedirectResponse(f"{SIGN_IN}?ud=1", status_code=303)
    take_cookie(answer)
    return answer


async def _way_out(service: "SignInService", services: Services) -> str:
    """Where one signs out of the service too."""
    return await run_in_threadpool(service.sign_out_address, await services.wall_clock.now())


def _credentials(form: FormData) -> Credentials:
    try:
        email = line_or_nothing(_text(form, "mail"))
    except Unfit:
        email = ""
    try:
        password = typed_password(_text(form, "adgangskode"))
    except Unfit:
        password = ""
    return Credentials(email, password)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _form(
    status: int = 200,
    *,
    naeste: str,
    email: str = "",
    problem: str = "",
    signed_out: bool = False,
    headers: dict[str, str] | None = None,
) -> Response:
    facts: dict[str, Any] = {"naeste": naeste, "email": email, "problem": problem, "signed_out": signed_out}
    return console_page("console/sign_in.html", None, status, headers=headers, **facts)
