"""Quarters by Danish clocks."""

import datetime as dt

from domain.quarters import Quarter, quarter_coded, quarter_of


def test_a_quarter_begins_at_midnight_in_denmark() -> None:
    begins = dt.datetime(2026, 6, 30, 22, 0, tzinfo=dt.UTC)
    assert (quarter_of(begins - dt.timedelta(seconds=1)), quarter_of(begins)) == (Quarter(2026, 2), Quarter(2026, 3))
    assert Quarter(2026, 3).first_day == dt.date(2026, 7, 1)


def test_every_month_is_in_its_quarter() -> None:
    found = [quarter_of(dt.datetime(2026, month, 15, 12, tzinfo=dt.UTC)).number for month in range(1, 13)]
    assert found == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]


def test_quarters_are_counted_back_over_new_year() -> None:
    assert [Quarter(2027, 2).earlier(many) for many in (0, 1, 2, 5)] == [
        Quarter(2027, 2), Quarter(2027, 1), Quarter(2026, 4), Quarter(2026, 1),
    ]  # fmt: skip


def test_a_code_sorts_by_time_and_reads_back() -> None:
    quarters = [Quarter(2027, 1), Quarter(2026, 4), Quarter(2026, 1)]
    assert sorted(quarters) == sorted(quarters, key=lambda each: each.code)
    assert [quarter_coded(each.code) for each in quarters] == quarters
    assert str(Quarter(2026, 4)) == "4. kvartal 2026"
