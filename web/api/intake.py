"""Orders in: `POST /api/v1/orders`. People, first event and idempotency key in one transaction, then the start."""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from domain.commands import PlaceOrder
from domain.decisions import decide
from domain.denmark import Region, regions_on
from domain.events import Joined, OrderPlaced
from domain.meeting import danish
from domain.model import Actor, ClusterId, MemberId, OrderId, PracticeId, Rejected
from domain.package import Package
from storage import directory, intake, package_repository
from storage.event_lock import wait_to_append
from storage.event_store import AlreadyOpen
from storage.ids import new_id
from storage.order_links import order_link
from web.api.callers import Caller, SignedIn
from web.api.danish_errors import invalid
from web.api.intake_request import ClusterSent, MemberSent, OrderSent
from web.api.words_in import ROLES
from web.orders_port import Unavailable
from web.problems import FieldProblem, Problem, responses
from web.services import Given, Services
from web.written import phone_kind

LOGGER = logging.getLogger("web")

router = APIRouter(prefix="/api/v1", tags=["Bestilling"])

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="Your own id for this request. Sent again with the same body it gives the same order.",
        examples=["kiap-bestilling-20260105-0017"],
    ),
]


class Links(BaseModel):
    """Where to go from here."""

    self: str = Field(description="the order in this API")
    page: str = Field(description="the coordinator's order page; whoever has the address can use it")


class PlacedMember(BaseModel):
    """A member's ids in this order, for later commands. They stand in the order they were sent in."""

    member: str
    practice: str


class Placed(BaseModel):
    """The order that was placed."""

    order: str = Field(examples=["m4ukq2wbzd"])
    cluster: str
    package: str
    package_version: int
    placed_at: dt.datetime
    call_due: dt.date = Field(description="the consultant calls by this day")
    members: list[PlacedMember] = Field(description="those who are surveyed; other roles are left out")
    left_out: int = Field(description="how many of those sent have a role that this package does not survey")
    links: Links


class _Replayed(Exception):  # noqa: N818 - leaves the transaction, which writes nothing
    def __init__(self, order_id: OrderId) -> None:
        super().__init__(order_id)
        self.order_id = order_id


@dataclass(frozen=True)
class _Intake:
    """One request, understood."""

    sent: OrderSent
    key: str
    caller: Caller
    now: dt.datetime


@router.post(
    "/orders",
    status_code=201,
    response_model=Placed,
    summary="Place an order",
    responses={
        200: {"model": Placed, "description": "The same request came before: the same order"},
        **responses(401, 403, 409, 422, 503),
    },
)
async def place_order(
    sent: OrderSent, key: IdempotencyKey, who: SignedIn, services: Given, response: Response
) -> Placed:
    """Starts an order for a cluster.

    Nothing is written unless all of it is in order. A second open order of the same cluster for the same package is
    refused with 409 and the open order's id under `facts.order`.
    """
    now = await services.clock.now()
    placed, is_new = await run_in_threadpool(_take, services, _Intake(sent, key, who, now))
    try:
        await services.orders.start(placed.order)
    except Unavailable:
        LOGGER.warning("order %s was placed but could not be started; the sweep will", placed.order)
    response.status_code = 201 if is_new else 200
    response.headers["Location"] = placed.links.self
    return placed


def _take(services: Services, ask: _Intake) -> tuple[Placed, bool]:
    """The order, and whether it is new. Raises Problem, Rejected; then nothing was written."""
    _may_order(ask.caller.actor)
    package = _package(services, ask.sent.package)
    region = _region(ask.sent.cluster.region, danish(ask.now).date())
    surveyed = [member for member in ask.sent.members if member.role in package.surveyed]
    if errors := [*_twice(ask.sent.members), *_too_few(package, surveyed)]:
        raise invalid(errors)
    order_id = OrderId(new_id())
    try:
        with services.database.write() as connection:
            wait_to_append(connection)
            _new_key(connection, ask, order_id)
            event = _write(services, connection, ask, package, region, surveyed, order_id)
    except _Replayed as replayed:
        event, is_new = _first_event(services, replayed.order_id), False
    except AlreadyOpen as other:
        detail = "Klyngen har allerede en bestilling af denne pakke i gang."
        raise Problem(409, "already_open", detail, facts={"order": other.order_id}) from None
    else:
        is_new = True
    return _placed(services, event, len(ask.sent.members) - len(event.members)), is_new


def _may_order(actor: Actor) -> None:
    """Raises Rejected for who may not place orders."""
    if actor not in PlaceOrder.BY:
        raise Rejected("not_yours", "Med denne nøgle kan du ikke bestille.", command="place_order")


def _package(services: Services, slug: str) -> Package:
    package = services.packages.newest(slug)
    if package is None:
        known = ", ".join(services.packages.slugs)
        raise invalid([FieldProblem(field="package", detail=f"Pakken findes ikke. Vælg en af: {known}.")])
    return package


def _region(given: str, today: dt.date) -> Region:
    regions = regions_on(today)
    wanted = given.casefold()
    for region in regions:
        if wanted in (region.id, region.name.casefold(), region.name.removeprefix("Region ").casefold()):
            return region
    names = ", ".join(region.name for region in regions)
    raise invalid([FieldProblem(field="cluster.region", detail=f"Regionen findes ikke i dag. Vælg en af: {names}.")])


