"""An order comes in: people, first event and request key in one transaction, or nothing at all."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from domain.by import By, coordinator
from domain.commands import PlaceOrder
from domain.decisions import place
from domain.denmark import Region, region_called, regions_on
from domain.events import Event, Joined, NoteAdded, OrderPlaced
from domain.evolution import evolve
from domain.meeting import danish
from domain.model import ClusterId, OrderId, PersonId, PracticeId, TextId
from domain.package import Package
from domain.recognition import Described, address_key, name_key, recognise
from storage import audit, clusters, package_repository, people, requests, suppressions, texts
from storage.audit import Deed, Origin, Subject
from storage.effects import Effects
from storage.event_lock import wait_to_append
from storage.event_store import AlreadyOpen
from storage.ids import new_id
from storage.outage import DatabaseUnavailable
from storage.people import Membership, PersonChange
from web.api.danish_errors import invalid
from web.api.intake_request import ClusterSent, CoordinatorSent, MemberSent, OrderSent
from web.api.roles import ROLES
from web.known_here import only_for_its_own, somebody
from web.orders_port import Unavailable
from web.problems import FieldProblem, Problem
from web.services import Services

LOGGER = logging.getLogger("web")

THE_FORM = "/bestil"
"""What stands before the keys of orders that come by the order form."""


class _Replayed(Exception):  # noqa: N818 - leaves the transaction, which writes nothing
    def __init__(self, order_id: OrderId) -> None:
        super().__init__(order_id)
        self.order_id = order_id


@dataclass(frozen=True)
class Taken:
    """The order's first event, and whether it is new. `left_out` have a role that the package does not survey."""

    event: OrderPlaced
    is_new: bool
    left_out: int
    shared: Sequence[Sequence[PersonId]]
    """Members who share a mail address, address by address."""


@dataclass(frozen=True)
class _Member:
    """A line of the list, understood."""

    sent: MemberSent
    practice: PracticeId
    change: PersonChange


async def place_order(services: Services, sent: OrderSent, key: str, by: By | None, origin: Origin) -> Taken:
    """The order of a request, taken and started, or left for the sweep to start. Raises as `take_order`."""
    now = await services.clock.now()
    taken = await run_in_threadpool(take_order, services, sent, key, by, origin, now)
    try:
        await services.orders.start(taken.event.order)
    except (Unavailable, DatabaseUnavailable):
        LOGGER.warning("order %s was placed but could not be started; the sweep will", taken.event.order)
    return taken


def take_order(services: Services, sent: OrderSent, key: str, by: By | None, origin: Origin, now: dt.datetime) -> Taken:
    """The order of a request. Raises Problem, Rejected; then nothing was written.

    Without `by` it comes by the order form, from whoever says they are the coordinator, with a key made of all that was
    written; what is known of a cluster is neither used nor changed for somebody whom the cluster does not know.
    """
    package = _package(services, sent.package)
    region = _region(sent.cluster.region, danish(now).date())
    if twice := _twice(sent.members):
        raise invalid(twice)
    order_id = OrderId(new_id())
    try:
        with services.database.write() as connection:
            wait_to_append(connection)
            if by is None:  # its key is made of what was written, which may be understood otherwise once it is ordered
                _take_key(connection, f"{THE_FORM}/{key}", requests.content_hash(key), order_id, now)
            else:
                _take_key(connection, f"{by.who}/{key}", _fingerprint(sent), order_id, now)
            event, shared = _Writing(services, connection, package, now).order(sent, region, order_id, by)
            who = by or coordinator(event.coordinator)
            audit.note(connection, who, Deed.ORDER_PLACED, origin, now, Subject(order_id=order_id))
    except _Replayed as replayed:
        event = _first_event(services, replayed.order_id)
        with services.database.read() as connection:
            return Taken(event, False, _left_out(sent, package), _sharing(connection, event.members))
    except AlreadyOpen as other:
        detail = "Klyngen har allerede en bestilling af denne pakke i gang."
        raise Problem(409, "already_open", detail, facts={"order": other.order_id}) from None
    return Taken(event, True, _left_out(sent, package), shared)


