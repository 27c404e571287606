"""What the decisions all ask of an order."""

import datetime as dt

from domain.meeting import Meeting
from domain.model import Rejected, Round
from domain.order import Order, Survey


def agreed_meeting(order: Order) -> Meeting:
    """The meeting; Rejected before the call."""
    if order.meeting is None:
        raise Rejected("no_plan_yet", "Mødet er ikke aftalt endnu. Det sker, når konsulenten ringer.")
    return order.meeting


def planned_round(order: Order, round_: Round) -> Survey:
    """A round with dates; Rejected where there is none."""
    survey = order.survey(round_)
    if survey is None:
        raise Rejected("no_such_round", "Undersøgelsen er ikke planlagt endnu.", round=round_)
    return survey


def current_round(order: Order) -> Survey:
    """The round that is under way; Rejected before one is planned."""
    return order.round_under_way or planned_round(order, Round.BASELINE)


def meeting_ahead(order: Order, round_: Round) -> dt.date | None:
    """The day the round's deck is made for; the follow-up has no meeting of its own."""
    return order.meeting.day if order.meeting and round_ is Round.BASELINE else None


def asked_round(order: Order) -> Survey:
    """The round under way, of doctors who are asked; Rejected where none is planned, or a register is asked instead."""
    has_a_questionnaire(order)
    return current_round(order)


def has_a_questionnaire(order: Order) -> None:
    """Rejected where the rounds' numbers come from a register."""
    if order.evidence == "register":
        message = "Pakken har intet spørgeskema: Tallene kommer fra et register."
        raise Rejected("no_questionnaire", message)
