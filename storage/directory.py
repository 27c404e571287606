"""Who is who: clusters, practices, contacts, staff, what people wrote, and who came to the meeting.

The only names and addresses in the system are here. Everything else, events above all, holds the rows' random ids.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from domain.model import ClusterId, ContactId, MemberId, OrderId, PracticeId, StaffId, TextId
from storage.columns import Instant
from storage.database import Database, metadata
from storage.forgetting import forget as forget_tables
from storage.ids import new_id

ERASED = ""
"""What stands where a name, an address or a text was."""

# No personal data: a cluster is a public body. Kept.
cluster_table = Table(
    "cluster",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("region", String, nullable=False),
)

# A clinic's name, which may be its doctor's ("Lægerne v/ …"). Erased with the last order that uses it.
practice_table = Table(
    "practice",
    metadata,
    Column("id", String, primary_key=True),
    Column("cluster_id", String, ForeignKey("cluster.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("erased_at", Instant),
)

# A doctor's name and e-mail address. Never changed, only added and erased; erased with the last order that uses it,
# by default 90 days after that order's end (`Policies.erase_after_days`).
contact_table = Table(
    "contact",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("erased_at", Instant),
)

# Name and work address of KiAP's own people. Erased when they leave.
staff_table = Table(
    "staff",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("role", String, nullable=False),
    Column("left_at", Instant),
    CheckConstraint("role IN ('consultant', 'operations')", name="role"),
)

# What somebody wrote: the meeting's place, the groups' ideas, a reason. May name people. Erased with its order.
text_table = Table(
    "text",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("content", Text, nullable=False),
    Column("erased_at", Instant),
    Index(None, "order_id"),
)

# Who was at the meeting, by member id. Never joined to the survey. Removed with its order.
attendance_table = Table(
    "attendance",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("member_id", String, primary_key=True),
    Column("attended", Boolean, nullable=False),
    sqlite_with_rowid=False,
)


class StaffRole(StrEnum):
    CONSULTANT = "consultant"
    OPERATIONS = "operations"


@dataclass(frozen=True)
class Cluster:
    id: ClusterId
    name: str
    region: str


@dataclass(frozen=True)
class Practice:
    """A clinic. An erased one has no name."""

    id: PracticeId
    cluster: ClusterId
    name: str


@dataclass(frozen=True)
class Contact:
    """A name and an address, both empty once erased."""

    id: ContactId
    name: str
    email: str
    erased_at: dt.datetime | None = None


@dataclass(frozen=True)
class Staff:
    """One of KiAP's own. Who has left has neither name nor address."""

    id: StaffId
    name: str
    email: str
    role: StaffRole
    left_at: dt.datetime | None = None


@dataclass(frozen=True)
class WrittenText:
    """Something a person wrote; empty once erased."""

    id: TextId
    order_id: OrderId
    kind: str
    content: str
    erased_at: dt.datetime | None = None


class NotInDirectory(LookupError):  # noqa: N818 - a finding, named as one
    """No row has this id."""


# --- clusters and practices -----------------------------------------------------------------------------------------


def add_cluster(connection: Connection, name: str, region: str, cluster_id: ClusterId | None = None) -> ClusterId:
    """A new cluster's id: the given one, which is another system's, or one of ours."""
    cluster_id = cluster_id or ClusterId(new_id())
    connection.execute(insert(cluster_table).values(id=cluster_id, name=name, region=region))
    return cluster_id


def rename_cluster(connection: Connection, cluster_id: ClusterId, name: str, region: str) -> None:
    """A cluster's name and region as they are today: clusters merge, and regions do."""
    connection.execute(update(cluster_table).where(cluster_table.c.id == cluster_id).values(name=name, region=region))


def cluster(connection: Connection, cluster_id: ClusterId) -> Cluster:
    """Raises NotInDirectory."""
    row = _one(connection, cluster_table, cluster_id)
    return Cluster(ClusterId(row.id), row.name, row.region)


def clusters(connection: Connection) -> list[Cluster]:
    """All of them, in no particular order: sorting A–Å is the reader's."""
    return [Cluster(ClusterId(row.id), row.name, row.region) for row in connection.execute(select(cluster_table))]


def add_practice(connection: Connection, cluster_id: ClusterId, name: str) -> PracticeId:
    """A new practice's id."""
    practice_id = PracticeId(new_id())
    connection.execute(insert(practice_table).values(id=practice_id, cluster_id=cluster_id, name=name))
    return practice_id