def _left_out(sent: OrderSent, package: Package) -> int:
    return sum(member.role not in package.surveyed for member in sent.members)


@dataclass(frozen=True)
class _Writing:
    """One order being written, in one transaction."""

    services: Services
    connection: Connection
    package: Package
    now: dt.datetime

    def order(
        self, sent: OrderSent, region: Region, order_id: OrderId, by: By | None
    ) -> tuple[OrderPlaced, Sequence[Sequence[PersonId]]]:
        cluster_id = self._cluster(sent.cluster, region)
        if by is None:
            only_for_its_own(self.connection, self.services.office, cluster_id, sent)
        if sent.members:
            self._bring_list_up_to_date(cluster_id, sent.members)
        joined = self._list(cluster_id)
        if problems := _too_few(self.package, joined):
            raise invalid(problems)
        orderer = self._coordinator(cluster_id, sent.coordinator)
        by = by or coordinator(orderer)
        command = PlaceOrder(
            order=order_id, cluster=cluster_id, package=self.package, coordinator=orderer, members=tuple(joined)
        )
        event = place(command, by, self.now)
        events: list[Event] = [event, *self._wishes(sent, order_id)]
        package_repository.keep(self.connection, self.package)
        effects = Effects(self.services.keys)

        def also(connection: Connection) -> None:
            effects.apply(connection, evolve(None, event), events)

        self.services.store.append_within(self.connection, order_id, events, by=by, now=self.now, also=also)
        return event, _sharing(self.connection, joined)

    def _wishes(self, sent: OrderSent, order_id: OrderId) -> list[NoteAdded]:
        if sent.wishes is None:
            return []
        text_id = TextId(new_id())
        texts.put_text(self.connection, text_id, order_id, "note", sent.wishes)
        return [NoteAdded(at=self.now, note=text_id)]

    def _cluster(self, sent: ClusterSent, region: Region) -> ClusterId:
        return clusters.recognise_cluster(self.connection, sent.name, region.id, sent.id)

    def _bring_list_up_to_date(self, cluster_id: ClusterId, members: Sequence[MemberSent]) -> None:
        """The cluster's doctors are those of the list from today on; whoever is missing from it has left."""
        day = danish(self.now).date()
        surveyed = [member for member in members if member.role in self.package.surveyed]
        lines = self._recognised(cluster_id, surveyed)
        self._put([line.change for line in lines])
        for line in lines:
            membership = Membership(line.change.person, cluster_id, line.practice, line.sent.role)
            people.join(self.connection, membership, day)
        here = {line.change.person for line in lines}
        for membership in people.members_of(self.connection, cluster_id):
            if membership.person not in here and membership.role in self.package.surveyed:
                people.leave(self.connection, membership.person, cluster_id, day)

    def _recognised(self, cluster_id: ClusterId, members: Sequence[MemberSent]) -> list[_Member]:
        practices, new = clusters.recognise_practices(
            self.connection, cluster_id, [member.practice for member in members]
        )
        clusters.add_practices(self.connection, cluster_id, new)
        known = people.known_in(self.connection, cluster_id)
        described = [
            Described(member.name, member.email, practice) for member, practice in zip(members, practices, strict=True)
        ]
        found = recognise(known, described)
        return [
            _Member(member, practice, self._change(person, member.name, member.email))
            for member, practice, person in zip(members, practices, found, strict=True)
        ]

    def _change(self, person: PersonId | None, name: str, email: str, phone: str | None = None) -> PersonChange:
        if person is None:
            return PersonChange(person=PersonId(new_id()), name=name, email=email, address=1, phone=phone)
        before = people.person(self.connection, person)
        is_new = address_key(before.email) != address_key(email)
        return PersonChange(person=person, name=name, email=email, address=before.address + is_new, phone=phone)

    def _list(self, cluster_id: ClusterId) -> list[Joined]:
        """The order's list: the cluster's doctors whom the package asks."""
        members = [
            membership
            for membership in people.members_of(self.connection, cluster_id)
            if membership.role in self.package.surveyed
        ]
        known = people.people(self.connection, [membership.person for membership in members])
        return [
            Joined(
                person=membership.person,
                practice=membership.practice,
                role=membership.role,
                address=known[membership.person].address,
            )
            for membership in sorted(members, key=lambda each: each.person)
        ]

    def _coordinator(self, cluster_id: ClusterId, sent: CoordinatorSent) -> PersonId:
        """One of the members, or who coordinates another order of the cluster's, or somebody new."""
        known = people.known_in(self.connection, cluster_id, people.coordinators_in(self.connection, cluster_id))
        person = somebody(known, sent.name, sent.email)
        change = self._change(person, sent.name, sent.email, sent.phone)
        self._put([change])
        return change.person

    def _put(self, changes: Sequence[PersonChange]) -> None:
        suppressions.follow_names(self.connection, self.services.keys, changes)
        people.put(self.connection, changes)


