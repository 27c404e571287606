"""KiAP's own people: who there is, adding somebody, another name, address or role, a link to a password, leaving."""

from collections.abc import Callable

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from domain.authority import Right
from domain.danish import alphabetical, listing
from domain.model import StaffId
from domain.text import email_address, line_or_nothing, person_name, phone_number
from domain.unfit import Unfit
from storage import account_links, accounts, audit, colleagues, retention, sessions, staff
from storage.audit import Deed, Subject
from storage.staff import Staff, StaffRole
from web.console.frame import console_page, message_page
from web.console.principal import ROLES, Principal, SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter, SentForm
from web.console.shown_once import TAKEN, ShownOnce, shown_once_at
from web.forms.reader import FormReader
from web.origin import PageOrigin
from web.services import CurrentServices, Services

COLLEAGUES = f"{CONSOLE}/kolleger"
LONGEST_REASON = 300
NAMED = 5
"""Orders named where somebody still holds some."""
DONE = {
    "ny": "Kollegaen er oprettet. Lav et link, så vedkommende kan vælge en adgangskode.",
    "rettet": "Det er rettet. Mails, der går ud fra nu af, har det nye.",
    "rolle": "Rollen er ændret. Vedkommende er logget ud og kan logge ind igen.",
    "holdt-op": "Vedkommende er logget ud, og navn og mailadresse er slettet. Morgenlisterne slettes i nat.",
}
LAST = "Det er den sidste administrator. Gør først en anden til administrator."

router = ConsoleRouter()

Change = Callable[[Connection, Staff, FormReader], tuple[Deed, dict[str, str]] | None]
"""Does it; what the log is told, None where there was nothing to do. What is wrong goes to the reader."""


@router.page("/kolleger", needs=Right.ADMINISTER)
async def everybody(me: SignedInStaff, services: CurrentServices, gjort: str = "") -> Response:
    """Who there is, and the form for one more."""
    return await _list(services, me, done=DONE.get(gjort, ""))


@router.action("/kolleger", needs=Right.ADMINISTER)
async def add(me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices) -> Response:
    """Add somebody."""
    reader, now = FormReader(form), await services.clock.now()
    name, email = _taken(reader, "navn", person_name), _taken(reader, "mail", email_address)
    phone = _taken(reader, "telefon", phone_or_nothing)
    role = reader.choice("rolle", [each.value for each in StaffRole])

    def added() -> StaffId | None:
        with services.database.write() as connection:
            _nobody_elses(connection, reader, email)
            if reader.problems or role is None:
                return None
            staff_id = staff.add_staff(connection, name, email, StaffRole(role), phone)
            audit.note(connection, me.by, Deed.STAFF_ADDED, origin, now, Subject(about=staff_id))
            return staff_id

    staff_id = await run_in_threadpool(added)
    if staff_id is None:
        return await _list(services, me, reader=reader)
    return RedirectResponse(f"{COLLEAGUES}/{staff_id}?gjort=ny", status_code=303)


@router.page("/kolleger/{colleague}", needs=Right.ADMINISTER)
async def one(
    colleague: str, me: SignedInStaff, services: CurrentServices, link: ShownOnce, gjort: str = ""
) -> Response:
    """One colleague, what can be changed, and the link that was just made, this once."""
    return await _one(services, me, colleague, done=DONE.get(gjort, ""), link=link)


