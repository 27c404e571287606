"""Links by which one of KiAP's own chooses a password: for one use, for three days, the newest alone."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Column, Connection, String, Table, delete, insert, select

from domain.model import StaffId
from storage.columns import Instant
from storage.database import metadata
from storage.ids import new_secret
from storage.keys import token_hash

LINK_WORKS_FOR = dt.timedelta(hours=72)

# Hashes only. `staff_id` is null in the one for whoever signs in first of all. Removed when used, replaced or too old.
account_link_table = Table(
    "account_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", String, index=True),
    Column("ends_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class AccountLink:
    """Whose link it is; None where it is for the first administrator, who has no row yet."""

    staff_id: StaffId | None


def make_link(connection: Connection, staff_id: StaffId | None, now: dt.datetime) -> str:
    """The secret last part of a new link. Earlier ones of the same person open nothing from now on."""
    end_links(connection, staff_id)
    token = new_secret()
    row = {"token_hash": token_hash(token), "staff_id": staff_id, "ends_at": now + LINK_WORKS_FOR}
    connection.execute(insert(account_link_table).values(row))
    return token


def find_link(connection: Connection, token: str, now: dt.datetime) -> AccountLink | None:
    """What the link is for; None where it was used, replaced or is too old. Looking uses nothing up."""
    c = account_link_table.c
    query = select(account_link_table).where(c.token_hash == token_hash(token), c.ends_at > now)
    row = connection.execute(query).one_or_none()
    return AccountLink(StaffId(row.staff_id) if row.staff_id else None) if row else None


def use_link(connection: Connection, token: str, now: dt.datetime) -> bool:
    """Take the link, in the transaction of what it is used for. False where it opens nothing: once is all."""
    c = account_link_table.c
    used = connection.execute(delete(account_link_table).where(c.token_hash == token_hash(token), c.ends_at > now))
    return used.rowcount > 0


def end_links(connection: Connection, staff_id: StaffId | None) -> None:
    """All of somebody's, or the first administrator's, open nothing from now on."""
    c = account_link_table.c
    whose = c.staff_id.is_(None) if staff_id is None else c.staff_id == staff_id
    connection.execute(delete(account_link_table).where(whose))


def forget_old_links(connection: Connection, now: dt.datetime) -> None:
    """Remove those that are too old."""
    connection.execute(delete(account_link_table).where(account_link_table.c.ends_at <= now))
