"""Orders in: `POST /api/v1/orders`."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field

from storage.order_links import order_link
from web import intake
from web.api.callers import SignedIn
from web.api.intake_request import OrderSent
from web.intake import Taken
from web.origin import ApiOrigin
from web.problems import responses
from web.services import CurrentServices, Services
from web.unstorable import JsonRoute

router = APIRouter(route_class=JsonRoute, prefix="/api/v1", tags=["Bestilling"])

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
    """A member's ids, for later commands. `/people` tells whose they are."""

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
    shared_addresses: list[list[str]] = Field(
        description="members who share a mail address: each gets mail and a link of their own, so see that it is right"
    )
    links: Links


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
    sent: OrderSent, key: IdempotencyKey, by: SignedIn, origin: ApiOrigin, services: CurrentServices, response: Response
) -> Placed:
    """Starts an order for a cluster.

    Nothing is written unless all of it is in order. A second open order of the same cluster for the same package is
    refused with 409 and the open order's id under `facts.order`.
    """
    taken = await intake.place_order(services, sent, key, by, origin)
    placed = _placed(services, taken)
    response.status_code = 201 if taken.is_new else 200
    response.headers["Location"] = placed.links.self
    return placed


def _placed(services: Services, taken: Taken) -> Placed:
    event = taken.event
    link = order_link(services.keys, event.order, event.coordinator)
    return Placed(
        order=event.order,
        cluster=event.cluster,
        package=event.package,
        package_version=event.package_version,
        placed_at=event.at,
        call_due=event.call_due,
        members=[PlacedMember(member=joined.person, practice=joined.practice) for joined in event.members],
        left_out=taken.left_out,
        shared_addresses=[list(those) for those in taken.shared],
        links=Links(
            self=services.address(f"/api/v1/orders/{event.order}"), page=services.address(f"/bestilling/{link}")
        ),
    )
