"""What has happened to an order. Ids, dates, counts and choices; never a name, an address, a free text or an answer.

`type` is the stable name in the store, `SCHEMA` the version of its data (see `storage/upcasters.py`).
"""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter

from domain.by_form import ByForm
from domain.meeting import LOCAL_TIME, Facilitator, Format, Meeting, PlannedPart, without_offset
from domain.model import (
    ClusterId,
    Digest,
    DocumentId,
    Frozen,
    OrderId,
    PackageSlug,
    PersonId,
    PracticeId,
    Role,
    Round,
    StaffId,
    TextId,
)
from domain.own_questions import OwnQuestion
from domain.policies import Disclosure, Policies
from domain.register import Evidence
from domain.task_kinds import CallOutcome, TaskKind


class Happened(Frozen):
    """Every event: when, by the clock that was passed in."""

    # Subscribers are told the shape: one that may get fields later, which a subscriber is to leave aside.
    model_config = ConfigDict(json_schema_extra=lambda shape: shape.pop("additionalProperties", None))

    SCHEMA: ClassVar[int] = 1
    at: AwareDatetime


class Joined(Frozen):
    """A doctor on the order's list."""

    person: PersonId
    practice: PracticeId
    role: Role
    address: int = 1
    """Which of the person's addresses it is now, counted from 1. The address itself is in the person's row."""


# --- the order ------------------------------------------------------------------------------------------------------


class OrderPlaced(Happened):
    type: Literal["order_placed"] = "order_placed"
    order: OrderId
    cluster: ClusterId
    package: PackageSlug
    package_version: int
    coordinator: PersonId
    members: tuple[Joined, ...]
    policies: Policies
    disclosure: Disclosure
    follow_up_months: tuple[int, int]
    call_due: dt.date
    shortest_meeting: ByForm[int] | None = Field(None, description="minutes that the programme needs at least")
    evidence: Evidence = "questionnaire"


class ConsultantAssigned(Happened):
    type: Literal["consultant_assigned"] = "consultant_assigned"
    consultant: StaffId


class CoordinatorReplaced(Happened):
    type: Literal["coordinator_replaced"] = "coordinator_replaced"
    coordinator: PersonId


class PlanAgreed(Happened):
    type: Literal["plan_agreed"] = "plan_agreed"
    meeting: Meeting
    survey_opens: dt.date
    survey_closes: dt.date
    survey_dates_chosen: bool
    follow_up_wanted: bool
    policies: Policies


class MemberAdded(Happened):
    type: Literal["member_added"] = "member_added"
    joined: Joined


class MemberRemoved(Happened):
    type: Literal["member_removed"] = "member_removed"
    member: PersonId


class MemberReaddressed(Happened):
    type: Literal["member_readdressed"] = "member_readdressed"
    member: PersonId
    address: int
    only_the_name: bool = False
    """The address is as it was, and nothing is to be sent again."""


class LinkRenewed(Happened):
    """Another link, which is on its way by mail; the one before is dead."""

    type: Literal["link_renewed"] = "link_renewed"
    holder: PersonId


class LinkRevoked(Happened):
    type: Literal["link_revoked"] = "link_revoked"
    holder: PersonId


class LinkAskedFor(Happened):
    """The link as it is is on its way by mail once more."""

    type: Literal["link_asked_for"] = "link_asked_for"
    holder: PersonId


# --- the meeting's time and form ------------------------------------------------------------------------------------


class MeetingMoved(Happened):
    type: Literal["meeting_moved"] = "meeting_moved"
    starts: dt.datetime = Field(description=LOCAL_TIME, json_schema_extra=without_offset)
    survey_opens: dt.date
    survey_closes: dt.date


class MeetingChanged(Happened):
    type: Literal["meeting_changed"] = "meeting_changed"
    minutes: int
    format: Format
    facilitator: Facilitator
    place: TextId | None
    ring_name: TextId | None = None
    ring_phone: TextId | None = None


class ProgrammeChanged(Happened):
    """Each part of the package's programme as this meeting has it."""

    SCHEMA = 2
    type: Literal["programme_changed"] = "programme_changed"
    parts: tuple[PlannedPart, ...]


class ProgrammeRestored(Happened):
    """The programme is the package's own again."""

    type: Literal["programme_restored"] = "programme_restored"


