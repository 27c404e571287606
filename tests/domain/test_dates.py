"""The door of dates: as Danes write them, as programs do, and everything else refused."""

import datetime as dt
from collections.abc import Callable
from typing import ParamSpec

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from domain.danish import long_date, short_date, time_of_day
from domain.dates import Day, Moment, agreed_moment, read_day, read_moment, written_date, written_time
from domain.meeting import at, danish
from domain.unfit import Unfit

A_WEDNESDAY = dt.date(2026, 11, 25)
OUR_DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))


SAID_TO_ENGINEERS = {
    "Skriv en dato, fx 25.11.2026.": "must be a date, like 25.11.2026",
    "Skriv også årstallet, fx 25.11.2026.": "must have the year too, like 25.11.2026",
    "Måneden skal være fra 1 til 12. Skriv dagen først, fx 25.11.2026.": "must have a month from 1 to 12",
    "I februar 2026 er der 28 dage.": "must have a day from 1 to 28 in that month",
    "I februar 2027 er der 28 dage.": "must have a day from 1 to 28 in that month",
    "I februar 2028 er der 29 dage.": "must have a day from 1 to 29 in that month",
    "I november 2026 er der 30 dage.": "must have a day from 1 to 30 in that month",
    "Årstallet skal ligge fra 2000 til 2099.": "must be in a year from 2000 to 2099",
    "Den dag er en onsdag. Ret ugedagen eller datoen.": "is not on the weekday it names",
    "Skriv et klokkeslæt, fx 17.00.": "must be a time of day, like 17.00",
    "Skriv datoen uden klokkeslæt, fx 2026-11-25.": "must be a date without a time, like 2026-11-25",
    "Feltet skal være en dato, fx 2026-11-25.": "must be a date, like 2026-11-25",
    "Feltet skal være dato og tid, fx 2026-11-25T17:00.": "must be date and time, like 2026-11-25T17:00",
    "Klokkeslættet mangler. Skriv dato og tid, fx 2026-11-25T17:00.": (
        "must have a time beside the date, like 2026-11-25T17:00"
    ),
    "Kl. 2.30 findes ikke den 29. marts 2026, for uret stilles frem den nat. Skriv et andet klokkeslæt.": (
        "is a time that Danish clocks show never on that day; give another time"
    ),
    "Kl. 2.30 kommer to gange den 25. oktober 2026, for uret stilles tilbage den nat. Skriv et andet klokkeslæt.": (
        "is a time that Danish clocks show twice on that day; give another time"
    ),
}
"""What the API answers, by what a person is told of the same."""

P = ParamSpec("P")


def refused(read: Callable[P, object], *given_: P.args, **named: P.kwargs) -> str:
    """What the person is told; an engineer is told the same."""
    with pytest.raises(Unfit) as caught:
        read(*given_, **named)
    assert caught.value.english == SAID_TO_ENGINEERS[caught.value.danish]
    return caught.value.danish


@pytest.mark.parametrize(
    "text",
    [
        "25.11.2026", "25/11-2026", "25/11 2026", "25/11/2026", "25-11-2026", "25.11.26", "25/11-26", "25. 11. 2026",
        "25. november 2026", "25 november 2026", "25. nov. 2026", "25.nov.2026", "25. NOV 26", "den 25. november 2026",
        "d. 25. november 2026", "d.25.11.2026", "onsdag den 25. november 2026", "Onsdag d. 25/11-2026",
        "onsdag, 25.11.2026",
        "2026-11-25", " 25.11.2026 ", "25.\u00a0november\u00a02026",
    ],
)  # fmt: skip
def test_a_date_is_read_as_danes_write_it(text: str) -> None:
    assert written_date(text) == A_WEDNESDAY


@given(OUR_DAYS)
def test_every_day_is_read_as_we_write_it_ourselves(day: dt.date) -> None:
    for text in (
        short_date(day),
        long_date(day),
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d/%m-%y}",
        day.isoformat(),
    ):
        assert written_date(text) == day
    assert read_day(day.isoformat()) == read_day(day) == day


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Skriv en dato, fx 25.11.2026."),
        ("i morgen", "Skriv en dato, fx 25.11.2026."),
        ("20261125", "Skriv en dato, fx 25.11.2026."),
        ("251126", "Skriv en dato, fx 25.11.2026."),
        ("1795564800", "Skriv en dato, fx 25.11.2026."),
        ("2026-W48-3", "Skriv en dato, fx 25.11.2026."),
        ("２５.11.2026", "Skriv en dato, fx 25.11.2026."),
        ("25.11", "Skriv også årstallet, fx 25.11.2026."),
        ("25. november", "Skriv også årstallet, fx 25.11.2026."),
        ("25. brumaire 2026", "Skriv en dato, fx 25.11.2026."),
        ("31.2.2026", "I februar 2026 er der 28 dage."),
        ("29.2.2027", "I februar 2027 er der 28 dage."),
        ("2026-02-30", "I februar 2026 er der 28 dage."),
        ("30.2.2028", "I februar 2028 er der 29 dage."),
        ("0.11.2026", "I november 2026 er der 30 dage."),
        ("31.11.2026", "I november 2026 er der 30 dage."),
        ("25.0.2026", "Måneden skal være fra 1 til 12. Skriv dagen først, fx 25.11.2026."),
        ("25.13.2026", "Måneden skal være fra 1 til 12. Skriv dagen først, fx 25.11.2026."),
        ("11.25.2026", "Måneden skal være fra 1 til 12. Skriv dagen først, fx 25.11.2026."),
        ("1.1.0001", "Årstallet skal ligge fra 2000 til 2099."),
        ("31.12.9999", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.1926", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.1999", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.2100", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.6", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.202", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.02026", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.020269", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.99999999999999999999", "Årstallet skal ligge fra 2000 til 2099."),
        ("tirsdag den 25. november 2026", "Den dag er en onsdag. Ret ugedagen eller datoen."),
    ],
)
def test_a_date_that_cannot_be_meant_is_told_what_is_possible(text: str, says: str) -> None:
    assert refused(written_date, text) == says


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("17", (17, 0)), ("17.00", (17, 0)), ("17:00", (17, 0)), ("1700", (17, 0)), ("kl. 17", (17, 0)),
        ("Kl 17.30", (17, 30)), ("klokken 9", (9, 0)), ("930", (9, 30)), ("09:30:00", (9, 30)), ("0.05", (0, 5)),
        ("23.59", (23, 59)),
    ],
)  # fmt: skip
def test_a_time_is_read_as_danes_write_it(text: str, time: tuple[int, int]) -> None:
    assert written_time(text) == dt.time(*time)


