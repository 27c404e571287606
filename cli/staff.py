"""`klyngeflow staff`: KiAP's own people, whom orders are assigned to."""

import datetime as dt
import json
from typing import Annotated

import typer
from sqlalchemy import Connection

from activities.digest import erase_digests
from cli.acting import note
from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, settings_for, the_store
from domain.model import StaffId
from domain.text import email_address, line_or_nothing, person_name, phone_number
from domain.unfit import Unfit
from mail.folder_sender import FolderSender
from storage import account_links, colleagues
from storage import staff as directory
from storage.accounts import colleague_left
from storage.audit import Deed, Subject
from storage.database import Database
from storage.erased_tables import forget_erased
from storage.forgetting import StillRemembered
from storage.sessions import end_sessions
from storage.staff import Staff, StaffRole
from worker.address_file import running_url
from worker.settings import Settings

app = typer.Typer(help="KiAP's consultants and operations.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="ID", help="As 'staff list' shows it.")]
WhyOption = Annotated[str, typer.Option("--why", help="In a few words, for the log; kept for 90 days.")]
LONGEST_REASON = 300
SHOWN = 5
"""Orders named where somebody still holds some."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="First name first: letters begin with it.")],
    email: Annotated[str, typer.Argument(metavar="MAIL", help="The work address, nobody else's.")],
    role: Annotated[StaffRole, typer.Option(help="Orders are given to consultants.")] = StaffRole.CONSULTANT,
    phone: Annotated[str, typer.Option(help="Told to coordinators; the office's is told where none is given.")] = "",
    data: DataOption = None,
) -> None:
    """Add somebody; prints the id that `assign_consultant` takes."""
    name, email, phone = _name(name), _address(email), _phone(phone)
    with the_store(data) as database, database.write() as connection:
        _nobody_elses(connection, email)
        staff_id = directory.add_staff(connection, name, email, role, phone)
        note(connection, settings_for(data).staff, Deed.STAFF_ADDED, Subject(about=staff_id))
    typer.echo(staff_id)


@app.command()
def link(who: Who, why: WhyOption = "", data: DataOption = None) -> None:
    """Print a link by which somebody chooses a password: their first, or another for one forgotten.

    It works once, for three days, and ends the earlier ones. Give it to nobody else.
    """
    settings = settings_for(data)
    if settings.oidc_issuer:
        raise Refusal(f"nobody has a password here: people sign in at {settings.oidc_issuer}")
    with the_store(data) as database, database.write() as connection:
        person = _somebody(connection, who)
        token = account_links.make_link(connection, person.id, dt.datetime.now(dt.UTC))
        note(connection, settings.staff, Deed.LINK_MADE, Subject(about=person.id, why=_words(why)))
    typer.echo(f"{running_url(settings.data) or settings.url}/drift/velkommen/{token}")


@app.command()
def role(
    who: Who,
    new: Annotated[StaffRole, typer.Argument(metavar="ROLE", help="consultant, operations or administrator.")],
    why: WhyOption = "",
    data: DataOption = None,
) -> None:
    """Give somebody another role; where they are signed in, they are signed out."""
    with the_store(data) as database, database.write() as connection:
        person = _somebody(connection, who)
        if person.role is not new:
            directory.change_role(connection, person.id, new)
            end_sessions(connection, person.id)
            facts = {"from": person.role.value, "to": new.value}
            subject = Subject(about=person.id, facts=facts, why=_words(why))
            note(connection, settings_for(data).staff, Deed.ROLE_CHANGED, subject)
    typer.echo(f"{who}: {new}")


@app.command("list")
def list_staff(data: DataOption = None, json_: JsonOption = False) -> None:
    """Who there is, with their addresses. Who has left is not there."""
    with the_store(data) as database, database.read() as connection:
        people = _everybody(connection)
    if json_:
        told = [{"id": p.id, "name": p.name, "email": p.email, "role": p.role, "phone": p.phone} for p in people]
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for person in people:
        number = f"  {person.phone}" if person.phone else ""
        typer.echo(f"{person.id}  {person.name}  {person.email}  {person.role}{number}")


@app.command()
def change(
    who: Who,
    name: Annotated[str | None, typer.Option(help="The new name.")] = None,
    mail: Annotated[str | None, typer.Option(help="The new address.")] = None,
    phone: Annotated[str | None, typer.Option(help='The new number, or "" for none.')] = None,
    data: DataOption = None,
) -> None:
    """Change somebody's name, address or number; mails that leave from now on have the new ones."""
    if name is None and mail is None and phone is None:
        raise Refusal("nothing to change: give --name, --mail or --phone")
    with the_store(data) as database:
        with database.write() as connection:
            person = _somebody(connection, who)
            named = person.name if name is None else _name(name)
            email = person.email if mail is None else _address(mail)
            _nobody_elses(connection, email, but=person.id)
            number = person.phone if phone is None else _phone(phone)
            directory.change_staff(connection, person.id, named, email, number)
            note(connection, settings_for(data).staff, Deed.STAFF_CHANGED, Subject(about=person.id))
        typer.echo(f"{who}  {named}  {email}  {person.role}")
        _forget(database, "The old name and address")


@app.command()
def left(who: Who, data: DataOption = None) -> None:
    """Somebody has left KiAP: their name, address and morning lists are erased. Open orders must be another's first."""
    with the_store(data) as database:
        with database.read() as connection:
            person = _somebody(connection, who, or_left=True)
        if person.left_at is None:
            _hold_nothing(database, person)
        _erase(database, person, settings_for(data))
        typer.echo(f"{who}: has left, and is erased.")
        _forget(database, "The name and address")


def _erase(database: Database, person: Staff, settings: Settings) -> None:
    files = FolderSender(settings.mails) if settings.mail == "folder" else None
    try:
        now = dt.datetime.now(dt.UTC)
        erase_digests(database, files, lambda mail: mail.recipient == person.id, now)
        with database.write() as connection:
            note(connection, settings.staff, Deed.STAFF_LEFT, Subject(about=person.id))
            colleague_left(connection, person.id, now)
    except OSError as error:
        raise Refusal(
            f"a mail in '{settings.mails}' cannot be removed ({error.strerror}); nothing was erased", 1
        ) from None


def _name(given: str) -> str:
    try:
        return person_name(given)
    except Unfit as unfit:
        raise Refusal(f"the name {unfit.english}") from None


def _address(given: str) -> str:
    try:
        return email_address(given)
    except Unfit as unfit:
        raise Refusal(f"the address {unfit.english}") from None


def _phone(given: str) -> str:
    try:
        return phone_number(given) if given.strip() else ""
    except Unfit as unfit:
        raise Refusal(f"the phone number {unfit.english}") from None


def _words(given: str) -> str:
    try:
        return line_or_nothing(given, LONGEST_REASON)
    except Unfit as unfit:
        raise Refusal(f"--why {unfit.english}") from None


def _everybody(connection: Connection) -> list[Staff]:
    return [person for role in StaffRole for person in directory.staff_in(connection, role)]


def _nobody_elses(connection: Connection, email: str, but: StaffId | None = None) -> None:
    person = colleagues.holder_of_address(connection, email, but)
    if person is not None:
        raise Refusal(f"{person.name} ({person.role}) has that address already, with the id {person.id}", 1)


def _somebody(connection: Connection, who: str, *, or_left: bool = False) -> Staff:
    try:
        person = directory.staff(connection, StaffId(who))
    except directory.NoSuchStaff:
        raise Refusal(f"there is nobody with the id '{who}'; `klyngeflow staff list` shows them", 1) from None
    if person.left_at and not or_left:
        raise Refusal(f"'{who}' has left", 1)
    return person


def _hold_nothing(database: Database, person: Staff) -> None:
    """Refusal where orders wait for them: their mails would go to operations, and nobody would know why."""
    with database.read() as connection:
        held = colleagues.open_orders_of(connection, person.id)
    if held:
        more = f" and {len(held) - SHOWN} more" if len(held) > SHOWN else ""
        raise Refusal(
            f"{person.name} still has {len(held)} open {'order' if len(held) == 1 else 'orders'}: "
            f"{', '.join(held[:SHOWN])}{more}. Give each to somebody else first: "
            "klyngeflow orders do ORDER assign_consultant consultant=ID",
            1,
        )


def _forget(database: Database, what: str) -> None:
    try:
        forget_erased(database)
    except StillRemembered:
        again = "somebody is using the database; run the same command again later"
        raise Refusal(f"{what} can still be found in the database's files: {again}", 1) from None
