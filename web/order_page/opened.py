"""What a link to an order's page opens: the view of it, or a kind page where it opens nothing."""

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from web.messages import message
from web.order_page.view import OrderPageView, order_page_view
from web.services import Services


async def opened(services: Services, link: str) -> OrderPageView | None:
    """The order as the link's holder sees it now; None where the link opens nothing."""
    now = await services.clock.now()
    return await run_in_threadpool(order_page_view, services, link, now)


def no_such_link(services: Services) -> Response:
    """What to try, and whom to ring."""
    paragraphs = (
        "Måske er linket brækket over i mailen: kopiér det hele, og prøv igen.",
        "Har klyngen fået en ny koordinator, virker det gamle link ikke mere. Den nye koordinator har fået sit eget.",
        "Er bestillingen afsluttet for længe siden, er den slettet.",
    )
    return message(services, 404, "Linket virker ikke", paragraphs)
