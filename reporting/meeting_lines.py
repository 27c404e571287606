"""The meeting as agreed, in lines: what deck and document print, and must be made anew for when the plan changes."""

from domain.danish import clock, time_of_day
from domain.meeting import Format, Meeting
from reporting.danish import day


def when_line(meeting: Meeting) -> str:
    """ "Klyngemøde den 25. november 2026 kl. 17.00–19.30" """
    return f"Klyngemøde {day(meeting.day)} {clock(meeting.starts)}–{time_of_day(meeting.ends_at)}"


def where_line(meeting: Meeting, place: str) -> str:
    """ "Sted: Lægehuset Torvet, lokale 2", "Videomøde: https://…"; empty where no place is agreed for one in person."""
    if meeting.format is Format.VIDEO:
        return f"Videomøde: {place}" if place else "Videomøde"
    return f"Sted: {place}" if place else ""


def length_line(programme: int, meeting: Meeting | None) -> str:
    """How long the programme is, and the meeting where that is another length. Minutes."""
    if meeting is None or meeting.minutes == programme:
        return f"I alt {programme} minutter."
    if meeting.minutes > programme:
        return f"Programmet fylder {programme} af mødets {meeting.minutes} minutter."
    return f"Programmet fylder {programme} minutter. Mødet er aftalt til {meeting.minutes}."
