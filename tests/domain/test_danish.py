"""Dates, times, lengths, numbers and the alphabet in Danish."""

import datetime as dt

import pytest

from domain import danish


def test_a_date_is_written_with_and_without_its_weekday() -> None:
    assert danish.long_date(dt.date(2026, 11, 25)) == "onsdag den 25. november 2026"
    assert danish.short_date(dt.date(2026, 11, 25)) == "25. november 2026"


def test_an_instant_is_read_on_danish_clocks_in_summer_and_winter() -> None:
    assert danish.clock(dt.datetime(2026, 7, 1, 15, 5, tzinfo=dt.UTC)) == "kl. 17.05"
    assert danish.clock(dt.datetime(2026, 12, 1, 15, 5, tzinfo=dt.UTC)) == "kl. 16.05"
    assert danish.long_date(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)) == "fredag den 1. januar 2027"
    assert danish.short_date(dt.datetime(2026, 12, 31, 22, 30, tzinfo=dt.UTC)) == "31. december 2026"


def test_an_agreed_time_is_shown_as_it_was_agreed() -> None:
    agreed = dt.datetime(2026, 7, 1, 9, 0)  # noqa: DTZ001 - Danish wall clock
    assert danish.clock(agreed) == "kl. 9.00"
    assert danish.time_of_day(agreed.time()) == "9.00"
    assert danish.day_of(agreed) == dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, "1 minut"),
        (45, "45 minutter"),
        (60, "1 time"),
        (90, "1,5 timer"),
        (150, "2,5 timer"),
        (165, "2 timer og 45 minutter"),
        (180, "3 timer"),
    ],
)
def test_a_length_is_said_in_hours_and_minutes(minutes: int, said: str) -> None:
    assert danish.duration(minutes) == said


def test_what_is_counted_has_danish_thousands_and_the_right_ending() -> None:
    assert danish.count(3478, "læge", "læger") == "3.478 læger"
    assert danish.count(1, "læge", "læger") == "1 læge"
    assert danish.count(0, "læge", "læger") == "0 læger"


@pytest.mark.parametrize(
    ("value", "text"),
    [(58, "58"), (58.06, "58,1"), (3478, "3.478"), (4.5, "4,5"), (-3.5, "−3,5"), (0.04, "0"), (0, "0")],
)
def test_numbers_have_a_decimal_comma_and_no_idle_zeros(value: float, text: str) -> None:
    assert danish.number(value) == text


def test_halves_are_rounded_up_as_people_do() -> None:
    assert [str(danish.half_up(value)) for value in (0.5, 1.5, 2.5, 62.94, 63.06)] == ["1", "2", "3", "63", "63"]


def test_names_are_sorted_a_to_å() -> None:
    names = ["Åse", "Ørsted", "Ærø", "Zakarias", "Aage", "anna", "Émile", "Bo"]
    assert sorted(names, key=danish.alphabetical) == [
        "anna", "Bo", "Émile", "Zakarias", "Ærø", "Ørsted", "Aage", "Åse",
    ]  # fmt: skip
