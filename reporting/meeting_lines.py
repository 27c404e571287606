"""The meeting as agreed, in lines: what deck and document print, and must be made anew for when the plan changes."""

from domain.danish import clock, duration, time_of_day
from domain.meeting import Format, Meeting
from reporting.danish import day
from reporting.report_context import ReportContext


def when_line(meeting: Meeting) -> str:
    """ "Klyngemøde den 25. november 2026 kl. 17.00–19.30" """
    return f"Klyngemøde {day(meeting.day)} {clock(meeting.starts)}–{time_of_day(meeting.ends_at)}"


def where_line(meeting: Meeting, place: str) -> str:
    """ "Sted: Lægehuset Torvet, lokale 2", "Videomøde: https://…"; empty where no place is agreed for one in person."""
    if meeting.format is Format.VIDEO:
        return f"Videomøde: {place}" if place else "Videomøde"
    return f"Sted: {place}" if place else ""


def length_line(report: ReportContext) -> str:
    """How long the programme is in all: "I alt 2,5 timer."."""
    return f"I alt {duration(sum(part.minutes for part in report.programme))}."


def before_a_video_meeting(report: ReportContext) -> list[str]:
    """What whoever runs a meeting on video does before it begins; nothing where it is held in a room."""
    video, lines = report.video, list[str]()
    if video is not None and video.check_in is not None:
        lines.append(
            f"Check-in fra {clock(video.check_in)}: Byd velkommen, efterhånden som de logger på, og hjælp med lyd og "
            "billede. Vis, hvor man markerer og skriver i chatten, og bed alle slukke mikrofonen, når mødet begynder."
        )
    if video is not None and video.guide is not None:
        lines.append(f"{video.guide.title}: {video.guide.url}")
    return lines


def check_in_lines(report: ReportContext) -> list[str]:
    """What everybody is told of a meeting on video: when they can come, and whom to ring; nothing in a room."""
    video, lines = report.video, list[str]()
    if video is not None and video.check_in is not None:
        lines.append(f"Check-in fra {clock(video.check_in)}: Prøv lyd og billede, så vi kan begynde til tiden.")
    if video is not None and video.ring is not None:
        lines.append(f"Kan du ikke logge på, så ring til {video.ring.name}, tlf. {video.ring.phone}.")
    return lines
