"""The state of an order, as its events have made it (`domain/evolution.py`), and the stage that follows from it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from domain.by_form import ByForm
from domain.events import Remake
from domain.letters import Letter, Occasion
from domain.links import FIRST, HolderLink
from domain.meeting import Format, Meeting, PlannedPart
from domain.model import (
    ClusterId,
    Digest,
    DocumentId,
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
from domain.stages import Stage
from domain.task_kinds import Calls, Postponement, TaskKind


@dataclass(frozen=True, slots=True)
class Member:
    """A doctor on the order's list. A removed one stays, inactive, so that history reads right."""

    practice: PracticeId
    role: Role
    active: bool = True
    address: int = 1
    """Which of the person's addresses the order has last written to."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One round: from its planned dates to its destroyed ballots.

    By a register it is opened on the day from which KiAP gets the extract, and closed by the extract: nobody answers.
    """

    round: Round
    opens: dt.date
    closes: dt.date
    evidence: Evidence = "questionnaire"
    reminders: tuple[dt.date, ...] = ()
    reminders_added: int = 0
    """Reminders besides the package's own that somebody has asked for."""
    opened: bool = False
    closed: bool = False
    closed_why: Literal["due", "everyone_answered", "by_hand", "extract", "no_extract"] | None = None
    extensions: int = 0
    answers: int | None = None
    invited: int | None = None
    enough: bool | None = None
    counted_at: dt.datetime | None = None
    without_results: bool = False
    tabulated: bool = False
    free_texts: int = 0
    """Those that may be shown: all that were found until they are read, those kept from then on."""
    free_texts_found: int = 0
    free_texts_read: bool = False
    struck_texts: frozenset[str] = frozenset()
    deck_version: int = 0
    deck_wanted: int = 1
    """The version that has all that was asked for; while it is made, more may be asked."""
    deck_wanted_at: dt.datetime | None = None
    remake_for: tuple[Remake, ...] = ()
    """What the next version is wanted for."""
    made_for: tuple[Remake, ...] = ()
    """What the version that stands was made anew for."""
    documents: tuple[DocumentId, ...] = ()
    own_deck: DocumentId | None = None
    """The deck that a person laid in, while it is the one that stands."""
    own_deck_outdated: bool = False
    """The meeting has changed since, and nobody has said that it fits all the same."""
    review_until: dt.datetime | None = None
    held: bool = False
    held_why: TextId | None = None
    released_at: dt.datetime | None = None
    released_in: int | None = None
    """The order's version in which it was released."""
    withheld: bool = False
    destroyed: bool = False
    extract: Digest | None = None
    """The digest of the register's extract that stands."""
    readers: frozenset[tuple[PersonId, PracticeId, int]] = frozenset()
    """Who was of which practice, at which of their addresses, when it was given: they alone see its own numbers."""
    told_on: dt.date | None = None
    """The day all members last had a letter about the round: invitation or extension. No reminder on the same day."""

    @property
    def remake(self) -> bool:
        """A deck stands, and a newer one was asked for."""
        return 0 < self.deck_version < self.deck_wanted

    @property
    def keeps_own_deck(self) -> bool:
        """The next version has a person's own deck in it: a changed meeting renews the results document alone.

        Free texts that were read, and a wish for a new deck, are reasons to go back to one of ours.
        """
        return self.own_deck is not None and set(self.remake_for) <= {"meeting"}

    def next_documents(self, deck: DocumentId, document: DocumentId) -> tuple[DocumentId, DocumentId]:
        """What the next version has, given those just made: a person's own deck where that is kept."""
        return (self.own_deck if self.own_deck is not None and self.keeps_own_deck else deck), document

    @property
    def being_remade(self) -> bool:
        """A newer deck is on its way: the round is not over, or its material is with the coordinator and outdated."""
        return self.remake and (not self.over or self.released_at is not None)

    @property
    def is_open(self) -> bool:
        """Doctors can answer."""
        return self.evidence == "questionnaire" and self.opened and not self.closed

    @property
    def awaits_extract(self) -> bool:
        """KiAP is to get the register's extract."""
        return self.evidence == "register" and self.opened and not self.closed

    @property
    def takes_extract(self) -> bool:
        """An extract can be given, or take the place of the one that was."""
        return self.evidence == "register" and self.opened and not self.over

    @property
    def cleared(self) -> bool:
        """No ballots are left. An extract has none, and stays as long as its order: doctors see their own numbers."""
        return self.destroyed or self.evidence == "register"

    @property
    def awaits_decision(self) -> bool:
        """Too few answered, and nobody has said what to do."""
        return self.enough is False and not self.without_results

    @property
    def settled(self) -> bool:
        """Closed and counted, and what is to come of it is decided."""
        return self.closed and self.enough is not None and not self.awaits_decision

    @property
    def in_review(self) -> bool:
        return self.deck_version > 0 and not self.delivered

    @property
    def delivered(self) -> bool:
        """The deck is with the coordinator, or will not come."""
        return self.released_at is not None or self.withheld

    @property
    def over(self) -> bool:
        """Nothing more comes of this round. A follow-up too few answered has no deck."""
        return self.delivered or (self.without_results and self.round is Round.FOLLOW_UP)


