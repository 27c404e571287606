"""Papers behind a link: the coordinator's own, and those that every member gets."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool

from domain.evolution import load
from domain.order import Order
from reporting.office import OfficeFailed
from storage.order_links import Page, is_erased, opens, order_of
from web.contact import contact_of
from web.dead_links import dead_link
from web.messages import message
from web.order_page.opened import no_such_link, opened
from web.papers.files import MOST_DRAWS, Asked, NotThere, answer
from web.services import CurrentServices, Services

NOT_THERE = ("Papiret er her ikke lige nu. Måske er mødet ikke aftalt endnu, eller også er det aflyst.",)
NOT_MADE = ("Vi kunne ikke lave filen lige nu. Prøv igen om lidt, eller hent den i Word.",)

router = APIRouter(include_in_schema=False)


@router.api_route("/bestilling/{link}/papirer/{file}", methods=["GET", "HEAD"])
async def coordinators_paper(
    link: str,
    file: str,
    services: CurrentServices,
    traek: Annotated[str, Query()] = "1",
    uden: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """One of the order's papers, as Word, PDF or all in a zip. `uden` are those whom the groups are without."""
    here = await opened(services, link)
    if here is None:
        return await no_such_link(services, link)
    asked = Asked(file, for_members=False, draw=draw_of(traek), left_out=frozenset(uden or ()))
    return await given(services, here.order, asked)


@router.api_route("/moede/{link}/papirer/{file}", methods=["GET", "HEAD"])
async def members_paper(link: str, file: str, services: CurrentServices) -> Response:
    """One of the handouts, or all of them in a zip."""
    order = await run_in_threadpool(_order_of_member, services, link)
    if order is None:
        return await run_in_threadpool(dead_link, services, Page.MEETING, link)
    return await given(services, order, Asked(file, for_members=True))


async def given(services: Services, order: Order, asked: Asked) -> Response:
    """The file, or a kind page that says why not."""
    try:
        return await answer(services, order, asked)
    except NotThere:
        said, status = NOT_THERE, 404
    except OfficeFailed:
        said, status = NOT_MADE, 503
    contact = await run_in_threadpool(contact_of, services, order)
    return message(services, status, "Filen kunne ikke hentes", said, contact=contact)


def draw_of(text: str) -> int:
    """The number of a draw in an address; the first where it is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_DRAWS))
    return int(text) if is_number and int(text) > 0 else 1


def _order_of_member(services: Services, link: str) -> Order | None:
    order = load(services.store.load(order_of(link)))
    if order is None or not any(
        opens(services.keys, Page.MEETING, link, order, person) for person in order.active_members
    ):
        return None
    with services.database.read() as connection:
        return None if is_erased(connection, order) else order
