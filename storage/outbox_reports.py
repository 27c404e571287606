"""What has become of mail: counts of a letter, what waits, what somebody should look at."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from domain.model import OrderId
from storage.outbox import Evidence, MailState, OutgoingMail, as_mail, outbox_table

TROUBLED = (MailState.FAILED, MailState.UNKNOWN, MailState.BOUNCED)
"""States somebody should look at."""


@dataclass(frozen=True)
class LetterCounts:
    """How many mails of a letter left, certainly did not, may have, and wait."""

    sent: int
    failed: int
    unknown: int
    waiting: int


def letter_counts(connection: Connection, order_id: OrderId, letter: str) -> LetterCounts:
    """What has become of one letter's mail. One in a running sender's hands counts as waiting."""
    query = (
        select(outbox_table.c.state, func.count().label("mails"))
        .where(outbox_table.c.order_id == order_id, outbox_table.c.letter == letter)
        .group_by(outbox_table.c.state)
    )
    found = Counter({MailState(row.state): row.mails for row in connection.execute(query)})
    return LetterCounts(
        sent=found[MailState.SENT],
        failed=found[MailState.FAILED] + found[MailState.BOUNCED],
        unknown=found[MailState.UNKNOWN],
        waiting=found[MailState.QUEUED] + found[MailState.CLAIMED],
    )


def waiting_letters(connection: Connection, order_id: OrderId, now: dt.datetime) -> dict[str, dt.datetime]:
    """Letters of an order of which mail is queued, by key, each with the instant the first is to be tried."""
    c = outbox_table.c
    query = (
        select(
            c.letter,
            func.count(c.again_at).label("put_off"),
            func.count().label("all"),
            func.min(c.again_at).label("at"),
        )
        .where(c.order_id == order_id, c.state == MailState.QUEUED.value)
        .group_by(c.letter)
    )
    return {row.letter: row.at if row.put_off == row.all else now for row in connection.execute(query)}


def orders_with_mail_that_never_left(connection: Connection) -> list[OrderId]:
    """Orders with mail once unknown of which it was found out that it never left, and that waits since."""
    c = outbox_table.c
    query = select(c.order_id).where(c.state == MailState.QUEUED.value, c.code == Evidence.NEVER_LEFT.value)
    return [OrderId(order_id) for order_id in connection.execute(query.distinct()).scalars()]


def mails_in(
    connection: Connection, states: Collection[MailState], order_id: OrderId | None = None
) -> list[OutgoingMail]:
    """Mails in any of these states: of one order, or of all."""
    query = select(outbox_table).where(outbox_table.c.state.in_([state.value for state in states]))
    if order_id is not None:
        query = query.where(outbox_table.c.order_id == order_id)
    return [as_mail(row) for row in connection.execute(query.order_by(outbox_table.c.queued_at, outbox_table.c.id))]
