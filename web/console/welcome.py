"""The one-time link: whoever has it chooses a password. The first one of all also says who they are."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from domain.text import email_address, person_name
from domain.unfit import Unfit
from storage import account_links, accounts, audit, passwords, sessions
from storage.audit import Deed, Subject
from storage.staff import Staff, StaffRole, add_staff, find_staff
from web.console.entering import by_of, enter, welcome
from web.console.frame import console_page, message_page
from web.console.password_rules import new_password
from web.console.principal import Principal
from web.console.router import CONSOLE, ConsoleRouter, SentForm
from web.forms.reader import FormReader
from web.origin import page_origin
from web.services import CurrentServices, Services

router = ConsoleRouter()

DEAD = (
    "Det er måske brugt, erstattet af et nyere eller mere end tre dage gammelt.",
    "Bed en administrator om et nyt. Den, der driver systemet, kan lave et med »klyngeflow staff link«.",
)


@dataclass(frozen=True)
class _Holder:
    """Whose link it is. `staff` is None for the first of all, who is yet to say who they are."""

    staff: Staff | None


@dataclass(frozen=True)
class _Chosen:
    name: str
    email: str
    password: str


@dataclass(frozen=True)
class _Refused:
    """What was wrong, by field."""

    problems: dict[str, str] = field(default_factory=dict)


@router.open_page("/velkommen/{link}")
async def welcome_page(link: str, services: CurrentServices) -> Response:
    """The form. Looking uses nothing up: mail scanners follow links too."""
    if services.sign_in_service is not None:
        return no_passwords(None)
    holder = await run_in_threadpool(_holder, services, link, await services.wall_clock.now())
    return _form(link, holder) if holder else _dead()


@router.open_action("/velkommen/{link}")
async def choose_password(link: str, request: Request, form: SentForm, services: CurrentServices) -> Response:
    """Take the password, use the link up, sign in."""
    if services.sign_in_service is not None:
        return no_passwords(None)
    now, wall_now = await services.clock.now(), await services.wall_clock.now()
    holder = await run_in_threadpool(_holder, services, link, wall_now)
    if holder is None:
        return _dead()
    reader = FormReader(form)
    chosen = _read(reader, holder.staff)
    if chosen is None:
        return _form(link, holder, reader)
    begun = await run_in_threadpool(_begin, services, request, link, holder.staff, chosen, now, wall_now)
    if isinstance(begun, _Refused):
        for name, message in begun.problems.items():
            reader.refuse(name, message)
        return _form(link, holder, reader)
    return welcome(begun, CONSOLE) if begun else _dead()


def _holder(services: Services, link: str, now: dt.datetime) -> _Holder | None:
    with services.database.read() as connection:
        found = account_links.find_link(connection, link, now)
        if found is None:
            return None
        if found.staff_id is None:
            return None if accounts.can_anybody_sign_in(connection) else _Holder(None)
        person = find_staff(connection, found.staff_id)
        return _Holder(person) if person else None


def _read(reader: FormReader, person: Staff | None) -> _Chosen | None:
    name = person.name if person else _taken(reader, "navn", person_name)
    email = person.email if person else _taken(reader, "mail", email_address)
    password = read_new_password(reader, name=name, email=email)
    return None if reader.problems else _Chosen(name, email, password)


def read_new_password(reader: FormReader, *, name: str, email: str) -> str:
    """The password that was typed twice; "" where the reader has a problem with it."""
    try:
        password = new_password(reader.given("ny"), name=name, email=email)
    except Unfit as unfit:
        reader.refuse("ny", str(unfit))
        return ""
    if reader.given("igen") != reader.given("ny"):
        reader.refuse("igen", "Skriv den samme adgangskode begge steder.")
    return password


def _taken(reader: FormReader, name: str, door: Callable[[str], str]) -> str:
    try:
        return door(reader.given(name))
    except Unfit as unfit:
        reader.refuse(name, str(unfit))
        return ""


def _begin(
    services: Services,
    request: Request,
    link: str,
    person: Staff | None,
    chosen: _Chosen,
    now: dt.datetime,
    wall_now: dt.datetime,
) -> str | _Refused | None:
    """The session's secret; what is wrong; or None where the link was used in the meantime."""
    kept = passwords.password_hash(chosen.password)
    origin = page_origin(request)
    with services.database.write() as connection:
        if person is None and accounts.account_by_email(connection, chosen.email) is not None:
            return _Refused({"mail": "En kollega har den adresse allerede. Skriv din egen."})
        if not account_links.use_link(connection, link, wall_now):
            return None
        if person is None:
            role = StaffRole.ADMINISTRATOR
            person = Staff(add_staff(connection, chosen.name, chosen.email, role), chosen.name, chosen.email, role)
            audit.note(connection, by_of(person), Deed.STAFF_ADDED, origin, now, Subject(about=person.id))
        account_links.end_links(connection, None)  # somebody can sign in now
        accounts.set_password_hash(connection, person.id, kept, wall_now)
        sessions.end_sessions(connection, person.id)
        audit.note(connection, by_of(person), Deed.PASSWORD_CHOSEN, origin, now, Subject(about=person.id))
        return enter(connection, request, person, now=now, wall_now=wall_now)


def _form(link: str, holder: _Holder, reader: FormReader | None = None) -> Response:
    problems = reader.problems if reader else {}
    return console_page(
        "console/welcome.html",
        None,
        422 if problems else 200,
        link=link,
        person=holder.staff,
        values={name: reader.given(name) for name in ("navn", "mail")} if reader else {},
        problems=problems,
    )


def no_passwords(principal: Principal | None) -> Response:
    """Where the office has a sign-in service, there are none here."""
    return message_page(principal, 404, "Her er ingen adgangskoder", "Du logger ind på jeres egen loginside.")


def _dead() -> Response:
    return message_page(None, 404, "Linket virker ikke mere", *DEAD)
