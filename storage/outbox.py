"""Mail on its way: one row per order, letter, recipient and address, so that nobody gets the same letter twice.

queued → claimed → sent | failed | unknown | bounced, or skipped with a reason. Claimed before it is sent; whatever
became of an `unknown` one, it isn't sent again without evidence that the first never left. `storage/outbox_reports.py`
asks what has become of many.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    and_,
    delete,
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
    BOUNCED = "bounced"
    SKIPPED = "skipped"


class Evidence(StrEnum):
    """What was found out about a mail of unknown outcome."""

    NEVER_LEFT = "never_left"
    LEFT = "left"


REFUSED = sql("(state = 'bounced' OR (state = 'skipped' AND code = 'bounced'))")
"""The address has refused this mail, or an earlier one. Written out, for SQLite to find the index by it."""
UNSETTLED = sql("(state IN ('unknown', 'failed', 'bounced') AND set_aside_at IS NULL)")
"""In trouble, and nobody has said that it may stay so. Written out likewise."""

# Personal data: that somebody, by id, was written to on an occasion. No name, no address, no content, and error codes
# only (`CODE`). A reminder not sent tells that somebody had answered by that day. Removed with the order (`erase`), and
# what is of no order by `erase_mails`. `again_at`: not to be tried before. `set_aside_at`: it did not leave, and
# somebody has said that it need not.
outbox_table = Table(
    "outbox",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("letter", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("address", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("provider_message_id", String),
    Column("code", String(64)),
    Column("queued_at", Instant, nullable=False),
    Column("again_at", Instant),
    Column("claimed_at", Instant),
    Column("sent_at", Instant),
    Column("set_aside_at", Instant),
    UniqueConstraint("order_id", "letter", "recipient", "address"),
    CheckConstraint(f"state IN ({', '.join(repr(state.value) for state in MailState)})", name="state"),
    Index(None, "state", "queued_at", "id"),
    Index(None, "recipient", "state", "sent_at"),
    Index("ix_outbox_refused", "order_id", sqlite_where=REFUSED, postgresql_where=REFUSED),
    Index("ix_outbox_unsettled", "order_id", "letter", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
)

CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}")
"""An error or a reason: `smtp_550`, `told_today`. Never a provider's sentence, which may quote the address."""

ORPHANED = "orphaned"


@dataclass(frozen=True, order=True)
class To:
    """A recipient: a person or one of KiAP's own, at one of the addresses they have had."""

    recipient: str
    address: int = 1


@dataclass(frozen=True)
class OutgoingMail:
    """One row. `code` is why it failed, is unknown, bounced or was skipped."""

    id: str
    order_id: OrderId
    letter: str
    recipient: str
    address: int
    state: MailState
    attempts: int
    provider_message_id: str | None
    code: str | None
    queued_at: dt.datetime
    again_at: dt.datetime | None
    claimed_at: dt.datetime | None
    sent_at: dt.datetime | None
    set_aside_at: dt.datetime | None

    @property
    def to(self) -> To:
        return To(self.recipient, self.address)


def queue(
    connection: Connection, order_id: OrderId, letter: str, recipients: Iterable[To], now: dt.datetime
) -> list[OutgoingMail]:
    """Rows for these recipients, made where they lack. All of them, whatever their state."""
    wanted = list(dict.fromkeys(recipients))
    rows = [
        {
            "id": new_id(),
            "order_id": order_id,
            "letter": letter,
            "recipient": to.recipient,
            "address": to.address,
            "state": MailState.QUEUED.value,
            "attempts": 0,
            "queued_at": now,
        }
        for to in sorted(wanted)  # one order of locking for all
    ]
    insert_missing(connection, outbox_table, rows)
    present = {mail.to: mail for mail in mails(connection, order_id, letter)}
    return [present[to] for to in wanted]


def mail(connection: Connection, mail_id: str) -> OutgoingMail | None:
    """One row, or None."""
    row = connection.execute(select(outbox_table).where(outbox_table.c.id == mail_id)).one_or_none()
    return None if row is None else as_mail(row)


