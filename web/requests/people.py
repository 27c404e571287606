"""Requests that name people: names and addresses are enclosed, the command has ids."""

from typing import Literal, NoReturn

from pydantic import Field

from domain import commands as do
from domain.events import Joined
from domain.model import PersonId, Rejected, StaffId
from domain.recognition import Described, address_key, recognise
from domain.text import Email, Name, Phone, PracticeName
from storage import clusters, people
from storage.enclosures import EnclosedPractice, Enclosure
from storage.ids import new_id
from storage.people import Person, PersonChange
from storage.staff import StaffRole, find_staff
from web.api.danish_errors import invalid
from web.api.roles import ROLES_MANY, AnyRole
from web.problems import FieldProblem
from web.requests.base import CommandRequest, Context, Submission


class AddMember(CommandRequest):
    """A member joins; in an open survey they are invited at once."""

    type: Literal["add_member"]
    name: Name = Field(title="Navn")
    email: Email = Field(title="Mailadresse")
    practice: PracticeName = Field(title="Ydernummer eller praksis", description="ydernummer or the practice's name")
    role: AnyRole = Field(title="Rolle")


class ReaddressMember(CommandRequest):
    """A wrong name or address is corrected: after a new address the old link is dead, and the new one is invited."""

    type: Literal["readdress_member"]
    member: PersonId = Field(title="Medlem")
    email: Email | None = Field(None, title="Den rigtige mailadresse", description="as before where not given")
    name: Name | None = Field(None, title="Det rigtige navn", description="as before where not given")


class ReplaceCoordinator(CommandRequest):
    """The cluster has a new coordinator: the old one's link is dead."""

    type: Literal["replace_coordinator"]
    name: Name = Field(title="Den nye koordinators navn")
    email: Email = Field(title="Mailadresse")
    phone: Phone | None = Field(None, title="Telefon")


def assign_consultant(request: CommandRequest, context: Context) -> Submission:
    """Who has the order already may go on having it. Raises Problem where the id is no consultant's."""
    consultant = StaffId(getattr(request, "consultant", ""))
    if consultant != context.order.consultant:
        staff = find_staff(context.connection, consultant)
        if staff is None:
            _refuse_consultant("Ingen hos KiAP har dette id nu. Se dem, der er, med »klyngeflow staff list«.")
        if staff.role is not StaffRole.CONSULTANT:
            _refuse_consultant("Denne medarbejder er ikke konsulent, og en bestilling skal have en konsulent.")
    return Submission(do.AssignConsultant(consultant=consultant))


def add_member(request: AddMember, context: Context) -> Submission:
    """A doctor we know from the cluster is that doctor, with the vote they have. Raises Rejected."""
    if request.role not in context.package.surveyed:
        message = f"Pakken er ikke for {ROLES_MANY[request.role]}, så medlemmet skal ikke med."
        raise Rejected("not_surveyed", message, role=request.role)
    order = context.order
    (practice,), new = clusters.recognise_practices(context.connection, order.cluster, [request.practice])
    described = Described(request.name, request.email, practice)
    known = people.known_in(context.connection, order.cluster, also=[*order.members, order.coordinator])
    person = next(iter(recognise(known, [described]))) or PersonId(new_id())
    change = _change(context, person, request.name, request.email)
    joined = Joined(person=person, practice=practice, role=request.role, address=change.address)
    return Submission(
        do.AddMember(joined=joined),
        Enclosure(
            people=(change,),
            practices=tuple(EnclosedPractice(id=each.id, cluster=order.cluster, name=each.name) for each in new),
        ),
    )


def readdress_member(request: ReaddressMember, context: Context) -> Submission:
    """Raises Rejected where the member is not there; Problem where nothing is said of them."""
    member = context.order.members.get(request.member)
    if member is None:
        raise Rejected("no_such_member", "Medlemmet er ikke med i bestillingen.", member=request.member)
    if request.email is None and request.name is None:
        detail = "Skriv den rigtige mailadresse, det rigtige navn eller begge dele."
        raise invalid([FieldProblem(field="email", detail=detail)])
    before = people.person(context.connection, request.member)
    change = _change(context, request.member, request.name or before.name, request.email or before.email)
    command = do.ReaddressMember(
        member=request.member,
        address=change.address,
        only_the_name=change.name != before.name and change.address == before.address,
    )
    return Submission(command, Enclosure(people=(change,)))


def replace_coordinator(request: ReplaceCoordinator, context: Context) -> Submission:
    """One of the cluster's doctors whom we know, or somebody new."""
    order = context.order
    known = people.known_in(context.connection, order.cluster, also=[*order.members, order.coordinator])
    lines = [Described(request.name, request.email, each.practice) for each in known if each.practice]
    person = next((found for line in lines for found in recognise(known, [line]) if found), None)
    change = _change(context, person or PersonId(new_id()), request.name, request.email, request.phone)
    return Submission(do.ReplaceCoordinator(coordinator=change.person), Enclosure(people=(change,)))


def _change(context: Context, person_id: PersonId, name: str, email: str, phone: str | None = None) -> PersonChange:
    before = _known(context, person_id)
    address = 1 if before is None else before.address + (address_key(before.email) != address_key(email))
    return PersonChange(person=person_id, name=name, email=email, address=address, phone=phone)


def _known(context: Context, person_id: PersonId) -> Person | None:
    return people.people(context.connection, [person_id]).get(person_id)


def _refuse_consultant(detail: str) -> NoReturn:
    raise invalid([FieldProblem(field="consultant", detail=detail)])
