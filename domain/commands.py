"""What people and time can ask of an order. `BY` says in which capacity; `domain/decisions/` says what comes of it.

Commands hold ids, dates, counts and choices, for they go through Temporal: words and people that a command is about are
rows, which it has the ids of. What people fill in instead stands in `web/requests/`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field, TypeAdapter

from domain.by import Capacity
from domain.events import Joined
from domain.meeting import Facilitator, Format, Meeting, PlannedPart
from domain.model import (
    ClusterId,
    Digest,
    DocumentId,
    Frozen,
    OrderId,
    PersonId,
    Round,
    StaffId,
    TextId,
)
from domain.own_questions import MOST_QUESTIONS, OwnQuestion
from domain.package import Package
from domain.task_kinds import CallOutcome, TaskKind

STAFF = frozenset({Capacity.CONSULTANT, Capacity.OPERATIONS, Capacity.ADMINISTRATOR})
PEOPLE = STAFF | {Capacity.COORDINATOR}
CLOCK = frozenset({Capacity.SYSTEM})


@dataclass(frozen=True)
class TextField:
    """Marks a text's id in a command: people write the text. `kind` is what the row says it is."""

    kind: str
    lines: Literal["one", "many", "name", "phone"] = "many"
    most: int = 5_000


class Command(Frozen):
    """`BY`: who may give it, API keys with the scope for it aside (`domain/authority.py`).

    What people may give has Danish words for its form: `LABEL` on the button that leads there, `DONE` when it is done,
    a `title` for each field; `POINTS_AT` says which field a refusal is about, by its code.
    """

    BY: ClassVar[frozenset[Capacity]]
    LABEL: ClassVar[str] = ""
    DONE: ClassVar[str] = "Det er noteret."
    POINTS_AT: ClassVar[dict[str, str]] = {}
    type: str


# --- the order and its people ---------------------------------------------------------------------------------------


class PlaceOrder(Command):
    """Starts an order. Given by the web with the package as it stands; the only command with more than ids in it."""

    BY = PEOPLE
    type: Literal["place_order"] = "place_order"
    order: OrderId
    cluster: ClusterId
    package: Package
    coordinator: PersonId
    members: tuple[Joined, ...]


class AssignConsultant(Command):
    """Give the order to a consultant."""

    BY = STAFF
    LABEL = "Giv bestillingen en konsulent"
    DONE = "Bestillingen har fået en konsulent, som får besked."
    type: Literal["assign_consultant"] = "assign_consultant"
    consultant: StaffId = Field(title="Konsulent")


class ReplaceCoordinator(Command):
    """The cluster has a new coordinator: the old one's link is dead."""

    BY = PEOPLE
    LABEL = "Skift koordinator"
    DONE = "Den nye koordinator har fået sin egen side på mail."
    type: Literal["replace_coordinator"] = "replace_coordinator"
    coordinator: PersonId


class AddMember(Command):
    """A member joins; in an open survey they are invited at once."""

    BY = PEOPLE
    LABEL = "Tilføj et medlem"
    DONE = "Medlemmet er med. Er der et spørgeskema åbent, er invitationen på vej."
    type: Literal["add_member"] = "add_member"
    joined: Joined


class RemoveMember(Command):
    """A member leaves; their link is dead. An answer already given stays."""

    BY = PEOPLE
    LABEL = "Fjern et medlem"
    DONE = "Medlemmet er taget af listen, og linket virker ikke mere."
    type: Literal["remove_member"] = "remove_member"
    member: PersonId = Field(title="Medlem")


class ReaddressMember(Command):
    """A wrong name or address is corrected: after a new address the old link is dead, and the new one is invited."""

    BY = PEOPLE | CLOCK
    LABEL = "Ret et medlems navn eller mailadresse"
    DONE = "Det er rettet. Er der et spørgeskema åbent, får den nye adresse en invitation."
    type: Literal["readdress_member"] = "readdress_member"
    member: PersonId
    address: int
    only_the_name: bool = False


class RenewLink(Command):
    """Somebody gets another link to the order by mail; the one before is dead. The coordinator, or a member."""

    BY = PEOPLE
    LABEL = "Giv et nyt link"
    DONE = "Det nye link er på vej på mail, og det gamle virker ikke mere."
    POINTS_AT = {"no_such_holder": "holder"}
    type: Literal["renew_link"] = "renew_link"
    holder: PersonId = Field(title="Hvem skal have et nyt link?")


