"""Dates, times and lengths in Danish."""

import datetime as dt

import pytest

from mail import danish

TODAY = dt.date(2026, 11, 24)


def test_a_date_is_written_in_full() -> None:
    assert danish.long_date(dt.date(2026, 11, 25)) == "onsdag den 25. november 2026"


def test_the_year_is_left_out_only_where_it_is_this_year() -> None:
    assert danish.date(dt.date(2026, 12, 1), TODAY) == "tirsdag den 1. december"
    assert danish.date(dt.date(2027, 1, 2), TODAY) == "lørdag den 2. januar 2027"


@pytest.mark.parametrize(
    ("days", "said"), [(0, "i dag"), (1, "i morgen"), (2, "torsdag den 26. november"), (-1, "mandag den 23. november")]
)
def test_what_is_near_is_said_as_people_say_it(days: int, said: str) -> None:
    assert danish.when(TODAY + dt.timedelta(days=days), TODAY) == said


def test_an_instant_is_read_on_danish_clocks_in_summer_and_winter() -> None:
    assert danish.clock(dt.datetime(2026, 7, 1, 15, 5, tzinfo=dt.UTC)) == "kl. 17.05"
    assert danish.clock(dt.datetime(2026, 12, 1, 15, 5, tzinfo=dt.UTC)) == "kl. 16.05"
    assert danish.long_date(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)) == "fredag den 1. januar 2027"


def test_an_agreed_time_is_shown_as_it_was_agreed() -> None:
    assert danish.clock(dt.datetime(2026, 7, 1, 9, 0)) == "kl. 9.00"  # noqa: DTZ001 - Danish wall clock


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


def test_numbers_have_danish_thousands_and_the_right_ending() -> None:
    assert danish.count(3478, "læge", "læger") == "3.478 læger"
    assert danish.count(1, "læge", "læger") == "1 læge"


@pytest.mark.parametrize(
    ("name", "said"),
    [("Aalborg Øst", "klyngen Aalborg Øst"), ("Klynge 12", "Klynge 12"), ("Vestklyngen", "Vestklyngen")],
)
def test_a_cluster_is_not_called_cluster_twice(name: str, said: str) -> None:
    assert danish.cluster(name) == said
