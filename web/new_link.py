"""`/nyt-link`: whoever has lost their link asks for it by their mail address, and gets it there and nowhere else.

The answer is the same, and as quick, whether the address is known or not. Following the page or pressing its button
without an address changes nothing.
"""

import math
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from domain.by import PORTAL
from domain.commands import SendLink
from domain.danish import minutes
from domain.evolution import load
from domain.model import OrderId, PersonId, Rejected
from domain.text import email_address
from domain.unfit import Unfit
from storage import link_requests
from storage.outage import DatabaseUnavailable
from web import outages
from web.forms.body import read_form
from web.messages import message
from web.orders_port import Unavailable
from web.origin import PageOrigin
from web.services import CurrentServices, Services
from web.templating import page

PATH = "/nyt-link"
MAIL = "mail"
NO_ADDRESS = "Skriv din mailadresse."
MOST_FIELDS = 10

router = APIRouter(include_in_schema=False)


async def _form(request: Request) -> FormData:
    return await read_form(request, MOST_FIELDS)


@router.api_route(PATH, methods=["GET", "HEAD"])
def ask_page(services: CurrentServices, sendt: str = "") -> Response:
    """The form, or what to expect once it is sent."""
    return _page(services, sent=bool(sendt))


@router.post(PATH)
async def ask(form: Annotated[FormData, Depends(_form)], origin: PageOrigin, services: CurrentServices) -> Response:
    """Send the links of whoever has this address to that address, if anybody has."""
    given = form.get(MAIL)
    written = given if isinstance(given, str) else ""
    try:
        email = email_address(written)
    except Unfit as unfit:
        return _page(services, 422, written=written, problem=str(unfit) if written.strip() else NO_ADDRESS)
    now = await services.wall_clock.now()

    def may_ask_after() -> float:
        with services.database.write() as connection:
            return link_requests.ask(connection, services.keys, email, origin.network, now).total_seconds()

    if wait := await run_in_threadpool(may_ask_after):
        paragraphs = (
            f"Der er bedt om link mange gange på kort tid. Prøv igen om {minutes(math.ceil(wait / 60))}.",
            "Har du fået flere mails, så brug linket i den nyeste.",
        )
        return message(services, 429, "Vent lidt", paragraphs, headers={"Retry-After": str(math.ceil(wait))})
    services.beside(_send(services, email))
    return RedirectResponse(f"{PATH}?sendt=1", status_code=303)


async def _send(services: Services, email: str) -> None:
    """After the page is answered, so that its time tells nothing. What fails is asked for again by its reader."""
    try:
        holders = await run_in_threadpool(_holders, services, email)
    except DatabaseUnavailable as unavailable:
        outages.tell(unavailable)
        return
    for order_id, person in holders:
        request_id = f"link/{uuid.uuid4().hex}"
        try:
            await services.orders.execute(order_id, SendLink(holder=person), by=PORTAL, request_id=request_id)
        except (Unavailable, DatabaseUnavailable) as unavailable:
            outages.tell(unavailable)
        except Rejected:
            continue  # the order ended, or its reader left it, at this very moment


def _holders(services: Services, email: str) -> list[tuple[OrderId, PersonId]]:
    """Orders in progress with whoever at the address holds a link to them."""
    with services.database.read() as connection:
        asked = link_requests.who_asked(connection, email)
    found = []
    for order_id, person in asked:
        order = load(services.store.load(order_id))
        if order is not None and order.ended is None and person in order.link_holders:
            found.append((order_id, person))
    return found


def _page(
    services: Services, status: int = 200, *, sent: bool = False, written: str = "", problem: str = ""
) -> Response:
    problems = {MAIL: problem} if problem else {}
    return page("new_link.html", status, sent=sent, values={MAIL: written}, problems=problems, office=services.office)