@router.action("/kolleger/{colleague}/ret", needs=Right.ADMINISTER)
async def change(
    colleague: str, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Another name, address or telephone."""

    def changed(connection: Connection, person: Staff, reader: FormReader) -> tuple[Deed, dict[str, str]] | None:
        name, email = _taken(reader, "navn", person_name), _taken(reader, "mail", email_address)
        phone = _taken(reader, "telefon", phone_or_nothing)
        _nobody_elses(connection, reader, email, but=person.id)
        if reader.problems or (name, email, phone) == (person.name, person.email, person.phone):
            return None
        staff.change_staff(connection, person.id, name, email, phone)
        return Deed.STAFF_CHANGED, {}

    return await _changed(services, me, colleague, form, origin, changed, "rettet")


@router.action("/kolleger/{colleague}/rolle", needs=Right.ADMINISTER)
async def change_role(
    colleague: str, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Another role; where they are signed in, they are signed out."""

    def changed(connection: Connection, person: Staff, reader: FormReader) -> tuple[Deed, dict[str, str]] | None:
        role = reader.choice("rolle", [each.value for each in StaffRole])
        if role is None or role == person.role:
            return None
        if colleagues.is_last_administrator(connection, person.id):
            reader.refuse("rolle", LAST)
            return None
        staff.change_role(connection, person.id, StaffRole(role))
        sessions.end_sessions(connection, person.id)
        return Deed.ROLE_CHANGED, {"from": person.role.value, "to": role}

    return await _changed(services, me, colleague, form, origin, changed, "rolle")


@router.action("/kolleger/{colleague}/holdt-op", needs=Right.ADMINISTER)
async def left(
    colleague: str, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """They have left KiAP: signed out at once, name and address erased."""
    now = await services.clock.now()

    def gone(connection: Connection, person: Staff, reader: FormReader) -> tuple[Deed, dict[str, str]] | None:
        if reader.given("sikker") != "ja":
            reader.refuse("sikker", "Sæt kryds, hvis navn og mailadresse skal slettes.")
        if held := colleagues.open_orders_of(connection, person.id):
            more = f" og {len(held) - NAMED} til" if len(held) > NAMED else ""
            reader.refuse("sikker", f"Giv først {listing(held[:NAMED])}{more} til en anden konsulent.")
        if colleagues.is_last_administrator(connection, person.id):
            reader.refuse("sikker", LAST)
        if reader.problems:
            return None
        accounts.colleague_left(connection, person.id, now)
        retention.schedule_forgetting(connection, now)
        return Deed.STAFF_LEFT, {}

    return await _changed(services, me, colleague, form, origin, gone, "holdt-op")


@router.action("/kolleger/{colleague}/link", needs=Right.ADMINISTER)
async def make_link(
    colleague: str, me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """A link to choose a password by, which the colleague's page then shows this once."""
    reader, now, wall_now = FormReader(form), await services.clock.now(), await services.wall_clock.now()
    if services.sign_in_service is not None:
        return message_page(me, 409, "Her er ingen adgangskoder", "Alle logger ind med kontorets egen tjeneste.")
    why = _taken(reader, "hvorfor", lambda text: line_or_nothing(text, LONGEST_REASON))

    def made() -> str:
        with services.database.write() as connection:
            if reader.problems or staff.find_staff(connection, StaffId(colleague)) is None:
                return ""
            token = account_links.make_link(connection, StaffId(colleague), wall_now)
            audit.note(connection, me.by, Deed.LINK_MADE, origin, now, Subject(about=colleague, why=why))
            return token

    token = await run_in_threadpool(made)
    if not token:
        return await _one(services, me, colleague, reader=reader)
    link = services.address(f"{CONSOLE}/velkommen/{token}")
    return shown_once_at(f"{COLLEAGUES}/{colleague}", "link", link, me, services.keys, wall_now)


async def _changed(
    services: Services,
    me: Principal,
    colleague: str,
    form: SentForm,
    origin: PageOrigin,
    change: Change,
    done: str,
) -> Response:
    reader, now = FormReader(form), await services.clock.now()

    def carried_out() -> bool:
        with services.database.write() as connection:
            person = staff.find_staff(connection, StaffId(colleague))
            if person is None:
                return False
            told = change(connection, person, reader)
            if told is not None:
                deed, facts = told
                audit.note(connection, me.by, deed, origin, now, Subject(about=colleague, facts=facts))
            return not reader.problems

    if not await run_in_threadpool(carried_out):
        return await _one(services, me, colleague, reader=reader)
    to = COLLEAGUES if done == "holdt-op" else f"{COLLEAGUES}/{colleague}"
    return RedirectResponse(f"{to}?gjort={done}", status_code=303)


async def _list(services: Services, me: Principal, *, reader: FormReader | None = None, done: str = "") -> Response:
    def found() -> list[Staff]:
        with services.database.read() as connection:
            return sorted(staff.everybody(connection), key=lambda each: alphabetical(each.name))

    problems = reader.problems if reader else {}
    return console_page(
        "console/colleagues.html",
        me,
        422 if problems else 200,
        here=COLLEAGUES,
        colleagues=await run_in_threadpool(found),
        roles=ROLES,
        values=reader.everything() if reader else {},
        problems=problems,
        done=done,
    )


async def _one(
    services: Services,
    me: Principal,
    colleague: str,
    *,
    reader: FormReader | None = None,
    done: str = "",
    link: str = "",
) -> Response:
    def found() -> Staff | None:
        with services.database.read() as connection:
            return staff.find_staff(connection, StaffId(colleague))

    person = await run_in_threadpool(found)
    if person is None:
        return message_page(me, 404, "Kollegaen findes ikke", "Vedkommende er måske holdt op.")
    problems = reader.problems if reader else {}
    standing = {"navn": person.name, "mail": person.email, "telefon": person.phone, "rolle": person.role.value}
    return console_page(
        "console/colleague.html",
        me,
        422 if problems else 200,
        here=COLLEAGUES,
        headers=TAKEN if link else None,
        person=person,
        roles=ROLES,
        values={**standing, **(reader.everything() if reader and problems else {})},
        problems=problems,
        done=done,
        link=link,
        has_password=services.sign_in_service is None,
    )


def _nobody_elses(connection: Connection, reader: FormReader, email: str, but: StaffId | None = None) -> None:
    holder = colleagues.holder_of_address(connection, email, but) if email else None
    if holder is not None:
        reader.refuse("mail", f"{holder.name} har allerede den mailadresse.")


def phone_or_nothing(text: str) -> str:
    """A number to be called on; "" where none is given. Raises Unfit."""
    return phone_number(text) if text.strip() else ""


def _taken(reader: FormReader, name: str, door: Callable[[str], str]) -> str:
    try:
        return door(reader.given(name))
    except Unfit as unfit:
        reader.refuse(name, str(unfit))
        return ""
