"""Addresses that get no mail: those that have refused it for good, and those whose owner wants none.

Both outlive orders and the person's row: only a keyed fingerprint is kept, which tells no address.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Column, Connection, String, Table, delete, select

from domain.recognition import address_key, name_key
from storage import people
from storage.columns import Instant
from storage.database import metadata
from storage.insert_once import insert_missing
from storage.keys import Keys
from storage.people import PersonChange

# Fingerprints keyed by the master key. Kept, so that the wish goes on being respected.
suppression_table = Table(
    "suppression",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("why", String, nullable=False),
    Column("code", String(64), nullable=False),
    Column("since", Instant, nullable=False),
)


class Suppressed(StrEnum):
    OPTED_OUT = "opted_out"
    BOUNCED = "bounced"


@dataclass(frozen=True)
class Mailbox:
    """A reader's name and address. Two doctors who share an address are two readers of one mailbox."""

    name: str
    email: str


def suppress(
    connection: Connection, keys: Keys, mailbox: Mailbox, why: Suppressed, now: dt.datetime, code: str = ""
) -> None:
    """No more mail: to the address where it has bounced, to the reader where they opted out. Safe to repeat."""
    row = {"fingerprint": _fingerprint(keys, mailbox, why), "why": why.value, "code": code, "since": now}
    insert_missing(connection, suppression_table, [row])


def allow(connection: Connection, keys: Keys, mailbox: Mailbox, why: Suppressed) -> bool:
    """Mail may go again; false where nothing was in its way."""
    fingerprint = _fingerprint(keys, mailbox, why)
    gone = connection.execute(delete(suppression_table).where(suppression_table.c.fingerprint == fingerprint))
    return gone.rowcount > 0


def suppressed(connection: Connection, keys: Keys, mailboxes: Iterable[Mailbox]) -> dict[Mailbox, set[Suppressed]]:
    """Those of the mailboxes that get no mail, and why."""
    prints = {(mailbox, why): _fingerprint(keys, mailbox, why) for mailbox in mailboxes for why in Suppressed}
    c = suppression_table.c
    present = connection.execute(select(c.fingerprint).where(c.fingerprint.in_(set(prints.values())))).scalars().all()
    found: dict[Mailbox, set[Suppressed]] = {}
    for (mailbox, why), print_ in prints.items():
        if print_ in present:
            found.setdefault(mailbox, set()).add(why)
    return found


def follow_names(connection: Connection, keys: Keys, changes: Iterable[PersonChange]) -> None:
    """Who wants no mail still wants none under a corrected name. Before the changes are made."""
    asked = {change.person: change for change in changes}
    for person, known in people.people(connection, list(asked)).items():
        change = asked[person]
        if known.erased_at is not None or address_key(known.email) != address_key(change.email):
            continue
        before = _fingerprint(keys, Mailbox(known.name, known.email), Suppressed.OPTED_OUT)
        after = _fingerprint(keys, Mailbox(change.name, change.email), Suppressed.OPTED_OUT)
        row = connection.execute(
            select(suppression_table).where(suppression_table.c.fingerprint == before)
        ).one_or_none()
        if row is not None:
            same = {"fingerprint": after, "why": row.why, "code": row.code, "since": row.since}
            insert_missing(connection, suppression_table, [same])


def _fingerprint(keys: Keys, mailbox: Mailbox, why: Suppressed) -> str:
    subject = address_key(mailbox.email)
    if why is Suppressed.OPTED_OUT:
        subject = f"{subject} {name_key(mailbox.name)}"
    return keys.fingerprint(f"mail-{why}", subject)
