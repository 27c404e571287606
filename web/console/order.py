"""One order: how far it is, what we are waiting for, what has happened and what comes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from domain.agenda import lies_ahead
from domain.authority import Right
from domain.evolution import load
from domain.model import OrderId
from domain.stages import DANISH, OWNERS
from domain.words import next_line, past_line, task_line
from storage import clusters
from storage.tasks import tasks
from storage.timeline import timeline
from web.console.frame import console_page, message_page
from web.console.orders.filters import ORDERS
from web.console.principal import SignedInStaff
from web.console.router import ConsoleRouter
from web.services import CurrentServices, Services

router = ConsoleRouter()


@dataclass(frozen=True)
class Line:
    at: dt.datetime
    text: str


@dataclass(frozen=True)
class Waiting:
    text: str
    owner: str
    due: dt.datetime | None


@router.page("/forloeb/{order}", needs=Right.READ)
async def order_page(order: str, me: SignedInStaff, services: CurrentServices) -> Response:
    """The order, or a page that says there is none of that number."""
    now = await services.clock.now()
    facts = await run_in_threadpool(_facts, services, OrderId(order), now)
    if facts is None:
        return message_page(me, 404, "Forløbet findes ikke", "Ingen bestilling har det nummer.")
    return console_page("console/order.html", me, here=ORDERS, **facts)


def _facts(services: Services, order_id: OrderId, now: dt.datetime) -> dict[str, Any] | None:
    order = load(services.store.load(order_id))
    if order is None:
        return None
    with services.database.read() as connection:
        cluster = clusters.cluster(connection, order.cluster).name
    return {
        "order_id": order.id,
        "cluster": cluster,
        "package": services.packages.of(order).title,
        "stage": DANISH[order.stage],
        "waiting": [
            Waiting(task_line(each.kind), OWNERS[each.owner_role], each.due)
            for each in tasks(services.database, order_id=order.id)
        ],
        "coming": [Line(each.at, next_line(each.code, each.facts)) for each in lies_ahead(order, now)],
        "happened": [
            Line(each.at, past_line(each.code, each.facts)) for each in reversed(timeline(services.database, order.id))
        ],
    }
