"""What people and time can ask of an order. `BY` says in which capacity; `domain/decisions/` says what comes of it."""

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter

from domain.events import Joined
from domain.meeting import Facilitator, Format, Meeting
from domain.model import (
    Actor,
    ClusterId,
    ContactId,
    DocumentId,
    Frozen,
    MemberId,
    OrderId,
    Rejected,
    Round,
    StaffId,
    TextId,
)
from domain.package import Package

STAFF = frozenset({Actor.CONSULTANT, Actor.OPERATIONS})
PEOPLE = STAFF | {Actor.COORDINATOR}
CLOCK = frozenset({Actor.SYSTEM})


class Command(Frozen):
    BY: ClassVar[frozenset[Actor]]
    type: str


# --- the order and its people ---------------------------------------------------------------------------------------


class PlaceOrder(Command):
    """Starts an order. Given by the web with the package as it stands; the only command with more than ids in it."""

    BY = frozenset({Actor.COORDINATOR, Actor.OPERATIONS})
    type: Literal["place_order"] = "place_order"
    order: OrderId
    cluster: ClusterId
    package: Package
    coordinator: ContactId
    members: tuple[Joined, ...]


class AssignConsultant(Command):
    BY = STAFF
    type: Literal["assign_consultant"] = "assign_consultant"
    consultant: StaffId


class ReplaceCoordinator(Command):
    BY = PEOPLE
    type: Literal["replace_coordinator"] = "replace_coordinator"
    coordinator: ContactId


class AddMember(Command):
    BY = PEOPLE
    type: Literal["add_member"] = "add_member"
    joined: Joined


class RemoveMember(Command):
    BY = PEOPLE
    type: Literal["remove_member"] = "remove_member"
    member: MemberId


class ReaddressMember(Command):
    """A wrong address is mended: the old link is dead, the new address is invited."""

    BY = PEOPLE
    type: Literal["readdress_member"] = "readdress_member"
    member: MemberId
    contact: ContactId


# --- the plan -------------------------------------------------------------------------------------------------------


class AgreePlan(Command):
    """The outcome of the consultant's call. Survey dates not given are computed back from the meeting.

    `policies` changes single policies for this order, by name.
    """

    BY = STAFF
    type: Literal["agree_plan"] = "agree_plan"
    meeting: Meeting
    survey_opens: dt.date | None = None
    survey_closes: dt.date | None = None
    follow_up_wanted: bool = True
    policies: dict[str, Any] = {}


class MoveMeeting(Command):
    BY = PEOPLE
    type: Literal["move_meeting"] = "move_meeting"
    to: dt.datetime


class ChangeMeeting(Command):
    """Length, form, facilitator or place; what is not given stays."""

    BY = PEOPLE
    type: Literal["change_meeting"] = "change_meeting"
    minutes: int | None = Field(None, ge=30, le=480)
    format: Format | None = None
    facilitator: Facilitator | None = None
    place: TextId | None = None


# --- the survey -----------------------------------------------------------------------------------------------------


class OpenSurvey(Command):
    BY = CLOCK
    type: Literal["open_survey"] = "open_survey"
    round: Round


class ExtendSurvey(Command):
    BY = PEOPLE
    type: Literal["extend_survey"] = "extend_survey"
    closes: dt.date


class CloseSurvey(Command):
    BY = STAFF | CLOCK
    type: Literal["close_survey"] = "close_survey"
    round: Round
    why: Literal["due", "everyone_answered", "by_hand"] = "by_hand"


class RecordTurnout(Command):
    BY = CLOCK
    type: Literal["record_turnout"] = "record_turnout"
    round: Round
    answers: int = Field(ge=0)
    invited: int = Field(ge=0)


class GoOnWithoutResults(Command):
    BY = PEOPLE | CLOCK
    type: Literal["go_on_without_results"] = "go_on_without_results"
    automatic: bool = False


class RecordResults(Command):
    BY = CLOCK
    type: Literal["record_results"] = "record_results"
    round: Round
    answers: int = Field(ge=0)
    free_texts: int = Field(ge=0)


# --- the deck -------------------------------------------------------------------------------------------------------


class RecordDeck(Command):
    BY = CLOCK
    type: Literal["record_deck"] = "record_deck"
    round: Round
    version: int = Field(ge=1)
    documents: tuple[DocumentId, ...]


class HoldDeck(Command):
    BY = STAFF
    type: Literal["hold_deck"] = "hold_deck"
    reason: TextId | None = None