def practices(connection: Connection, ids: Collection[PracticeId]) -> dict[PracticeId, Practice]:
    """Those of the ids that exist."""
    rows = connection.execute(select(practice_table).where(practice_table.c.id.in_(ids)))
    return {PracticeId(row.id): _practice(row) for row in rows}


def practices_of(connection: Connection, cluster_id: ClusterId) -> list[Practice]:
    """A cluster's practices that are not erased."""
    query = select(practice_table).where(
        practice_table.c.cluster_id == cluster_id, practice_table.c.erased_at.is_(None)
    )
    return [_practice(row) for row in connection.execute(query)]


# --- contacts -------------------------------------------------------------------------------------------------------


def add_contact(connection: Connection, name: str, email: str) -> ContactId:
    """A new contact's id. A changed name or address is a new contact too."""
    return add_contacts(connection, [(name, email)])[0]


def add_contacts(connection: Connection, people: Iterable[tuple[str, str]]) -> list[ContactId]:
    """Ids of new contacts, one for each (name, address), in the same order."""
    rows = [{"id": new_id(), "name": name, "email": email} for name, email in people]
    if rows:
        connection.execute(insert(contact_table), rows)
    return [ContactId(row["id"]) for row in rows]


def contact(connection: Connection, contact_id: ContactId) -> Contact:
    """Raises NotInDirectory."""
    return _contact(_one(connection, contact_table, contact_id))


def contacts(connection: Connection, ids: Collection[ContactId]) -> dict[ContactId, Contact]:
    """Those of the ids that exist, erased ones too."""
    rows = connection.execute(select(contact_table).where(contact_table.c.id.in_(ids)))
    return {ContactId(row.id): _contact(row) for row in rows}


# --- staff ----------------------------------------------------------------------------------------------------------


def add_staff(connection: Connection, name: str, email: str, role: StaffRole) -> StaffId:
    """A new colleague's id."""
    staff_id = StaffId(new_id())
    connection.execute(insert(staff_table).values(id=staff_id, name=name, email=email, role=role.value))
    return staff_id


def staff(connection: Connection, staff_id: StaffId) -> Staff:
    """Raises NotInDirectory."""
    return _staff(_one(connection, staff_table, staff_id))


def find_staff(connection: Connection, staff_id: StaffId) -> Staff | None:
    """One of KiAP's own who has not left; None also where no row has the id."""
    query = select(staff_table).where(staff_table.c.id == staff_id, staff_table.c.left_at.is_(None))
    row = connection.execute(query).one_or_none()
    return _staff(row) if row else None


def staff_in(connection: Connection, role: StaffRole) -> list[Staff]:
    """Everybody who has this role now."""
    query = select(staff_table).where(staff_table.c.role == role.value, staff_table.c.left_at.is_(None))
    return [_staff(row) for row in connection.execute(query)]


def readdress_staff(connection: Connection, staff_id: StaffId, name: str, email: str) -> None:
    """A colleague's new name or address. Commit, then `forget`. Raises NotInDirectory, also for who has left."""
    changed = connection.execute(
        update(staff_table)
        .where(staff_table.c.id == staff_id, staff_table.c.left_at.is_(None))
        .values(name=name, email=email)
    )
    if not changed.rowcount:
        raise NotInDirectory(staff_id)


def staff_left(connection: Connection, staff_id: StaffId, now: dt.datetime) -> None:
    """Erase a colleague who has left; the id stays, since old events have it. `forget` completes it."""
    connection.execute(
        update(staff_table)
        .where(staff_table.c.id == staff_id, staff_table.c.left_at.is_(None))
        .values(name=ERASED, email=ERASED, left_at=now)
    )


# --- texts ----------------------------------------------------------------------------------------------------------


def add_text(connection: Connection, order_id: OrderId, kind: str, content: str) -> TextId:
    """A new text's id."""
    text_id = TextId(new_id())
    connection.execute(insert(text_table).values(id=text_id, order_id=order_id, kind=kind, content=content))
    return text_id


def text(connection: Connection, text_id: TextId) -> WrittenText:
    """Raises NotInDirectory."""
    row = _one(connection, text_table, text_id)
    return WrittenText(TextId(row.id), OrderId(row.order_id), row.kind, row.content, row.erased_at)


