"""`klyngeflow mails`: list those that need somebody, and settle what became of one."""

import datetime as dt
import json
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, the_store
from cli.table import wide_console
from domain import danish
from domain.letters import Letter
from domain.model import OrderId
from domain.words import next_line
from storage import outbox
from storage.outbox import TROUBLED, Evidence, MailState, OutgoingMail

app = typer.Typer(help="Mails that did not arrive, or of which nobody knows.", no_args_is_help=True)

DIGEST = "morning_digest"
"""The one mail that is about many orders, and no order's letter."""
RECIPIENTS = {
    "coordinator": "coordinator",
    "consultant": "consultant",
    "operations": "operations",
    "members": "member",
    "not_answered": "member",
}
STATES: dict[MailState, str] = {
    MailState.QUEUED: "venter",
    MailState.CLAIMED: "sendes",
    MailState.SENT: "sendt",
    MailState.FAILED: "ikke sendt",
    MailState.UNKNOWN: "uvis",
    MailState.DELIVERED: "leveret",
    MailState.BOUNCED: "afvist",
    MailState.SKIPPED: "sprunget over",
}


class Fate(StrEnum):
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
    """Mails that failed or are of unknown fate, by id; never a name, an address or a text.

    failed: it certainly did not leave, and is not tried again.
    unknown: it was handed over and no answer came. It may have left or not,
    so it is not sent again before somebody says what became of it: look for
    its id at the mail provider (SendGrid's activity, the mail server's log),
    then 'mails resolve'.
    """
    with the_store(data) as database, database.read() as connection:
        found = outbox.mails_in(connection, state or TROUBLED, OrderId(order) if order else None)
    if json_:
        typer.echo(json.dumps([_as_json(mail) for mail in found], ensure_ascii=False, indent=1))
        return
    table = Table("Mail", "Bestilling", "Brev", "Tilstand", "Siden", "Kode", box=None)
    for mail in found:
        since = _since(mail)
        when = f"{danish.short_date(since)} {danish.clock(since)}"
        table.add_row(mail.id, mail.order_id, _letter_line(mail), STATES[mail.state], when, mail.code or "")
    wide_console().print(table if found else "Ingen mails.")


@app.command()
def resolve(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help="The mail's id, as 'mails list' shows it.")],
    fate: Annotated[Fate, typer.Argument(metavar="left|never-left", help="What you found out.")],
    data: DataOption = None,
) -> None:
    """Settle a mail of unknown fate by what was found out at the mail provider.

    left: it is marked as sent, and never sent again.
    never-left: it may be sent again. Within a quarter of an hour the order's
    workflow is asked to send that letter once more to those who lack it,
    in mail hours and by the rules of that moment: nobody gets it who has
    answered, has left, has opted out or whose address bounced. A letter
    overtaken by events (a closed survey, a meeting held, an ended order)
    is not sent; the mail is then listed as 'skipped'.
    """
    evidence = Evidence.ACCEPTED if fate is Fate.LEFT else Evidence.NEVER_LEFT
    with the_store(data) as database, database.write() as connection:
        found = outbox.mail(connection, mail)
        if found is None:
            raise Refusal(f"there is no mail '{mail}'; `klyngeflow mails list` shows those that need somebody", 1)
        if not outbox.resolve_unknown(connection, mail, evidence, dt.datetime.now(dt.UTC)):
            raise Refusal(f"the mail '{mail}' is {found.state}; only one of unknown fate can be settled", 1)
    if fate is Fate.LEFT:
        typer.echo(f"{mail}: marked as sent.")
    else:
        typer.echo(f"{mail}: will be sent again at the next mail time, if its letter is still worth sending.")


def _as_json(mail: OutgoingMail) -> dict[str, Any]:
    letter = _letter(mail)
    return {
        "mail": mail.id,
        "order": mail.order_id if letter else None,
        "occasion": letter.occasion if letter else DIGEST,
        "round": letter.round if letter else None,
        "recipient": RECIPIENTS[letter.manner.to] if letter else "staff",
        "state": mail.state,
        "since": _since(mail).isoformat(),
        "attempts": mail.attempts,
        "code": mail.code,
    }


def _letter(mail: OutgoingMail) -> Letter | None:
    return None if mail.letter.startswith(f"{DIGEST}/") else Letter.parse(mail.letter)


def _letter_line(mail: OutgoingMail) -> str:
    letter = _letter(mail)
    return next_line(f"letter.{letter.occasion}", {}) if letter else "Morgenens liste til en af KiAPs egne"


def _since(mail: OutgoingMail) -> dt.datetime:
    return mail.sent_at or mail.claimed_at or mail.queued_at