class RevokeLink(Command):
    """Somebody's link to the order is dead, and no other is sent before they ask for one, or are given one."""

    BY = STAFF
    LABEL = "Luk et link"
    DONE = "Linket virker ikke mere."
    POINTS_AT = {"no_such_holder": "holder"}
    type: Literal["revoke_link"] = "revoke_link"
    holder: PersonId = Field(title="Hvis link skal lukkes?")


class SendLink(Command):
    """Somebody has asked for their link by their mail address: it is sent again, and another where it was revoked."""

    BY = CLOCK
    type: Literal["send_link"] = "send_link"
    holder: PersonId


# --- the plan -------------------------------------------------------------------------------------------------------


class AgreePlan(Command):
    """The outcome of the consultant's call. Survey dates not given are computed back from the meeting.

    `policies` changes single policies for this order, by name.
    """

    BY = STAFF
    LABEL = "Skriv aftalen fra opkaldet"
    DONE = "Aftalen er gemt, og koordinatoren får den på mail."
    POINTS_AT = dict.fromkeys(("meeting_too_early", "meeting_too_late", "meeting_in_the_past"), "meeting.starts") | {
        "meeting_length": "meeting.minutes"
    }
    type: Literal["agree_plan"] = "agree_plan"
    meeting: Meeting
    survey_opens: dt.date | None = None
    survey_closes: dt.date | None = None
    follow_up_wanted: bool = True
    policies: dict[str, Any] = {}


class MoveMeeting(Command):
    """The meeting has a new date or time."""

    BY = PEOPLE
    LABEL = "Flyt mødet"
    DONE = "Mødet er flyttet, og koordinatoren får den nye aftale på mail."
    POINTS_AT = dict.fromkeys(("meeting_too_early", "meeting_too_late", "meeting_in_the_past"), "to")
    type: Literal["move_meeting"] = "move_meeting"
    to: dt.datetime = Field(title="Mødets nye tid")


RING_NAME = "Videomøde: Hvem kan man ringe til, hvis man ikke kan logge på?"
RING_PHONE = "Telefonnummer på den, man kan ringe til"


class ChangeMeeting(Command):
    """Length, form, facilitator or place; what is not given stays."""

    BY = PEOPLE
    LABEL = "Ret mødets længde, form eller sted"
    DONE = "Mødet er rettet."
    POINTS_AT = {"meeting_length": "minutes"}
    type: Literal["change_meeting"] = "change_meeting"
    minutes: int | None = Field(None, title="Længde i minutter")
    format: Format | None = Field(None, title="Hvordan mødes I?")
    facilitator: Facilitator | None = Field(None, title="Hvem leder mødet?")
    place: Annotated[TextId | None, TextField("place", "one", 500)] = Field(None, title="Sted eller videolink")
    ring_name: Annotated[TextId | None, TextField("ring_name", "name", 100)] = Field(None, title=RING_NAME)
    ring_phone: Annotated[TextId | None, TextField("ring_phone", "phone", 40)] = Field(None, title=RING_PHONE)


class ChangeProgramme(Command):
    """This meeting's programme: how long each of the package's parts lasts, and other words for it where they fit."""

    BY = STAFF
    LABEL = "Ret programmets tider og tekster"
    DONE = "Programmet er rettet. Materiale, som vi har lavet, laves på ny."
    POINTS_AT = dict.fromkeys(
        ("programme_does_not_add_up", "programme_has_other_parts", "programme_title_too_long"), "parts"
    )
    type: Literal["change_programme"] = "change_programme"
    parts: tuple[PlannedPart, ...] = Field(title="Programmets punkter", min_length=1, max_length=40)


class RestoreProgramme(Command):
    """The programme is the package's own again."""

    BY = STAFF
    LABEL = "Brug pakkens eget program igen"
    DONE = "Mødet har pakkens eget program igen. Materiale, som vi har lavet, laves på ny."
    type: Literal["restore_programme"] = "restore_programme"


class AskOwnQuestions(Command):
    """What the cluster asks besides the package, until its first invitation leaves."""

    BY = STAFF
    LABEL = "Stil spørgsmålene"
    DONE = "Spørgsmålene er gemt. De er med, når spørgeskemaet sendes ud."
    POINTS_AT = dict.fromkeys(("own_question_does_not_fit", "own_answers_alike", "no_such_scale"), "questions")
    type: Literal["ask_own_questions"] = "ask_own_questions"
    questions: tuple[OwnQuestion, ...] = Field(title="Klyngens egne spørgsmål", min_length=1, max_length=MOST_QUESTIONS)