@given(st.times())
def test_every_time_is_read_as_we_write_it_ourselves(time: dt.time) -> None:
    minute = time.replace(second=0, microsecond=0)
    assert written_time(time_of_day(time)) == written_time(f"{time:%H:%M}") == written_time(f"{time:%H%M}") == minute


@pytest.mark.parametrize(
    "text", ["", "kl.", "24", "24.00", "17.60", "17,00", "5 pm", "halv seks", "17-19", "17000", "١٧"]
)
def test_a_time_that_cannot_be_meant_is_told_how_it_is_written(text: str) -> None:
    assert refused(written_time, text) == "Skriv et klokkeslæt, fx 17.00."


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (dt.date(2026, 3, 29), "findes ikke den 29. marts 2026, for uret stilles frem den nat."),
        (dt.date(2026, 10, 25), "kommer to gange den 25. oktober 2026, for uret stilles tilbage den nat."),
    ],
)
def test_a_time_danish_clocks_skip_or_show_twice_is_refused(day: dt.date, says: str) -> None:
    assert refused(agreed_moment, day, dt.time(2, 30)) == f"Kl. 2.30 {says} Skriv et andet klokkeslæt."
    for minute in (dt.time(2), dt.time(2, 59)):
        with pytest.raises(Unfit):
            agreed_moment(day, minute)
    for minute in (dt.time(1, 59), dt.time(3)):
        assert agreed_moment(day, minute) == dt.datetime.combine(day, minute)


def test_a_moment_is_agreed_to_the_minute() -> None:
    assert agreed_moment(A_WEDNESDAY, dt.time(17, 0, 59, 999_999)) == dt.datetime.combine(A_WEDNESDAY, dt.time(17))


@given(OUR_DAYS, st.times())
def test_every_moment_that_is_taken_is_one_instant_that_danish_clocks_show(day: dt.date, time: dt.time) -> None:
    try:
        moment = agreed_moment(day, time)
    except Unfit:
        return
    instant = at(moment.date(), moment.time())
    assert danish(instant).replace(tzinfo=None) == moment
    for offset in (dt.timedelta(hours=-1), dt.timedelta(hours=1)):
        assert danish(instant + offset).replace(tzinfo=None) != moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-25T17:00", "2026-11-25 17:00"),
        ("2026-11-25 17:00:59.5", "2026-11-25 17:00"),
        ("2026-11-25T17:00:00Z", "2026-11-25 18:00"),
        ("2026-11-25T17:00+0100", "2026-11-25 17:00"),
        ("2026-11-25t23:30z", "2026-11-26 00:30"),
    ],
)
def test_a_program_writes_a_moment_by_iso_8601_with_or_without_offset(text: str, moment: str) -> None:
    assert read_moment(text) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "given_", [None, True, 0, 1795564800, 1795564800.5, "1795564800", "20261125", [], {}, b"2026-11-25"]
)
def test_what_is_no_text_is_neither_a_date_nor_a_moment(given_: object) -> None:
    assert refused(read_day, given_) == "Feltet skal være en dato, fx 2026-11-25."
    assert refused(read_moment, given_) == "Feltet skal være dato og tid, fx 2026-11-25T17:00."


def test_a_moment_is_no_date_even_at_midnight_and_a_date_no_moment() -> None:
    midnight = dt.datetime.combine(A_WEDNESDAY, dt.time())
    for moment in (midnight, midnight.isoformat(), "2026-11-25 00:00", "2026-11-25T00:00:00Z"):
        assert refused(read_day, moment) == "Skriv datoen uden klokkeslæt, fx 2026-11-25."
    for day in (A_WEDNESDAY, "2026-11-25"):
        assert refused(read_moment, day) == "Klokkeslættet mangler. Skriv dato og tid, fx 2026-11-25T17:00."


class Dated(BaseModel):
    day: Day | None = None
    moment: Moment | None = None


@given(
    st.none() | st.integers() | st.floats() | st.text(max_size=25) | st.dates() | st.datetimes() | st.dates().map(str)
    | st.datetimes().map(str) | st.datetimes(timezones=st.timezones()) | st.datetimes().map(dt.datetime.isoformat)
)  # fmt: skip
def test_whatever_is_given_is_read_within_our_time_or_refused(value: object) -> None:
    for name in ("day", "moment"):
        read = dated(**{name: value})
        if isinstance(read, Dated):
            found = read.day or read.moment
            assert value is None if found is None else 2000 <= found.year <= 2099
        else:
            assert isinstance(read.errors()[0]["ctx"]["error"], Unfit)


def dated(**values: object) -> Dated | ValidationError:
    try:
        return Dated.model_validate(values)
    except ValidationError as error:
        return error
