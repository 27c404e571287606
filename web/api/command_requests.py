"""Commands as the API takes them: the domain's own, some with words beside them that must never reach Temporal.

Words become rows first (`web/written.py`); the command that goes on has the rows' ids.
"""

import datetime as dt
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from domain import commands as do
from domain.decisions.rules import current_round
from domain.events import Joined
from domain.meeting import Facilitator, Format, Meeting, danish
from domain.model import ContactId, MemberId, Rejected, TextId
from domain.order import Order
from domain.package import Package
from storage import directory, result_repository
from storage.directory import StaffRole
from storage.ids import new_id
from web.api.danish_errors import invalid
from web.api.intake import practices_named
from web.api.words_in import ROLES_MANY, AnyRole, Email, Name, Phone, Place, Words
from web.problems import FieldProblem
from web.written import IDEAS, PLACE, REASON, Written, phone_kind


class Asked(BaseModel):
    """A command with words beside it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class PlannedMeeting(Asked):
    """The meeting as agreed at the call."""

    starts: dt.datetime = Field(description="the wall clock in Denmark, without offset", examples=["2026-04-15T17:00"])
    minutes: int | None = Field(None, ge=30, le=480, description="the package's programme where not given")
    format: Format = Format.IN_PERSON
    facilitator: Facilitator = Facilitator.COORDINATOR


class AgreePlan(Asked):
    """The outcome of the consultant's call."""

    type: Literal["agree_plan"]
    meeting: PlannedMeeting
    place_text: Place | None = Field(None, examples=["Lægehuset Torvet, mødelokale 2"])
    survey_opens: dt.date | None = None
    survey_closes: dt.date | None = None
    follow_up_wanted: bool = True
    policies: dict[str, Any] = Field({}, description="single policies changed for this order, by name")


class ChangeMeeting(Asked):
    """Length, form, facilitator or place; what is not given stays."""

    type: Literal["change_meeting"]
    minutes: int | None = Field(None, ge=30, le=480)
    format: Format | None = None
    facilitator: Facilitator | None = None
    place_text: Place | None = None


class HoldDeck(Asked):
    """The deck stays with the consultant until it is released."""

    type: Literal["hold_deck"]
    reason_text: Words | None = None


class Attended(Asked):
    """Whether one member came."""

    member: str
    attended: bool


class ReadFreeTexts(Asked):
    """The consultant has read what was written in words. What is struck is never shown; the deck is made anew."""

    type: Literal["read_free_texts"]
    strike: tuple[str, ...] = Field((), description="ids of the texts that could point to somebody")


class RecordMeeting(Asked):
    """The coordinator's record: counts, or a line for each member; ideas; what was agreed on follow-up."""

    type: Literal["record_meeting"]
    attended: int | None = Field(None, ge=0, description="counted from `attendance` where that is given")
    absent: int | None = Field(None, ge=0)
    attendance: tuple[Attended, ...] = ()
    ideas_text: Words | None = None
    follow_up: Literal["agreed", "later", "declined"] = "later"
    follow_up_opens: dt.date | None = None


class AddMember(Asked):
    """A member joins; in an open round they are invited at once."""

    type: Literal["add_member"]
    name: Name
    email: Email
    practice: Name = Field(description="ydernummer or the practice's name")
    role: AnyRole


class ReaddressMember(Asked):
    """A wrong address is mended: the old link is dead, the new address is invited."""

    type: Literal["readdress_member"]
    member: str
    email: Email
    name: Name | None = Field(None, description="as before where not given")


class ReplaceCoordinator(Asked):
    """The cluster has a new coordinator: the old order page's link is dead."""

    type: Literal["replace_coordinator"]
    name: Name
    email: Email
    phone: Phone | None = None


