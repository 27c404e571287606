"""Decisions on the follow-up: agreed, moved, started, declined, forgotten; and who hears what came of it."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.calendar import SurveyDates, suitable_day_until, survey_dates_from
from domain.danish import short_date
from domain.decisions.rules import agreed_meeting
from domain.limits import window_after
from domain.meeting import danish
from domain.model import Rejected
from domain.order import FollowUpStatus, Order


def window(order: Order) -> SurveyDates:
    """The first and last day the second round may open on, counted in months from the meeting."""
    return window_after(agreed_meeting(order).day, order)


def opening_day(order: Order, asked: dt.date, now: dt.datetime) -> dt.date:
    """The day the second round opens when it is asked to open on this one: the nearest suitable day, within the window.

    Raises Rejected where the day asked for lies outside the window.
    """
    allowed = window(order)
    first = max(allowed.opens, danish(now).date())
    if first > allowed.closes:
        message = f"Fristen for opfølgning udløb den {short_date(allowed.closes)}."
        raise Rejected("outside_follow_up_window", message, latest=allowed.closes.isoformat())
    if not first <= asked <= allowed.closes:
        message = f"Opfølgningen kan begynde fra den {short_date(first)} til den {short_date(allowed.closes)}."
        raise Rejected(
            "outside_follow_up_window", message, earliest=first.isoformat(), latest=allowed.closes.isoformat()
        )
    return _suitable_day(asked, SurveyDates(opens=first, closes=allowed.closes), order)


def _suitable_day(asked: dt.date, allowed: SurveyDates, order: Order) -> dt.date:
    """The first suitable day from the one asked for, or the last before it where that would be past the window."""
    day = survey_dates_from(asked, order.policies).opens
    if day <= allowed.closes:
        return day
    earlier = suitable_day_until(asked, order.policies)
    return earlier if earlier >= allowed.opens else asked


def moved_along(order: Order, meeting: dt.date, now: dt.datetime) -> list[ev.Event]:
    """A follow-up agreed before the meeting comes along where the meeting moves its window away from the day agreed."""
    agreed = order.follow_up.opens
    if agreed is None or order.follow_up.status is not FollowUpStatus.AGREED:
        return []
    allowed = window_after(meeting, order)
    if allowed.opens <= agreed <= allowed.closes:
        return []
    nearest = min(max(agreed, allowed.opens), allowed.closes)
    return [ev.FollowUpMoved(at=now, opens=_suitable_day(nearest, allowed, order))]


def _still_open(order: Order) -> None:
    agreed_meeting(order)
    if order.second and order.second.opened:
        raise Rejected("follow_up_under_way", "Opfølgningen er allerede i gang.")
    if order.follow_up.status is FollowUpStatus.DECLINED:
        raise Rejected("follow_up_declined", "Klyngen har sagt nej til opfølgning.")
    if order.follow_up.status is FollowUpStatus.LAPSED:
        raise Rejected("follow_up_lapsed", "Fristen for opfølgning er udløbet.")


def agree_follow_up(order: Order, command: do.AgreeFollowUp, now: dt.datetime) -> list[ev.Event]:
    """A day is agreed for the second round."""
    _still_open(order)
    opens = opening_day(order, command.opens, now)
    if order.follow_up.status is FollowUpStatus.UNDECIDED:
        return [ev.FollowUpAgreed(at=now, opens=opens)]
    return _moved(order, opens, now)


def move_follow_up(order: Order, command: do.MoveFollowUp, now: dt.datetime) -> list[ev.Event]:
    """The second round opens on another day."""
    _still_open(order)
    if order.follow_up.status is FollowUpStatus.UNDECIDED:
        raise Rejected("no_follow_up_agreed", "Der er ikke aftalt en opfølgning at flytte.")
    return _moved(order, opening_day(order, command.opens, now), now)


def _moved(order: Order, opens: dt.date, now: dt.datetime) -> list[ev.Event]:
    if order.follow_up.status is FollowUpStatus.STARTED:
        raise Rejected("follow_up_under_way", "Opfølgningen er allerede i gang.")
    return [] if order.follow_up.opens == opens else [ev.FollowUpMoved(at=now, opens=opens)]


def start_follow_up(order: Order, _command: do.StartFollowUp, now: dt.datetime) -> list[ev.Event]:
    """The second round opens now."""
    if order.follow_up.status is FollowUpStatus.STARTED:
        return []
    _still_open(order)
    if not order.meeting_settled:
        raise Rejected("meeting_not_recorded", "Notér mødet først, så opfølgningen kan begynde.")
    if order.baseline is not None and not order.baseline.over:
        raise Rejected("deck_not_delivered", "Materialet fra første runde er ikke leveret endnu.")
    return [ev.FollowUpStarted(at=now, opens=opening_day(order, danish(now).date(), now))]


def decline_follow_up(order: Order, _command: do.DeclineFollowUp, now: dt.datetime) -> list[ev.Event]:
    """The cluster wants no second round."""
    if order.follow_up.status is FollowUpStatus.DECLINED:
        return []
    _still_open(order)
    return [ev.FollowUpDeclined(at=now)]


def lapse_follow_up(order: Order, _command: do.LapseFollowUp, now: dt.datetime) -> list[ev.Event]:
    """Nobody has agreed on a second round in time."""
    if order.follow_up.status is not FollowUpStatus.UNDECIDED:
        return []
    if danish(now).date() <= window(order).closes:
        raise Rejected("window_still_open", "Opfølgningen kan stadig aftales.")
    return [ev.FollowUpLapsed(at=now)]


def share_comparison(order: Order, _command: do.ShareComparison, now: dt.datetime) -> list[ev.Event]:
    """The members get what the coordinator has got of the second round."""
    if order.comparison_shared_at is not None:
        return []
    if not order.awaits_sharing:
        raise Rejected("no_comparison_yet", "Før og efter er ikke leveret, så der er ikke noget at sende endnu.")
    return [ev.ComparisonShared(at=now)]