class OwnQuestionsAsked(Happened):
    """What the cluster asks besides the package, in this order; it takes the place of what it asked before."""

    type: Literal["own_questions_asked"] = "own_questions_asked"
    questions: tuple[OwnQuestion, ...]


class OwnQuestionsDropped(Happened):
    """The cluster asks nothing of its own."""

    type: Literal["own_questions_dropped"] = "own_questions_dropped"


# --- KiAP's own work ------------------------------------------------------------------------------------------------


class CallNoted(Happened):
    """The coordinator was rung."""

    type: Literal["call_noted"] = "call_noted"
    outcome: CallOutcome
    note: TextId | None = None


class TaskPostponed(Happened):
    """Put off, or put off anew, until it is shown again on this day."""

    type: Literal["task_postponed"] = "task_postponed"
    task: TaskKind
    until: dt.date
    why: TextId


class TaskResumed(Happened):
    type: Literal["task_resumed"] = "task_resumed"
    task: TaskKind


class NoteAdded(Happened):
    type: Literal["note_added"] = "note_added"
    note: TextId


# --- a survey round -------------------------------------------------------------------------------------------------


class SurveyOpened(Happened):
    type: Literal["survey_opened"] = "survey_opened"
    round: Round
    opens: dt.date
    closes: dt.date
    reminders: tuple[dt.date, ...]


class SurveyExtended(Happened):
    type: Literal["survey_extended"] = "survey_extended"
    round: Round
    closes: dt.date
    reminders: tuple[dt.date, ...]


class ReminderAdded(Happened):
    """A reminder besides the package's own, for this day."""

    type: Literal["reminder_added"] = "reminder_added"
    round: Round
    day: dt.date


class SurveyClosed(Happened):
    type: Literal["survey_closed"] = "survey_closed"
    round: Round
    why: Literal["due", "everyone_answered", "by_hand"]


class TurnoutCounted(Happened):
    type: Literal["turnout_counted"] = "turnout_counted"
    round: Round
    answers: int
    invited: int
    enough: bool


class WentOnWithoutResults(Happened):
    type: Literal["went_on_without_results"] = "went_on_without_results"
    round: Round
    automatic: bool


class ResultsTabulated(Happened):
    type: Literal["results_tabulated"] = "results_tabulated"
    round: Round
    answers: int
    free_texts: int


class ExtractAwaited(Happened):
    """A round by a register has begun: KiAP gets the extract from `opens` on, and has it by `closes`."""

    type: Literal["extract_awaited"] = "extract_awaited"
    round: Round
    opens: dt.date
    closes: dt.date


class ExtractGiven(Happened):
    """A register's extract came, or another in its place: how many of the cluster's practices have a number in it.

    Whose and which stand in rows that can be erased. `digest` is keyed: the same for the same numbers, and tells
    nothing of them.
    """

    type: Literal["extract_given"] = "extract_given"
    round: Round
    practices: int
    of_practices: int
    digest: Digest


# --- the deck -------------------------------------------------------------------------------------------------------


Remake = Literal["meeting", "free_texts", "asked", "extract"]
"""Why a deck is made anew: the meeting changed, free texts were read, the consultant asked, another extract came."""


class DeckMade(Happened):
    type: Literal["deck_made"] = "deck_made"
    round: Round
    version: int
    documents: tuple[DocumentId, ...]
    """The deck, then the results document."""
    review_until: AwareDatetime
    why: tuple[Remake, ...] = ()
    """What it was made anew for."""
    own_deck_kept: bool = False
    """A person's own deck stayed: made anew is the results document."""


class DeckReplaced(Happened):
    """A person laid a corrected deck in. `why` is what they say is corrected; the results document stays."""

    type: Literal["deck_replaced"] = "deck_replaced"
    round: Round
    version: int
    document: DocumentId
    why: TextId


class DeckKept(Happened):
    """A person's own deck fits the changed meeting as it is."""

    type: Literal["deck_kept"] = "deck_kept"
    round: Round


class DeckHeld(Happened):
    type: Literal["deck_held"] = "deck_held"
    round: Round
    reason: TextId | None = None


class FreeTextsRead(Happened):
    """The free texts of `struck_texts` are never shown."""

    type: Literal["free_texts_read"] = "free_texts_read"
    round: Round
    kept: int
    struck: int
    struck_texts: tuple[TextId, ...] = ()


