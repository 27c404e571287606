"""The meeting as a calendar file (RFC 5545): a stable UID, a SEQUENCE that counts its changes, the zone written out."""

import datetime as dt

from icalendar import Calendar, Event

from domain.meeting import COPENHAGEN

PRODUCT = "-//KiAP//Klyngeflow//DA"


def make_calendar_file(
    uid: str,
    sequence: int,
    starts: dt.datetime,
    minutes: int,
    title: str,
    place: str,
    description: str,
    cancelled: bool = False,
) -> bytes:
    """An .ics with one meeting. `starts` is the wall clock in Denmark, without offset.

    The same meeting keeps its `uid`; each change has a higher `sequence`. Raises ValueError for a start with an offset,
    a length under a minute or a negative sequence. DTSTAMP is the start, so that the same input gives the same bytes.
    """
    if starts.tzinfo is not None:
        msg = "starts is Danish wall time, without an offset"
        raise ValueError(msg)
    if minutes < 1 or sequence < 0:
        msg = "minutes must be at least 1 and sequence at least 0"
        raise ValueError(msg)
    local = starts.replace(tzinfo=COPENHAGEN)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", local.astimezone(dt.UTC))
    event.add("dtstart", local)
    event.add("dtend", (local.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(COPENHAGEN))
    event.add("summary", title, parameters={"language": "da"})
    if place:
        event.add("location", place)
    if description:
        event.add("description", description)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar.add_component(event)
    year = dt.timedelta(days=366)
    calendar.add_missing_timezones(first_date=starts.date() - year, last_date=starts.date() + year)
    return bytes(calendar.to_ical())
