"""The country as a workbook: clusters by package, packages, weeks; dates are dates and numbers numbers."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.country import STANDINGS
from web.console.country.coverage import Coverage
from web.console.country.weeks import WeekShown

Cell = str | int | float | dt.date | None
Column = tuple[str, int]
"""A heading, and the column's width in signs."""


def country_workbook(coverage: Coverage, weeks: Sequence[WeekShown]) -> bytes:
    """A sheet a subject."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        heading, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy", "align": "left"})

        def sheet(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
            _fill(book.add_worksheet(name), columns, rows, heading, day)

        sheet("Klynger", CLUSTERS, _clusters(coverage))
        sheet("Pakker", PACKAGES, _packages(coverage))
        sheet("Kommende uger", WEEKS, _weeks(weeks))
    return content.getvalue()


CLUSTERS: Sequence[Column] = (
    ("Klynge", 28), ("Region", 22), ("Pakke", 30), ("Status", 12), ("Møder holdt", 12), ("Seneste møde", 14),
    ("I gang", 8), ("Næste møde", 14),
)  # fmt: skip
PACKAGES: Sequence[Column] = (
    ("Pakke", 30), ("Klynger, der har brugt den", 26), ("Klynger i systemet", 20), ("Klynger i gang", 16),
    ("Møder holdt", 12),
)  # fmt: skip
WEEKS: Sequence[Column] = (
    ("Uge", 6), ("Fra mandag", 14), ("Konsulent", 28), ("Opkald", 10), ("Præsentationer", 16), ("Møder", 10),
)  # fmt: skip


def _clusters(coverage: Coverage) -> Iterator[Sequence[Cell]]:
    for cluster in coverage.clusters:
        for package in coverage.packages:
            use = cluster.use(package.slug)
            yield (
                cluster.name, cluster.region, package.title, STANDINGS[use.standing], use.held, use.last_held,
                use.under_way, use.next_meeting,
            )  # fmt: skip


def _packages(coverage: Coverage) -> Iterator[Sequence[Cell]]:
    for each in coverage.packages:
        yield each.title, each.used, len(coverage.clusters), each.under_way, each.meetings


def _weeks(weeks: Sequence[WeekShown]) -> Iterator[Sequence[Cell]]:
    for week in weeks:
        for each in week.people:
            yield week.number, week.monday, each.who, each.calls, each.decks, each.meetings


def _fill(
    sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], heading: Format, day: Format
) -> None:
    for number, (name, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, name, heading)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows, start=1):
        for number, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(line, number, dt.datetime.combine(cell, dt.time()), day)
            elif isinstance(cell, int | float):
                sheet.write_number(line, number, cell)
            elif cell is not None:
                sheet.write_string(line, number, cell)
