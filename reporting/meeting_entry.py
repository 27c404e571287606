"""An order's meeting as a calendar entry: the same one in mails, for download and for calendars that subscribe."""

from domain.meeting import Format, Meeting
from domain.model import OrderId
from domain.text import is_web_address
from reporting.calendar_file import CalendarEntry, CalendarUser


def meeting_entry(
    order: OrderId,
    meeting: Meeting,
    sequence: int,
    *,
    title: str,
    cluster: str,
    place: str,
    organizer: CalendarUser,
) -> CalendarEntry:
    """The entry of a meeting, with one `uid` whatever becomes of it. `title` is the package's, `place` may be empty."""
    return CalendarEntry(
        uid=f"{order}@klyngeflow",
        sequence=sequence,
        starts=meeting.starts,
        minutes=meeting.minutes,
        title=f"Klyngemøde: {title}",
        place=place,
        description=f"Klyngemøde i {cluster}.",
        organizer=organizer,
        url=place if meeting.format is Format.VIDEO and is_web_address(place) else "",
    )
