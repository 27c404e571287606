"""`klyngeflow mails`: those that need somebody, why one went or did not go, and settling what became of one."""

import datetime as dt
import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from cli.acting import note
from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, keys_for, moment, settings_for, the_store
from cli.table import wide_console
from domain.mailings import mailing_of
from domain.model import OrderId
from domain.words import next_line
from storage import outbox, outbox_reports
from storage.audit import Deed, Subject
from storage.mail_ledger import DIGEST, MailLine, mail_lines
from storage.outbox import Evidence, MailState
from storage.outbox_reports import TROUBLED

app = typer.Typer(help="Mails: which need somebody, and why one went or did not.", no_args_is_help=True)

RECIPIENTS = {
    "coordinator": "coordinator",
    "consultant": "consultant",
    "operations": "operations",
    "members": "member",
    "not_answered": "member",
}


class Finding(StrEnum):
    """What became of a mail, as somebody has found out."""

    LEFT = "left"
    NEVER_LEFT = "never-left"


@app.command("list")
def list_mails(
    state: Annotated[
        list[MailState] | None, typer.Option(help="Those in this state; may be given more than once.")
    ] = None,
    order: Annotated[str | None, typer.Option(metavar="ORDER", help="Those of this order.")] = None,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Mails that failed, were refused or are of unknown outcome, and whose they are; never a text.

    failed: it certainly did not leave, and is not tried again.
    bounced: the address takes no mail; correct it ('orders do ORDER readdress_member').
    unknown: it was handed over and no answer came. It may have left or not,
    so it is not sent again before somebody says what became of it: look for
    its id at the mail provider (SendGrid's activity, the mail server's log),
    then 'mails resolve'.
    """
    with the_store(data) as database, database.read() as connection:
        found = outbox_reports.mails_in(connection, state or TROUBLED, OrderId(order) if order else None)
        lines = mail_lines(connection, found)
    if json_:
        typer.echo(json.dumps([_as_json(line) for line in lines], ensure_ascii=False, indent=1))
        return
    table = Table("Mail", "Bestilling", "Brev", "Til", "Tilstand", "Siden", "Kode", box=None)
    for line in lines:
        mail, to = line.mail, escape(line.reader)
        table.add_row(mail.id, mail.order_id, line.what, to, line.state, moment(line.since), mail.code or "")
    wide_console().print(table if lines else "Ingen mails.")


@app.command()
def why(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's number.")],
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id, part of the name, or address.")],
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Every letter of an order that is or was for somebody: when it went, when it will, or why it does not."""
    from cli.mails_why import account_of

    with the_store(data) as database:
        account = account_of(database, keys_for(data), OrderId(order), person, dt.datetime.now(dt.UTC))
    if json_:
        told = [
            {"letter": line.letter.key, "at": line.at.isoformat(), "state": line.state, "why": line.why}
            for line in account.lines
        ]
        typer.echo(json.dumps({"person": account.person, "letters": told}, ensure_ascii=False, indent=1))
        return
    console = wide_console()
    console.print(f"[bold]{escape(account.name)}[/bold] ({account.person})")
    for stands in account.standing:
        console.print(f"  [red]{stands}[/red]")
    table = Table("", "Brev", "", "", box=None)
    for line in account.lines:
        table.add_row(moment(line.at), next_line(f"letter.{line.letter.occasion}", {}), line.state, line.why)
    console.print(table if account.lines else "Ingen breve endnu.")


@app.command()
def resolve(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help="The mail's id, as 'mails list' shows it.")],
    finding: Annotated[Finding, typer.Argument(metavar="left|never-left", help="What you found out.")],
    data: DataOption = None,
) -> None:
    """Settle a mail of unknown outcome by what was found out at the mail provider.

    left: it is marked as sent, and never sent again.
    never-left: it may be sent again. Within a quarter of an hour the order's
    workflow looks at it and sends it to those who lack it,
    in mail hours and by the rules of that moment: nobody gets it who has
    answered, has left, wants no mail or whose address bounced. A letter
    overtaken by events (a closed survey, a meeting held, an ended order)
    is not sent; 'mails why' then says so.
    """
    evidence = Evidence.LEFT if finding is Finding.LEFT else Evidence.NEVER_LEFT

    def settle(connection: Connection, mail: str, now: dt.datetime) -> bool:
        return outbox.resolve_unknown(connection, mail, evidence, now)

    refused = "; only one of unknown outcome can be settled"
    _done_to(mail, data, settle, Deed.MAIL_RESOLVED, refused, finding=evidence.value)
    if finding is Finding.LEFT:
        typer.echo(f"{mail}: marked as sent.")
    else:
        typer.echo(f"{mail}: will be sent again at the next mail time, if its letter is still worth sending.")


@app.command()
def again(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help="The mail's id, as 'mails list' shows it.")],
    data: DataOption = None,
) -> None:
    """Have a mail that certainly did not leave tried again, by the rules of that moment (see 'resolve')."""
    _done_to(mail, data, outbox.try_again, Deed.MAIL_AGAIN, "; only one that failed can be tried again")
    typer.echo(f"{mail}: will be sent again at the next mail time, if its letter is still worth sending.")


@app.command("set-aside")
def set_aside(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help="The mail's id, as 'mails list' shows it.")],
    data: DataOption = None,
) -> None:
    """Leave a mail that did not leave as it is: it is off 'klyngeflow tasks' and the morning list from now on."""
    refused = " or set aside already; only one that failed can be"
    _done_to(mail, data, outbox.set_aside, Deed.MAIL_SET_ASIDE, refused)
    typer.echo(f"{mail}: set aside. 'mails again' still tries it again.")


def _done_to(
    mail: str,
    data: Path | None,
    change: Callable[[Connection, str, dt.datetime], bool],
    deed: Deed,
    refused: str,
    **facts: str,
) -> None:
    """Do it to a mail, with its line in the log. Raises Refusal where there is none, or as it is it can't be done."""
    with the_store(data) as database, database.write() as connection:
        found = outbox.mail(connection, mail)
        if found is None:
            raise Refusal(f"there is no mail '{mail}'; `klyngeflow mails list` shows those that need somebody", 1)
        if not change(connection, mail, dt.datetime.now(dt.UTC)):
            raise Refusal(f"the mail '{mail}' is {found.state}{refused}", 1)
        subject = Subject(about=mail, order_id=found.order_id, facts=facts)
        note(connection, settings_for(data).staff, deed, subject)


def _as_json(line: MailLine) -> dict[str, Any]:
    mail, letter = line.mail, line.letter
    return {
        "mail": mail.id,
        "order": mail.order_id if letter else None,
        "occasion": letter.occasion if letter else DIGEST,
        "round": letter.round if letter else None,
        "recipient": RECIPIENTS[mailing_of(letter).to] if letter else "staff",
        "who": None if line.is_discreet else mail.recipient,
        "name": line.reader,
        "state": mail.state,
        "since": line.since.isoformat(),
        "attempts": mail.attempts,
        "code": mail.code,
    }
