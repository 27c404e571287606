"""Doctors: one row each, in all orders, with their place in their clusters. The only names and addresses of doctors.

Everything else, events above all, holds a person's random id.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from sqlalchemy import Column, Connection, Date, Index, Integer, Row, String, Table, and_, delete, select, update

from domain.model import ClusterId, OrderId, PersonId, PracticeId, Role
from domain.recognition import Known, address_key
from storage.columns import Instant
from storage.database import metadata
from storage.erased import ERASED
from storage.insert_once import insert_missing
from storage.open_orders import unfinished_order

# A doctor's name, mail address and telephone. Erased when no order uses them any more, by default 90 days after the
# last one's end (`Policies.erase_after_days`). `address` counts the addresses they have had with us.
person_table = Table(
    "person",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("address", Integer, nullable=False),
    Column("erased_at", Instant),
)

# Who was in which cluster when, in which practice and role. Removed when the person is erased.
membership_table = Table(
    "membership",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("cluster_id", String, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("practice_id", String, nullable=False),
    Column("role", String, nullable=False),
    Index(None, "cluster_id"),
)

# Whom and which practices an order has ever had, so that it is known when nobody needs them any more, and by which of
# their addresses it last knew them (0: not a member). By id only; removed with the order.
order_person_table = Table(
    "order_person",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("person_id", String, primary_key=True),
    Column("practice_id", String, primary_key=True),
    Column("address", Integer, nullable=False),
    Index(None, "person_id"),
    Index(None, "practice_id"),
)

NO_PRACTICE = ""
"""A coordinator's, who is on the order for coordinating it."""


class NoSuchPerson(LookupError):  # noqa: N818 - a finding, named as one
    """No row has this id."""


class AddressChanged(Exception):  # noqa: N818 - a finding, named as one
    """Somebody else has changed the person's address meanwhile: read it and decide again."""


@dataclass(frozen=True)
class Person:
    """All empty once erased."""

    id: PersonId
    name: str
    email: str
    phone: str
    address: int
    erased_at: dt.datetime | None = None


class PersonChange(BaseModel):
    """A new person (`address` 1), or what is to be so of a known one; `phone` as it was where not given."""

    person: PersonId
    name: str
    email: str
    address: int
    phone: str | None = None


@dataclass(frozen=True)
class Membership:
    """A doctor's place in a cluster."""

    person: PersonId
    cluster: ClusterId
    practice: PracticeId
    role: Role


def person(connection: Connection, person_id: PersonId) -> Person:
    """Raises NoSuchPerson."""
    row = connection.execute(select(person_table).where(person_table.c.id == person_id)).one_or_none()
    if row is None:
        raise NoSuchPerson(person_id)
    return _person(row)


def people(connection: Connection, ids: Collection[PersonId]) -> dict[PersonId, Person]:
    """Those of the ids that exist, erased ones too."""
    rows = connection.execute(select(person_table).where(person_table.c.id.in_(ids)))
    return {PersonId(row.id): _person(row) for row in rows}


def find(connection: Connection, text: str) -> list[Person]:
    """Everybody whose name or address has this in it, capitals aside, by name; nobody erased."""
    wanted = text.casefold()
    rows = connection.execute(select(person_table).where(person_table.c.erased_at.is_(None)))
    found = [_person(row) for row in rows if wanted in f"{row.name}\n{row.email}".casefold()]
    return sorted(found, key=lambda each: (each.name, each.id))


def put(connection: Connection, changes: Iterable[PersonChange]) -> None:
    """Make these so. Raises AddressChanged where an address is not the next after the one we have."""
    for change in changes:
        phone = {} if change.phone is None else {"phone": change.phone}
        row = {"id": change.person, "name": change.name, "email": change.email, "address": 1, "phone": "", **phone}
        if change.address == 1 and insert_missing(connection, person_table, [row]):
            continue
        c = person_table.c
        next_or_same = (c.address == change.address - 1) | ((c.address == change.address) & (c.email == change.email))
        changed = connection.execute(
            update(person_table)
            .where(c.id == change.person, c.erased_at.is_(None), next_or_same)
            .values(name=change.name, email=change.email, address=change.address, **phone)
        )
        if not changed.rowcount:
            raise AddressChanged(change.person)


