"""Decisions on the meeting's record."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.decisions.follow_up import opening_day
from domain.decisions.rules import agreed_meeting
from domain.model import Rejected
from domain.order import FollowUpStatus, Order


def record_meeting(order: Order, command: do.RecordMeeting, now: dt.datetime) -> list[ev.Event]:
    """The coordinator's record."""
    meeting = agreed_meeting(order)
    if order.record is not None:
        raise Rejected("already_recorded", "Mødet er allerede noteret.")
    if now < meeting.starts_at:
        raise Rejected("meeting_not_held", "Mødet er ikke holdt endnu.", starts=meeting.starts.isoformat())
    if min(command.attended, command.absent) < 0 or command.attended + command.absent > len(order.members):
        message = f"Der er {len(order.members)} medlemmer, men {command.attended + command.absent} er talt med."
        raise Rejected("more_than_members", message, members=len(order.members))
    recorded = ev.MeetingRecorded(
        at=now, attended=command.attended, absent=command.absent, ideas=command.ideas, agreed=command.agreed
    )
    return [recorded, *_agreed_at_the_meeting(order, command, now)]


def _agreed_at_the_meeting(order: Order, command: do.RecordMeeting, now: dt.datetime) -> list[ev.Event]:
    """What the cluster said of the follow-up at its meeting. It stands above what was agreed before, if it said.

    Told too late, of a follow-up that has begun or lapsed, it changes nothing.
    """
    status = order.follow_up.status
    if order.second is not None or status in (FollowUpStatus.STARTED, FollowUpStatus.LAPSED):
        return []
    if command.follow_up == "later":
        return []
    if command.follow_up == "declined":
        return [] if status is FollowUpStatus.DECLINED else [ev.FollowUpDeclined(at=now)]
    if command.follow_up_opens is None:
        raise Rejected("follow_up_date_missing", "Skriv, hvornår opfølgningen skal begynde.")
    opens = opening_day(order, command.follow_up_opens, now)
    if status is not FollowUpStatus.AGREED:
        return [ev.FollowUpAgreed(at=now, opens=opens)]
    return [] if order.follow_up.opens == opens else [ev.FollowUpMoved(at=now, opens=opens)]


def leave_meeting_unrecorded(order: Order, _command: do.LeaveMeetingUnrecorded, now: dt.datetime) -> list[ev.Event]:
    """Nobody has recorded the meeting, and the order goes on."""
    if order.meeting_settled:
        return []
    if now < agreed_meeting(order).ends_at:
        raise Rejected("meeting_not_held", "Mødet er ikke holdt endnu.")
    return [ev.MeetingLeftUnrecorded(at=now)]
