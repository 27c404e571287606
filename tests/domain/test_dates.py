"""The door of dates: as Danes write them, as programs do, and everything else refused."""

import datetime as dt
from collections.abc import Callable

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


def refused(read: Callable[[str], object], text: str) -> str:
    with pytest.raises(Unfit) as caught:
        read(text)
    assert caught.value.english
    return str(caught.value)


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
        ("31.2.2026", "I februar 2026 er der 28 dage."),
        ("29.2.2027", "I februar 2027 er der 28 dage."),
        ("2026-02-30", "I februar 2026 er der 28 dage."),
        ("0.11.2026", "I november 2026 er der 30 dage."),
        ("11.25.2026", "Måneden skal være fra 1 til 12. Skriv dagen først, fx 25.11.2026."),
        ("1.1.0001", "Årstallet skal ligge fra 2000 til 2099."),
        ("31.12.9999", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.1926", "Årstallet skal ligge fra 2000 til 2099."),
        ("25.11.202", "Årstallet skal ligge fra 2000 til 2099."),
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


@pytest.mark.parametrize("clock", [dt.time(2), dt.time(2, 59)])
def test_a_time_danish_clocks_skip_or_show_twice_is_refused(clock: dt.time) -> None:
    with pytest.raises(Unfit, match=r"findes ikke den 29. marts 2026, for uret stilles frem"):
        agreed_moment(dt.date(2026, 3, 29), clock)
    with pytest.raises(Unfit, match=r"kommer to gange den 25. oktober 2026, for uret stilles tilbage"):
        agreed_moment(dt.date(2026, 10, 25), clock)


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
    assert f"{read_moment(text):%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    "given_", [None, True, 0, 1795564800, 1795564800.5, "1795564800", "20261125", [], {}, b"2026-11-25"]
)
def test_what_is_no_text_is_neither_a_date_nor_a_moment(given_: object) -> None:
    with pytest.raises(Unfit, match=r"Feltet skal være en dato, fx 2026-11-25."):
        read_day(given_)
    with pytest.raises(Unfit, match=r"Feltet skal være dato og tid, fx 2026-11-25T17:00."):
        read_moment(given_)


def test_a_moment_is_no_date_even_at_midnight_and_a_date_no_moment() -> None:
    midnight = dt.datetime.combine(A_WEDNESDAY, dt.time())
    for moment in (midnight, midnight.isoformat(), "2026-11-25 00:00", "2026-11-25T00:00:00Z"):
        with pytest.raises(Unfit, match="Skriv datoen uden klokkeslæt"):
            read_day(moment)
    for day in (A_WEDNESDAY, "2026-11-25"):
        with pytest.raises(Unfit, match="Klokkeslættet mangler"):
            read_moment(day)


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
