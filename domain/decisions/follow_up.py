"""Decisions on the follow-up: agreed, moved, started, declined, forgotten."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.calendar import SurveyDates, add_months, survey_dates_from
from domain.decisions.rules import agreed_meeting, danish_date, decides
from domain.meeting import danish
from domain.model import Rejected
from domain.order import FollowUpStatus, Order


def window(order: Order) -> SurveyDates:
    """The first and last day the second round may open on, counted in months from the meeting."""
    meeting = agreed_meeting(order).day
    first, last = order.follow_up.window
    return SurveyDates(opens=add_months(meeting, first), closes=add_months(meeting, last))


def check_opening(order: Order, opens: dt.date, now: dt.datetime) -> None:
    """Raises Rejected where the second round cannot open on this day."""
    allowed = window(order)
    first = max(allowed.opens, danish(now).date())
    if not first <= opens <= allowed.closes:
        message = f"Opfølgningen kan begynde fra den {danish_date(first)} til den {danish_date(allowed.closes)}."
        raise Rejected(
            "outside_follow_up_window", message, earliest=first.isoformat(), latest=allowed.closes.isoformat()
        )


def _still_open(order: Order) -> None:
    agreed_meeting(order)
    if order.second and order.second.opened:
        raise Rejected("follow_up_under_way", "Opfølgningen er allerede i gang.")
    if order.follow_up.status is FollowUpStatus.DECLINED:
        raise Rejected("follow_up_declined", "Klyngen har sagt nej til opfølgning.")
    if order.follow_up.status is FollowUpStatus.LAPSED:
        raise Rejected("follow_up_lapsed", "Fristen for opfølgning er udløbet.")


@decides(do.AgreeFollowUp)
def _(order: Order, command: do.AgreeFollowUp, now: dt.datetime) -> list[ev.Event]:
    _still_open(order)
    check_opening(order, command.opens, now)
    if order.follow_up.status is FollowUpStatus.UNDECIDED:
        return [ev.FollowUpAgreed(at=now, opens=command.opens)]
    return _moved(order, command.opens, now)


@decides(do.MoveFollowUp)
def _(order: Order, command: do.MoveFollowUp, now: dt.datetime) -> list[ev.Event]:
    _still_open(order)
    if order.follow_up.status is FollowUpStatus.UNDECIDED:
        raise Rejected("no_follow_up_agreed", "Der er ikke aftalt en opfølgning at flytte.")
    check_opening(order, command.opens, now)
    return _moved(order, command.opens, now)


def _moved(order: Order, opens: dt.date, now: dt.datetime) -> list[ev.Event]:
    if order.follow_up.status is FollowUpStatus.STARTED:
        raise Rejected("follow_up_under_way", "Opfølgningen er allerede i gang.")
    return [] if order.follow_up.opens == opens else [ev.FollowUpMoved(at=now, opens=opens)]


@decides(do.StartFollowUp)
def _(order: Order, _command: do.StartFollowUp, now: dt.datetime) -> list[ev.Event]:
    if order.follow_up.status is FollowUpStatus.STARTED:
        return []
    _still_open(order)
    if not order.meeting_settled:
        raise Rejected("meeting_not_recorded", "Notér mødet først, så opfølgningen kan begynde.")
    today = danish(now).date()
    check_opening(order, today, now)
    return [ev.FollowUpStarted(at=now, opens=survey_dates_from(today, order.policies).opens)]


@decides(do.DeclineFollowUp)
def _(order: Order, _command: do.DeclineFollowUp, now: dt.datetime) -> list[ev.Event]:
    if order.follow_up.status is FollowUpStatus.DECLINED:
        return []
    _still_open(order)
    return [ev.FollowUpDeclined(at=now)]


@decides(do.LapseFollowUp)
def _(order: Order, _command: do.LapseFollowUp, now: dt.datetime) -> list[ev.Event]:
    if order.follow_up.status is not FollowUpStatus.UNDECIDED:
        return []
    if danish(now).date() <= window(order).closes:
        raise Rejected("window_still_open", "Opfølgningen kan stadig aftales.")
    return [ev.FollowUpLapsed(at=now)]
