"""One change to many orders: picked, looked through on a list that stands still, said yes to, told order by order."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.authority import Right
from domain.evolution import load
from domain.model import OrderId
from domain.stages import DANISH
from storage import bulk_changes, order_list
from storage.bulk_changes import BulkChange, Outcome
from storage.order_list import OrderLine
from web.console.frame import console_page, message_page
from web.console.orders.bulk_actions import ACTIONS, Asked, asked
from web.console.orders.bulk_carrying_out import carry_out
from web.console.orders.filters import ORDERS, filters_of
from web.console.orders.listing import listing_page
from web.console.principal import Principal, SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter, SentForm
from web.forms.reader import FormReader
from web.order_page.view import consultant_names
from web.origin import PageOrigin
from web.services import CurrentServices, Services

BULK = f"{CONSOLE}/flere"
MOST = 200
"""Orders that are changed together. Nobody looks through a longer list."""
OUTCOMES: dict[Outcome, str] = {
    Outcome.DONE: "Gjort",
    Outcome.SO_ALREADY: "Var sådan allerede",
    Outcome.REFUSED: "Blev ikke til noget",
    Outcome.CHANGED: "Sprunget over, for det er ændret imens",
}
GONE = ("Listen findes ikke", "Den er slettet efter 30 dage, eller også er det en kollegas.")

router = ConsoleRouter()


@dataclass(frozen=True)
class RowShown:
    """An order of the list: as it stands, and what would come or has come of it. `line` is None where it is gone."""

    order_id: OrderId
    line: OrderLine | None
    stage: str
    coming: str = ""
    worth_trying: bool = False
    outcome: str = ""
    told: str = ""


@router.action("/flere", needs=Right.READ)
async def pick(me: SignedInStaff, form: SentForm, services: CurrentServices) -> Response:
    """Freeze the list: the picked rows, or all that fit the filters."""
    reader = FormReader(form)
    now = await services.clock.now()
    filters = filters_of(reader.given("filtre"), now)
    picked = [OrderId(order_id) for order_id in dict.fromkeys(reader.all_given("valgt"))]
    every_one = reader.given("hvem") == "alle"

    def freeze() -> str | None:
        with services.database.write() as connection:
            if every_one and not filters.problems:
                lines = order_list.order_lines(connection, filters.wanted, filters.sorting, limit=MOST + 1)
            else:
                known = order_list.lines_of(connection, picked[: MOST + 1])
                lines = [known[order_id] for order_id in picked if order_id in known]
            if not 0 < len(lines) <= MOST:
                return None
            return bulk_changes.freeze(connection, me.id, [(line.order_id, line.version) for line in lines], now)

    bulk_id = await run_in_threadpool(freeze)
    if bulk_id is not None:
        return RedirectResponse(f"{BULK}/{bulk_id}", status_code=303)
    too_many = every_one or len(picked) > MOST
    problem = (
        f"Du kan højst tage {MOST} forløb ad gangen. Filtrér listen først." if too_many else "Vælg mindst ét forløb."
    )
    return await listing_page(services, me, filters, now, status=422, problem=problem)


@router.page("/flere/{bulk}", needs=Right.READ)
async def bulk_page(bulk: str, me: SignedInStaff, services: CurrentServices) -> Response:
    """The list: with what can be done, with what would come of it, or with what came of it."""
    return await _shown(services, me, bulk)


@router.action("/flere/{bulk}/vis", needs=Right.READ)
async def preview(bulk: str, me: SignedInStaff, form: SentForm, services: CurrentServices) -> Response:
    """Choose what is to happen; nothing does yet."""
    reader = FormReader(form)
    consultants = await run_in_threadpool(consultant_names, services)
    chosen = asked(reader, consultants)
    if chosen is None:
        return await _shown(services, me, bulk, reader=reader)

    def choose() -> None:
        found = _found(services, me, bulk)
        if found is None:
            return
        with services.database.write() as connection:
            lines = order_list.lines_of(connection, [row.order_id for row in found.rows])
            versions = {order_id: line.version for order_id, line in lines.items()}
            bulk_changes.choose_action(connection, bulk, chosen.action, chosen.facts, versions)

    await run_in_threadpool(choose)
    return RedirectResponse(f"{BULK}/{bulk}", status_code=303)


@router.action("/flere/{bulk}/udfoer", needs=Right.READ)
async def confirm(bulk: str, me: SignedInStaff, origin: PageOrigin, services: CurrentServices) -> Response:
    """Carry it out, a portion at a time; pressed again it goes on where it is, and does nothing twice."""
    found = await run_in_threadpool(_found, services, me, bulk)
    if found is not None and found.action is not None:
        await carry_out(services, me, found, origin)
    return RedirectResponse(f"{BULK}/{bulk}", status_code=303)


async def _shown(services: Services, me: Principal, bulk: str, reader: FormReader | None = None) -> Response:
    now = await services.clock.now()
    facts = await run_in_threadpool(_facts, services, me, bulk, now)
    if facts is None:
        return message_page(me, 404, *GONE)
    problems = reader.problems if reader else {}
    return console_page(
        "console/orders/bulk.html",
        me,
        422 if problems else 200,
        here=ORDERS,
        actions=ACTIONS,
        problems=problems,
        values=reader.everything() if reader else {},
        **facts,
    )


def _found(services: Services, me: Principal, bulk: str) -> BulkChange | None:
    with services.database.read() as connection:
        return bulk_changes.bulk_change(connection, bulk, me.id)


def _facts(services: Services, me: Principal, bulk: str, now: dt.datetime) -> dict[str, Any] | None:
    found = _found(services, me, bulk)
    if found is None:
        return None
    consultants = consultant_names(services)
    chosen = Asked(found.action, found.facts) if found.action else None
    with services.database.read() as connection:
        lines = order_list.lines_of(connection, [row.order_id for row in found.rows])
    rows = _rows(services, me, found, chosen, lines, now)
    return {
        "bulk": found,
        "rows": rows,
        "said": chosen.said(dict(consultants)) if chosen else "",
        "consultants": consultants,
        "titles": services.packages.titles,
        "worth_trying": sum(row.worth_trying for row in rows),
        "counts": _counts(found),
    }


def _rows(
    services: Services,
    me: Principal,
    found: BulkChange,
    chosen: Asked | None,
    lines: Mapping[OrderId, OrderLine],
    now: dt.datetime,
) -> Sequence[RowShown]:
    shown = []
    for row in found.rows:
        line = lines.get(row.order_id)
        coming, worth_trying = "", False
        order = load(services.store.load(row.order_id)) if chosen and line and row.outcome is None else None
        if chosen is not None and order is not None:
            coming, worth_trying = chosen.outlook(order, me, now)
        outcome = OUTCOMES[row.outcome] if row.outcome else ""
        stage = DANISH[line.stage] if line else ""
        shown.append(RowShown(row.order_id, line, stage, coming, worth_trying, outcome, row.told))
    return shown


def _counts(found: BulkChange) -> list[tuple[str, int]]:
    """How many came to what."""
    each = [(name, sum(row.outcome is outcome for row in found.rows)) for outcome, name in OUTCOMES.items()]
    return [(name, many) for name, many in each if many]
