"""Calendar files as calendars read them: the icalendar library, and a reader of our own that trusts only the file."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from domain.meeting import COPENHAGEN
from mail.envelope import Attachment
from reporting.calendar_file import CalendarEntry, CalendarFile, CalendarUser, make_calendar_file
from tests.reporting.calendar_reader import Component, instant_in, read_calendar

KIAP = CalendarUser("KiAP", "klynger@kiap.example")
GUNVER = CalendarUser("Gunver Ågård", "gunver@laegehus.example")
NOW = dt.datetime(2026, 11, 6, 8, 45, 12, tzinfo=COPENHAGEN)
MEETING = CalendarEntry(
    uid="ordre-1@klyngeflow",
    sequence=1,
    starts=dt.datetime.fromisoformat("2026-11-25T17:00"),
    minutes=150,
    title="Klyngemøde: Trivsel og arbejdsglæde",
    place="Lægehuset, Østergade 1",
    description="Husk refleksionsarket; vi ses.\nHilsen KiAP",
    organizer=KIAP,
)


def changed(**changes: Any) -> CalendarEntry:
    return replace(MEETING, **changes)


def a_file(entry: CalendarEntry = MEETING, attendee: CalendarUser | None = GUNVER, **how: bool) -> CalendarFile:
    return make_calendar_file(entry, NOW, attendee, **how)


def the_event(file: CalendarFile) -> Any:
    """By icalendar."""
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    return event


def our_event(file: CalendarFile) -> Component:
    """By our own reader."""
    (event,) = read_calendar(file.content).within("VEVENT")
    return event


def instants(file: CalendarFile) -> tuple[dt.datetime, dt.datetime]:
    """Start and end, UTC, on which both readers agree."""
    root = read_calendar(file.content)
    (event,) = root.within("VEVENT")
    ours = tuple(event.instant(name, root.within("VTIMEZONE")) for name in ("DTSTART", "DTEND"))
    theirs = tuple(the_event(file)[name].dt.astimezone(dt.UTC) for name in ("DTSTART", "DTEND"))
    assert ours == theirs
    starts, ends = ours
    return starts, ends


# --- what it says ---------------------------------------------------------------------------------------------------


def test_the_meeting_is_read_back_as_it_was_written() -> None:
    event, ours = the_event(a_file()), our_event(a_file())
    for name, said in [
        ("SUMMARY", "Klyngemøde: Trivsel og arbejdsglæde"),
        ("LOCATION", "Lægehuset, Østergade 1"),
        ("DESCRIPTION", "Husk refleksionsarket; vi ses.\nHilsen KiAP"),
        ("UID", "ordre-1@klyngeflow"),
    ]:
        assert event[name] == ours.the(name).text == said
    assert event["DTSTART"].dt == dt.datetime(2026, 11, 25, 17, tzinfo=COPENHAGEN)
    assert event["DTEND"].dt - event["DTSTART"].dt == dt.timedelta(minutes=150)


@pytest.mark.parametrize("name", ["SUMMARY", "LOCATION", "DESCRIPTION"])
def test_what_people_read_says_that_it_is_danish(name: str) -> None:
    assert our_event(a_file()).the(name).parameters == {"LANGUAGE": "da"}


def test_it_says_who_invites_and_when_it_was_written() -> None:
    organizer = our_event(a_file()).the("ORGANIZER")
    assert (organizer.parameters, organizer.value) == ({"CN": "KiAP"}, "mailto:klynger@kiap.example")
    assert our_event(a_file()).the("DTSTAMP").value == "20261106T074512Z"


def test_a_meeting_without_a_place_has_none() -> None:
    assert our_event(a_file(changed(place=""))).all("LOCATION") == []


def test_a_video_meetings_address_is_its_link_and_where_there_is_no_other_its_place() -> None:
    link = "https://video.example/moede?id=1;2,3"
    alone, beside = our_event(a_file(changed(place="", url=link))), our_event(a_file(changed(url=link)))
    assert alone.the("URL").value == alone.the("LOCATION").text == link
    assert (beside.the("URL").value, beside.the("LOCATION").text) == (link, "Lægehuset, Østergade 1")
    assert the_event(a_file(changed(url=link)))["URL"] == link


WORDS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=200)
LINES = st.lists(WORDS, max_size=5).map("\n".join)


@settings(deadline=None)
@given(title=WORDS, place=WORDS, description=LINES, name=WORDS)
def test_any_words_come_out_whole_in_both_readers(title: str, place: str, description: str, name: str) -> None:
    entry = changed(title=title, place=place, description=description, organizer=CalendarUser(name, "a@b.example"))
    event, ours = the_event(a_file(entry)), our_event(a_file(entry))
    assert event["SUMMARY"] == ours.the("SUMMARY").text == title
    for field, said in (("LOCATION", place), ("DESCRIPTION", description)):
        assert event.get(field, "") == "".join(line.text for line in ours.all(field)) == said
    assert ours.the("ORGANIZER").parameters.get("CN", "") == name
    if "\\" not in name:  # icalendar takes it for an escape, which parameters have none of (RFC 5545, 3.2)
        assert event["ORGANIZER"].params.get("CN", "") == name


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("anne.o'neil+klynge@laegehus.example", "mailto:anne.o'neil+klynge@laegehus.example"),
        ("søren@lægehus.example", "mailto:s%C3%B8ren@l%C3%A6gehus.example"),
        ("50%@laegehus.example", "mailto:50%25@laegehus.example"),
    ],
)
def test_an_address_is_written_as_rfc_6068_wants_it(address: str, written: str) -> None:
    assert our_event(a_file(attendee=CalendarUser("", address))).the("ATTENDEE").value == written


# --- how it reaches a reader ----------------------------------------------------------------------------------------


def test_a_reader_is_asked_alone_and_without_a_reply() -> None:
    file = a_file()
    assert (file.method, Calendar.from_ical(file.content)["METHOD"]) == ("REQUEST", "REQUEST")
    attendee = our_event(file).the("ATTENDEE")
    assert attendee.value == "mailto:gunver@laegehus.example"
    assert attendee.parameters == {
        "CN": "Gunver Ågård", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE",
    }  # fmt: skip


@pytest.mark.parametrize("reader", [None, KIAP, CalendarUser("KiAP", "Klynger@KiAP.example")])
def test_nobody_in_particular_and_the_organizer_are_told_and_not_asked(reader: CalendarUser | None) -> None:
    file = a_file(attendee=reader)
    assert (file.method, Calendar.from_ical(file.content)["METHOD"]) == ("PUBLISH", "PUBLISH")
    assert our_event(file).all("ATTENDEE") == []


def test_a_moved_meeting_keeps_its_uid_and_counts_up() -> None:
    moved = changed(sequence=2, starts=dt.datetime.fromisoformat("2026-12-02T17:00"))
    first, second = our_event(a_file()), our_event(a_file(moved))
    assert first.the("UID") == second.the("UID")
    assert [event.the("SEQUENCE").value for event in (first, second)] == ["1", "2"]


@pytest.mark.parametrize("reader", [GUNVER, None])
def test_a_cancelled_meeting_is_taken_back_from_whoever_had_it(reader: CalendarUser | None) -> None:
    had, cancelled = a_file(attendee=reader), a_file(changed(sequence=2), reader, cancelled=True)
    assert (cancelled.method, Calendar.from_ical(cancelled.content)["METHOD"]) == ("CANCEL", "CANCEL")
    before, after = our_event(had), our_event(cancelled)
    for name in ("UID", "ORGANIZER", "ATTENDEE", "DTSTART", "DTEND"):
        assert after.all(name) == before.all(name)
    assert int(after.the("SEQUENCE").value) > int(before.the("SEQUENCE").value)
    assert (before.the("STATUS").value, after.the("STATUS").value) == ("CONFIRMED", "CANCELLED")


def test_where_a_calendar_keeps_a_cancelled_meeting_it_says_so_and_takes_no_time() -> None:
    event = our_event(a_file(cancelled=True))
    assert event.the("SUMMARY").text == "Aflyst: Klyngemøde: Trivsel og arbejdsglæde"
    assert event.the("TRANSP").value == "TRANSPARENT"


@pytest.mark.parametrize("reader", [GUNVER, None])
@pytest.mark.parametrize("cancelled", [False, True])
def test_the_media_type_names_the_files_own_method_and_its_letters(
    reader: CalendarUser | None, cancelled: bool
) -> None:
    file = a_file(attendee=reader, cancelled=cancelled)
    attached = Attachment(filename="klyngemoede.ics", media_type=file.media_type, content=file.content)
    method = Calendar.from_ical(file.content)["METHOD"]
    assert attached.type_and_parameters == ("text", "calendar", {"method": method, "charset": "utf-8"})
    assert file.content.decode("utf-8")


def test_the_same_meeting_at_the_same_moment_gives_the_same_bytes() -> None:
    assert a_file() == a_file()


# --- when it is -----------------------------------------------------------------------------------------------------


def test_the_zones_rules_are_written_out_and_no_list_of_years() -> None:
    (zone,) = read_calendar(a_file().content).within("VTIMEZONE")
    assert zone.the("TZID").value == "Europe/Copenhagen"
    assert sorted(part.kind for part in zone.inside) == ["DAYLIGHT", "STANDARD"]
    assert all(part.all("RRULE") and not part.all("RDATE") for part in zone.inside)


CHANGES = [(2026, 3, 29), (2026, 10, 25), (2027, 3, 28), (2040, 10, 28), (2099, 3, 29)]
WALL_CLOCKS = st.one_of(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2099, 12, 31)),  # noqa: DTZ001
    st.builds(
        lambda day, minutes: dt.datetime(*day) + dt.timedelta(minutes=minutes),  # noqa: DTZ001
        st.sampled_from(CHANGES),
        st.integers(-120, 360),
    ),
).map(lambda moment: moment.replace(second=0, microsecond=0, fold=0))


@settings(deadline=None)
@given(WALL_CLOCKS)
def test_the_zone_in_the_file_is_denmarks_by_both_readers(local: dt.datetime) -> None:
    denmark = local.replace(tzinfo=COPENHAGEN).astimezone(dt.UTC)
    assert instant_in(ZONE, local) == denmark
    there = denmark.astimezone(ICALENDARS)
    assert there.replace(tzinfo=None) == denmark.astimezone(COPENHAGEN).replace(tzinfo=None)


@settings(deadline=None)
@given(WALL_CLOCKS, st.integers(1, 600))
def test_a_meeting_starts_by_the_wall_clock_and_lasts_as_long_as_it_lasts(local: dt.datetime, minutes: int) -> None:
    starts, ends = instants(a_file(changed(starts=local, minutes=minutes)))
    assert starts == local.replace(tzinfo=COPENHAGEN).astimezone(dt.UTC)
    assert ends - starts == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(("month", "utc"), [(1, 16), (6, 15)])
def test_five_o_clock_is_five_o_clock_in_summer_and_winter(month: int, utc: int) -> None:
    file = a_file(changed(starts=dt.datetime.fromisoformat(f"2027-0{month}-20T17:00")))
    assert the_event(file)["DTSTART"].dt.hour == 17
    assert instants(file)[0].hour == utc


@pytest.mark.parametrize(
    ("starts", "ends"), [("2026-03-29T01:00", "2026-03-29T04:30"), ("2026-10-25T01:30", "2026-10-25T03:00")]
)
def test_a_night_meeting_across_the_change_of_clocks_ends_by_the_new_ones(starts: str, ends: str) -> None:
    event = the_event(a_file(changed(starts=dt.datetime.fromisoformat(starts))))
    assert event["DTEND"].dt.replace(tzinfo=None).isoformat(timespec="minutes") == ends


@pytest.mark.parametrize(
    "wrong", [{"starts": dt.datetime(2026, 11, 25, 17, tzinfo=dt.UTC)}, {"minutes": 0}, {"sequence": -1}]
)
def test_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"wall time|at least"):
        changed(**wrong)


(ZONE,) = read_calendar(a_file().content).within("VTIMEZONE")
ICALENDARS = Calendar.from_ical(a_file().content).timezones[0].to_tz(lookup_tzid=False)
"""The zone by our reader and by icalendar, made from the file alone."""
