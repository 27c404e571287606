"""How many answer: rates by quarter, round and region, as the page and the workbook have them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.model import Round
from domain.quarters import Quarter
from storage.turnout import Turnout
from web.console.country.coverage import region_name

QUARTERS = 4
"""A year of them, unless a year is chosen."""
ROUNDS: Mapping[Round, str] = {Round.BASELINE: "før mødet", Round.FOLLOW_UP: "opfølgning"}


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of those invited answered, over so many rounds."""

    rounds: int
    answers: int
    invited: int

    @property
    def share(self) -> float:
        """0–1; 0 where nobody was invited."""
        return self.answers / self.invited if self.invited else 0.0


@dataclass(frozen=True)
class RateRow:
    """A quarter's rounds of one kind: over all regions, and region by region where there were any."""

    quarter: Quarter
    round: str
    whole: Rate
    regions: Mapping[str, Rate]


def rate_rows(found: Iterable[Turnout], today: dt.date) -> list[RateRow]:
    """A row a quarter and round, in the order in which they were found; regions are those of today."""
    by_row: dict[tuple[Quarter, Round], dict[str, Rate]] = {}
    for each in found:
        regions = by_row.setdefault((each.quarter, each.round), {})
        name = region_name(each.region, today)
        regions[name] = _added([regions.get(name, Rate(0, 0, 0)), Rate(each.rounds, each.answers, each.invited)])
    return [
        RateRow(quarter, ROUNDS[round_], _added(list(regions.values())), regions)
        for (quarter, round_), regions in by_row.items()
    ]


def rates_by_package(found: Iterable[Turnout], titles: Mapping[str, str], today: dt.date) -> list[tuple[str, RateRow]]:
    """The same rows package by package, each with the package's title."""
    by_package: dict[str, list[Turnout]] = {}
    for each in found:
        by_package.setdefault(each.package, []).append(each)
    return [
        (titles.get(slug, slug), row) for slug, those in sorted(by_package.items()) for row in rate_rows(those, today)
    ]


def wanted_quarters(year: int | None, now: Quarter) -> tuple[Quarter, Quarter]:
    """The first and the last that are shown: a year's, or the last four."""
    return (Quarter(year, 1), Quarter(year, 4)) if year else (now.earlier(QUARTERS - 1), now)


def _added(rates: Sequence[Rate]) -> Rate:
    return Rate(
        sum(each.rounds for each in rates), sum(each.answers for each in rates), sum(each.invited for each in rates)
    )
