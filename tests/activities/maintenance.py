"""What tests of maintenance stand on: orders that do nothing, a Monday in spring, mails that fail."""

import asyncio
import datetime as dt

from activities.digest import NO_ORDER
from activities.maintenance import MaintenanceActivities
from activities.notify import LetterActivities, SendLetters
from domain.by import By
from domain.commands import AnyCommand
from domain.model import OrderId, Rejected
from domain.order import LetterRecord
from mail.envelope import Envelope
from mail.sending import Receipt, UnknownOutcome
from storage import outbox
from storage.outbox import MailState, OutgoingMail, To
from tests.activities.desk import Desk, run

MONDAY = dt.datetime(2031, 4, 21, 6, 35, tzinfo=dt.UTC)
A_DAY = dt.timedelta(days=1)
INVITATION = "invitation/baseline/"


class Refusing:
    """Orders that refuse every command; who was woken is kept."""

    def __init__(self) -> None:
        self.woken: list[OrderId] = []

    async def start_missing(self, orders: list[OrderId]) -> int:
        return len(orders)

    async def look_again(self, order_id: OrderId) -> None:
        self.woken.append(order_id)

    async def execute(self, order_id: OrderId, command: AnyCommand, *, by: By, request_id: str) -> object:
        raise Rejected("no", f"{order_id} {command.type} {by.who} {request_id}")


def a_mail_fails(desk: Desk, number: int, now: dt.datetime) -> None:
    with desk.stack.database.write() as connection:
        (failed,) = outbox.queue(connection, desk.order_id, f"plan_agreed//{number}", [To(desk.order.coordinator)], now)
        outbox.claim(connection, failed.id, now)
        outbox.mark_failed(connection, failed.id, "smtp_550")


def maintenance(desk: Desk, orders: Refusing | None = None) -> MaintenanceActivities:
    return MaintenanceActivities(desk.at, orders or Refusing())


def morning(desk: Desk, now: dt.datetime) -> str:
    return asyncio.run(maintenance(desk).morning(now))


def digests(desk: Desk) -> list[OutgoingMail]:
    with desk.stack.database.read() as connection:
        return outbox.mails(connection, NO_ORDER)


def send_invitations(desk: Desk, *, settle: bool = False) -> LetterRecord:
    """As the order's workflow does: what became of them is recorded."""
    keys = {"keys": (), "settle": (INVITATION,)} if settle else {"keys": (INVITATION,)}
    ask = SendLetters(order=desk.order_id, known=desk.order.version, now=desk.now, **keys)
    run(LetterActivities(desk.at).send_letters, ask)
    return desk.order.letters[INVITATION]


def invitations_of_which_two_are_unknown(desk: Desk) -> list[OutgoingMail]:
    """The two that nobody knows about."""
    desk.open_survey()
    handed_over = 0

    def two_without_an_answer(envelope: Envelope) -> Receipt:
        nonlocal handed_over
        handed_over += 1
        if handed_over <= 2:
            raise UnknownOutcome("smtp_no_answer")
        return Receipt(envelope.outbox_id)

    desk.post.outcome = two_without_an_answer
    assert send_invitations(desk).unknown == 2
    desk.post.outcome = lambda _envelope: Receipt("ok")
    return [mail for mail in desk.mails(INVITATION) if mail.state is MailState.UNKNOWN]
