"""Mail on its way: one row per order, letter and recipient, so that nobody gets the same letter twice.

queued → claimed → sent | failed | unknown → delivered | bounced, or skipped with a reason. Claimed before it is sent;
whatever became of an `unknown` one, it isn't sent again without evidence that the first never left.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import text as sql

from domain.model import OrderId
from storage.columns import Instant
from storage.database import metadata
from storage.ids import new_id
from storage.insert_once import insert_missing


class MailState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    SKIPPED = "skipped"


class Evidence(StrEnum):
    """What was found out about a mail of unknown fate."""

    NEVER_LEFT = "never_left"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    GIVEN_UP = "given_up"


TROUBLED = (MailState.FAILED, MailState.UNKNOWN)
"""States somebody should look at."""

UNSETTLED = (MailState.QUEUED, MailState.CLAIMED, MailState.UNKNOWN)
"""States that still ask for something to be done."""

_UNSETTLED_ONLY = sql("state IN ('queued', 'claimed', 'unknown')")

# Personal data: that a contact, by id, was written to on an occasion. No name, no address, no content, and error codes
# only (`CODE`). A reminder not sent tells that somebody had answered by that day. Removed with the order (`erase`), and
# what is of no order by `erase_mails`.
outbox_table = Table(
    "outbox",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("letter", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("provider_message_id", String),
    Column("code", String(64)),
    Column("queued_at", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("sent_at", Instant),
    UniqueConstraint("order_id", "letter", "recipient"),
    CheckConstraint(f"state IN ({', '.join(repr(state.value) for state in MailState)})", name="state"),
    Index("ix_outbox_unsettled", "state", sqlite_where=_UNSETTLED_ONLY, postgresql_where=_UNSETTLED_ONLY),
    Index(None, "recipient"),
)

# What the mail provider reported, to know a report that comes twice. Ids and times only. Removed with the order.
provider_event_table = Table(
    "provider_event",
    metadata,
    Column("outbox_id", String, primary_key=True),
    Column("event", String, primary_key=True),
    Column("happened_at", Instant, primary_key=True),
    Column("message_id", String, primary_key=True),
    Column("received_at", Instant, nullable=False),
)

# Contacts who want no more mail, by id. Kept, so that it goes on being respected.
opted_out_table = Table(
    "opted_out",
    metadata,
    Column("recipient", String, primary_key=True),
    Column("since", Instant, nullable=False),
)

CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}")
"""An error or a reason: `smtp_550`, `answered`. Never a provider's sentence, which may quote the address."""

ORPHANED = "orphaned"


@dataclass(frozen=True)
class OutgoingMail:
    """One row. `code` is why it failed, is unknown or was skipped."""

    id: str
    order_id: OrderId
    letter: str
    recipient: str
    state: MailState
    attempts: int
    provider_message_id: str | None
    code: str | None
    queued_at: dt.datetime
    claimed_at: dt.datetime | None
    sent_at: dt.datetime | None


def queue(
    connection: Connection, order_id: OrderId, letter: str, recipients: Iterable[str], now: dt.datetime
) -> list[OutgoingMail]:
    """Rows for these recipients (contact or staff ids), made where they lack. All of them, whatever their state."""
    wanted = list(dict.fromkeys(recipients))
    rows = [
        {
            "id": new_id(),
            "order_id": order_id,
            "letter": letter,
            "recipient": recipient,
            "state": MailState.QUEUED.value,
            "attempts": 0,
            "queued_at": now,
        }
        for recipient in sorted(wanted)  # one order of locking for all
    ]
    insert_missing(connection, outbox_table, rows)
    present = {row.recipient: row for row in mails(connection, order_id, letter)}
    return [present[recipient] for recipient in wanted]


def mail(connection: Connection, mail_id: str) -> OutgoingMail | None:
    """One row, or None."""
    row = connection.execute(select(outbox_table).where(outbox_table.c.id == mail_id)).one_or_none()
    return None if row is None else _mail(row)


def mails(connection: Connection, order_id: OrderId, letter: str | None = None) -> list[OutgoingMail]:
    """An order's mails, or those of one letter."""
    query = select(outbox_table).where(outbox_table.c.order_id == order_id)
    if letter is not None:
        query = query.where(outbox_table.c.letter == letter)
    query = query.order_by(outbox_table.c.queued_at, outbox_table.c.id)
    return [_mail(row) for row in connection.execute(query)]


def unsettled(connection: Connection, order_id: OrderId | None = None) -> list[OutgoingMail]:
    """Mails queued, claimed or unknown: of one order, or of all."""
    query = select(outbox_table).where(_UNSETTLED_ONLY).order_by(outbox_table.c.queued_at, outbox_table.c.id)
    if order_id is not None:
        query = query.where(outbox_table.c.order_id == order_id)
    return [_mail(row) for row in connection.execute(query)]


