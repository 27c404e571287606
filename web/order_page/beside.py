"""Pages beside the order's own, by the same link: its members, and the meeting's programme. They change nothing."""

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from web import words
from web.order_page.members import members_listed
from web.order_page.opened import no_such_link, opened
from web.order_page.pages import done_line, page_called
from web.order_page.view import OrderPageView
from web.services import CurrentServices
from web.templating import page

router = APIRouter(prefix="/bestilling", include_in_schema=False)


@router.api_route("/{link}/medlemmer", methods=["GET", "HEAD"])
async def members_page(link: str, services: CurrentServices, gjort: str = "") -> Response:
    """Who is on the order's list, with what can be put right of each; never who has answered."""
    here = await opened(services, link)
    if here is None:
        return await no_such_link(services, link)
    members = await run_in_threadpool(members_listed, services, here.order)
    return page(
        "order/members.html",
        here=here,
        order=here.order,
        members=members,
        can_add=_can(here, "nyt-medlem"),
        can_correct=_can(here, "ret-medlem"),
        can_remove=_can(here, "fjern-medlem"),
        done=done_line(gjort),
    )


@router.api_route("/{link}/program", methods=["GET", "HEAD"])
async def programme_page(link: str, services: CurrentServices) -> Response:
    """The meeting's programme on the clock; back to the order's page before a meeting is agreed."""
    here = await opened(services, link)
    if here is None:
        return await no_such_link(services, link)
    meeting = here.order.meeting
    if meeting is None:
        return RedirectResponse(here.page, status_code=303)
    return page("order/programme.html", here=here, order=here.order, meeting=meeting, words=words)


def _can(here: OrderPageView, slug: str) -> bool:
    form = page_called(slug)
    return form is not None and bool(form.possible(here))
