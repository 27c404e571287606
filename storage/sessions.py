"""Sessions of KiAP's own: who is signed in, since when and from where. They can be ended from here at once."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, Row, String, Table, and_, delete, insert, select, update

from domain.model import StaffId
from storage.columns import Instant
from storage.database import metadata
from storage.ids import new_id, new_secret
from storage.keys import token_hash
from storage.staff import Staff, StaffRole, staff_table

IDLE_FOR = dt.timedelta(hours=12)
"""Without a page in between, a session is over after so long."""
LASTS_FOR = dt.timedelta(days=7)
"""And in any case after so long."""
SEEN_EVERY = dt.timedelta(minutes=1)
"""How exactly the last use is known."""

# Personal: a network address and a browser. Ended sessions are removed at night, and with whoever leaves.
session_table = Table(
    "staff_session",
    metadata,
    Column("id", String, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("staff_id", String, nullable=False, index=True),
    Column("role", String, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("network", String, nullable=False),
    Column("device", String, nullable=False),
)


@dataclass(frozen=True)
class Session:
    """`id` names it among its holder's and opens nothing. `network` and `device` say where it was begun."""

    id: str
    made_at: dt.datetime
    seen_at: dt.datetime
    network: str
    device: str


@dataclass(frozen=True)
class SignedIn:
    """A session that goes on, and whose it is."""

    session: Session
    staff: Staff


def begin_session(connection: Connection, person: Staff, network: str, device: str, now: dt.datetime) -> str:
    """The secret of a new session, which only its browser then has."""
    token = new_secret()
    row = {
        "id": new_id(),
        "token_hash": token_hash(token),
        "staff_id": person.id,
        "role": person.role.value,
        "made_at": now,
        "seen_at": now,
        "network": network,
        "device": device,
    }
    connection.execute(insert(session_table).values(row))
    return token


def signed_in(connection: Connection, token: str, now: dt.datetime) -> SignedIn | None:
    """Who is signed in by this secret. None where the session is over, or its holder has left or has another role."""
    c, s = session_table.c, staff_table.c
    query = (
        select(session_table, s.name, s.email)
        .join(staff_table, and_(s.id == c.staff_id, s.role == c.role, s.left_at.is_(None)))
        .where(c.token_hash == token_hash(token), _goes_on(now))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return SignedIn(_session(row), Staff(StaffId(row.staff_id), row.name, row.email, StaffRole(row.role)))


def note_use(connection: Connection, session_id: str, now: dt.datetime) -> None:
    """The session was used just now, and goes on."""
    connection.execute(update(session_table).where(session_table.c.id == session_id).values(seen_at=now))


def sessions_of(connection: Connection, staff_id: StaffId, now: dt.datetime) -> list[Session]:
    """Somebody's sessions that go on, the last used first."""
    c = session_table.c
    query = select(session_table).where(c.staff_id == staff_id, _goes_on(now)).order_by(c.seen_at.desc(), c.id)
    return [_session(row) for row in connection.execute(query)]


def end_session(connection: Connection, staff_id: StaffId, session_id: str) -> bool:
    """End one of somebody's sessions. False where they have none of that id."""
    c = session_table.c
    ended = connection.execute(delete(session_table).where(c.staff_id == staff_id, c.id == session_id))
    return ended.rowcount > 0


def end_sessions(connection: Connection, staff_id: StaffId, but: str = "") -> int:
    """End all of somebody's sessions, except one; how many."""
    c = session_table.c
    return connection.execute(delete(session_table).where(c.staff_id == staff_id, c.id != but)).rowcount


def forget_ended_sessions(connection: Connection, now: dt.datetime) -> int:
    """Remove those that are over; how many."""
    return connection.execute(delete(session_table).where(~_goes_on(now))).rowcount


def _goes_on(now: dt.datetime) -> ColumnElement[bool]:
    c = session_table.c
    return and_(c.seen_at > now - IDLE_FOR, c.made_at > now - LASTS_FOR)


def _session(row: Row[*tuple[object, ...]]) -> Session:
    return Session(row.id, row.made_at, row.seen_at, row.network, row.device)
