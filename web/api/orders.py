"""An order's state out: `GET /api/v1/orders/{id}`, its free texts and its people for who may see them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from domain.by import By, Scope
from domain.danish import alphabetical
from domain.decisions.rules import current_round
from domain.model import OrderId, Role, Round
from storage import clusters, people, result_repository
from web.api.callers import FORBIDDEN, MayReadOrders, MayReadPeople
from web.api.order_view import OrderView, order_view
from web.problems import Problem, responses
from web.services import CurrentServices
from web.submitting import order_of

router = APIRouter(prefix="/api/v1", tags=["Bestilling"])

OrderInPath = Annotated[str, Path(description="the order's id", examples=["m4ukq2wbzd"], max_length=64)]


@router.get("/orders/{order}", summary="See where an order stands", responses=responses(401, 403, 404, 422, 503))
async def get_order(order: OrderInPath, by: MayReadOrders, services: CurrentServices) -> OrderView:
    """Stage, dates, counts, what we are waiting for people to do, what has happened and what comes next.

    Counts only: nothing here tells who has answered, or what.
    """
    now = await services.clock.now()
    return await run_in_threadpool(order_view, services, OrderId(order), by, now)


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


@router.get(
    "/orders/{order}/free-texts", summary="Read the answers in words", responses=responses(401, 403, 404, 409, 422, 503)
)
def get_free_texts(order: OrderInPath, by: MayReadOrders, services: CurrentServices) -> FreeTextsView:
    """For KiAP's consultant alone, before anybody else sees them. Then give `read_free_texts` with those to strike."""
    _for_commands(by)
    found = order_of(services, OrderId(order))
    survey = current_round(found)
    with services.database.read() as connection:
        texts = result_repository.free_texts(connection, found.id, survey.round)
    return FreeTextsView(
        round=survey.round,
        state="read" if survey.free_texts_read else "to_read",
        texts=[
            FreeTextView(id=text.id, item=text.item, text=text.text, struck=text.id in survey.struck_texts)
            for text in texts
        ],
    )


def _for_commands(by: By) -> None:
    if Scope.GIVE_COMMANDS not in by.scopes:
        raise Problem(403, "not_yours", FORBIDDEN)


class PersonView(BaseModel):
    """Somebody on the order's list. Nothing here tells whether they have answered."""

    person: str
    name: str
    email: str
    practice: str
    role: Role
    active: bool = Field(description="whether they are on the list now")


@router.get("/orders/{order}/people", summary="Who is on the list", responses=responses(401, 403, 404, 422, 503))
def get_people(order: OrderInPath, _by: MayReadPeople, services: CurrentServices) -> list[PersonView]:
    """The members by name, with the ids that commands take, so that an address is corrected or a member removed."""
    found = order_of(services, OrderId(order))
    with services.database.read() as connection:
        known = people.people(connection, list(found.members))
        practices = clusters.practices(connection, [member.practice for member in found.members.values()])
    views = [
        PersonView(
            person=person,
            name=known[person].name,
            email=known[person].email,
            practice=practices[member.practice].name if member.practice in practices else "",
            role=member.role,
            active=member.active,
        )
        for person, member in found.members.items()
        if person in known and known[person].erased_at is None
    ]
    return sorted(views, key=lambda view: alphabetical(view.name))
