"""The orders as a list or as a board by stage, and the searches that somebody has saved."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from domain.authority import Right
from domain.danish import alphabetical, sentence
from domain.stages import DANISH, OWNERS, Stage
from storage import order_list, saved_views, staff
from storage.order_list import NOBODY, Sorting
from storage.pulse import pulse
from storage.staff import StaffRole
from web.console.frame import console_page
from web.console.live.fresh import Fresh
from web.console.orders.filters import ORDERS, Filters, filters_from
from web.console.orders.rows import RowShown, rows_shown
from web.console.principal import Principal, SignedInStaff
from web.console.router import ConsoleRouter
from web.services import CurrentServices, Services

LINES = 50
"""On a page of the list."""
ON_THE_BOARD = 8
"""Of each stage; the rest are a press away."""
SORTINGS: dict[Sorting, str] = {
    Sorting.DUE: "Næste frist",
    Sorting.CLUSTER: "Klynge, A–Å",
    Sorting.MEETING: "Mødets dato",
    Sorting.PLACED: "Nyeste bestilling",
}
Option = tuple[str, str]

router = ConsoleRouter()


@dataclass(frozen=True)
class StageShown:
    """A stage with how many orders stand in it, and the address of those; `rows` are the board's."""

    stage: Stage
    name: str
    count: int
    address: str
    rows: Sequence[RowShown] = ()


@dataclass(frozen=True)
class Said:
    """A name that somebody gave a view, and what is wrong with it."""

    name: str = ""
    problem: str = ""


@router.page("/forloeb", needs=Right.READ)
async def listing(request: Request, me: SignedInStaff, services: CurrentServices, side: str = "") -> Response:
    """The orders that fit the address: a page of the list, or the board."""
    now = await services.clock.now()
    filters = filters_from(request.query_params, now)
    number = int(side) if side.isascii() and side.isdigit() and len(side) < 6 else 1
    return await listing_page(services, me, filters, now, max(1, number))


async def listing_page(
    services: Services,
    me: Principal,
    filters: Filters,
    now: dt.datetime,
    number: int = 1,
    *,
    status: int = 200,
    problem: str = "",
    said: Said = Said(),
) -> Response:
    """The list with what is wrong, if anything: `problem` about the rows that were picked, `said` about a view."""
    facts = await run_in_threadpool(_facts, services, me, filters, now, number)
    return console_page(
        "console/orders/list.html",
        me,
        422 if filters.problems else status,
        here=ORDERS,
        filters=filters,
        problem=problem,
        said=said,
        **facts,
    )


def _facts(services: Services, me: Principal, filters: Filters, now: dt.datetime, number: int) -> dict[str, Any]:
    titles = services.packages.titles
    with services.database.read() as connection:
        fresh = Fresh(pulse(connection))
        counts = order_list.stage_counts(connection, filters.wanted)
        if filters.is_board:
            found = order_list.first_of_each_stage(connection, filters.wanted, filters.sorting, ON_THE_BOARD)
        else:
            found = order_list.order_lines(
                connection, filters.wanted, filters.sorting, limit=LINES + 1, skip=(number - 1) * LINES
            )
        colleagues = staff.everybody(connection)
        views = saved_views.views_of(connection, me.id)
    stages = [
        StageShown(stage, DANISH[stage], counts[stage], filters.address(trin=stage, vis=""))
        for stage in Stage
        if stage in counts
    ]
    shown = found if filters.is_board else found[:LINES]
    rows = rows_shown(shown, titles, now)
    return {
        "fresh": fresh,
        "rows": rows,
        "stages": stages,
        "columns": [_column(stage, rows) for stage in stages if filters.wanted.stage in (None, stage.stage)],
        "count": _count(filters, counts),
        "number": number,
        "earlier": filters.address(side=str(number - 1)) if number > 1 else "",
        "later": filters.address(side=str(number + 1)) if not filters.is_board and len(found) > LINES else "",
        "all_stages": filters.address(trin="") if filters.wanted.stage else "",
        "views": sorted(views, key=lambda view: alphabetical(view.name)),
        "may_save": bool(filters.query)
        and not filters.problems
        and filters.query not in {view.query for view in views},
        "options": _options(filters, colleagues, titles),
    }


def _column(stage: StageShown, rows: Sequence[RowShown]) -> StageShown:
    return StageShown(
        stage.stage, stage.name, stage.count, stage.address, [row for row in rows if row.stage == stage.name]
    )


def _count(filters: Filters, counts: Mapping[Stage, int]) -> int:
    """How many fit; none while a filter can't be read, lest others be taken for them."""
    if filters.problems:
        return 0
    return counts.get(filters.wanted.stage, 0) if filters.wanted.stage else sum(counts.values())


def _options(filters: Filters, colleagues: Sequence[staff.Staff], titles: dict[str, str]) -> dict[str, list[Option]]:
    """What can be chosen in each filter: value and label."""
    consultants = sorted(
        ((str(each.id), each.name) for each in colleagues if each.role is StaffRole.CONSULTANT),
        key=lambda each: alphabetical(each[1]),
    )
    mine = filters["konsulent"]
    if mine not in {"", NOBODY, *(value for value, _ in consultants)}:
        names = {str(each.id): each.name for each in colleagues}
        consultants.append((mine, names.get(mine, "En, der ikke er konsulent nu")))
    return {
        "trin": [(stage.value, name) for stage, name in DANISH.items()],
        "konsulent": [(NOBODY, "Ingen konsulent"), *consultants],
        "pakke": sorted(titles.items(), key=lambda each: alphabetical(each[1])),
        "venter": [*((str(owner), sentence(name)) for owner, name in OWNERS.items()), (NOBODY, "Ingen")],
        "orden": [(sorting.value, name) for sorting, name in SORTINGS.items()],
    }