def _twice(members: Sequence[MemberSent]) -> list[FieldProblem]:
    """Two members with one address would share one invitation."""
    first: dict[str, int] = {}
    errors = []
    for number, member in enumerate(members):
        earlier = first.setdefault(member.email.casefold(), number)
        if earlier != number:
            detail = f"Mailadressen står også ved members[{earlier}]. Hvert medlem skal have sin egen."
            errors.append(FieldProblem(field=f"members[{number}].email", detail=detail))
    return errors


def _too_few(package: Package, surveyed: Sequence[MemberSent]) -> list[FieldProblem]:
    least = package.disclosure.at_least
    if len(surveyed) >= least:
        return []
    roles = ", ".join(ROLES[role].lower() for role in package.surveyed)
    detail = (
        f"Der skal være mindst {least} medlemmer, som pakken spørger ({roles}), for at svarene kan være anonyme. "
        f"Listen har {len(surveyed)}."
    )
    return [FieldProblem(field="members", detail=detail)]


def _new_key(connection: Connection, ask: _Intake, order_id: OrderId) -> None:
    """Take the idempotency key for this order. Raises _Replayed, or Problem where it was another request's."""
    fingerprint = intake.request_hash(ask.sent.model_dump(mode="json"))
    try:
        taken_by = intake.take_key(connection, f"{ask.caller.name}/{ask.key}", fingerprint, order_id, ask.now)
    except intake.KeyReused:
        detail = "Denne Idempotency-Key er allerede brugt til en anden bestilling. Brug en ny."
        raise Problem(409, "key_reused", detail) from None
    if taken_by != order_id:
        raise _Replayed(taken_by)


def _write(
    services: Services,
    connection: Connection,
    ask: _Intake,
    package: Package,
    region: Region,
    surveyed: Sequence[MemberSent],
    order_id: OrderId,
) -> OrderPlaced:
    """Write everything and give the first event."""
    cluster_id = _cluster(connection, ask.sent.cluster, region)
    coordinator = ask.sent.coordinator
    contact = directory.add_contact(connection, coordinator.name, coordinator.email)
    if coordinator.phone:
        directory.add_text(connection, order_id, phone_kind(contact), coordinator.phone)
    contacts = directory.add_contacts(connection, ((member.name, member.email) for member in surveyed))
    practices = practices_named(connection, cluster_id, [member.practice for member in surveyed])
    command = PlaceOrder(
        order=order_id,
        cluster=cluster_id,
        package=package,
        coordinator=contact,
        members=tuple(
            Joined(member=MemberId(new_id()), contact=contact_id, practice=practice, role=member.role)
            for member, contact_id, practice in zip(surveyed, contacts, practices, strict=True)
        ),
    )
    events = decide(None, command, ask.now)
    package_repository.keep(connection, package)
    services.store.append_within(connection, order_id, 0, events, actor=ask.caller.actor.value, now=ask.now)
    return _placed_event(events)


def _cluster(connection: Connection, sent: ClusterSent, region: Region) -> ClusterId:
    """The cluster's row: the one with the given id, or of the same name in the same region, or a new one."""
    for known in directory.clusters(connection):
        if _is_the_same(known, sent, region):
            if (known.name, known.region) != (sent.name, region.id) and sent.id:
                directory.rename_cluster(connection, known.id, sent.name, region.id)
            return known.id
    return directory.add_cluster(connection, sent.name, region.id, ClusterId(sent.id) if sent.id else None)


def _is_the_same(known: directory.Cluster, sent: ClusterSent, region: Region) -> bool:
    if sent.id:
        return known.id == sent.id
    return known.name.casefold() == sent.name.casefold() and known.region == region.id


def practices_named(connection: Connection, cluster_id: ClusterId, names: Sequence[str]) -> list[PracticeId]:
    """The practices of these names in a cluster, made where they lack; one name, one practice."""
    known = {each.name.casefold(): each.id for each in directory.practices_of(connection, cluster_id)}
    ids = []
    for name in names:
        if name.casefold() not in known:
            known[name.casefold()] = directory.add_practice(connection, cluster_id, name)
        ids.append(known[name.casefold()])
    return ids


def _first_event(services: Services, order_id: OrderId) -> OrderPlaced:
    return _placed_event(services.store.load(order_id))


def _placed_event(events: Sequence[object]) -> OrderPlaced:
    first = events[0]
    if not isinstance(first, OrderPlaced):
        msg = "a stream begins with order_placed"
        raise TypeError(msg)
    return first


def _placed(services: Services, event: OrderPlaced, left_out: int) -> Placed:
    link = order_link(services.keys, event.order, event.coordinator)
    return Placed(
        order=event.order,
        cluster=event.cluster,
        package=event.package,
        package_version=event.package_version,
        placed_at=event.at,
        call_due=event.call_due,
        members=[PlacedMember(member=joined.member, practice=joined.practice) for joined in event.members],
        left_out=left_out,
        links=Links(
            self=services.address(f"/api/v1/orders/{event.order}"), page=services.address(f"/bestilling/{link}")
        ),
    )
