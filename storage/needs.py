"""The one list of what needs a person: for the console, the morning digest and `klyngeflow tasks`.

So many queries whatever the number of orders: two for each source, and a few for the names on a page.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from domain.letters import Letter
from domain.meeting import danish
from domain.model import OrderId, PersonId, StaffId
from domain.needs import REMEDIES, Reason, Remedy, address_line, mail_line
from domain.recognition import address_key
from domain.stages import Owner
from domain.task_kinds import TaskKind
from domain.words import incident_line, next_line, task_line
from storage import needs_of_mail, needs_of_orders, needs_of_system, people
from storage.board import board_table
from storage.clusters import cluster_table
from storage.need_facts import NOBODY, AddressFacts, MailFacts, NeedFacts, TroubleFacts, facts_of_task
from storage.need_query import Found, PutOff, Wanted, Whose
from storage.people import Person, order_person_table, person_table
from storage.staff import staff_called

__all__ = ["Need", "OrderOfNeed", "PutOff", "Wanted", "Whose", "count_needs", "needs"]

MORNING_LIST = "morning_digest"


@dataclass(frozen=True, slots=True)
class OrderOfNeed:
    """The order a need is of. `shared_mailboxes`: how many of its members share an address, told and no need itself."""

    id: OrderId
    cluster: str
    package: str
    stage: str
    coordinator: PersonId
    consultant: StaffId | None
    shared_mailboxes: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """Something a person is to do. `order` is None for what is about all of them.

    `owner_id` is a person's (coordinator) or staff's id, None where nobody has it; `owner` their name, "" where there
    is none. `due` counts a postponement in, `promised` does not; both None without a deadline. `task` is what can be
    put off. `key` tells the row from all others and stays the same while it stands.
    """

    key: str
    reason: Reason
    order: OrderOfNeed | None
    owner_role: Owner
    owner_id: str | None
    owner: str
    since: dt.datetime
    due: dt.datetime | None
    promised: dt.datetime | None
    postponed_until: dt.date | None
    task: TaskKind | None
    facts: NeedFacts

    @property
    def remedy(self) -> Remedy:
        """What is mainly done about it."""
        return REMEDIES[self.reason][0]

    @property
    def other_remedies(self) -> tuple[Remedy, ...]:
        """What else is close at hand."""
        return REMEDIES[self.reason][1:]

    @property
    def line(self) -> str:
        """What is to be done, in Danish, without names."""
        match self.facts:
            case AddressFacts(is_coordinator=is_coordinator):
                return address_line(is_coordinator=is_coordinator)
            case MailFacts(letter=letter, how_many=how_many):
                what = next_line(f"letter.{letter.occasion}", {}) if letter else "Morgenens liste"
                return mail_line(self.reason, what, how_many)
            case TroubleFacts(kind=kind, step=step, reason=reason):
                return incident_line(kind, step, reason)
            case _:
                return task_line(self.task or "")

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether its deadline has passed, and the day it was put off to, if it was."""
        return self.due is not None and self.due < now and (self.promised or self.due) < now

    def is_put_off(self, now: dt.datetime) -> bool:
        """Whether the day it is put off to is still to come."""
        return self.postponed_until is not None and danish(now).date() < self.postponed_until


def needs(
    connection: Connection, wanted: Wanted, now: dt.datetime, *, limit: int | None = None, skip: int = 0
) -> list[Need]:
    """So many of what is asked for after the first `skip`, the most urgent first; without a limit all of it.

    Sorted by deadline, what has none by when it began; ties always alike.
    """
    upto = None if limit is None else skip + limit
    found = sorted(_found(connection, wanted, now, upto), key=lambda each: each.place)[skip:upto]
    return _Page(connection, found).needs()


def count_needs(connection: Connection, wanted: Wanted, now: dt.datetime) -> Counter[Reason]:
    """How many there are by reason; reasons without any are left out. `due_before` is not asked."""
    found = needs_of_orders.count_tasks(connection, wanted, now)
    found += needs_of_mail.count_addresses(connection, wanted)
    found += needs_of_mail.count_letters(connection, wanted)
    found += needs_of_system.count_troubles(connection, wanted)
    return found