def sharing_a_mailbox(connection: Connection, ids: Collection[PersonId]) -> int:
    """How many of these share a mail address with another of them. Each gets a mail of their own all the same."""
    addresses = Counter(address_key(each.email) for each in people(connection, ids).values() if each.email)
    return sum(count for count in addresses.values() if count > 1)


# --- membership -----------------------------------------------------------------------------------------------------


def join(connection: Connection, membership: Membership, day: dt.date) -> None:
    """In the cluster from this day on, in this practice and role; nothing happens where that is so already."""
    c = membership_table.c
    open_one = and_(c.person_id == membership.person, c.cluster_id == membership.cluster, c.until.is_(None))
    row = connection.execute(select(membership_table).where(open_one)).one_or_none()
    if row is not None and (row.practice_id, row.role) == (membership.practice, membership.role):
        return
    if row is not None and row.since == day:
        connection.execute(
            update(membership_table).where(open_one).values(practice_id=membership.practice, role=membership.role)
        )
        return
    leave(connection, membership.person, membership.cluster, day)
    begins = {
        "person_id": membership.person,
        "cluster_id": membership.cluster,
        "since": day,
        "practice_id": membership.practice,
        "role": membership.role.value,
    }
    if not insert_missing(connection, membership_table, [begins]):  # left and come again on one day
        again = and_(c.person_id == membership.person, c.cluster_id == membership.cluster, c.since == day)
        values = {"until": None, "practice_id": membership.practice, "role": membership.role.value}
        connection.execute(update(membership_table).where(again).values(values))


def leave(connection: Connection, person_id: PersonId, cluster_id: ClusterId, day: dt.date) -> None:
    """No longer in the cluster from this day on."""
    c = membership_table.c
    connection.execute(
        update(membership_table)
        .where(c.person_id == person_id, c.cluster_id == cluster_id, c.until.is_(None))
        .values(until=day)
    )


def members_of(connection: Connection, cluster_id: ClusterId) -> list[Membership]:
    """Who is in the cluster now, in no particular order."""
    c = membership_table.c
    rows = connection.execute(select(membership_table).where(c.cluster_id == cluster_id, c.until.is_(None)))
    return [
        Membership(PersonId(row.person_id), ClusterId(row.cluster_id), PracticeId(row.practice_id), Role(row.role))
        for row in rows
    ]


def known_in(connection: Connection, cluster_id: ClusterId, also: Collection[PersonId] = ()) -> list[Known]:
    """Everybody we know from the cluster, today's members and earlier ones, and these others; nobody erased."""
    c = membership_table.c
    rows = connection.execute(select(membership_table).where(c.cluster_id == cluster_id).order_by(c.since))
    last = {PersonId(row.person_id): PracticeId(row.practice_id) for row in rows}
    wanted = people(connection, [*last, *also])
    return [
        Known(each.id, each.name, each.email, last.get(each.id)) for each in wanted.values() if each.erased_at is None
    ]


def coordinators_in(connection: Connection, cluster_id: ClusterId) -> list[PersonId]:
    """Who coordinates an unfinished order of the cluster, or has done so."""
    c, order = order_person_table.c, unfinished_order
    query = (
        select(c.person_id)
        .join(order, order.c.order_id == c.order_id)
        .where(order.c.cluster == cluster_id, c.practice_id == NO_PRACTICE)
        .distinct()
    )
    return [PersonId(found) for found in connection.execute(query).scalars()]


# --- orders' people, and erasing ------------------------------------------------------------------------------------