def mails_in(
    connection: Connection, states: Collection[MailState], order_id: OrderId | None = None
) -> list[OutgoingMail]:
    """Mails in any of these states: of one order, or of all."""
    query = select(outbox_table).where(outbox_table.c.state.in_([state.value for state in states]))
    if order_id is not None:
        query = query.where(outbox_table.c.order_id == order_id)
    return [_mail(row) for row in connection.execute(query.order_by(outbox_table.c.queued_at, outbox_table.c.id))]


def never_left(connection: Connection) -> list[OutgoingMail]:
    """Mails once unknown of which it was found out that they never left, and that have not been tried again since."""
    return [
        mail
        for mail in unsettled(connection)
        if mail.state is MailState.QUEUED and mail.code == Evidence.NEVER_LEFT.value
    ]


def troubled(connection: Connection, since: dt.datetime) -> dict[MailState, int]:
    """How many mails are unknown, whenever that began, and how many failed at their last try since this instant."""
    state, last_try = outbox_table.c.state, outbox_table.c.claimed_at
    query = (
        select(state, func.count().label("mails"))
        .where(
            or_(
                state == MailState.UNKNOWN.value,
                and_(state == MailState.FAILED.value, last_try >= since),
            )
        )
        .group_by(state)
    )
    found = Counter({MailState(row.state): row.mails for row in connection.execute(query)})
    return {state: found[state] for state in TROUBLED}


def last_written(connection: Connection, order_id: OrderId, recipient: str) -> dt.datetime | None:
    """When the newest of this order's mails that has got through to the recipient was written; None without one."""
    query = select(func.max(outbox_table.c.claimed_at)).where(
        outbox_table.c.order_id == order_id,
        outbox_table.c.recipient == recipient,
        outbox_table.c.state.in_([MailState.SENT.value, MailState.DELIVERED.value]),
    )
    written: dt.datetime | None = connection.execute(query).scalar_one()
    return written


def counts(connection: Connection, order_id: OrderId, letter: str) -> dict[MailState, int]:
    """How many mails of one letter are in each state; every state is there."""
    query = (
        select(outbox_table.c.state, func.count().label("mails"))
        .where(outbox_table.c.order_id == order_id, outbox_table.c.letter == letter)
        .group_by(outbox_table.c.state)
    )
    found = Counter({MailState(row.state): row.mails for row in connection.execute(query)})
    return {state: found[state] for state in MailState}


# --- what happens to a mail: each says whether the row was in a state that allows it ---------------------------------


def claim(connection: Connection, mail_id: str, now: dt.datetime) -> bool:
    """Take a queued mail for sending. False where somebody else has it or it is past that. Commit before sending."""
    return _move(
        connection,
        mail_id,
        (MailState.QUEUED,),
        MailState.CLAIMED,
        attempts=outbox_table.c.attempts + 1,
        claimed_at=now,
        code=None,
    )


def mark_sent(connection: Connection, mail_id: str, provider_message_id: str | None, now: dt.datetime) -> bool:
    """The provider has taken it."""
    return _move(
        connection,
        mail_id,
        (MailState.CLAIMED, MailState.UNKNOWN),
        MailState.SENT,
        provider_message_id=provider_message_id,
        sent_at=now,
        code=None,
    )


def mark_failed(
    connection: Connection, mail_id: str, code: str, *, again: bool = False, attempt: int | None = None
) -> bool:
    """It certainly did not leave. With `again` it is queued anew, else that was the end.

    Who claimed it as its `attempt` may say so even after being taken for dead.
    """
    state = MailState.QUEUED if again else MailState.FAILED
    c, mine = outbox_table.c, outbox_table.c.state == MailState.CLAIMED.value
    if attempt is not None:
        taken_for_dead = and_(c.state == MailState.UNKNOWN.value, c.code == ORPHANED)
        mine = and_(c.attempts == attempt, or_(mine, taken_for_dead))
    changed = connection.execute(
        update(outbox_table).where(c.id == mail_id, mine).values(state=state.value, code=_checked(code))
    )
    return changed.rowcount == 1


def mark_unknown(connection: Connection, mail_id: str, code: str) -> bool:
    """It may have left or not: a timeout, a broken connection."""
    return _move(connection, mail_id, (MailState.CLAIMED,), MailState.UNKNOWN, code=_checked(code))


def mark_skipped(connection: Connection, mail_id: str, reason: str) -> bool:
    """Decided at the moment of sending: not this one (`answered`, `opted_out`, `bounced`, `closed` …)."""
    before = (MailState.QUEUED, MailState.CLAIMED)
    return _move(connection, mail_id, before, MailState.SKIPPED, code=_checked(reason))


def mark_delivered(connection: Connection, mail_id: str) -> bool:
    """The recipient's server has it. The report may overtake our own note that it was sent."""
    before = (MailState.CLAIMED, MailState.SENT, MailState.UNKNOWN)
    return _move(connection, mail_id, before, MailState.DELIVERED, code=None)


def mark_bounced(connection: Connection, mail_id: str, code: str) -> bool:
    """The recipient's server refused it, perhaps after it first took it."""
    before = (MailState.CLAIMED, MailState.SENT, MailState.UNKNOWN, MailState.DELIVERED)
    return _move(connection, mail_id, before, MailState.BOUNCED, code=_checked(code))