class DropOwnQuestions(Command):
    """The cluster asks nothing of its own."""

    BY = STAFF
    LABEL = "Stil ingen egne spørgsmål"
    DONE = "Klyngens egne spørgsmål er taget ud igen."
    type: Literal["drop_own_questions"] = "drop_own_questions"


# --- KiAP's own work ------------------------------------------------------------------------------------------------


class NoteCall(Command):
    """The coordinator was rung before the plan is agreed. The day the call was promised by stays."""

    BY = STAFF
    LABEL = "Notér et opkald"
    DONE = "Opkaldet er noteret."
    type: Literal["note_call"] = "note_call"
    outcome: CallOutcome = Field(title="Hvordan gik det?")
    note: Annotated[TextId | None, TextField("call_note")] = Field(None, title="Hvad er godt at vide næste gang?")


class PostponeTask(Command):
    """Put a task off until a day, from which it is shown again. The latest put-off counts."""

    BY = STAFF
    LABEL = "Udsæt en opgave"
    DONE = "Opgaven er udsat og kommer igen på dagen."
    POINTS_AT = dict.fromkeys(("postponed_too_briefly", "postponed_too_long", "cannot_be_postponed"), "until") | {
        "no_such_task": "task"
    }
    type: Literal["postpone_task"] = "postpone_task"
    task: TaskKind = Field(title="Opgave")
    until: dt.date = Field(title="Vis den igen den")
    why: Annotated[TextId, TextField("postponed_because")] = Field(title="Hvorfor?")


class ResumeTask(Command):
    """A task put off is not put off any more."""

    BY = STAFF
    LABEL = "Tag en udsat opgave frem igen"
    DONE = "Opgaven er taget frem igen."
    type: Literal["resume_task"] = "resume_task"
    task: TaskKind = Field(title="Opgave")


class AddNote(Command):
    """A note on the order, for KiAP's own eyes."""

    BY = STAFF
    LABEL = "Skriv en note"
    DONE = "Noten er gemt. Kun KiAP kan se den."
    type: Literal["add_note"] = "add_note"
    note: Annotated[TextId, TextField("note")] = Field(title="Note til KiAP selv")


# --- the survey -----------------------------------------------------------------------------------------------------


class OpenSurvey(Command):
    BY = CLOCK
    type: Literal["open_survey"] = "open_survey"
    round: Round


class ExtendSurvey(Command):
    """More days to answer."""

    BY = PEOPLE
    LABEL = "Giv mere tid til at svare"
    DONE = "Svarfristen er rykket, og de, der mangler, får besked."
    POINTS_AT = {"extension_too_short": "closes", "extension_too_long": "closes"}
    type: Literal["extend_survey"] = "extend_survey"
    closes: dt.date = Field(title="Sidste dag, man kan svare")


class SendReminder(Command):
    """One more reminder to those who have not answered, besides the package's own. It leaves at the next mail time."""

    BY = STAFF
    LABEL = "Send en ekstra påmindelse"
    DONE = "Påmindelsen er på vej til dem, der ikke har svaret."
    type: Literal["send_reminder"] = "send_reminder"


class CloseSurvey(Command):
    """Close the survey before its last day."""

    BY = STAFF | CLOCK
    LABEL = "Luk spørgeskemaet nu"
    DONE = "Spørgeskemaet er lukket, og svarene gøres op."
    type: Literal["close_survey"] = "close_survey"
    round: Round
    why: Literal["due", "everyone_answered", "by_hand"] = "by_hand"


class RecordTurnout(Command):
    BY = CLOCK
    type: Literal["record_turnout"] = "record_turnout"
    round: Round
    answers: int
    invited: int


class GoOnWithoutResults(Command):
    """Too few answered, or the register's extract cannot be had; the meeting is held without results."""

    BY = PEOPLE | CLOCK
    LABEL = "Gå videre uden resultater"
    DONE = "I går videre uden resultater."
    type: Literal["go_on_without_results"] = "go_on_without_results"
    automatic: bool = False


class RecordResults(Command):
    BY = CLOCK
    type: Literal["record_results"] = "record_results"
    round: Round
    answers: int
    free_texts: int
    extract: Digest | None = None
    """Of which extract; another may have been given meanwhile."""