def words_of(connection: Connection, text_id: TextId | None) -> str:
    """What somebody wrote; empty where nobody did, it is erased, or no row has the id."""
    content = connection.execute(select(text_table.c.content).where(text_table.c.id == text_id)).scalar_one_or_none()
    return content or ERASED


def texts_of(connection: Connection, order_id: OrderId, kind: str) -> list[WrittenText]:
    """An order's texts of one kind, in no particular order."""
    rows = connection.execute(select(text_table).where(text_table.c.order_id == order_id, text_table.c.kind == kind))
    return [WrittenText(TextId(row.id), OrderId(row.order_id), row.kind, row.content, row.erased_at) for row in rows]


def withdraw(
    connection: Connection,
    *,
    contacts: Collection[ContactId] = (),
    texts: Collection[TextId] = (),
    practices: Collection[PracticeId] = (),
) -> None:
    """Remove rows that were written for a command which came to nothing: no event points to them. Then `forget`."""
    connection.execute(delete(contact_table).where(contact_table.c.id.in_(contacts)))
    connection.execute(delete(practice_table).where(practice_table.c.id.in_(practices)))
    connection.execute(delete(text_table).where(text_table.c.id.in_(texts)))


# --- attendance -----------------------------------------------------------------------------------------------------


def record_attendance(connection: Connection, order_id: OrderId, attended: Mapping[MemberId, bool]) -> None:
    """Who came and who didn't; a second record replaces the first."""
    connection.execute(delete(attendance_table).where(attendance_table.c.order_id == order_id))
    if attended:
        rows = [{"order_id": order_id, "member_id": member, "attended": came} for member, came in attended.items()]
        connection.execute(insert(attendance_table), rows)


def attendance(connection: Connection, order_id: OrderId) -> dict[MemberId, bool]:
    """Who came; empty where nobody has recorded it."""
    rows = connection.execute(select(attendance_table).where(attendance_table.c.order_id == order_id))
    return {MemberId(row.member_id): row.attended for row in rows}


# --- erasing --------------------------------------------------------------------------------------------------------


def erase_order(
    connection: Connection,
    order_id: OrderId,
    *,
    contacts: Collection[ContactId],
    practices: Collection[PracticeId] = (),
    now: dt.datetime,
) -> int:
    """Overwrite the order's texts and these contacts and practices, and remove its attendance. How many were erased.

    A cluster's orders share contacts: the caller names only those no open order uses. Commit, then `forget`.
    Safe to repeat: what is erased keeps its first time.
    """
    erased = connection.execute(
        update(contact_table)
        .where(contact_table.c.id.in_(contacts), contact_table.c.erased_at.is_(None))
        .values(name=ERASED, email=ERASED, erased_at=now)
    ).rowcount
    erased += connection.execute(
        update(practice_table)
        .where(practice_table.c.id.in_(practices), practice_table.c.erased_at.is_(None))
        .values(name=ERASED, erased_at=now)
    ).rowcount
    erased += connection.execute(
        update(text_table)
        .where(text_table.c.order_id == order_id, text_table.c.erased_at.is_(None))
        .values(content=ERASED, erased_at=now)
    ).rowcount
    connection.execute(delete(attendance_table).where(attendance_table.c.order_id == order_id))
    return erased


def forget(database: Database, wait: float = 10.0) -> None:
    """After erasing has committed: let the erased values disappear from the files. Raises StillRemembered."""
    forget_tables(database, contact_table, practice_table, staff_table, text_table, attendance_table, wait=wait)


# --- rows -----------------------------------------------------------------------------------------------------------


def _one(connection: Connection, table: Table, row_id: str) -> Row[*tuple[object, ...]]:
    row = connection.execute(select(table).where(table.c.id == row_id)).one_or_none()
    if row is None:
        raise NotInDirectory(f"{table.name} {row_id}")
    return row


def _practice(row: Row[*tuple[object, ...]]) -> Practice:
    return Practice(PracticeId(row.id), ClusterId(row.cluster_id), row.name)


def _contact(row: Row[*tuple[object, ...]]) -> Contact:
    return Contact(ContactId(row.id), row.name, row.email, row.erased_at)


def _staff(row: Row[*tuple[object, ...]]) -> Staff:
    return Staff(StaffId(row.id), row.name, row.email, StaffRole(row.role), row.left_at)
