"""A meeting on a weekend or holiday is asked about once: often a slip of the finger, now and then meant."""

import datetime as dt

from domain.by import By
from domain.calendar import is_working_day
from domain.commands import AnyCommand
from domain.danish import long_date
from domain.decisions import decide_for
from domain.model import Rejected
from domain.order import Order
from web.requests.base import CommandRequest
from web.requests.meeting import AgreePlan, MoveMeeting

ASKED = "meeting_on_a_day_off"
"""The refusal's code. Its fact `day` is the day in question."""


def ask_about_a_day_off(order: Order, request: CommandRequest, command: AnyCommand, by: By, now: dt.datetime) -> None:
    """Raises Rejected where the request puts the meeting on a day off without saying that it is meant.

    What the order refuses anyway is refused for its own reason, and a day that is agreed already is not asked about.
    """
    match request:
        case AgreePlan(on_a_day_off=False):
            day = request.meeting.starts.date()
        case MoveMeeting(on_a_day_off=False):
            day = request.to.date()
        case _:
            return
    agreed = order.meeting.day if order.meeting else None
    if is_working_day(day) or day == agreed or not decide_for(order, command, by, now):
        return
    message = f"Er det rigtigt, at mødet er {long_date(day)}? Den dag er ikke en arbejdsdag."
    raise Rejected(ASKED, message, day=day.isoformat())


def meant(request: CommandRequest, day: str) -> CommandRequest:
    """The request with the answer: it is meant to be on this day, by ISO 8601. On another day it is asked again."""
    starts = request.meeting.starts if isinstance(request, AgreePlan) else getattr(request, "to", None)
    if not isinstance(request, AgreePlan | MoveMeeting) or starts is None or starts.date().isoformat() != day:
        return request
    return request.model_copy(update={"on_a_day_off": True})