class GiveExtract(Command):
    """The register's extract for a round is here, or another in its place until the material is released.

    The numbers go beside the command, sealed.
    """

    BY = STAFF
    LABEL = "Giv klyngens tal fra registret"
    DONE = "Tallene er gemt, og opgørelsen laves nu."
    type: Literal["give_extract"] = "give_extract"
    round: Round
    practices: int = Field(ge=0)
    of_practices: int = Field(ge=0)
    digest: Digest


# --- the deck -------------------------------------------------------------------------------------------------------


class RecordDeck(Command):
    BY = CLOCK
    type: Literal["record_deck"] = "record_deck"
    round: Round
    version: int
    documents: tuple[DocumentId, ...]


class HoldDeck(Command):
    """The deck stays with the consultant until it is released."""

    BY = STAFF
    LABEL = "Hold materialet tilbage"
    DONE = "Materialet bliver hos dig, til du frigiver det."
    type: Literal["hold_deck"] = "hold_deck"
    reason: Annotated[TextId | None, TextField("reason")] = Field(None, title="Hvorfor holder du det tilbage?")


class ReadFreeTexts(Command):
    """The free texts are read; those struck are never shown."""

    BY = STAFF
    LABEL = "Læs, hvad lægerne har skrevet med egne ord"
    DONE = "Tak. Præsentationen laves på ny med det, du lod stå."
    type: Literal["read_free_texts"] = "read_free_texts"
    struck_texts: tuple[TextId, ...] = ()


class ReplaceDeck(Command):
    """A corrected deck takes the place of the one that stands. The file goes beside the command."""

    BY = STAFF
    LABEL = "Læg en rettet præsentation ind"
    DONE = "Den rettede præsentation er lagt ind. Er materialet leveret, får koordinatoren besked."
    type: Literal["replace_deck"] = "replace_deck"
    document: DocumentId
    why: Annotated[TextId, TextField("correction")] = Field(title="Hvad er rettet?")


class KeepDeck(Command):
    """A delivered deck that a person has corrected fits the changed meeting as it is."""

    BY = STAFF
    LABEL = "Behold den rettede præsentation"
    DONE = "Tak. Præsentationen bliver, som den er."
    type: Literal["keep_deck"] = "keep_deck"


class RemakeDeck(Command):
    """Make the deck anew, also where a person's own has taken its place."""

    BY = STAFF
    LABEL = "Lav materialet på ny"
    DONE = "Materialet laves på ny."
    type: Literal["remake_deck"] = "remake_deck"


class ReleaseDeck(Command):
    """Deliver the deck to the coordinator now."""

    BY = STAFF | CLOCK
    LABEL = "Frigiv materialet til koordinatoren nu"
    DONE = "Materialet er på vej til koordinatoren."
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
    """What has become of a letter's mail so far. `seen` is the order's version that it was sent by."""

    BY = CLOCK
    type: Literal["record_letters"] = "record_letters"
    key: str
    sent: int
    failed: int = 0
    unknown: int = 0
    waiting: int = 0
    seen: int


# --- the meeting and the follow-up ----------------------------------------------------------------------------------


class RecordMeeting(Command):
    """Who came, the ideas, what was agreed, and on follow-up: agreed (with a date), later, or declined."""

    BY = PEOPLE
    LABEL = "Skriv, hvordan mødet gik"
    DONE = "Tak. Mødet er noteret, og medlemmerne får idéer og hjemmeopgave på mail."
    POINTS_AT = {
        "outside_follow_up_window": "follow_up_opens",
        "follow_up_date_missing": "follow_up_opens",
        "attended_missing": "attended",
        "counts_differ": "attended",
        "more_than_members": "attended",
    }
    type: Literal["record_meeting"] = "record_meeting"
    attended: int
    absent: int
    ideas: Annotated[TextId | None, TextField("ideas")] = Field(None, title="Gruppernes idéer")
    agreed: Annotated[TextId | None, TextField("agreed")] = Field(None, title="Hvad aftalte klyngen?")
    follow_up: Literal["agreed", "later", "declined"] = "later"
    follow_up_opens: dt.date | None = None


class LeaveMeetingUnrecorded(Command):
    """Nobody records the meeting; go on without."""

    BY = STAFF | CLOCK
    LABEL = "Gå videre uden referat"
    DONE = "Bestillingen går videre uden referat."
    type: Literal["leave_meeting_unrecorded"] = "leave_meeting_unrecorded"


