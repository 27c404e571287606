"""Dates as near as they are, spans of time and clusters' names in mails."""

import datetime as dt

import pytest

from mail import danish

TODAY = dt.date(2026, 11, 24)


def test_the_year_is_left_out_only_where_it_is_this_year() -> None:
    assert danish.date(dt.date(2026, 12, 1), TODAY) == "tirsdag den 1. december"
    assert danish.date(dt.date(2027, 1, 2), TODAY) == "lørdag den 2. januar 2027"


@pytest.mark.parametrize(
    ("day", "today", "said"),
    [
        (dt.date(2027, 1, 27), dt.date(2027, 12, 10), "onsdag den 27. januar 2027"),
        (dt.date(2027, 12, 10), dt.date(2027, 1, 27), "fredag den 10. december 2027"),
        (dt.date(2027, 1, 27), dt.date(2027, 6, 30), "onsdag den 27. januar"),
    ],
)
def test_a_day_half_a_year_away_has_its_year(day: dt.date, today: dt.date, said: str) -> None:
    assert danish.date(day, today) == said


@pytest.mark.parametrize(
    ("days", "said"), [(0, "i dag"), (1, "i morgen"), (2, "torsdag den 26. november"), (-1, "mandag den 23. november")]
)
def test_what_is_near_is_said_as_people_say_it(days: int, said: str) -> None:
    assert danish.when(TODAY + dt.timedelta(days=days), TODAY) == said


def test_a_span_is_read_on_danish_clocks() -> None:
    starts = dt.datetime(2026, 7, 1, 15, 0, tzinfo=dt.UTC)
    assert danish.span(starts, starts + dt.timedelta(hours=2, minutes=30)) == "17.00–19.30"
    assert danish.span(dt.time(9), dt.time(9, 45)) == "9.00–9.45"


@pytest.mark.parametrize(
    ("name", "said"),
    [("Aalborg Øst", "klyngen Aalborg Øst"), ("Klynge 12", "Klynge 12"), ("Vestklyngen", "Vestklyngen")],
)
def test_a_cluster_is_not_called_cluster_twice(name: str, said: str) -> None:
    assert danish.cluster(name) == said