def settle_orphans(connection: Connection, claimed_before: dt.datetime) -> int:
    """Mails claimed by a process that has died are unknown; how many there were."""
    changed = connection.execute(
        update(outbox_table)
        .where(outbox_table.c.state == MailState.CLAIMED.value, outbox_table.c.claimed_at < claimed_before)
        .values(state=MailState.UNKNOWN.value, code=ORPHANED)
    )
    return changed.rowcount


def resolve_unknown(connection: Connection, mail_id: str, evidence: Evidence, now: dt.datetime) -> bool:
    """Settle an unknown mail by what was found out. Only `NEVER_LEFT` lets it be sent again."""
    values: dict[str, Any] = {"code": evidence.value}
    match evidence:
        case Evidence.NEVER_LEFT:
            state = MailState.QUEUED
        case Evidence.ACCEPTED:
            state = MailState.SENT
            values["sent_at"] = now
        case Evidence.DELIVERED:
            state = MailState.DELIVERED
        case Evidence.BOUNCED:
            state = MailState.BOUNCED
        case Evidence.GIVEN_UP:
            state = MailState.FAILED
    return _move(connection, mail_id, (MailState.UNKNOWN,), state, **values)


# --- what is known of a recipient -----------------------------------------------------------------------------------


def bounced(connection: Connection, recipients: Collection[str]) -> set[str]:
    """Those of the recipients whose address has refused a mail. A corrected address is a new contact, with no past."""
    query = select(outbox_table.c.recipient).where(
        outbox_table.c.recipient.in_(recipients), outbox_table.c.state == MailState.BOUNCED.value
    )
    return set(connection.execute(query).scalars())


def opt_out(connection: Connection, recipient: str, now: dt.datetime) -> None:
    """No more mail to this contact. Safe to repeat."""
    insert_missing(connection, opted_out_table, [{"recipient": recipient, "since": now}])


def opted_out(connection: Connection, recipients: Collection[str]) -> set[str]:
    """Those of the recipients who want no mail."""
    table = opted_out_table
    return set(connection.execute(select(table.c.recipient).where(table.c.recipient.in_(recipients))).scalars())


# --- what the provider reports --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProviderEvent:
    """One report about a mail: its row's id, the provider's word for what happened, when, and its message id."""

    mail_id: str
    event: str
    happened_at: dt.datetime
    message_id: str = ""


def is_news(connection: Connection, event: ProviderEvent, now: dt.datetime) -> bool:
    """Note a report; false where the same came before. In one transaction with what it leads to."""
    row = {
        "outbox_id": event.mail_id,
        "event": event.event,
        "happened_at": event.happened_at,
        "message_id": event.message_id,
        "received_at": now,
    }
    return insert_missing(connection, provider_event_table, [row]) == 1


def withdraw(connection: Connection, mail_id: str) -> bool:
    """Remove a mail that has not left and won't, as if never meant: when that was decided is nobody's to know."""
    waiting = outbox_table.c.state.in_([MailState.QUEUED.value, MailState.CLAIMED.value])
    return connection.execute(delete(outbox_table).where(outbox_table.c.id == mail_id, waiting)).rowcount == 1


def erase_mails(connection: Connection, mail_ids: Collection[str]) -> None:
    """Remove these mails and what was reported on them."""
    connection.execute(delete(provider_event_table).where(provider_event_table.c.outbox_id.in_(mail_ids)))
    connection.execute(delete(outbox_table).where(outbox_table.c.id.in_(mail_ids)))


def erase(connection: Connection, order_id: OrderId) -> None:
    """Remove an order's mails and what was reported on them."""
    ids = select(outbox_table.c.id).where(outbox_table.c.order_id == order_id)
    connection.execute(delete(provider_event_table).where(provider_event_table.c.outbox_id.in_(ids)))
    connection.execute(delete(outbox_table).where(outbox_table.c.order_id == order_id))


def _move(
    connection: Connection,
    mail_id: str,
    before: tuple[MailState, ...],
    after: MailState,
    **values: Any,  # noqa: ANN401
) -> bool:
    changed = connection.execute(
        update(outbox_table)
        .where(outbox_table.c.id == mail_id, outbox_table.c.state.in_([state.value for state in before]))
        .values(state=after.value, **values)
    )
    return changed.rowcount == 1


def _checked(code: str) -> str:
    if CODE.fullmatch(code) is None:
        msg = "an error or a reason is a short code, not a sentence"
        raise ValueError(msg)
    return code


def _mail(row: Row[*tuple[Any, ...]]) -> OutgoingMail:
    return OutgoingMail(
        id=row.id,
        order_id=OrderId(row.order_id),
        letter=row.letter,
        recipient=row.recipient,
        state=MailState(row.state),
        attempts=row.attempts,
        provider_message_id=row.provider_message_id,
        code=row.code,
        queued_at=row.queued_at,
        claimed_at=row.claimed_at,
        sent_at=row.sent_at,
    )
