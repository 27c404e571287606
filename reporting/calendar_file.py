"""The meeting as a calendar file (RFC 5545) that goes along with a mail (RFC 5546, 6047)."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast
from urllib.parse import quote

from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

from domain.meeting import COPENHAGEN

PRODUCT = "-//KiAP//Klyngeflow//DA"
DANISH = {"language": "da"}
ZONE = """
BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
"""The EU's rule since 1996, directive 2000/84/EC, for calendars that do not know the zone by its name.

Written out: icalendar makes a list of a few years' changes, and gives each an hour too late.
"""


class _Text(vText):
    """A text as RFC 5545 writes it (3.3.11). icalendar takes the "\\N" of "K:\\Noter" for the end of a line."""

    def to_ical(self) -> bytes:
        text = str(self)
        for sign, written in (("\\", r"\\"), (";", r"\;"), (",", r"\,"), ("\r\n", r"\n"), ("\n", r"\n")):
            text = text.replace(sign, written)
        return text.encode()


Method = Literal["PUBLISH", "REQUEST", "CANCEL"]


class CalendarUser(NamedTuple):
    """A person or an office, as calendars know them: by mail address. The name may be empty."""

    name: str
    address: str


@dataclass(frozen=True)
class CalendarEntry:
    """A meeting. The same meeting keeps its `uid`; each change of it, and its end, has a higher `sequence`.

    `starts` is the wall clock in Denmark, without offset. `place` may be empty; `url` is a video meeting's address.
    """

    uid: str
    sequence: int
    starts: dt.datetime
    minutes: int
    title: str
    place: str
    description: str
    organizer: CalendarUser
    url: str = ""

    def __post_init__(self) -> None:
        if self.starts.tzinfo is not None:
            msg = "starts is Danish wall time, without an offset"
            raise ValueError(msg)
        if self.minutes < 1 or self.sequence < 0:
            msg = "minutes must be at least 1 and sequence at least 0"
            raise ValueError(msg)


@dataclass(frozen=True)
class CalendarFile:
    """An .ics. Outlook refuses one whose media type has another method than the file."""

    content: bytes
    method: Method

    @property
    def media_type(self) -> str:
        return f"text/calendar; method={self.method}; charset=utf-8"


def make_calendar_file(
    entry: CalendarEntry, now: dt.datetime, attendee: CalendarUser | None = None, *, cancelled: bool = False
) -> CalendarFile:
    """The meeting for one reader, `attendee`, or for whoever opens the file.

    A reader who is not the organizer is asked to the meeting (REQUEST), anybody else is told of it (PUBLISH), see
    docs/decisions/0009; `cancelled` takes the entry back (CANCEL). `now` is the clock's, with an offset.
    """
    asked = attendee is not None and attendee.address.casefold() != entry.organizer.address.casefold()
    method: Method = "CANCEL" if cancelled else "REQUEST" if asked else "PUBLISH"
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(cast("Timezone", Timezone.from_ical(ZONE)))
    calendar.add_component(_event(entry, now, attendee if asked else None, cancelled=cancelled))
    return CalendarFile(bytes(calendar.to_ical()), method)


def _event(entry: CalendarEntry, now: dt.datetime, attendee: CalendarUser | None, *, cancelled: bool) -> Event:
    starts = entry.starts.replace(tzinfo=COPENHAGEN)
    ends = (starts.astimezone(dt.UTC) + dt.timedelta(minutes=entry.minutes)).astimezone(COPENHAGEN)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", starts)
    event.add("dtend", ends.astimezone(dt.UTC) if ends.fold else ends)  # a local time that comes twice means the first
    event.add("summary", _Text(f"Aflyst: {entry.title}" if cancelled else entry.title), DANISH)
    if where := entry.place or entry.url:
        event.add("location", _Text(where), DANISH)
    if entry.description:
        event.add("description", _Text(entry.description), DANISH)
    if entry.url:
        event.add("url", vUri(entry.url))
    event.add("organizer", _user(entry.organizer))
    if attendee is not None:
        event.add("attendee", _user(attendee), {"role": "REQ-PARTICIPANT", "partstat": "NEEDS-ACTION", "rsvp": "FALSE"})
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def _user(user: CalendarUser) -> vCalAddress:
    """A `mailto:` with letters outside ASCII as RFC 6068 writes them."""
    found = vCalAddress(f"mailto:{quote(user.address, safe='@!$&*+-./=?^_`{|}~' + chr(39))}")
    if user.name:
        found.params["cn"] = user.name
    return found