class FollowUpStatus(StrEnum):
    UNDECIDED = "undecided"
    AGREED = "agreed"
    STARTED = "started"
    DECLINED = "declined"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is agreed on the second round. `window` is counted in months after the meeting."""

    window: tuple[int, int]
    wanted: bool = True
    status: FollowUpStatus = FollowUpStatus.UNDECIDED
    opens: dt.date | None = None
    agreed_at: dt.datetime | None = None

    @property
    def agreed(self) -> bool:
        return self.status in (FollowUpStatus.AGREED, FollowUpStatus.STARTED)


@dataclass(frozen=True, slots=True)
class Record:
    """What the coordinator told of the meeting: counts, and the text of what was agreed."""

    attended: int
    absent: int
    agreed: TextId | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    how: Literal["completed", "cancelled"]
    at: dt.datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """What has become of a letter's mail so far. `seen` is the order's version that it was last sent by."""

    sent: int
    failed: int
    unknown: int
    waiting: int
    seen: int

    @property
    def has_gone(self) -> bool:
        """Somebody has it, or nobody will: what comes now is the rest of it."""
        return self.sent > 0 or self.unknown > 0 or self.waiting == 0


@dataclass(frozen=True, slots=True)
class Announcement:
    """A letter that told its readers when the meeting is, and what it told them."""

    letter: str
    to_members: bool
    starts: dt.datetime


@dataclass(frozen=True, slots=True)
class Order:
    """One cluster's use of one package, as its events have made it."""

    id: OrderId
    version: int
    placed_at: dt.datetime
    cluster: ClusterId
    package: PackageSlug
    package_version: int
    coordinator: PersonId
    members: Mapping[PersonId, Member]
    policies: Policies
    disclosure: Disclosure
    call_due: dt.date
    follow_up: FollowUp
    evidence: Evidence = "questionnaire"
    """What both rounds are made of."""
    coordinators_before: tuple[PersonId, ...] = ()
    links: Mapping[PersonId, HolderLink] = field(default_factory=dict)
    """By holder, where something has been done about the link."""
    consultant: StaffId | None = None
    assignments: int = 0
    coordinators: int = 1
    agreed_at: dt.datetime | None = None
    meeting: Meeting | None = None
    meeting_edition: int = 0
    meeting_since: int = 0
    """The order's version in which the meeting got the time it has."""
    meeting_before: dt.datetime | None = None
    """When it was to begin before that."""
    programme: tuple[PlannedPart, ...] = ()
    """The meeting's own; empty where it is the package's."""
    programme_form: Format | None = None
    programme_minutes: int = 0
    """What the meeting was when its own programme was written."""
    programme_outgrown_at: dt.datetime | None = None
    """Since when the meeting has another form or length than that."""
    shortest_meeting: ByForm[int] | None = None
    """Minutes that the package's programme needs at least; None for orders placed while that was not known."""
    own_questions: tuple[OwnQuestion, ...] = ()
    """What the cluster asks besides the package, in order."""
    survey_dates_chosen: bool = False
    baseline: Survey | None = None
    second: Survey | None = None
    record: Record | None = None
    left_unrecorded: bool = False
    comparison_shared_at: dt.datetime | None = None
    """When it was decided that the members get the comparison, too."""
    told_on: dt.date | None = None
    """The day all members last had a letter about the meeting: programme or new time. No reminder on the same day."""
    announcements: tuple[Announcement, ...] = ()
    letters: Mapping[str, LetterRecord] = field(default_factory=dict)
    """By key, what has become of each letter that has been tried."""
    pending_letters: Mapping[str, int] = field(default_factory=dict)
    """By key, oldest first: letters that an event has made due, or of which some mail is to be tried again, each with
    the version of the event. One that was sent by an earlier version is due again: for newcomers."""
    calls: Calls = field(default_factory=Calls)
    postponements: Mapping[TaskKind, Postponement] = field(default_factory=dict)
    """Tasks of KiAP's list that are put off, or were until a day that has come."""
    ended: Ended | None = None

    @property
    def active_members(self) -> dict[PersonId, Member]:
        return {person: member for person, member in self.members.items() if member.active}

    @property
    def link_holders(self) -> frozenset[PersonId]:
        """Who has a link to the order: the coordinator, and the members to the meeting's page."""
        return frozenset((self.coordinator, *self.active_members))

    def link_of(self, holder: PersonId) -> HolderLink:
        """How it stands with somebody's link."""
        return self.links.get(holder, FIRST)

    @property
    def surveys(self) -> tuple[Survey, ...]:
        return tuple(survey for survey in (self.baseline, self.second) if survey is not None)

    def survey(self, round_: Round) -> Survey | None:
        return self.baseline if round_ is Round.BASELINE else self.second

    @property
    def round_under_way(self) -> "Survey | None":
        """The second round once it has opened, else the first."""
        return self.second if self.second is not None and self.second.opened else self.baseline

    @property
    def open_survey(self) -> Survey | None:
        return next((survey for survey in self.surveys if survey.is_open), None)

    @property
    def cancelled(self) -> bool:
        return self.ended is not None and self.ended.how == "cancelled"

    @property
    def meeting_called_off(self) -> bool:
        """The order was cancelled before its meeting began. One that was held stays held."""
        if self.ended is None or self.ended.how != "cancelled" or self.meeting_settled:
            return False
        return self.meeting is None or self.ended.at < self.meeting.starts_at

    @property
    def meeting_settled(self) -> bool:
        """The meeting is recorded, or the record given up."""
        return self.record is not None or self.left_unrecorded

    @property
    def awaits_follow_up(self) -> bool:
        """A follow-up is agreed on and not over, or wanted and not settled."""
        if self.follow_up.agreed:
            return not (self.second and self.second.over)
        return self.follow_up.wanted and self.follow_up.status is FollowUpStatus.UNDECIDED

    @property
    def awaits_sharing(self) -> bool:
        """The comparison is with the coordinator, and the members do not have it yet."""
        second = self.second
        return second is not None and second.released_at is not None and self.comparison_shared_at is None

    @property
    def shared_surveys(self) -> tuple[Survey, ...]:
        """The rounds whose results the members may see: the first once delivered, the second once they were sent it."""
        first, second = self.baseline, self.second
        shared = (
            first if first is not None and first.released_at else None,
            second if second is not None and self.comparison_shared_at else None,
        )
        return tuple(survey for survey in shared if survey is not None)

    def has_gone(self, letter: Letter) -> bool:
        """Whether the letter has been sent to those it was then for."""
        record = self.letters.get(letter.key)
        return record is not None and record.has_gone

    def any_has_gone(self, occasion: Occasion) -> bool:
        """Whether any letter of this kind has been sent, whichever its number."""
        return any(key.startswith(f"{occasion}/") and record.has_gone for key, record in self.letters.items())

    def asked_for_record(self) -> bool:
        """Whether the coordinator has been asked how the meeting as now agreed went."""
        of_this_meeting = f"{Occasion.RECORD_REQUEST}//{self.meeting_edition}."
        return any(key.startswith(of_this_meeting) and record.has_gone for key, record in self.letters.items())

    def was_told(self, letter: Letter, *, to_members: bool) -> dt.datetime | None:
        """When the meeting was to begin as these readers last heard it from an earlier letter than this one."""
        told = [
            each.starts for each in self.announcements if each.to_members is to_members and each.letter != letter.key
        ]
        return told[-1] if told else None

    def with_pending(self, pending: Mapping[str, int]) -> "Order":
        """The order with these pending letters."""
        return self if pending == self.pending_letters else replace(self, pending_letters=pending)

    @property
    def stage(self) -> Stage:
        if self.ended:
            return Stage.CANCELLED if self.ended.how == "cancelled" else Stage.COMPLETED
        if self.meeting is None or self.baseline is None:
            return Stage.ORDERED
        if not self.baseline.opened:
            return Stage.PLANNED
        if not self.baseline.over:
            return _ROUND_STAGES[Round.BASELINE][_part(self.baseline)]
        if not self.meeting_settled:
            return Stage.AWAITING_RECORD if self.asked_for_record() else Stage.READY
        if self.second is None or not self.second.opened:
            return Stage.QUIET
        if self.second.released_at is not None:
            return Stage.FOLLOW_UP_DELIVERED
        return _ROUND_STAGES[Round.FOLLOW_UP][_part(self.second)]


_ROUND_STAGES: dict[Round, tuple[Stage, Stage, Stage, Stage]] = {
    Round.BASELINE: (Stage.SURVEY_OPEN, Stage.TOO_FEW_ANSWERS, Stage.ANALYSING, Stage.IN_REVIEW),
    Round.FOLLOW_UP: (
        Stage.FOLLOW_UP_OPEN,
        Stage.FOLLOW_UP_TOO_FEW,
        Stage.FOLLOW_UP_ANALYSING,
        Stage.FOLLOW_UP_IN_REVIEW,
    ),
}


def _part(survey: Survey) -> int:
    if survey.is_open or survey.awaits_extract:
        return 0
    if survey.awaits_decision:
        return 1
    return 3 if survey.deck_version else 2
