"""The groups on a page of the coordinator's: who does not come, the draw as it would be, and another draw.

Another draw is asked for with a button and not a link: what follows links, as scanners of mail do, draws nothing anew.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from reporting.office import can_make_pdf
from reporting.papers.catalogue import PaperId, PaperKind, paper_called
from reporting.papers.context import Doctor
from reporting.papers.groups import DrawnRound, rounds_of
from web.forms.body import read_form
from web.order_page.giving import MOST_FIELDS
from web.order_page.opened import no_such_link, opened
from web.order_page.view import OrderPageView
from web.papers.facts import paper_context
from web.papers.files import MOST_DRAWS
from web.papers.routes import draw_of
from web.papers.shown import may_be_made
from web.services import CurrentServices, Services
from web.templating import page

router = APIRouter(prefix="/bestilling", include_in_schema=False)


@dataclass(frozen=True)
class GroupsShown:
    """The page: everybody on the list, who is left out, and the two rounds of those who come."""

    everybody: Sequence[Doctor]
    left_out: frozenset[str]
    rounds: Sequence[DrawnRound]
    draw: int

    def address(self, below: str) -> str:
        """An address with this choice in it."""
        chosen = [("traek", str(self.draw)), *(("uden", each) for each in sorted(self.left_out))]
        return f"{below}?{urlencode(chosen)}"


@router.api_route("/{link}/grupper", methods=["GET", "HEAD"])
async def groups_page(
    link: str,
    services: CurrentServices,
    traek: Annotated[str, Query()] = "1",
    uden: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """The groups, drawn from the list as it is now. Nothing is kept: the address is the choice."""
    here = await opened(services, link)
    if here is None:
        return await no_such_link(services, link)
    kind = paper_called(PaperId.GROUPS)
    if kind is None or not may_be_made(here.order, kind):
        return RedirectResponse(here.page, status_code=303)
    now = await services.clock.now()
    shown = await run_in_threadpool(_shown, services, here, kind, now, draw_of(traek), frozenset(uden or ()))
    return page("order/groups.html", here=here, shown=shown, has_pdf=can_make_pdf())


async def _form(request: Request) -> FormData:
    return await read_form(request, MOST_FIELDS)


@router.post("/{link}/grupper")
async def draw_again(link: str, services: CurrentServices, form: Annotated[FormData, Depends(_form)]) -> Response:
    """Another draw of the same people: the page whose address has the next number in it."""
    here = await opened(services, link)
    if here is None:
        return await no_such_link(services, link)
    draw, left_out = draw_of(str(form.get("traek", ""))), map(str, form.getlist("uden"))
    known = here.order.active_members
    chosen = GroupsShown((), frozenset(each for each in left_out if each in known), (), draw % MOST_DRAWS + 1)
    return RedirectResponse(chosen.address(f"{here.page}/grupper"), status_code=303)


def _shown(
    services: Services, here: OrderPageView, kind: PaperKind, now: dt.datetime, draw: int, left_out: frozenset[str]
) -> GroupsShown:
    with services.database.read() as connection:
        everybody = paper_context(services, connection, here.order, kind, now, draw=draw)
        coming = paper_context(services, connection, here.order, kind, now, draw=draw, left_out=left_out)
    known = frozenset(doctor.id for doctor in everybody.doctors)
    return GroupsShown(everybody.doctors, left_out & known, rounds_of(coming), draw)