def _found(connection: Connection, wanted: Wanted, now: dt.datetime, limit: int | None) -> Iterable[Found]:
    yield from needs_of_orders.tasks(connection, wanted, now, limit)
    yield from needs_of_mail.addresses(connection, wanted, limit)
    yield from needs_of_mail.letters(connection, wanted, limit)
    yield from needs_of_system.troubles(connection, wanted, limit)


class _Page:
    """Rows found, given the names that belong to them."""

    def __init__(self, connection: Connection, found: Sequence[Found]) -> None:
        self._found = found
        self._orders = _orders(connection, {each.order_id for each in found if each.order_id is not None})
        owners = {each.owner_id for each in found if each.owner_id is not None}
        asked = {order.coordinator for order in self._orders.values()}
        asked |= {PersonId(each.about[0]) for each in found if each.reason is Reason.WRONG_ADDRESS}
        self._people: Mapping[PersonId, Person] = people.people(connection, asked) if asked else {}
        staff = staff_called(connection, map(StaffId, owners)) if owners else []
        self._owners = {str(person.id): person.name for person in self._people.values()}
        self._owners |= {str(each.id): each.name for each in staff}

    def needs(self) -> list[Need]:
        """All of them, in their order."""
        return [self._need(each) for each in self._found]

    def _need(self, found: Found) -> Need:
        is_task = found.source == needs_of_orders.SOURCE
        return Need(
            key="/".join((found.order_id or "-", *found.about)),
            reason=found.reason,
            order=self._orders.get(found.order_id) if found.order_id else None,
            owner_role=found.owner_role,
            owner_id=found.owner_id,
            owner=self._owners.get(found.owner_id or "", ""),
            since=found.since,
            due=found.due,
            promised=found.promised,
            postponed_until=found.postponed_until,
            task=TaskKind(found.about[0]) if is_task else None,
            facts=self._facts(found),
        )

    def _facts(self, found: Found) -> NeedFacts:
        told = found.told
        if found.source == needs_of_orders.SOURCE:
            order = self._orders.get(found.order_id) if found.order_id else None
            coordinator = self._people.get(order.coordinator, NOBODY) if order else NOBODY
            promised = danish(found.promised or found.since).date()
            return facts_of_task(TaskKind(found.about[0]), told, promised, coordinator)
        if found.source == needs_of_mail.ADDRESSES:
            person = self._people.get(PersonId(found.about[0]), NOBODY)
            return AddressFacts(PersonId(found.about[0]), person.name, person.email, **told)
        if found.source == needs_of_mail.TROUBLED:
            key = found.about[-1]
            letter = None if key.startswith(f"{MORNING_LIST}/") else Letter.parse(key)
            return MailFacts(letter, told["how_many"], told["mail"])
        return TroubleFacts(**told)


def _orders(connection: Connection, ids: set[OrderId]) -> dict[OrderId, OrderOfNeed]:
    if not ids:
        return {}
    c, name = board_table.c, func.coalesce(cluster_table.c.name, board_table.c.cluster).label("name")
    query = select(c.order_id, name, c.package, c.stage, c.coordinator, c.consultant)
    query = query.outerjoin(cluster_table, cluster_table.c.id == c.cluster).where(c.order_id.in_(ids))
    shared = _shared_mailboxes(connection, ids)
    return {
        OrderId(row.order_id): OrderOfNeed(
            OrderId(row.order_id),
            row.name,
            row.package,
            row.stage,
            PersonId(row.coordinator),
            StaffId(row.consultant) if row.consultant else None,
            shared[OrderId(row.order_id)],
        )
        for row in connection.execute(query)
    }


def _shared_mailboxes(connection: Connection, ids: set[OrderId]) -> Counter[OrderId]:
    """How many members of each of these orders share an address with another of them."""
    listed, person = order_person_table.c, person_table.c
    query = (
        select(listed.order_id, person.id, person.email).distinct().join(person_table, person.id == listed.person_id)
    )
    query = query.where(listed.order_id.in_(ids), listed.address > 0, person.email != "")
    mailboxes = Counter((row.order_id, address_key(row.email)) for row in connection.execute(query))
    shared = Counter[OrderId]()
    for (order_id, _), readers in mailboxes.items():
        if readers > 1:
            shared[OrderId(order_id)] += readers
    return shared
