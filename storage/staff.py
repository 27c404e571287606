"""KiAP's own people, whom orders are assigned to."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Connection, Row, String, Table, insert, select, update

from domain.model import StaffId
from storage.columns import Instant
from storage.database import metadata
from storage.erased import ERASED
from storage.ids import new_id

OFFICE = StaffId("operations")
"""KiAP's shared mailbox: gets what is for operations rather than for one consultant."""


class StaffRole(StrEnum):
    CONSULTANT = "consultant"
    OPERATIONS = "operations"
    ADMINISTRATOR = "administrator"


# Name, work address and telephone of KiAP's own people. Erased when they leave.
staff_table = Table(
    "staff",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("role", String, nullable=False),
    Column("left_at", Instant),
    Column("phone", String),
    CheckConstraint(f"role IN ({', '.join(repr(role.value) for role in StaffRole)})", name="role"),
)


class NoSuchStaff(LookupError):  # noqa: N818 - a finding, named as one
    """No row has this id."""


@dataclass(frozen=True)
class Staff:
    """One of KiAP's own. Who has left has neither name nor address. `phone` may be empty: the office's is told then."""

    id: StaffId
    name: str
    email: str
    role: StaffRole
    left_at: dt.datetime | None = None
    phone: str = ""


def add_staff(connection: Connection, name: str, email: str, role: StaffRole, phone: str = "") -> StaffId:
    """A new colleague's id."""
    staff_id = StaffId(new_id())
    connection.execute(insert(staff_table).values(id=staff_id, name=name, email=email, role=role.value, phone=phone))
    return staff_id


def staff(connection: Connection, staff_id: StaffId) -> Staff:
    """Somebody, also who has left. Raises NoSuchStaff."""
    row = connection.execute(select(staff_table).where(staff_table.c.id == staff_id)).one_or_none()
    if row is None:
        raise NoSuchStaff(staff_id)
    return _staff(row)


def find_staff(connection: Connection, staff_id: StaffId) -> Staff | None:
    """One of KiAP's own who has not left; None also where no row has the id."""
    query = select(staff_table).where(staff_table.c.id == staff_id, staff_table.c.left_at.is_(None))
    row = connection.execute(query).one_or_none()
    return _staff(row) if row else None


def staff_in(connection: Connection, role: StaffRole) -> list[Staff]:
    """Everybody who has this role now."""
    query = select(staff_table).where(staff_table.c.role == role.value, staff_table.c.left_at.is_(None))
    return [_staff(row) for row in connection.execute(query)]


def everybody(connection: Connection) -> list[Staff]:
    """All who have not left."""
    return [_staff(row) for row in connection.execute(select(staff_table).where(staff_table.c.left_at.is_(None)))]


def who_left(connection: Connection) -> frozenset[str]:
    """The ids of all who have left."""
    query = select(staff_table.c.id).where(staff_table.c.left_at.is_not(None))
    return frozenset(connection.execute(query).scalars())


def staff_called(connection: Connection, ids: Iterable[StaffId]) -> list[Staff]:
    """Those of KiAP's own who have these ids, also who has left; in no particular order."""
    return [_staff(row) for row in connection.execute(select(staff_table).where(staff_table.c.id.in_(list(ids))))]


def change_role(connection: Connection, staff_id: StaffId, role: StaffRole) -> None:
    """A colleague's new role; sessions begun in the old one are over. Raises NoSuchStaff, also for who has left."""
    changed = connection.execute(
        update(staff_table).where(staff_table.c.id == staff_id, staff_table.c.left_at.is_(None)).values(role=role.value)
    )
    if not changed.rowcount:
        raise NoSuchStaff(staff_id)


def change_staff(connection: Connection, staff_id: StaffId, name: str, email: str, phone: str = "") -> None:
    """A colleague's name, address and telephone from now on. Commit, then `forget`.

    Raises NoSuchStaff, also for who has left.
    """
    changed = connection.execute(
        update(staff_table)
        .where(staff_table.c.id == staff_id, staff_table.c.left_at.is_(None))
        .values(name=name, email=email, phone=phone)
    )
    if not changed.rowcount:
        raise NoSuchStaff(staff_id)


def staff_left(connection: Connection, staff_id: StaffId, now: dt.datetime) -> None:
    """Erase a colleague who has left; the id stays, since old events have it. Commit, then `forget`."""
    connection.execute(
        update(staff_table)
        .where(staff_table.c.id == staff_id, staff_table.c.left_at.is_(None))
        .values(name=ERASED, email=ERASED, phone=ERASED, left_at=now)
    )


def _staff(row: Row[*tuple[object, ...]]) -> Staff:
    return Staff(StaffId(row.id), row.name, row.email, StaffRole(row.role), row.left_at, row.phone or "")
