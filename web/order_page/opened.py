"""What a link to an order's page opens: the view of it, or a kind page where it opens nothing."""

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from storage.order_links import Page
from web.dead_links import dead_link
from web.order_page.view import OrderPageView, order_page_view
from web.services import Services


async def opened(services: Services, link: str) -> OrderPageView | None:
    """The order as the link's holder sees it now; None where the link opens nothing."""
    now = await services.clock.now()
    return await run_in_threadpool(order_page_view, services, link, now)


async def no_such_link(services: Services, link: str) -> Response:
    """Why, what to try, and whom to ring."""
    return await run_in_threadpool(dead_link, services, Page.ORDER, link)