def _sharing(connection: Connection, joined: Sequence[Joined]) -> Sequence[Sequence[PersonId]]:
    known = people.people(connection, [each.person for each in joined])
    by_address: dict[str, list[PersonId]] = {}
    for each in joined:
        if each.person in known and known[each.person].email:
            by_address.setdefault(address_key(known[each.person].email), []).append(each.person)
    return [those for those in by_address.values() if len(those) > 1]


def _package(services: Services, slug: str) -> Package:
    package = services.packages.newest(slug)
    if package is None:
        known = ", ".join(services.packages.slugs)
        raise invalid([FieldProblem(field="package", detail=f"Pakken findes ikke. Vælg en af: {known}.")])
    return package


def _region(given: str, today: dt.date) -> Region:
    region = region_called(given, today)
    if region is not None:
        return region
    names = ", ".join(region.name for region in regions_on(today))
    raise invalid([FieldProblem(field="cluster.region", detail=f"Regionen findes ikke i dag. Vælg en af: {names}.")])


def _twice(members: Sequence[MemberSent]) -> list[FieldProblem]:
    """The same doctor on two lines. Two doctors may share an address, and remain two."""
    lines = Counter((name_key(member.name), address_key(member.email)) for member in members)
    first: dict[tuple[str, str], int] = {}
    errors = []
    for number, member in enumerate(members):
        key = name_key(member.name), address_key(member.email)
        earlier = first.setdefault(key, number)
        if lines[key] > 1 and earlier != number:
            detail = f"Det samme navn og den samme mailadresse står også ved members[{earlier}]. Tag den ene linje ud."
            errors.append(FieldProblem(field=f"members[{number}].email", detail=detail))
    return errors


def _too_few(package: Package, joined: Sequence[Joined]) -> list[FieldProblem]:
    least = package.disclosure.at_least
    if len(joined) >= least:
        return []
    roles = ", ".join(ROLES[role].lower() for role in package.surveyed)
    detail = (
        f"Der skal være mindst {least} medlemmer, som pakken spørger ({roles}), for at svarene kan være anonyme. "
        f"Listen har {len(joined)}."
    )
    return [FieldProblem(field="members", detail=detail)]


def _fingerprint(sent: OrderSent) -> str:
    without = {"wishes"} if sent.wishes is None else None  # as before there were any: a key works across a release
    return requests.content_hash(sent.model_dump(mode="json", exclude=without))


def _take_key(connection: Connection, key: str, fingerprint: str, order_id: OrderId, now: dt.datetime) -> None:
    """Take the request's key for this order. Raises _Replayed, or Problem where it was another request's."""
    try:
        taken_by = requests.take_request(connection, key, fingerprint, order_id, now)
    except requests.KeyReused:
        detail = "Denne Idempotency-Key er allerede brugt til en anden bestilling. Brug en ny."
        raise Problem(409, "key_reused", detail) from None
    if taken_by != order_id:
        raise _Replayed(taken_by)


def _first_event(services: Services, order_id: OrderId) -> OrderPlaced:
    first = services.store.load(order_id)[0]
    if not isinstance(first, OrderPlaced):
        msg = "a stream begins with order_placed"
        raise TypeError(msg)
    return first
