"""Accounts of KiAP's own: a password's hash, or whom the office's sign-in service knows them as."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Column, Connection, String, Table, delete, or_, select, update

from domain.model import StaffId
from storage.account_links import end_links
from storage.bulk_changes import remove_bulk_changes
from storage.columns import Instant
from storage.database import metadata
from storage.insert_once import insert_missing
from storage.saved_views import remove_views
from storage.sessions import end_sessions
from storage.staff import Staff, everybody, find_staff, staff_left, staff_table

# No password, only its hash; `subject` is an id of the sign-in service's. Removed when its holder leaves.
account_table = Table(
    "account",
    metadata,
    Column("staff_id", String, primary_key=True),
    Column("password_hash", String),
    Column("subject", String, unique=True),
    Column("changed_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Account:
    """Somebody who may have a password; `password_hash` is None until they have chosen one."""

    staff: Staff
    password_hash: str | None


def account_of(connection: Connection, staff_id: StaffId) -> Account | None:
    """The account of one of KiAP's own who has not left."""
    found = find_staff(connection, staff_id)
    return Account(found, _hash_of(connection, found.id)) if found else None


def account_by_email(connection: Connection, email: str) -> Account | None:
    """The account with this address, in any case of letters."""
    wanted = email.casefold()
    found = next((each for each in everybody(connection) if each.email.casefold() == wanted), None)
    return Account(found, _hash_of(connection, found.id)) if found else None


def staff_by_subject(connection: Connection, subject: str) -> Staff | None:
    """Whom the sign-in service knows by this id, unless they have left."""
    c = account_table.c
    staff_id = connection.execute(select(c.staff_id).where(c.subject == subject)).scalar()
    return find_staff(connection, StaffId(staff_id)) if staff_id else None


def has_subject(connection: Connection, staff_id: StaffId) -> bool:
    """Whether the sign-in service knows them by an id already."""
    c = account_table.c
    query = select(c.subject).where(c.staff_id == staff_id, c.subject.is_not(None))
    return connection.execute(query).first() is not None


def set_password_hash(connection: Connection, staff_id: StaffId, kept: str, now: dt.datetime) -> None:
    """From now on this is the password's hash."""
    _put(connection, staff_id, {"password_hash": kept, "changed_at": now})


def set_subject(connection: Connection, staff_id: StaffId, subject: str, now: dt.datetime) -> None:
    """From now on the sign-in service's id is theirs."""
    _put(connection, staff_id, {"subject": subject, "changed_at": now})


def can_anybody_sign_in(connection: Connection) -> bool:
    """Whether there is an account by which somebody gets in: until then the system shows the first one's link."""
    c = account_table.c
    query = (
        select(c.staff_id)
        .join(staff_table, staff_table.c.id == c.staff_id)
        .where(staff_table.c.left_at.is_(None), or_(c.password_hash.is_not(None), c.subject.is_not(None)))
    )
    return connection.execute(query.limit(1)).first() is not None


def colleague_left(connection: Connection, staff_id: StaffId, now: dt.datetime) -> None:
    """Erase a colleague who has left, with all that is theirs alone: signed out at once. Commit, then `forget`."""
    staff_left(connection, staff_id, now)
    connection.execute(delete(account_table).where(account_table.c.staff_id == staff_id))
    end_links(connection, staff_id)
    end_sessions(connection, staff_id)
    remove_views(connection, staff_id)
    remove_bulk_changes(connection, staff_id)


def _hash_of(connection: Connection, staff_id: StaffId) -> str | None:
    c = account_table.c
    return connection.execute(select(c.password_hash).where(c.staff_id == staff_id)).scalar()


def _put(connection: Connection, staff_id: StaffId, values: dict[str, str | dt.datetime]) -> None:
    if not insert_missing(connection, account_table, [{"staff_id": staff_id, **values}]):
        connection.execute(update(account_table).where(account_table.c.staff_id == staff_id).values(values))