class DeckRemakeAsked(Happened):
    type: Literal["deck_remake_asked"] = "deck_remake_asked"
    round: Round


class DeckReleased(Happened):
    type: Literal["deck_released"] = "deck_released"
    round: Round
    automatic: bool


class DeckWithheld(Happened):
    type: Literal["deck_withheld"] = "deck_withheld"
    round: Round


class BallotsDestroyed(Happened):
    """Key and ballots are gone, and every free text that is not in the material: `texts_kept` are."""

    type: Literal["ballots_destroyed"] = "ballots_destroyed"
    round: Round
    texts_kept: int = 0


# --- letters --------------------------------------------------------------------------------------------------------


class LettersSent(Happened):
    """One occasion's mail, counts only. `key` is the occasion's business key (see `domain/letters.py`).

    `failed` certainly did not leave, `unknown` may have; where some are `waiting`, to be tried again, another of these
    follows, whose counts are of all that mail, too. `seen` is the order's version that the mail was sent by.
    """

    type: Literal["letters_sent"] = "letters_sent"
    key: str
    sent: int
    failed: int = 0
    unknown: int = 0
    waiting: int = 0
    seen: int


# --- meeting, record, follow-up -------------------------------------------------------------------------------------


class MeetingRecorded(Happened):
    type: Literal["meeting_recorded"] = "meeting_recorded"
    attended: int
    absent: int
    ideas: TextId | None
    agreed: TextId | None = None
    """What the cluster agreed to do, a point a line."""


class MeetingLeftUnrecorded(Happened):
    type: Literal["meeting_left_unrecorded"] = "meeting_left_unrecorded"


class FollowUpAgreed(Happened):
    type: Literal["follow_up_agreed"] = "follow_up_agreed"
    opens: dt.date


class FollowUpMoved(Happened):
    type: Literal["follow_up_moved"] = "follow_up_moved"
    opens: dt.date


class FollowUpStarted(Happened):
    type: Literal["follow_up_started"] = "follow_up_started"
    opens: dt.date


class FollowUpDeclined(Happened):
    type: Literal["follow_up_declined"] = "follow_up_declined"


class FollowUpLapsed(Happened):
    type: Literal["follow_up_lapsed"] = "follow_up_lapsed"


class ComparisonShared(Happened):
    """The members get the comparison, too."""

    type: Literal["comparison_shared"] = "comparison_shared"


# --- the end --------------------------------------------------------------------------------------------------------


class OrderCompleted(Happened):
    type: Literal["order_completed"] = "order_completed"
    with_follow_up: bool


class OrderCancelled(Happened):
    type: Literal["order_cancelled"] = "order_cancelled"
    reason: Literal["cluster_withdrew", "ordered_by_mistake", "kiap_cannot", "never_called", "other"]


Event = Annotated[
    OrderPlaced
    | ConsultantAssigned
    | CoordinatorReplaced
    | PlanAgreed
    | MemberAdded
    | MemberRemoved
    | MemberReaddressed
    | LinkRenewed
    | LinkRevoked
    | LinkAskedFor
    | MeetingMoved
    | MeetingChanged
    | ProgrammeChanged
    | ProgrammeRestored
    | OwnQuestionsAsked
    | OwnQuestionsDropped
    | CallNoted
    | TaskPostponed
    | TaskResumed
    | NoteAdded
    | SurveyOpened
    | SurveyExtended
    | ReminderAdded
    | SurveyClosed
    | TurnoutCounted
    | WentOnWithoutResults
    | ResultsTabulated
    | ExtractAwaited
    | ExtractGiven
    | DeckMade
    | DeckReplaced
    | DeckKept
    | DeckHeld
    | FreeTextsRead
    | DeckRemakeAsked
    | DeckReleased
    | DeckWithheld
    | BallotsDestroyed
    | LettersSent
    | MeetingRecorded
    | MeetingLeftUnrecorded
    | FollowUpAgreed
    | FollowUpMoved
    | FollowUpStarted
    | FollowUpDeclined
    | FollowUpLapsed
    | ComparisonShared
    | OrderCompleted
    | OrderCancelled,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads one event from its stored dict. Raises pydantic's ValidationError."""