def mails(connection: Connection, order_id: OrderId, letter: str | None = None) -> list[OutgoingMail]:
    """An order's mails, or those of one letter, the oldest first."""
    query = select(outbox_table).where(outbox_table.c.order_id == order_id)
    if letter is not None:
        query = query.where(outbox_table.c.letter == letter)
    query = query.order_by(outbox_table.c.queued_at, outbox_table.c.id)
    return [as_mail(row) for row in connection.execute(query)]


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
        again_at=None,
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
    connection: Connection, mail_id: str, code: str, *, again_at: dt.datetime | None = None, attempt: int | None = None
) -> bool:
    """It certainly did not leave. With `again_at` it is queued anew, else that was the end.

    Who claimed it as its `attempt` may say so even after being taken for dead.
    """
    state = MailState.QUEUED if again_at else MailState.FAILED
    c = outbox_table.c
    mine: ColumnElement[bool] = c.state.in_([MailState.CLAIMED.value, MailState.QUEUED.value])
    if attempt is not None:
        taken_for_dead = and_(c.state == MailState.UNKNOWN.value, c.code == ORPHANED)
        mine = and_(c.attempts == attempt, or_(c.state == MailState.CLAIMED.value, taken_for_dead))
    changed = connection.execute(
        update(outbox_table)
        .where(c.id == mail_id, mine)
        .values(state=state.value, code=_checked(code), again_at=again_at)
    )
    return changed.rowcount == 1


def mark_unknown(connection: Connection, mail_id: str, code: str) -> bool:
    """It may have left or not: a timeout, a broken connection."""
    return _move(connection, mail_id, (MailState.CLAIMED,), MailState.UNKNOWN, code=_checked(code))


def mark_bounced(connection: Connection, mail_id: str, code: str) -> bool:
    """The recipient's server has refused the address for good."""
    return _move(connection, mail_id, (MailState.CLAIMED,), MailState.BOUNCED, code=_checked(code))


def mark_skipped(connection: Connection, mail_id: str, reason: str) -> bool:
    """Decided at the moment of sending: not this one (`WhyNot`)."""
    before = (MailState.QUEUED, MailState.CLAIMED)
    return _move(connection, mail_id, before, MailState.SKIPPED, code=_checked(reason), again_at=None)


def put_off(connection: Connection, mail_ids: Collection[str], again_at: dt.datetime) -> None:
    """Not to be tried before this instant."""
    c = outbox_table.c
    connection.execute(
        update(outbox_table).where(c.id.in_(mail_ids), c.state == MailState.QUEUED.value).values(again_at=again_at)
    )


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
    if evidence is Evidence.NEVER_LEFT:
        return _move(connection, mail_id, (MailState.UNKNOWN,), MailState.QUEUED, code=evidence.value, again_at=now)
    return _move(connection, mail_id, (MailState.UNKNOWN,), MailState.SENT, code=evidence.value, sent_at=now)


def try_again(connection: Connection, mail_id: str, now: dt.datetime) -> bool:
    """Have a mail that certainly did not leave sent by its order once more, by the rules of that moment."""
    return _move(
        connection,
        mail_id,
        (MailState.FAILED,),
        MailState.QUEUED,
        code=Evidence.NEVER_LEFT.value,
        again_at=now,
        set_aside_at=None,
    )


def set_aside(connection: Connection, mail_id: str, now: dt.datetime) -> bool:
    """Nobody need look any more at a mail that did not leave: it stays as it is, and off the list of what needs one."""
    c = outbox_table.c
    did_not_leave = c.state.in_([MailState.FAILED.value, MailState.BOUNCED.value])
    changed = connection.execute(
        update(outbox_table).where(c.id == mail_id, did_not_leave, c.set_aside_at.is_(None)).values(set_aside_at=now)
    )
    return changed.rowcount == 1


def withdraw(connection: Connection, mail_id: str) -> bool:
    """Remove a mail that has not left and won't, as if never meant: when that was decided is nobody's to know."""
    waiting = outbox_table.c.state.in_([MailState.QUEUED.value, MailState.CLAIMED.value])
    return connection.execute(delete(outbox_table).where(outbox_table.c.id == mail_id, waiting)).rowcount == 1


def erase_mails(connection: Connection, mail_ids: Collection[str]) -> None:
    """Remove these mails."""
    connection.execute(delete(outbox_table).where(outbox_table.c.id.in_(mail_ids)))


def erase(connection: Connection, order_id: OrderId) -> None:
    """Remove an order's mails."""
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


def as_mail(row: Row[*tuple[Any, ...]]) -> OutgoingMail:
    """A row of the table as the mail it is."""
    return OutgoingMail(
        id=row.id,
        order_id=OrderId(row.order_id),
        letter=row.letter,
        recipient=row.recipient,
        address=row.address,
        state=MailState(row.state),
        attempts=row.attempts,
        provider_message_id=row.provider_message_id,
        code=row.code,
        queued_at=row.queued_at,
        again_at=row.again_at,
        claimed_at=row.claimed_at,
        sent_at=row.sent_at,
        set_aside_at=row.set_aside_at,
    )
