"""The order page and its forms. A link is the right to use it: no sign-in, no cookie."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from web import outages, words
from web.forms.body import read_form
from web.meeting_calendar import webcal
from web.messages import message
from web.order_page import giving, pages
from web.order_page.giving import MOST_FIELDS, Filled, form_facts, untouched
from web.order_page.opened import no_such_link, opened
from web.order_page.own_questions import questions_shown
from web.order_page.pages import FormPage
from web.order_page.preview import Preview, preview
from web.order_page.view import OrderPageView
from web.origin import PageOrigin
from web.services import CurrentServices, Services
from web.templating import page

router = APIRouter(prefix="/bestilling", include_in_schema=False)


async def _form(request: Request) -> FormData:
    return await read_form(request, MOST_FIELDS)


Form = Annotated[FormData, Depends(_form)]


@router.api_route("/{link}", methods=["GET", "HEAD"])
async def order_page(link: str, services: CurrentServices, gjort: str = "") -> Response:
    """Where the order stands, and what can be done."""
    here = await opened(services, link)
    if here is None:
        return await no_such_link(services, link)
    can = pages.possible(here)
    urgent = pages.urgent(here, can)
    return page(
        "order/page.html",
        here=here,
        order=here.order,
        own_questions=questions_shown(here),
        words=words,
        can=can,
        groups=list(pages.grouped([each for each in can if each.slug not in pages.OF_THE_LIST])),
        may_change_members=any(each.slug in pages.OF_THE_LIST for each in can),
        urgent=urgent,
        due=pages.due_of(here, urgent) if urgent else None,
        undecided=pages.undecided(here, urgent),
        done=pages.done_line(gjort),
        is_staff=here.is_staff,
        office=services.office,
        webcal=webcal(services, here.calendar),
    )


@router.api_route("/{link}/{slug}", methods=["GET", "HEAD"])
async def form_page(link: str, slug: str, services: CurrentServices, medlem: str = "") -> Response:
    """One form; back to the order page where it is not the time for it."""
    here = await opened(services, link)
    if here is None:
        return await no_such_link(services, link)
    form = pages.page_called(slug)
    if form is None or not pages.is_for(here, form) or not form.possible(here):
        return RedirectResponse(here.page, status_code=303)
    filled = untouched(here, form)
    if medlem in here.order.active_members:
        filled.values["member"] = medlem
    return await run_in_threadpool(_show, services, here, form, filled)


@router.post("/{link}/{slug}")
async def give(link: str, slug: str, form: Form, origin: PageOrigin, services: CurrentServices) -> Response:
    """Give the form's command; then the order page, or the form again with what is wrong."""
    here = await opened(services, link)
    if here is None:
        return await no_such_link(services, link)
    shown = pages.page_called(slug)
    if shown is None or not pages.is_for(here, shown):
        return RedirectResponse(here.page, status_code=303)
    looked_through = await preview(services, here, shown, form)
    if isinstance(looked_through, Preview):
        return page("order/preview.html", here=here, form=shown, preview=looked_through)
    given = looked_through or await giving.give(services, here, shown, form, origin)
    if isinstance(given, Filled):
        return await run_in_threadpool(_show, services, here, shown, given)
    if slug == "nyt-link" and form.get("holder") == here.by.who:
        return _on_its_way(services)
    back_to = f"{here.page}/medlemmer" if slug in pages.OF_THE_LIST else here.page
    return RedirectResponse(f"{back_to}?gjort={given}", status_code=303)


def _show(services: Services, here: OrderPageView, shown: FormPage, filled: Filled) -> Response:
    headers = outages.RETRY if filled.status == 503 else None
    return page("order/form.html", filled.status, headers=headers, **form_facts(services, here, shown, filled))


def _on_its_way(services: Services) -> Response:
    """Instead of the order's page, which the link no longer opens."""
    paragraphs = ("Vi har sendt det til den mailadresse, vi kender. Linket til siden, du kom fra, virker ikke mere.",)
    return message(services, 200, "Dit nye link er på vej", paragraphs)
