"""The audit log: a page of its newest lines, filters that are addresses, and all of it as a table for a spreadsheet."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from domain.authority import Right
from domain.danish import alphabetical, numeric_date, time_of_day
from domain.dates import written_date
from domain.meeting import at
from domain.unfit import Unfit
from storage import audit, staff
from storage.audit import Wanted
from web.console import audit_words
from web.console.audit_words import LineShown
from web.console.frame import REFERRER, console_page
from web.console.principal import SignedInStaff
from web.console.router import CONSOLE, ConsoleRouter
from web.services import CurrentServices, Services

LOG = f"{CONSOLE}/log"
LINES = 50
"""On a page."""
IN_ONE_GO = 500
"""Lines of a spreadsheet that are read together."""
COLUMNS = ("Dato", "Tid", "Hvem", "Som", "Hvad", "Om", "Bestilling", "Hvorfor", "Hvorfra", "Netværk")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""

router = ConsoleRouter()


@dataclass(frozen=True)
class Filters:
    """The filters as they were written, and as they are understood; `problem` is what is wrong with the date."""

    order: str
    person: str
    since: str
    wanted: Wanted
    problem: str = ""

    def address(self, path: str = LOG, **changes: str) -> str:
        """The address of the log with these filters, some of them changed."""
        given = {"forloeb": self.order, "person": self.person, "siden": self.since, **changes}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path


@router.page("/log", needs=Right.READ)
async def log_page(
    me: SignedInStaff, services: CurrentServices, forloeb: str = "", person: str = "", siden: str = "", foer: str = ""
) -> Response:
    """The newest lines that fit, and the way to earlier ones."""
    filters = _filters(forloeb, person, siden)
    before = int(foer) if foer.isascii() and foer.isdigit() and len(foer) < 19 else None
    facts = await run_in_threadpool(_page, services, filters, before)
    return console_page("console/log.html", me, 422 if filters.problem else 200, here=LOG, filters=filters, **facts)


@router.page("/log.csv", needs=Right.READ)
async def log_as_table(services: CurrentServices, forloeb: str = "", person: str = "", siden: str = "") -> Response:
    """Every line that fits, for a spreadsheet."""
    filters = _filters(forloeb, person, siden)
    headers = {**REFERRER, "Content-Disposition": 'attachment; filename="log.csv"'}
    return StreamingResponse(_table(services, filters.wanted), media_type="text/csv; charset=utf-8", headers=headers)


def _filters(order: str, person: str, since: str) -> Filters:
    wanted = Wanted(order=order.strip(), person=person.strip())
    if not since.strip():
        return Filters(order.strip(), person.strip(), "", wanted)
    try:
        day = written_date(since)
    except Unfit as unfit:
        return Filters(order.strip(), person.strip(), since, wanted, str(unfit))
    return Filters(order.strip(), person.strip(), day.isoformat(), replace(wanted, since=at(day, dt.time())))


def _page(services: Services, filters: Filters, before: int | None) -> dict[str, Any]:
    with services.database.read() as connection:
        found = audit.entries(connection, filters.wanted, LINES + 1, before)
        lines = audit_words.shown(connection, found[:LINES])
        colleagues = [(str(each.id), each.name) for each in staff.everybody(connection)]
        somebody = dict(colleagues).get(filters.person) or audit_words.name_of(connection, filters.person)
    more = filters.address(foer=str(lines[-1].id)) if len(found) > LINES else ""
    return {
        "lines": lines,
        "colleagues": sorted(colleagues, key=lambda each: alphabetical(each[1])),
        "somebody": somebody,
        "more": more,
        "is_later_page": before is not None,
        "table": filters.address(f"{LOG}.csv"),
    }


def _table(services: Services, wanted: Wanted) -> Iterator[str]:
    """Semicolons and a mark of UTF-8 in front, as Danish spreadsheets read a file that is opened with a click."""
    yield "\ufeff" + _row(COLUMNS)
    before: int | None = None
    while True:
        with services.database.read() as connection:
            found = audit.entries(connection, wanted, IN_ONE_GO, before)
            lines = audit_words.shown(connection, found)
        yield "".join(_row(_cells(line)) for line in lines)
        if len(found) < IN_ONE_GO:
            return
        before = found[-1].id


def _cells(line: LineShown) -> tuple[str, ...]:
    return (
        numeric_date(line.at), time_of_day(line.at), line.who, line.role, line.what, line.about, line.order_id,
        line.why, line.edge, line.network,
    )  # fmt: skip


def _row(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(map(_harmless, cells))
    return text.getvalue()


def _harmless(cell: str) -> str:
    """The cell as text: what would be reckoned as a formula has an apostrophe in front."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
