"""Commands to orders: `POST /api/v1/orders/{id}/commands`."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Body, Header
from fastapi.openapi.models import Example
from pydantic import BaseModel, Field

from domain.model import OrderId
from domain.stages import DANISH, Stage
from web.api.callers import SignedIn
from web.api.orders import OrderInPath
from web.origin import ApiOrigin
from web.problems import responses
from web.requests.catalogue import AnyRequest
from web.services import CurrentServices
from web.submitting import fingerprint_of, submit
from web.unstorable import JsonRoute

router = APIRouter(route_class=JsonRoute, prefix="/api/v1", tags=["Kommandoer"])

EXAMPLES: dict[str, Example] = {
    "agree_plan": {
        "summary": "The call's outcome",
        "value": {
            "type": "agree_plan",
            "meeting": {"starts": "2026-04-15T17:00", "minutes": 150, "format": "fysisk", "facilitator": "koordinator"},
            "place_text": "Lægehuset Torvet, mødelokale 2",
        },
    },
    "move_meeting": {"summary": "Move the meeting", "value": {"type": "move_meeting", "to": "2026-04-22T17:00"}},
    "extend_survey": {"summary": "Extend the survey", "value": {"type": "extend_survey", "closes": "2026-03-30"}},
    "send_reminder": {"summary": "Send an extra reminder", "value": {"type": "send_reminder"}},
    "record_meeting": {
        "summary": "How the meeting went",
        "value": {
            "type": "record_meeting",
            "attended": 24,
            "absent": 5,
            "ideas_text": "Fælles frokost hver dag. Supervision i klyngen.",
            "agreed_text": "Fælles frokost kl. 12, alle, fra 1. maj\nSupervision, Mette spørger rundt, før sommer",
            "follow_up": "agreed",
            "follow_up_opens": "2027-01-18",
        },
    },
    "add_member": {
        "summary": "A member joins",
        "value": {
            "type": "add_member",
            "name": "Ida Skov",
            "email": "ida.skov@example.dk",
            "practice": "067890",
            "role": "ansat læge",
        },
    },
    "release_deck": {"summary": "Deliver the deck now", "value": {"type": "release_deck"}},
    "cancel_order": {"summary": "Cancel", "value": {"type": "cancel_order", "reason": "cluster_withdrew"}},
}

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="Your own id for this command: sent again, it is the same command and not a second one.",
    ),
]


class Done(BaseModel):
    """The order after the command."""

    version: int = Field(description="how many events the order has")
    stage: str
    stage_text: str


@router.post(
    "/orders/{order}/commands",
    summary="Give an order a command",
    responses=responses(401, 403, 404, 409, 422, 503),
)
async def give_command(
    order: OrderInPath,
    request: Annotated[AnyRequest, Body(openapi_examples=EXAMPLES)],
    by: SignedIn,
    origin: ApiOrigin,
    services: CurrentServices,
    idempotency_key: IdempotencyKey = None,
) -> Done:
    """Everything people can do to an order.

    A refusal by KiAP's rules is 409 with a stable `code` and a Danish `detail`. A command that is done already is
    answered like the first time; an `Idempotency-Key` used before for something else is refused.
    """
    key = f"{by.who}/{idempotency_key}" if idempotency_key else None
    request_id = f"{by.who}/{order}/{idempotency_key or uuid.uuid4().hex}/{fingerprint_of(request)}"
    accepted = await submit(services, OrderId(order), request, by=by, origin=origin, request_id=request_id, key=key)
    return Done(version=accepted.version, stage=accepted.stage, stage_text=DANISH[Stage(accepted.stage)])