class ReadFreeTexts(Command):
    """The consultant has read the free texts; those struck are already marked in their rows."""

    BY = STAFF
    type: Literal["read_free_texts"] = "read_free_texts"
    kept: int = Field(ge=0)
    struck: int = Field(0, ge=0)
    struck_texts: tuple[TextId, ...] = ()


class RemakeDeck(Command):
    BY = STAFF
    type: Literal["remake_deck"] = "remake_deck"


class ReleaseDeck(Command):
    BY = STAFF | CLOCK
    type: Literal["release_deck"] = "release_deck"
    automatic: bool = False


class WithholdDeck(Command):
    """The meeting began, or the follow-up grew old, with the deck still held."""

    BY = CLOCK
    type: Literal["withhold_deck"] = "withhold_deck"


class RecordDestruction(Command):
    BY = CLOCK
    type: Literal["record_destruction"] = "record_destruction"
    round: Round


class RecordLetters(Command):
    BY = CLOCK
    type: Literal["record_letters"] = "record_letters"
    key: str
    sent: int = Field(ge=0)
    failed: int = Field(0, ge=0)
    waiting: int = Field(0, ge=0)


class SendLettersAgain(Command):
    """Some mail of a letter that has gone turned out never to have left, and waits. The counts are of all its mail."""

    BY = CLOCK
    type: Literal["send_letters_again"] = "send_letters_again"
    key: str
    sent: int = Field(ge=0)
    failed: int = Field(0, ge=0)
    waiting: int = Field(ge=1)


# --- the meeting and the follow-up ----------------------------------------------------------------------------------


class RecordMeeting(Command):
    """The coordinator's record. `follow_up`: agreed (with a date), later, or declined."""

    BY = PEOPLE
    type: Literal["record_meeting"] = "record_meeting"
    attended: int = Field(ge=0)
    absent: int = Field(ge=0)
    ideas: TextId | None = None
    follow_up: Literal["agreed", "later", "declined"] = "later"
    follow_up_opens: dt.date | None = None


class LeaveMeetingUnrecorded(Command):
    BY = STAFF | CLOCK
    type: Literal["leave_meeting_unrecorded"] = "leave_meeting_unrecorded"


class AgreeFollowUp(Command):
    BY = PEOPLE
    type: Literal["agree_follow_up"] = "agree_follow_up"
    opens: dt.date


class MoveFollowUp(Command):
    BY = PEOPLE
    type: Literal["move_follow_up"] = "move_follow_up"
    opens: dt.date


class StartFollowUp(Command):
    BY = PEOPLE
    type: Literal["start_follow_up"] = "start_follow_up"


class DeclineFollowUp(Command):
    BY = PEOPLE
    type: Literal["decline_follow_up"] = "decline_follow_up"


class LapseFollowUp(Command):
    BY = CLOCK
    type: Literal["lapse_follow_up"] = "lapse_follow_up"


# --- the end --------------------------------------------------------------------------------------------------------


class CompleteOrder(Command):
    BY = CLOCK
    type: Literal["complete_order"] = "complete_order"


class CancelOrder(Command):
    BY = PEOPLE | CLOCK
    type: Literal["cancel_order"] = "cancel_order"
    reason: Literal["cluster_withdrew", "ordered_by_mistake", "kiap_cannot", "never_called", "other"] = "other"


AnyCommand = Annotated[
    AssignConsultant
    | ReplaceCoordinator
    | AddMember
    | RemoveMember
    | ReaddressMember
    | AgreePlan
    | MoveMeeting
    | ChangeMeeting
    | OpenSurvey
    | ExtendSurvey
    | CloseSurvey
    | RecordTurnout
    | GoOnWithoutResults
    | RecordResults
    | RecordDeck
    | HoldDeck
    | ReadFreeTexts
    | RemakeDeck
    | ReleaseDeck
    | WithholdDeck
    | RecordDestruction
    | RecordLetters
    | SendLettersAgain
    | RecordMeeting
    | LeaveMeetingUnrecorded
    | AgreeFollowUp
    | MoveFollowUp
    | StartFollowUp
    | DeclineFollowUp
    | LapseFollowUp
    | CompleteOrder
    | CancelOrder,
    Field(discriminator="type"),
]
"""Every command to an order that exists."""

COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)


def authorise(command: Command, actor: Actor) -> None:
    """Raises Rejected where this capacity may not give this command."""
    if actor not in command.BY:
        raise Rejected("not_yours", "Det kan du ikke gøre her. Ring til KiAP, så hjælper vi.", command=command.type)
