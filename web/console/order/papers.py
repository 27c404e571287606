"""An order's papers for KiAP's own, by their right: the same files as the coordinator has, and what the data lack."""

import datetime as dt
from collections.abc import Sequence

from fastapi import Response
from sqlalchemy import Connection

from domain.authority import Right
from domain.meeting import danish
from domain.order import Order
from reporting.office import OfficeFailed
from web.console.frame import REFERRER, message_page
from web.console.order.found import find_order, no_such_order
from web.console.principal import SignedInStaff
from web.console.router import ConsoleRouter
from web.papers.facts import offers_here
from web.papers.files import Asked, NotThere, answer
from web.services import CurrentServices, Services

router = ConsoleRouter()


@router.page("/forloeb/{order}/papirer/{file}", needs=Right.READ)
async def paper(order: str, file: str, me: SignedInStaff, services: CurrentServices) -> Response:
    """One of the order's papers, as Word, PDF or all in a zip."""
    found = await find_order(services, me, order)
    if found is None:
        return no_such_order(me)
    try:
        made = await answer(services, found.order, Asked(file, for_members=False))
    except NotThere:
        return message_page(me, 404, "Papiret findes ikke", "Måske er mødet ikke aftalt endnu, eller det er aflyst.")
    except OfficeFailed:
        return message_page(me, 503, "Filen kunne ikke laves", "Prøv igen om lidt, eller hent den i Word.")
    made.headers.update(REFERRER)
    return made


def missing_of_offers(services: Services, connection: Connection, order: Order, now: dt.datetime) -> Sequence[str]:
    """What the offers' data lack for this cluster, a line each; nothing before there is a meeting."""
    if order.meeting is None:
        return ()
    return tuple(offers_here(services, connection, order, danish(now).date()).missing())
