"""The console's first page: a row for each thing that needs a person, the most urgent first."""

import datetime as dt
import uuid
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from domain.authority import Right
from domain.meeting import danish as in_denmark
from domain.needs import REASONS, Reason
from storage.needs import count_needs, needs
from storage.pulse import pulse
from web import outages
from web.console.frame import console_page
from web.console.live.fresh import Fresh
from web.console.needs.filters import WHOSE, Filters, filters_from
from web.console.needs.rows import Refused, row_shown
from web.console.principal import Principal, SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter
from web.services import CurrentServices, Services

LINES = 50
"""On a page."""
DONE = {
    "opkald": "Opkaldet er noteret. Den lovede dag er den samme.",
    "taget": "Forløbet er dit.",
    "udskudt": "Opgaven er udsat og kommer igen på dagen.",
    "frem": "Opgaven er taget frem igen.",
}

router = ConsoleRouter()


@router.page("", needs=Right.READ)
async def needs_page(
    request: Request, me: SignedInStaff, services: CurrentServices, side: str = "", gjort: str = ""
) -> Response:
    """What needs a person, as the address asks."""
    number = int(side) if side.isascii() and side.isdigit() and len(side) < 6 else 1
    filters = filters_from(me, request.query_params)
    return await needs_listed(services, me, filters, max(1, number), done=DONE.get(gjort, ""))


async def needs_listed(
    services: Services,
    me: Principal,
    filters: Filters,
    number: int = 1,
    *,
    done: str = "",
    problem: str = "",
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    """A page of the list; with a `problem` above it, and what was `refused` beside its field."""
    now = await services.clock.now()
    facts = await run_in_threadpool(_facts, services, me, filters, number, now, refused)
    headers = outages.RETRY if status == 503 else None
    return console_page(
        "console/needs.html", me, status, here=CONSOLE, headers=headers, done=done, problem=problem, **facts
    )


def _facts(
    services: Services, me: Principal, filters: Filters, number: int, now: dt.datetime, refused: Refused | None
) -> dict[str, Any]:
    with services.database.read() as connection:
        fresh = Fresh(pulse(connection))
        found = needs(connection, filters.wanted(me), now, limit=LINES + 1, skip=(number - 1) * LINES)
        counts = count_needs(connection, filters.of_every_reason().wanted(me), now)
        rows = [row_shown(connection, me, need, now, refused) for need in found[:LINES]]
    return {
        "fresh": fresh,
        "filters": filters,
        "rows": rows,
        "whose": [(name, label, filters.address(whose=name)) for name, label in WHOSE.items()],
        "reasons": [
            (reason, REASONS[reason], counts[reason]) for reason in Reason if counts[reason] or reason is filters.reason
        ],
        "total": sum(counts.values()),
        "tomorrow": in_denmark(now).date() + dt.timedelta(days=1),
        "earlier": filters.address(page=number - 1) if number > 1 else "",
        "later": filters.address(page=number + 1) if len(found) > LINES else "",
        "request_id": uuid.uuid4().hex,
    }
