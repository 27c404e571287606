"""Decisions on the order as such and its people: placed, assigned, replaced, joined, left, ended."""

import datetime as dt
from collections.abc import Sequence

from domain import commands as do
from domain import events as ev
from domain.by_form import ByForm
from domain.calendar import add_working_days
from domain.fitting import shortest
from domain.limits import shared_by
from domain.meeting import Format, danish
from domain.model import PersonId, Rejected, Round
from domain.order import Member, Order
from domain.package import Package


def place_order(command: do.PlaceOrder, now: dt.datetime) -> ev.OrderPlaced:
    """An order begins, for as many members or practices as its numbers need to be anonymous. Raises Rejected."""
    package = command.package
    least = package.disclosure.at_least
    people = [joined.person for joined in command.members]
    if len(set(people)) != len(people):
        raise Rejected("member_twice", "Det samme medlem står på listen to gange.")
    if len(people) < least:
        message = f"Der skal være mindst {least} medlemmer, for at svarene kan være anonyme. Listen har {len(people)}."
        raise Rejected("too_few_members", message, least=least, members=len(people))
    _practices_enough(package, command.members)
    return ev.OrderPlaced(
        at=now,
        order=command.order,
        cluster=command.cluster,
        package=package.slug,
        package_version=package.version,
        coordinator=command.coordinator,
        members=command.members,
        policies=package.policies,
        disclosure=package.disclosure,
        follow_up_months=(package.follow_up.from_months, package.follow_up.to_months),
        shortest_meeting=ByForm[int](
            fysisk=shortest(package.programme.of(Format.IN_PERSON)), video=shortest(package.programme.of(Format.VIDEO))
        ),
        call_due=add_working_days(danish(now).date(), package.policies.call_within),
        evidence=package.evidence,
    )


def _practices_enough(package: Package, members: Sequence[ev.Joined]) -> None:
    """A register's numbers are a practice's: of fewer practices than may be shown nothing can ever come."""
    least, practices = package.disclosure.at_least, len({joined.practice for joined in members})
    if package.evidence == "register" and practices < least:
        message = f"Der skal være læger fra mindst {least} praksisser, for at tallene kan vises uden navne."
        raise Rejected("too_few_practices", f"{message} Listen har {practices}.", least=least, practices=practices)


def assign_consultant(order: Order, command: do.AssignConsultant, now: dt.datetime) -> list[ev.Event]:
    """The order gets a consultant, or another one."""
    if order.consultant == command.consultant:
        return []
    return [ev.ConsultantAssigned(at=now, consultant=command.consultant)]


def replace_coordinator(order: Order, command: do.ReplaceCoordinator, now: dt.datetime) -> list[ev.Event]:
    """The cluster has another coordinator."""
    if order.coordinator == command.coordinator:
        return []
    return [ev.CoordinatorReplaced(at=now, coordinator=command.coordinator)]


def add_member(order: Order, command: do.AddMember, now: dt.datetime) -> list[ev.Event]:
    """A doctor joins, or comes again: the same person has the same one vote."""
    known = order.members.get(command.joined.person)
    if known and known.active:
        raise Rejected("member_already_there", "Medlemmet er allerede med.", member=command.joined.person)
    return [ev.MemberAdded(at=now, joined=command.joined)]


def remove_member(order: Order, command: do.RemoveMember, now: dt.datetime) -> list[ev.Event]:
    """A doctor leaves."""
    _active(order, command.member)
    return [ev.MemberRemoved(at=now, member=command.member)]


def readdress_member(order: Order, command: do.ReaddressMember, now: dt.datetime) -> list[ev.Event]:
    """A name or an address was corrected; addresses are counted, and only go forward."""
    member = _active(order, command.member)
    if command.only_the_name:
        return [ev.MemberReaddressed(at=now, member=command.member, address=member.address, only_the_name=True)]
    if command.address <= member.address:
        return []
    return [ev.MemberReaddressed(at=now, member=command.member, address=command.address)]


def _active(order: Order, person: PersonId) -> Member:
    member = order.members.get(person)
    if member is None or not member.active:
        raise Rejected("no_such_member", "Medlemmet er ikke med i bestillingen.", member=person)
    return member


def cancel_order(order: Order, command: do.CancelOrder, now: dt.datetime) -> list[ev.Event]:
    """The order is called off."""
    if command.reason == "never_called" and order.meeting:
        raise Rejected("call_was_held", "Opkaldet er holdt, og mødet er aftalt.")
    return [ev.OrderCancelled(at=now, reason=command.reason)]


def complete_order(order: Order, _command: do.CompleteOrder, now: dt.datetime) -> list[ev.Event]:
    """Nothing more comes of the order."""
    if not order.meeting_settled:
        raise Rejected("not_finished", "Mødet er ikke afholdt endnu.")
    if order.awaits_follow_up:
        raise Rejected("not_finished", "Opfølgningen er ikke færdig eller afgjort endnu.")
    if not all(survey.over and survey.cleared for survey in order.surveys):
        raise Rejected("not_finished", "Materialet er ikke leveret endnu.")
    until = shared_by(order) if order.awaits_sharing else None
    if until is not None and now < until:
        raise Rejected("not_finished", "Koordinatoren kan endnu sende resultatet til medlemmerne.")
    survey = order.survey(Round.FOLLOW_UP)
    return [ev.OrderCompleted(at=now, with_follow_up=bool(survey and survey.released_at))]
