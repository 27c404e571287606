"""Calendar files as a calendar reads them."""

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from domain.meeting import COPENHAGEN
from reporting.calendar_file import make_calendar_file


def a_file(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "uid": "ordre-1@klyngeflow",
        "sequence": 0,
        "starts": dt.datetime.fromisoformat("2026-11-25T17:00"),
        "minutes": 150,
        "title": "Klyngemøde: Trivsel og arbejdsglæde",
        "place": "Lægehuset, Østergade 1",
        "description": "Husk refleksionsarket; vi ses.",
    }
    return make_calendar_file(**{**fields, **changes})


def the_event(content: bytes) -> Any:
    return next(iter(Calendar.from_ical(content).walk("VEVENT")))


def test_the_meeting_is_read_back_as_it_was_written() -> None:
    event = the_event(a_file())
    assert event["SUMMARY"] == "Klyngemøde: Trivsel og arbejdsglæde"
    assert event["LOCATION"] == "Lægehuset, Østergade 1"
    assert event["DESCRIPTION"] == "Husk refleksionsarket; vi ses."
    assert event["DTSTART"].dt == dt.datetime(2026, 11, 25, 17, tzinfo=COPENHAGEN)
    assert event["DTEND"].dt - event["DTSTART"].dt == dt.timedelta(minutes=150)


@pytest.mark.parametrize(("month", "utc"), [(1, 16), (6, 15)])
def test_five_o_clock_is_five_o_clock_in_summer_and_winter(month: int, utc: int) -> None:
    start = the_event(a_file(starts=dt.datetime.fromisoformat(f"2027-0{month}-20T17:00")))["DTSTART"].dt
    assert start.hour == 17
    assert start.astimezone(dt.UTC).hour == utc


def test_the_zone_is_written_out_for_calendars_that_do_not_know_it() -> None:
    zones = list(Calendar.from_ical(a_file()).walk("VTIMEZONE"))
    assert [str(zone["TZID"]) for zone in zones] == ["Europe/Copenhagen"]
    assert {type(part).__name__.upper() for part in zones[0].subcomponents} == {"TIMEZONESTANDARD", "TIMEZONEDAYLIGHT"}


def test_a_moved_meeting_keeps_its_uid_and_counts_up() -> None:
    first, moved = (
        the_event(a_file()),
        the_event(a_file(sequence=1, starts=dt.datetime.fromisoformat("2026-12-02T17:00"))),
    )
    assert first["UID"] == moved["UID"] == "ordre-1@klyngeflow"
    assert (first["SEQUENCE"], moved["SEQUENCE"]) == (0, 1)


def test_a_cancelled_meeting_says_so() -> None:
    content = a_file(sequence=2, cancelled=True)
    assert Calendar.from_ical(content)["METHOD"] == "CANCEL"
    assert the_event(content)["STATUS"] == "CANCELLED"


def test_a_meeting_without_a_place_has_none() -> None:
    assert "LOCATION" not in the_event(a_file(place=""))


def test_the_same_meeting_gives_the_same_bytes_in_crlf_lines_of_at_most_75_octets() -> None:
    assert a_file() == a_file()
    assert all(len(line) <= 75 for line in a_file().split(b"\r\n"))
    assert b"\n" not in a_file().replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "wrong", [{"starts": dt.datetime(2026, 11, 25, 17, tzinfo=dt.UTC)}, {"minutes": 0}, {"sequence": -1}]
)
def test_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"wall time|at least"):
        a_file(**wrong)