class AgreeFollowUp(Command):
    """A follow-up survey is agreed for a day."""

    BY = PEOPLE
    LABEL = "Aftal en dato for opfølgningen"
    DONE = "Opfølgningen er aftalt."
    POINTS_AT = {"outside_follow_up_window": "opens"}
    type: Literal["agree_follow_up"] = "agree_follow_up"
    opens: dt.date = Field(title="Opfølgningen begynder")


class MoveFollowUp(Command):
    """The follow-up survey opens on another day."""

    BY = PEOPLE
    LABEL = "Flyt opfølgningen til en anden dato"
    DONE = "Opfølgningen er flyttet."
    POINTS_AT = {"outside_follow_up_window": "opens"}
    type: Literal["move_follow_up"] = "move_follow_up"
    opens: dt.date = Field(title="Opfølgningen begynder")


class StartFollowUp(Command):
    """The follow-up survey opens now."""

    BY = PEOPLE
    LABEL = "Sæt opfølgningen i gang nu"
    DONE = "Opfølgningen er sat i gang."
    type: Literal["start_follow_up"] = "start_follow_up"


class DeclineFollowUp(Command):
    """The cluster wants no follow-up."""

    BY = PEOPLE
    LABEL = "Nej tak, klyngen vil ikke følge op"
    DONE = "Det er noteret, at klyngen ikke vil følge op."
    type: Literal["decline_follow_up"] = "decline_follow_up"


class LapseFollowUp(Command):
    BY = CLOCK
    type: Literal["lapse_follow_up"] = "lapse_follow_up"


class ShareComparison(Command):
    """The members get the comparison that the coordinator has, by mail and on their page."""

    BY = PEOPLE
    LABEL = "Send resultatet til medlemmerne"
    DONE = "Resultatet er på vej til medlemmerne."
    type: Literal["share_comparison"] = "share_comparison"


# --- the end --------------------------------------------------------------------------------------------------------


class CompleteOrder(Command):
    BY = CLOCK
    type: Literal["complete_order"] = "complete_order"


PeoplesReason = Literal["cluster_withdrew", "ordered_by_mistake", "kiap_cannot", "other"]
"""Why somebody cancels an order."""
Reason = Literal[PeoplesReason, "never_called"]
"""Why an order is cancelled; `never_called` is the clock's own."""


class CancelOrder(Command):
    """Cancel; who had something from us is told once."""

    BY = PEOPLE | CLOCK
    LABEL = "Aflys bestillingen"
    DONE = "Bestillingen er aflyst. De, der har hørt fra os, får besked."
    type: Literal["cancel_order"] = "cancel_order"
    reason: Reason = Field("other", title="Hvorfor?")


AnyCommand = Annotated[
    AssignConsultant
    | ReplaceCoordinator
    | AddMember
    | RemoveMember
    | ReaddressMember
    | RenewLink
    | RevokeLink
    | SendLink
    | AgreePlan
    | MoveMeeting
    | ChangeMeeting
    | ChangeProgramme
    | RestoreProgramme
    | AskOwnQuestions
    | DropOwnQuestions
    | NoteCall
    | PostponeTask
    | ResumeTask
    | AddNote
    | OpenSurvey
    | ExtendSurvey
    | SendReminder
    | CloseSurvey
    | RecordTurnout
    | GoOnWithoutResults
    | RecordResults
    | GiveExtract
    | RecordDeck
    | HoldDeck
    | ReadFreeTexts
    | ReplaceDeck
    | KeepDeck
    | RemakeDeck
    | ReleaseDeck
    | WithholdDeck
    | RecordDestruction
    | RecordLetters
    | RecordMeeting
    | LeaveMeetingUnrecorded
    | AgreeFollowUp
    | MoveFollowUp
    | StartFollowUp
    | DeclineFollowUp
    | LapseFollowUp
    | ShareComparison
    | CompleteOrder
    | CancelOrder,
    Field(discriminator="type"),
]
"""Every command to an order that exists."""

COMMANDS: tuple[type[Command], ...] = get_args(get_args(AnyCommand)[0])
"""The same as a list of classes, `PlaceOrder` aside."""

COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)


def name_of(command: type[Command]) -> str:
    """A command's stable name: `move_meeting`."""
    return str(command.model_fields["type"].default)
