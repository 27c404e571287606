"""An order's mails, letter by letter with counts, and each as it was sent; whose it was where that tells nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from domain.authority import Right
from domain.danish import count, listing
from domain.letters import Letter
from domain.model import OrderId
from domain.words import LETTER, next_line
from storage import outbox
from storage.mail_ledger import STATES, mail_lines
from storage.outbox import MailState, OutgoingMail
from web.console.frame import console_page, message_page
from web.console.order.found import find_order, no_such_order
from web.console.orders.filters import ORDERS
from web.console.principal import SignedInStaff
from web.console.router import ConsoleRouter
from web.services import CurrentServices

CANNOT_BE_SHOWN = (
    "Mailen kan ikke vises mere",
    "Det, den handlede om, eller den, den gik til, er slettet.",
)

router = ConsoleRouter()


@dataclass(frozen=True)
class LetterLine:
    """One letter with what became of its mails: "sendt: 12, venter: 1". `mail` is one of them, to be read."""

    what: str
    became: str
    mail: OutgoingMail


def letter_lines(connection: Connection, order_id: OrderId) -> Sequence[LetterLine]:
    """The order's letters, the newest first."""
    heaps: dict[str, list[OutgoingMail]] = {}
    for mail in outbox.mails(connection, order_id):
        heaps.setdefault(mail.letter, []).append(mail)
    return [_line(letter, mails) for letter, mails in reversed(heaps.items())]


def _line(letter: str, mails: Sequence[OutgoingMail]) -> LetterLine:
    counts = {state: sum(mail.state is state for mail in mails) for state in MailState}
    became = listing([f"{number} {STATES[state]}" for state, number in counts.items() if number])
    shown = next((mail for mail in mails if mail.state is MailState.SENT), mails[0])
    many = f" ({count(len(mails), 'mail', 'mails')})" if len(mails) > 1 else ""
    return LetterLine(f"{next_line(f'{LETTER}{Letter.parse(letter).occasion}', {})}{many}", became, shown)


@router.page("/forloeb/{order}/mails/{mail}", needs=Right.READ)
async def mail_as_sent(order: str, mail: str, me: SignedInStaff, services: CurrentServices) -> Response:
    """The mail's words as they were sent, links without their secrets."""
    found = await find_order(services, me, order)
    if found is None:
        return no_such_order(me)

    def read() -> dict[str, Any] | None:
        with services.database.read() as connection:
            row = outbox.mail(connection, mail)
            if row is None or row.order_id != found.order.id:
                return None
            (line,) = mail_lines(connection, [row])
        return {"line": line, "letter": services.letters.as_sent(mail) if services.letters else None}

    facts = await run_in_threadpool(read)
    if facts is None:
        return message_page(me, 404, "Mailen findes ikke", "Forløbet har ingen mail med det nummer.")
    return console_page("console/order/mail.html", me, here=ORDERS, view=found.view, gone=CANNOT_BE_SHOWN, **facts)
