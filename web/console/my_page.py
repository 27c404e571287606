"""One's own page: where one is signed in, ending that, and another password."""

import datetime as dt
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.authority import Right
from domain.unfit import Unfit
from storage import accounts, audit, passwords, sessions
from storage.audit import Deed
from storage.sessions import Session
from web.console.frame import console_page
from web.console.password_check import Credentials, Wait, whose_password
from web.console.password_rules import typed_password
from web.console.principal import Principal, SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter, SentForm
from web.console.welcome import no_passwords, read_new_password
from web.forms.reader import FormReader
from web.origin import PageOrigin, network_of
from web.services import CurrentServices, Services

MY_PAGE = f"{CONSOLE}/min-side"
DONE = {
    "en": "Den er logget ud.",
    "alle": "Du er logget ud alle andre steder.",
    "adgangskode": "Din adgangskode er skiftet, og du er logget ud alle andre steder.",
}
WRONG = "Det er ikke din nuværende adgangskode."

router = ConsoleRouter()


@router.page("/min-side", needs=Right.READ)
async def my_page(me: SignedInStaff, services: CurrentServices, gjort: str = "") -> Response:
    """Where I am signed in, since when, and last used."""
    return await _page(services, me, done=DONE.get(gjort, ""))


@router.action("/min-side/afslut", needs=Right.READ)
async def end_one(me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices) -> Response:
    """End one of my sessions."""
    session_id = FormReader(form).given("session")
    now = await services.clock.now()

    def ended() -> None:
        with services.database.write() as connection:
            if sessions.end_session(connection, me.id, session_id):
                audit.note(connection, me.by, Deed.SESSION_ENDED, origin, now)

    await run_in_threadpool(ended)
    return RedirectResponse(f"{MY_PAGE}?gjort=en", status_code=303)


@router.action("/min-side/afslut-andre", needs=Right.READ)
async def end_others(me: SignedInStaff, origin: PageOrigin, services: CurrentServices) -> Response:
    """End all of my sessions but this one."""
    now = await services.clock.now()

    def ended() -> None:
        with services.database.write() as connection:
            if sessions.end_sessions(connection, me.id, but=me.session.id):
                audit.note(connection, me.by, Deed.SESSIONS_ENDED, origin, now)

    await run_in_threadpool(ended)
    return RedirectResponse(f"{MY_PAGE}?gjort=alle", status_code=303)


@router.action("/min-side/adgangskode", needs=Right.READ)
async def change_password(
    request: Request, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Another password, for whoever knows the present one; all other sessions end."""
    if services.sign_in_service is not None:
        return no_passwords(me)
    reader = FormReader(form)
    now, wall_now = await services.clock.now(), await services.wall_clock.now()
    password = read_new_password(reader, name=me.name, email=me.email)
    if not reader.problems:
        given = Credentials(me.email, _typed(reader.given("nu")))
        found = await whose_password(services, given, network_of(request), wall_now)
        if isinstance(found, Wait):
            reader.refuse("nu", found.line)
        elif found is None:
            reader.refuse("nu", WRONG)
    if reader.problems:
        return await _page(services, me, problems=reader.problems)

    def changed() -> None:
        kept = passwords.password_hash(password)
        with services.database.write() as connection:
            accounts.set_password_hash(connection, me.id, kept, wall_now)
            sessions.end_sessions(connection, me.id, but=me.session.id)
            audit.note(connection, me.by, Deed.PASSWORD_CHANGED, origin, now)

    await run_in_threadpool(changed)
    return RedirectResponse(f"{MY_PAGE}?gjort=adgangskode", status_code=303)


@dataclass(frozen=True)
class SessionShown:
    session: Session
    is_this: bool


async def _page(
    services: Services, me: Principal, *, done: str = "", problems: dict[str, str] | None = None
) -> Response:
    now = await services.wall_clock.now()
    shown = await run_in_threadpool(_sessions, services, me, now)
    return console_page(
        "console/my_page.html",
        me,
        422 if problems else 200,
        here=MY_PAGE,
        sessions=shown,
        done=done,
        problems=problems or {},
        has_password=services.sign_in_service is None,
    )


def _sessions(services: Services, me: Principal, now: dt.datetime) -> list[SessionShown]:
    with services.database.read() as connection:
        found = sessions.sessions_of(connection, me.id, now)
    return [SessionShown(each, each.id == me.session.id) for each in found]


def _typed(text: str) -> str:
    try:
        return typed_password(text)
    except Unfit:
        return ""
