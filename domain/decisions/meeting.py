"""Decisions on the meeting's record."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.decisions.follow_up import check_opening
from domain.decisions.rules import agreed_meeting, decides
from domain.model import Rejected
from domain.order import FollowUpStatus, Order


@decides(do.RecordMeeting)
def _(order: Order, command: do.RecordMeeting, now: dt.datetime) -> list[ev.Event]:
    meeting = agreed_meeting(order)
    if order.record is not None:
        raise Rejected("already_recorded", "Mødet er allerede noteret.")
    if now < meeting.starts_at:
        raise Rejected("meeting_not_held", "Mødet er ikke holdt endnu.", starts=meeting.starts.isoformat())
    if order.baseline is None or not order.baseline.over:
        raise Rejected("deck_not_delivered", "Decket er ikke leveret endnu.")
    if command.attended + command.absent > len(order.members):
        message = f"Der er {len(order.members)} medlemmer, men {command.attended + command.absent} er talt med."
        raise Rejected("more_than_members", message, members=len(order.members))
    happened: list[ev.Event] = [
        ev.MeetingRecorded(at=now, attended=command.attended, absent=command.absent, ideas=command.ideas)
    ]
    if order.follow_up.status is not FollowUpStatus.UNDECIDED:
        return happened
    if command.follow_up == "declined":
        return [*happened, ev.FollowUpDeclined(at=now)]
    if command.follow_up == "agreed":
        if command.follow_up_opens is None:
            raise Rejected("follow_up_date_missing", "Skriv, hvornår opfølgningen skal begynde.")
        check_opening(order, command.follow_up_opens, now)
        return [*happened, ev.FollowUpAgreed(at=now, opens=command.follow_up_opens)]
    return happened


@decides(do.LeaveMeetingUnrecorded)
def _(order: Order, _command: do.LeaveMeetingUnrecorded, now: dt.datetime) -> list[ev.Event]:
    if order.meeting_settled:
        return []
    if now < agreed_meeting(order).ends_at:
        raise Rejected("meeting_not_held", "Mødet er ikke holdt endnu.")
    return [ev.MeetingLeftUnrecorded(at=now)]
