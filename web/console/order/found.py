"""The order that a page of the console is about, as whoever is signed in sees it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from domain.evolution import evolve
from domain.order import Order
from storage.documents import DocumentInfo
from storage.recorded import Recorded
from web.console.frame import message_page
from web.console.orders.filters import ORDERS
from web.console.principal import Principal
from web.order_page.view import OrderPageView, view_in
from web.services import Services


@dataclass(frozen=True)
class Found:
    """An order with its stream, at an instant."""

    view: OrderPageView
    recorded: Sequence[Recorded]

    @property
    def order(self) -> Order:
        return self.view.order

    @property
    def now(self) -> dt.datetime:
        return self.view.now


def order_address(order_id: str) -> str:
    """Where an order's page is."""
    return f"{ORDERS}/{order_id}"


def document_address(info: DocumentInfo) -> str:
    """Where one of KiAP's own gets a document, released or not."""
    return f"{order_address(info.order_id)}/dokumenter/{info.id}"


async def find_order(services: Services, me: Principal, order_id: str) -> Found | None:
    """The order of this number, None where there is none."""
    now = await services.clock.now()

    def find() -> Found | None:
        recorded = services.store.load_recorded(order_id)
        order: Order | None = None
        for each in recorded:
            order = evolve(order, each.event)
        if order is None:
            return None
        with services.database.read() as connection:
            view = view_in(
                services,
                connection,
                order,
                me.by,
                now,
                order_address(order.id),
                lambda info, _is_released: document_address(info),
                in_console=True,
            )
        return Found(view, recorded)

    return await run_in_threadpool(find)


def no_such_order(me: Principal) -> Response:
    """The page for a number that no order has."""
    return message_page(me, 404, "Forløbet findes ikke", "Ingen bestilling har det nummer.")
