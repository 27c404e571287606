"""The list of orders as a file for a spreadsheet: exactly what is filtered, every cell as text, number or date."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable

import xlsxwriter
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.authority import Right
from domain.danish import numeric_date, time_of_day
from domain.meeting import wall_clock
from storage import order_list
from web.console.frame import REFERRER
from web.console.orders.filters import filters_from
from web.console.orders.rows import RowShown, rows_shown
from web.console.router import ConsoleRouter
from web.services import CurrentServices, Services

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""
COLUMNS = (
    ("Bestilling", 14), ("Klynge", 26), ("Region", 14), ("Pakke", 30), ("Hvor langt", 40), ("Koordinator", 24),
    ("Konsulent", 24), ("Venter på", 14), ("Næste frist", 18), ("Overskredet", 12), ("Møde", 18), ("Medlemmer", 11),
    ("Bestilt", 18), ("Sluttet", 18),
)  # fmt: skip
"""With their widths in signs."""
Cell = str | int | dt.datetime
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = ConsoleRouter()


@router.page("/forloeb.csv", needs=Right.READ)
async def as_csv(request: Request, services: CurrentServices) -> Response:
    """Semicolons and a mark of UTF-8 in front, as Danish spreadsheets read a file that is opened with a click."""
    return await _answer(request, services, csv_file, "forloeb.csv", "text/csv; charset=utf-8")


@router.page("/forloeb.xlsx", needs=Right.READ)
async def as_excel(request: Request, services: CurrentServices) -> Response:
    """A workbook with one sheet: dates are dates, and what could be a formula is text."""
    return await _answer(request, services, excel_file, "forloeb.xlsx", EXCEL)


def csv_file(rows: Iterable[RowShown]) -> bytes:
    """The rows as CSV; a cell that would be reckoned as a formula has an apostrophe in front."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([name for name, _ in COLUMNS])
    for row in rows:
        writer.writerow([_written(cell) for cell in _cells(row)])
    return ("\ufeff" + text.getvalue()).encode()


def excel_file(rows: Iterable[RowShown]) -> bytes:
    """The rows as a workbook."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": True}) as book:
        sheet, heading = book.add_worksheet("Forløb"), book.add_format({"bold": True})
        moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm", "align": "left"})
        for number, (name, width) in enumerate(COLUMNS):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, name, heading)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, start=1):
            for number, cell in enumerate(_cells(row)):
                if isinstance(cell, dt.datetime):
                    sheet.write_datetime(line, number, wall_clock(cell), moment)
                elif isinstance(cell, int):
                    sheet.write_number(line, number, cell)
                else:
                    sheet.write_string(line, number, cell)
    return content.getvalue()


async def _answer(
    request: Request, services: Services, make: Callable[[Iterable[RowShown]], bytes], name: str, media_type: str
) -> Response:
    """The file; back to the list where a filter can't be read."""
    now = await services.clock.now()
    filters = filters_from(request.query_params, now)
    if filters.problems:
        return RedirectResponse(filters.address(), status_code=303)

    def content() -> bytes:
        with services.database.read() as connection:
            found = order_list.order_lines(connection, filters.wanted, filters.sorting, limit=None)
        return make(rows_shown(found, services.packages.titles, now))

    headers = {**REFERRER, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(await run_in_threadpool(content), media_type=media_type, headers=headers)


def _cells(row: RowShown) -> tuple[Cell, ...]:
    return (
        row.order_id, row.cluster, row.region, row.package, row.stage, row.coordinator, row.consultant, row.waits_for,
        row.due or "", "ja" if row.is_late else "", row.meeting_at or "", row.members, row.placed_at,
        row.ended_at or "",
    )  # fmt: skip


def _written(cell: Cell) -> str:
    if isinstance(cell, dt.datetime):
        return f"{numeric_date(cell)} {time_of_day(cell)}"
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
