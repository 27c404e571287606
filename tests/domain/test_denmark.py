"""Denmark's days off, held to the `holidays` library, whose changes are to be seen here before they change a date."""

import datetime as dt

import pytest
from holidays.countries.denmark import Denmark

from domain.denmark import days_off, easter_sunday


@pytest.mark.parametrize("year", range(2000, 2101))
def test_the_days_off_are_those_of_the_holidays_library_without_1_may(year: int) -> None:
    theirs = Denmark(years=year, categories=("public", "optional"), language="da")  # type: ignore[no-untyped-call]
    assert days_off(year) == {day for day, name in theirs.items() if name != "Arbejdernes kampdag"}


@pytest.mark.parametrize(
    ("year", "easter"),
    [(1818, "1818-03-22"), (2000, "2000-04-23"), (2008, "2008-03-23"), (2026, "2026-04-05"), (2038, "2038-04-25")],
)
def test_easter_is_where_the_almanac_has_it(year: int, easter: str) -> None:
    assert easter_sunday(year) == dt.date.fromisoformat(easter)
