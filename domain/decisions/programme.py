"""Decisions on the programme: one meeting's own times and words, and the package's again."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.decisions.rules import agreed_meeting
from domain.meeting import Meeting
from domain.model import Rejected
from domain.order import Order


def change_programme(order: Order, command: do.ChangeProgramme, now: dt.datetime) -> list[ev.Event]:
    """The parts last as long as the meeting does, no less and no more."""
    meeting = _meeting_to_come(order)
    lasts = sum(part.minutes for part in command.parts)
    if lasts != meeting.minutes:
        message = f"Punkterne varer {lasts} minutter i alt, men mødet er aftalt til {meeting.minutes}."
        raise Rejected("programme_does_not_add_up", message, programme=lasts, meeting=meeting.minutes)
    return [] if command.parts == order.programme else [ev.ProgrammeChanged(at=now, parts=command.parts)]


def restore_programme(order: Order, _command: do.RestoreProgramme, now: dt.datetime) -> list[ev.Event]:
    """The package's own programme, as if it had never been changed."""
    _meeting_to_come(order)
    return [ev.ProgrammeRestored(at=now)] if order.programme else []


def _meeting_to_come(order: Order) -> Meeting:
    meeting = agreed_meeting(order)
    if order.meeting_settled or order.asked_for_record():
        raise Rejected("meeting_over", "Mødet er holdt og kan ikke ændres.")
    return meeting
