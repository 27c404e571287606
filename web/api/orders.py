"""An order's standing out: `GET /api/v1/orders/{id}`."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel

from domain.commands import STAFF
from domain.decisions.rules import current_round
from domain.evolution import load
from domain.model import Rejected, Round
from storage import result_repository
from web.api.callers import SignedIn
from web.api.order_view import OrderView, order_view
from web.problems import responses
from web.services import Given

router = APIRouter(prefix="/api/v1", tags=["Bestilling"])

OrderInPath = Annotated[str, Path(description="the order's id", examples=["m4ukq2wbzd"], max_length=64)]


@router.get("/orders/{order}", summary="See where an order stands", responses=responses(401, 404))
def get_order(order: OrderInPath, _who: SignedIn, services: Given) -> OrderView:
    """Stage, dates, counts, what people are waited for, what has happened and what comes next.

    Counts only: nothing here tells who has answered, or what.
    """
    return order_view(services, order)


class FreeTextView(BaseModel):
    """One answer in words. Its id is random, and nothing tells whose it is or when it came."""

    id: str
    item: str
    text: str
    struck: bool


class FreeTextsView(BaseModel):
    """What was written in the round that is in review."""

    round: Round
    state: Literal["to_read", "read"]
    texts: list[FreeTextView]


@router.get("/orders/{order}/free-texts", summary="Read the answers in words", responses=responses(401, 403, 404, 409))
def get_free_texts(order: OrderInPath, who: SignedIn, services: Given) -> FreeTextsView:
    """For KiAP's consultant alone, before anybody else sees them. Then give `read_free_texts` with those to strike."""
    if who.actor not in STAFF:
        raise Rejected("not_yours", "Kun konsulenten læser, hvad lægerne har skrevet med egne ord.")
    found = load(services.store.load(order))
    if found is None:
        raise Rejected("no_such_order", "Bestillingen findes ikke.", order=order)
    survey = current_round(found)
    with services.database.read() as connection:
        texts = result_repository.free_texts(connection, found.id, survey.round)
    return FreeTextsView(
        round=survey.round,
        state="read" if survey.free_texts_read else "to_read",
        texts=[FreeTextView(id=text.id, item=text.item, text=text.text, struck=text.struck) for text in texts],
    )