def note_on_order(connection: Connection, order_id: OrderId, person_id: PersonId, practice: str, address: int) -> None:
    """The order has this person, from this practice, at this address; at 0 it no longer writes to them."""
    key = {"order_id": order_id, "person_id": person_id, "practice_id": practice}
    insert_missing(connection, order_person_table, [{**key, "address": address}])
    set_address_on_order(connection, order_id, person_id, address)


def set_address_on_order(connection: Connection, order_id: OrderId, person_id: PersonId, address: int) -> None:
    """By which of their addresses the order knows a member."""
    c = order_person_table.c
    this = (c.order_id == order_id) & (c.person_id == person_id) & (c.practice_id != NO_PRACTICE)
    connection.execute(update(order_person_table).where(this).values(address=address))


def outdated_addresses(connection: Connection) -> list[tuple[OrderId, PersonId, int]]:
    """Members whom an unfinished order knows by an earlier address, with the one they have now."""
    c, p = order_person_table.c, person_table.c
    query = (
        select(c.order_id, c.person_id, p.address)
        .join(person_table, p.id == c.person_id)
        .join(unfinished_order, unfinished_order.c.order_id == c.order_id)
        .where(c.address > 0, c.address < p.address, unfinished_order.c.is_open)
        .distinct()
    )
    return [(OrderId(row.order_id), PersonId(row.person_id), row.address) for row in connection.execute(query)]


def release_from_order(connection: Connection, order_id: OrderId, now: dt.datetime) -> tuple[int, list[PracticeId]]:
    """Erase everybody whom only this order still had; how many, and the practices nobody needs any more."""
    c = order_person_table.c
    rows = connection.execute(select(order_person_table).where(c.order_id == order_id)).all()
    connection.execute(delete(order_person_table).where(c.order_id == order_id))
    had_people = {PersonId(row.person_id) for row in rows}
    had_practices = {PracticeId(row.practice_id) for row in rows} - {PracticeId(NO_PRACTICE)}
    kept_people = set(connection.execute(select(c.person_id).where(c.person_id.in_(had_people))).scalars())
    kept_practices = set(connection.execute(select(c.practice_id).where(c.practice_id.in_(had_practices))).scalars())
    gone = sorted(had_people - kept_people)
    erased = connection.execute(
        update(person_table)
        .where(person_table.c.id.in_(gone), person_table.c.erased_at.is_(None))
        .values(name=ERASED, email=ERASED, phone=ERASED, erased_at=now)
    ).rowcount
    connection.execute(delete(membership_table).where(membership_table.c.person_id.in_(gone)))
    return erased, sorted(had_practices - kept_practices)


def has_people(connection: Connection, order_id: OrderId) -> bool:
    """Whether the order still has anybody: not once it is erased."""
    query = select(order_person_table.c.order_id).where(order_person_table.c.order_id == order_id).limit(1)
    return connection.execute(query).first() is not None


def at_address(connection: Connection, email: str) -> list[PersonId]:
    """Everybody whose address this is, in any case of letters: some share one."""
    wanted = address_key(email)
    rows = connection.execute(select(person_table.c.id, person_table.c.email).where(person_table.c.erased_at.is_(None)))
    return [PersonId(row.id) for row in rows if address_key(row.email) == wanted]


def orders_with(connection: Connection, ids: Sequence[PersonId]) -> dict[PersonId, list[OrderId]]:
    """The orders that have had each of these people and are not erased."""
    c = order_person_table.c
    found: dict[PersonId, list[OrderId]] = {}
    rows = connection.execute(select(c.person_id, c.order_id).where(c.person_id.in_(ids)).distinct())
    for row in rows:
        found.setdefault(PersonId(row.person_id), []).append(OrderId(row.order_id))
    return found


def _person(row: Row[*tuple[object, ...]]) -> Person:
    return Person(PersonId(row.id), row.name, row.email, row.phone, row.address, row.erased_at)
