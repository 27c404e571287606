"""`klyngeflow people`: find a doctor, and stop or allow mail to them."""

import datetime as dt
import json
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from cli.acting import note
from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, keys_for, settings_for, the_store
from cli.table import wide_console
from domain.model import PersonId
from storage import people, suppressions
from storage.audit import Deed, Subject
from storage.people import Person
from storage.suppressions import Mailbox, Suppressed

app = typer.Typer(help="Doctors and coordinators: who they are, and whether they get mail.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="ID", help="As 'people find' shows it.")]
STATES = {Suppressed.OPTED_OUT: "har sagt nej tak", Suppressed.BOUNCED: "adressen tager ikke imod"}


@app.command()
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Part of a name or of an address.")],
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Who is called so, with the ids that commands take, their orders, and whether they get mail."""
    with the_store(data) as database, database.read() as connection:
        found = people.find(connection, text)
        orders = people.orders_with(connection, [each.id for each in found])
        boxes = {each.id: Mailbox(each.name, each.email) for each in found}
        stopped = suppressions.suppressed(connection, keys_for(data), boxes.values())
    if json_:
        told = [
            {
                "person": each.id,
                "name": each.name,
                "email": each.email,
                "orders": orders.get(each.id, []),
                "no_mail": sorted(stopped.get(boxes[each.id], ())),
            }
            for each in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    table = Table("Id", "Navn", "Mailadresse", "Bestillinger", "Mails", box=None)
    for each in found:
        reasons = ", ".join(STATES[why] for why in sorted(stopped.get(boxes[each.id], ())))
        table.add_row(each.id, escape(each.name), escape(each.email), ", ".join(orders.get(each.id, [])), reasons)
    wide_console().print(table if found else "Ingen hedder det.")


@app.command("stop-mail")
def stop_mail(who: Who, data: DataOption = None) -> None:
    """They want no more mail about any package: noted for name and address, for this order and later ones."""
    with the_store(data) as database, database.write() as connection:
        box = _mailbox(_somebody(connection, who))
        suppressions.suppress(connection, keys_for(data), box, Suppressed.OPTED_OUT, dt.datetime.now(dt.UTC))
        note(connection, settings_for(data).staff, Deed.MAIL_STOPPED, Subject(about=who))
    typer.echo(f"{who}: gets no more mail as a member.")


@app.command("allow-mail")
def allow_mail(who: Who, data: DataOption = None) -> None:
    """They want mail again, or their address is known to work again."""
    with the_store(data) as database, database.write() as connection:
        box, keys = _mailbox(_somebody(connection, who)), keys_for(data)
        lifted = [why for why in Suppressed if suppressions.allow(connection, keys, box, why)]
        if lifted:
            note(connection, settings_for(data).staff, Deed.MAIL_ALLOWED, Subject(about=who))
    typer.echo(f"{who}: {'gets mail again' if lifted else 'was getting mail already'}.")


def _somebody(connection: Connection, who: str) -> Person:
    try:
        person = people.person(connection, PersonId(who))
    except people.NoSuchPerson:
        raise Refusal(f"there is nobody with the id '{who}'; `klyngeflow people find TEXT` shows them", 1) from None
    if person.erased_at is not None:
        raise Refusal(f"'{who}' is erased", 1)
    return person


def _mailbox(person: Person) -> Mailbox:
    return Mailbox(person.name, person.email)