AnyAsked = Annotated[
    do.AssignConsultant
    | ReplaceCoordinator
    | AddMember
    | do.RemoveMember
    | ReaddressMember
    | AgreePlan
    | do.MoveMeeting
    | ChangeMeeting
    | do.ExtendSurvey
    | do.CloseSurvey
    | do.GoOnWithoutResults
    | HoldDeck
    | ReadFreeTexts
    | do.RemakeDeck
    | do.ReleaseDeck
    | RecordMeeting
    | do.LeaveMeetingUnrecorded
    | do.AgreeFollowUp
    | do.MoveFollowUp
    | do.StartFollowUp
    | do.DeclineFollowUp
    | do.CancelOrder,
    Field(discriminator="type"),
]
"""Everything people can ask of an order. What only time asks is not among it."""


class Desk:
    """Turns what was asked into a command, writing the rows it points to. One for one request."""

    def __init__(self, connection: Connection, order: Order, package: Package) -> None:
        self._connection = connection
        self._order = order
        self._package = package

    def written(self, asked: AnyAsked) -> Written:
        """The command and its rows.

        Raises Rejected where a member is not there, or an address is somebody else's; Problem where an id that names
        one of KiAP's own doesn't.
        """
        match asked:
            case do.AssignConsultant():
                return self._assign_consultant(asked)
            case AgreePlan():
                return self._agree_plan(asked)
            case ChangeMeeting():
                return self._change_meeting(asked)
            case HoldDeck():
                return self._hold_deck(asked)
            case ReadFreeTexts():
                return self._read_free_texts(asked)
            case RecordMeeting():
                return self._record_meeting(asked)
            case AddMember():
                return self._add_member(asked)
            case ReaddressMember():
                return self._readdress_member(asked)
            case ReplaceCoordinator():
                return self._replace_coordinator(asked)
            case do.MoveMeeting():
                return Written(asked.having(to=wall_clock(asked.to)))
            case _:
                return Written(asked)

    def _assign_consultant(self, asked: do.AssignConsultant) -> Written:
        """Who has the order already may go on having it: the same command again is no other."""
        if asked.consultant != self._order.consultant:
            staff = directory.find_staff(self._connection, asked.consultant)
            if staff is None:
                _refuse_consultant("Ingen hos KiAP har dette id nu. Se dem, der er, med »klyngeflow staff list«.")
            if staff.role is not StaffRole.CONSULTANT:
                _refuse_consultant("Denne medarbejder er ikke konsulent, og en bestilling skal have en konsulent.")
        return Written(asked)

    def _text(self, kind: str, words: str | None) -> tuple[TextId | None, tuple[TextId, ...]]:
        if words is None:
            return None, ()
        text = directory.add_text(self._connection, self._order.id, kind, words)
        return text, (text,)

    def _agree_plan(self, asked: AgreePlan) -> Written:
        place, texts = self._text(PLACE, asked.place_text)
        given = asked.meeting
        meeting = Meeting(
            starts=wall_clock(given.starts),
            minutes=given.minutes or self._package.programme_minutes,
            format=given.format,
            facilitator=given.facilitator,
            place=place,
        )
        command = do.AgreePlan(
            meeting=meeting,
            survey_opens=asked.survey_opens,
            survey_closes=asked.survey_closes,
            follow_up_wanted=asked.follow_up_wanted,
            policies=asked.policies,
        )
        return Written(command, texts=texts)

    def _change_meeting(self, asked: ChangeMeeting) -> Written:
        place, texts = self._text(PLACE, None if asked.place_text == self._place() else asked.place_text)
        command = do.ChangeMeeting(
            minutes=asked.minutes, format=asked.format, facilitator=asked.facilitator, place=place
        )
        return Written(command, texts=texts)

    def _place(self) -> str:
        meeting = self._order.meeting
        return directory.words_of(self._connection, meeting.place if meeting else None)

    def _hold_deck(self, asked: HoldDeck) -> Written:
        reason, texts = self._text(REASON, asked.reason_text)
        return Written(do.HoldDeck(reason=reason), texts=texts)

    def _read_free_texts(self, asked: ReadFreeTexts) -> Written:
        survey = current_round(self._order)
        texts = result_repository.free_texts(self._connection, self._order.id, survey.round)
        ids = {text.id for text in texts}
        unknown = set(asked.strike) - ids
        if unknown:
            raise Rejected("no_such_text", "En af teksterne findes ikke i denne undersøgelse.")
        for text in texts:
            result_repository.strike(
                self._connection, self._order.id, survey.round, text.id, struck=text.id in asked.strike
            )
        struck = tuple(TextId(text) for text in sorted(set(asked.strike)))
        return Written(do.ReadFreeTexts(kept=len(ids) - len(struck), struck=len(struck), struck_texts=struck))

    def _record_meeting(self, asked: RecordMeeting) -> Written:
        attendance = {MemberId(line.member): line.attended for line in asked.attendance}
        unknown = set(attendance) - set(self._order.members)
        if unknown:
            raise Rejected("no_such_member", "Et af medlemmerne er ikke med i bestillingen.", member=min(unknown))
        came = sum(attendance.values())
        attended = came if asked.attended is None else asked.attended
        absent = asked.absent
        if absent is None:
            members = len(attendance) or len(self._order.active_members)
            absent = max(0, members - attended)
        if attendance and (attended, absent) != (came, len(attendance) - came):
            message = f"Der er sat navn på {came}, men skrevet, at {attended} var med."
            raise Rejected("counts_differ", message, named=came, counted=attended)
        ideas, texts = self._text(IDEAS, asked.ideas_text)
        command = do.RecordMeeting(
            attended=attended,
            absent=absent,
            ideas=ideas,
            follow_up=asked.follow_up,
            follow_up_opens=asked.follow_up_opens,
        )
        return Written(command, texts=texts, attendance=attendance)

    def _add_member(self, asked: AddMember) -> Written:
        if asked.role not in self._package.surveyed:
            message = f"Pakken spørger ikke {ROLES_MANY[asked.role]}, så medlemmet skal ikke med."
            raise Rejected("not_surveyed", message, role=asked.role)
        self._nobody_elses(asked.email)
        contact = directory.add_contact(self._connection, asked.name, asked.email)
        known = {each.id for each in directory.practices_of(self._connection, self._order.cluster)}
        (practice,) = practices_named(self._connection, self._order.cluster, [asked.practice])
        joined = Joined(member=MemberId(new_id()), contact=contact, practice=practice, role=asked.role)
        made = () if practice in known else (practice,)
        return Written(do.AddMember(joined=joined), contacts=(contact,), practices=made)

    def _readdress_member(self, asked: ReaddressMember) -> Written:
        member = self._order.members.get(MemberId(asked.member))
        if member is None:
            raise Rejected("no_such_member", "Medlemmet er ikke med i bestillingen.", member=asked.member)
        before = directory.contact(self._connection, member.contact)
        name = asked.name or before.name
        if (name, asked.email) == (before.name, before.email):
            return Written(do.ReaddressMember(member=MemberId(asked.member), contact=member.contact))
        self._nobody_elses(asked.email, but=member.contact)
        contact = directory.add_contact(self._connection, name, asked.email)
        return Written(do.ReaddressMember(member=MemberId(asked.member), contact=contact), contacts=(contact,))

    def _replace_coordinator(self, asked: ReplaceCoordinator) -> Written:
        contact = directory.add_contact(self._connection, asked.name, asked.email)
        phone, _ = self._text(phone_kind(contact), asked.phone)
        return Written(do.ReplaceCoordinator(coordinator=contact), contacts=(contact,), phone=phone)

    def _nobody_elses(self, email: str, but: ContactId | None = None) -> None:
        """Two members with one address would share one invitation."""
        theirs = [member.contact for member in self._order.active_members.values() if member.contact != but]
        known = directory.contacts(self._connection, theirs).values()
        if any(contact.email.casefold() == email.casefold() for contact in known):
            raise Rejected("address_taken", "Mailadressen står allerede ved et andet medlem.")


def _refuse_consultant(detail: str) -> NoReturn:
    raise invalid([FieldProblem(field="consultant", detail=detail)])


def wall_clock(moment: dt.datetime) -> dt.datetime:
    """The time on Danish clocks, without offset: one given with an offset is read as the instant it is."""
    local = danish(moment) if moment.tzinfo is not None else moment
    return local.replace(tzinfo=None, second=0, microsecond=0)
