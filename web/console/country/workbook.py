"""The country as a workbook: clusters by package, packages, weeks; dates are dates and numbers numbers."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.country import STANDINGS
from domain.meeting import danish
from web.console.country.answers import AnswersShown
from web.console.country.before_after import NationalShown
from web.console.country.coverage import Coverage, standing_of
from web.console.country.rates import RateRow
from web.console.country.weeks import WeekShown

Cell = str | int | float | dt.date | None
Column = tuple[str, int]
"""A heading, and the column's width in signs."""


def country_workbook(
    coverage: Coverage,
    weeks: Sequence[WeekShown],
    rates: Sequence[tuple[str, RateRow]],
    answers: Sequence[AnswersShown],
    changes: Sequence[NationalShown],
) -> bytes:
    """A sheet a subject."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        heading, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy", "align": "left"})

        def sheet(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
            _fill(book.add_worksheet(name), columns, rows, heading, day)

        sheet("Klynger", CLUSTERS, _clusters(coverage))
        sheet("Pakker", PACKAGES, _packages(coverage))
        sheet("Kommende uger", WEEKS, _weeks(weeks))
        sheet("Svar", RATES, _rates(rates))
        sheet("Første runde", ANSWERS, _answers(answers))
        sheet("Før og efter", CHANGES, _changes(changes))
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
RATES: Sequence[Column] = (
    ("Pakke", 30), ("Kvartal", 16), ("Runde", 14), ("Region", 22), ("Spørgeskemaer", 14), ("Svar", 8),
    ("Inviteret", 10), ("Svarprocent", 12),
)  # fmt: skip
ANSWERS: Sequence[Column] = (
    ("Pakke", 34), ("Leveret før", 14), ("Hvad", 60), ("Område", 22), ("Tal", 10), ("Klynger", 10), ("Svar", 10),
)  # fmt: skip
CHANGES: Sequence[Column] = (
    ("Pakke", 34), ("Leveret før", 14), ("Hvad", 60), ("Forløb", 8), ("Svar før", 10), ("Svar efter", 10),
    ("Forskel", 34), ("Læsning", 24),
)  # fmt: skip


def _clusters(coverage: Coverage) -> Iterator[Sequence[Cell]]:
    for cluster in coverage.clusters:
        for package in coverage.packages:
            use = cluster.use(package.slug)
            yield (
                cluster.name, cluster.region, package.title, STANDINGS[standing_of(use)], use.held,
                _day(use.last_held), use.under_way, _day(use.next_meeting),
            )  # fmt: skip


def _day(instant: dt.datetime | None) -> dt.date | None:
    return danish(instant).date() if instant else None


def _packages(coverage: Coverage) -> Iterator[Sequence[Cell]]:
    for each in coverage.packages:
        yield each.title, each.used, len(coverage.clusters), each.under_way, each.meetings


def _weeks(weeks: Sequence[WeekShown]) -> Iterator[Sequence[Cell]]:
    for week in weeks:
        for each in week.people:
            yield week.number, week.monday, each.who, each.calls, each.decks, each.meetings


def _rates(rates: Sequence[tuple[str, RateRow]]) -> Iterator[Sequence[Cell]]:
    for package, row in rates:
        for region, rate in row.regions.items():
            share = round(100 * rate.share, 1)
            yield package, str(row.quarter), row.round, region, rate.rounds, rate.answers, rate.invited, share


def _answers(answers: Sequence[AnswersShown]) -> Iterator[Sequence[Cell]]:
    for package in answers:
        for each in package.answers:
            yield package.title, package.until, each.what, "Hele landet", each.value, each.clusters, each.n
            for region, value in each.regions.items():
                yield package.title, package.until, each.what, region, value, None, None


def _changes(changes: Sequence[NationalShown]) -> Iterator[Sequence[Cell]]:
    for package in changes:
        for each in package.changes:
            yield (
                package.title, package.until, each.what, each.orders, each.n_before, each.n_after, each.difference,
                each.verdict,
            )  # fmt: skip


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
