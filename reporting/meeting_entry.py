"""An order's meeting as a calendar entry: the same one in mails, for download and for calendars that subscribe."""

from domain.danish import clock
from domain.meeting import Format, Meeting
from domain.model import OrderId
from domain.text import is_web_address
from domain.video import VideoFrame
from reporting.calendar_file import CalendarEntry, CalendarUser


def meeting_entry(
    order: OrderId,
    meeting: Meeting,
    sequence: int,
    *,
    title: str,
    cluster: str,
    place: str,
    video: VideoFrame | None,
    organizer: CalendarUser,
) -> CalendarEntry:
    """The entry of a meeting, with one `uid` whatever becomes of it. `title` is the package's, `place` may be empty.

    `video` is what a meeting on video has besides: its entry tells of the check-in before it begins.
    """
    about = f"Klyngemøde i {cluster}."
    if video is not None and video.check_in is not None:
        about += f" Check-in fra {clock(video.check_in)}, så lyd og billede er på plads, når vi begynder."
    return CalendarEntry(
        uid=f"{order}@klyngeflow",
        sequence=sequence,
        starts=meeting.starts,
        minutes=meeting.minutes,
        title=f"Klyngemøde: {title}",
        place=place,
        description=about,
        organizer=organizer,
        url=place if meeting.format is Format.VIDEO and is_web_address(place) else "",
    )
