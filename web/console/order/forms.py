"""Every command that KiAP's own may give an order, as a form in the console's frame."""

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.authority import Right
from web import outages
from web.console.frame import console_page
from web.console.order.found import Found, find_order, no_such_order, order_address
from web.console.order.slides import deck_in_review
from web.console.orders.filters import ORDERS
from web.console.principal import Principal, SignedInStaff
from web.console.router import ConsoleRouter, SentForm
from web.order_page import giving, pages
from web.order_page.giving import Filled, form_facts, untouched
from web.order_page.pages import FormPage
from web.origin import PageOrigin
from web.services import CurrentServices, Services

MEMBER = "medlem"
"""In a form's address: the member it is about."""

WITH_THE_DECK = ("gennemsyn", "egne-ord")
"""Forms that are filled in with the deck before one's eyes."""

router = ConsoleRouter()


@router.page("/forloeb/{order}/{form}", needs=Right.READ)
async def form_page(order: str, form: str, request: Request, me: SignedInStaff, services: CurrentServices) -> Response:
    """One form; back to the order where it is not the time for it."""
    found = await find_order(services, me, order)
    if found is None:
        return no_such_order(me)
    shown = pages.page_called(form)
    if shown is None or not pages.is_for(found.view, shown) or not shown.possible(found.view):
        return RedirectResponse(order_address(order), status_code=303)
    filled = untouched(found.view, shown)
    if member := request.query_params.get(MEMBER):
        filled.values["member"] = member
    return await _show(services, me, found, shown, filled)


@router.action("/forloeb/{order}/{form}", needs=Right.READ)
async def give(
    order: str, form: str, me: SignedInStaff, sent: SentForm, origin: PageOrigin, services: CurrentServices
) -> Response:
    """Give the form's command; then the order, or the form again with what is wrong beside its field."""
    found = await find_order(services, me, order)
    if found is None:
        return no_such_order(me)
    shown = pages.page_called(form)
    if shown is None or not pages.is_for(found.view, shown):
        return RedirectResponse(order_address(order), status_code=303)
    given = await giving.give(services, found.view, shown, sent, origin)
    if isinstance(given, Filled):
        return await _show(services, me, found, shown, given)
    return RedirectResponse(f"{order_address(order)}?gjort={given}", status_code=303)


async def _show(services: Services, me: Principal, found: Found, shown: FormPage, filled: Filled) -> Response:
    facts = await run_in_threadpool(form_facts, services, found.view, shown, filled)
    in_review = await run_in_threadpool(deck_in_review, services, found.order) if shown.slug in WITH_THE_DECK else None
    view = facts.pop("here")  # the frame's own `here` is the menu's
    headers = outages.RETRY if filled.status == 503 else None
    return console_page(
        "console/order/form.html", me, filled.status, here=ORDERS, headers=headers, view=view, slides=in_review, **facts
    )
