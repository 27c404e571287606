"""Decisions on the order as such and its people: placed, assigned, replaced, joined, left, ended, mailed."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.calendar import add_working_days
from domain.decisions.rules import decides
from domain.letters import Letter
from domain.meeting import danish
from domain.model import MemberId, Rejected, Round
from domain.order import Member, Order


@decides(do.PlaceOrder, starts=True)
def _(_order: None, command: do.PlaceOrder, now: dt.datetime) -> list[ev.Event]:
    package = command.package
    least = package.disclosure.at_least
    ids = [joined.member for joined in command.members]
    if len(set(ids)) != len(ids):
        raise Rejected("member_twice", "Det samme medlem står på listen to gange.")
    if len(ids) < least:
        message = f"Der skal være mindst {least} medlemmer, for at svarene kan være anonyme. Listen har {len(ids)}."
        raise Rejected("too_few_members", message, least=least, members=len(ids))
    months = (package.follow_up.from_months, package.follow_up.to_months)
    return [
        ev.OrderPlaced(
            at=now,
            order=command.order,
            cluster=command.cluster,
            package=package.slug,
            package_version=package.version,
            coordinator=command.coordinator,
            members=command.members,
            policies=package.policies,
            disclosure=package.disclosure,
            follow_up_months=months,
            call_due=add_working_days(danish(now).date(), package.policies.call_within),
        )
    ]


@decides(do.AssignConsultant)
def _(order: Order, command: do.AssignConsultant, now: dt.datetime) -> list[ev.Event]:
    if order.consultant == command.consultant:
        return []
    return [ev.ConsultantAssigned(at=now, consultant=command.consultant)]


@decides(do.ReplaceCoordinator)
def _(order: Order, command: do.ReplaceCoordinator, now: dt.datetime) -> list[ev.Event]:
    if order.coordinator == command.coordinator:
        return []
    return [ev.CoordinatorReplaced(at=now, coordinator=command.coordinator)]


@decides(do.AddMember)
def _(order: Order, command: do.AddMember, now: dt.datetime) -> list[ev.Event]:
    known = order.members.get(command.joined.member)
    if known and known.active:
        raise Rejected("member_already_there", "Medlemmet er allerede med.", member=command.joined.member)
    return [ev.MemberAdded(at=now, joined=command.joined)]


@decides(do.RemoveMember)
def _(order: Order, command: do.RemoveMember, now: dt.datetime) -> list[ev.Event]:
    _active(order, command.member)
    return [ev.MemberRemoved(at=now, member=command.member)]


@decides(do.ReaddressMember)
def _(order: Order, command: do.ReaddressMember, now: dt.datetime) -> list[ev.Event]:
    if _active(order, command.member).contact == command.contact:
        return []
    return [ev.MemberReaddressed(at=now, member=command.member, contact=command.contact)]


def _active(order: Order, member_id: MemberId) -> Member:
    member = order.members.get(member_id)
    if member is None or not member.active:
        raise Rejected("no_such_member", "Medlemmet er ikke med i bestillingen.", member=member_id)
    return member


@decides(do.RecordLetters, after_the_end=True)  # a round of mail may have been on its way
def _(order: Order, command: do.RecordLetters, now: dt.datetime) -> list[ev.Event]:
    try:
        Letter.parse(command.key)
    except ValueError:
        raise Rejected("no_such_letter", "Der findes ikke et brev med den nøgle.") from None
    if command.key in order.letters and command.key not in order.pending_letters:
        return []
    waiting = 0 if order.ended else command.waiting
    return [ev.LettersSent(at=now, key=command.key, sent=command.sent, failed=command.failed, waiting=waiting)]


@decides(do.CancelOrder)
def _(order: Order, command: do.CancelOrder, now: dt.datetime) -> list[ev.Event]:
    if command.reason == "never_called" and order.meeting:
        raise Rejected("call_was_held", "Opkaldet er holdt, og mødet er aftalt.")
    return [ev.OrderCancelled(at=now, reason=command.reason)]


@decides(do.CompleteOrder)
def _(order: Order, _command: do.CompleteOrder, now: dt.datetime) -> list[ev.Event]:
    if not order.meeting_settled:
        raise Rejected("not_finished", "Mødet er ikke afholdt endnu.")
    if order.awaits_follow_up:
        raise Rejected("not_finished", "Opfølgningen er ikke færdig eller afgjort endnu.")
    survey = order.survey(Round.FOLLOW_UP)
    return [ev.OrderCompleted(at=now, with_follow_up=bool(survey and survey.released_at))]
