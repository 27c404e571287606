"""The meeting as agreed, in lines: what deck and document print, and must be made anew for when the plan changes."""

from domain.danish import clock, duration, time_of_day
from domain.meeting import Format, Meeting
from domain.programme_times import check_in_at
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
    if report.meeting is None or report.form is not Format.VIDEO:
        return []
    video = report.package.programme.video
    lines = []
    if video.check_in:
        opens = clock(check_in_at(report.meeting, video.check_in))
        lines.append(
            f"Check-in fra {opens}: Byd velkommen, efterhånden som de logger på, og hjælp med lyd og billede. "
            "Vis, hvor man markerer og skriver i chatten, og bed alle slukke mikrofonen, når mødet begynder."
        )
    if video.guide is not None:
        lines.append(f"{video.guide.title}: {video.guide.url}")
    return lines
