"""The state of an order, as its events have made it (`domain/evolution.py`), and the stage that follows from it."""

import datetime as dt
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from domain.letters import Occasion
from domain.meeting import Meeting
from domain.model import (
    ClusterId,
    ContactId,
    DocumentId,
    Frozen,
    MemberId,
    OrderId,
    PackageSlug,
    PracticeId,
    Role,
    Round,
    StaffId,
)
from domain.policies import Disclosure, Policies
from domain.stages import Stage


class Member(Frozen):
    """A member in this order. A removed one stays, inactive, so that history reads right."""

    contact: ContactId
    practice: PracticeId
    role: Role
    active: bool = True


class Survey(Frozen):
    """One round: from its planned dates to its destroyed ballots."""

    round: Round
    opens: dt.date
    closes: dt.date
    reminders: tuple[dt.date, ...] = ()
    opened: bool = False
    closed: bool = False
    extensions: int = 0
    answers: int | None = None
    invited: int | None = None
    enough: bool | None = None
    counted_at: AwareDatetime | None = None
    without_results: bool = False
    tabulated: bool = False
    free_texts: int = 0
    """Those that may be shown: all that were found until they are read, those kept from then on."""
    free_texts_found: int = 0
    free_texts_read: bool = False
    deck_version: int = 0
    documents: tuple[DocumentId, ...] = ()
    review_until: AwareDatetime | None = None
    held: bool = False
    deck_wanted: int = 1
    """The version that has all that was asked for; while it is made, more may be asked."""
    struck_texts: frozenset[str] = frozenset()
    released_at: AwareDatetime | None = None
    withheld: bool = False
    destroyed: bool = False
    told_on: dt.date | None = None
    """The day all members last had a letter about the round: invitation or extension. No reminder on the same day."""

    @property
    def remake(self) -> bool:
        """A deck stands, and a newer one was asked for."""
        return 0 < self.deck_version < self.deck_wanted

    @property
    def is_open(self) -> bool:
        return self.opened and not self.closed

    @property
    def awaits_decision(self) -> bool:
        """Too few answered, and nobody has said what to do."""
        return self.enough is False and not self.without_results

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


class FollowUp(Frozen):
    """What is agreed on the second round. `window` is counted in months after the meeting."""

    window: tuple[int, int]
    wanted: bool = True
    status: FollowUpStatus = FollowUpStatus.UNDECIDED
    opens: dt.date | None = None
    agreed_at: AwareDatetime | None = None

    @property
    def agreed(self) -> bool:
        return self.status in (FollowUpStatus.AGREED, FollowUpStatus.STARTED)


class Record(Frozen):
    """What the coordinator told of the meeting; counts only."""

    attended: int
    absent: int


class Ended(Frozen):
    how: Literal["completed", "cancelled"]
    at: AwareDatetime
    reason: str = ""


class Order(Frozen):
    """One cluster's use of one package, as its events have made it."""

    id: OrderId
    version: int
    placed_at: AwareDatetime
    cluster: ClusterId
    package: PackageSlug
    package_version: int
    coordinator: ContactId
    consultant: StaffId | None = None
    members: dict[MemberId, Member]
    policies: Policies
    disclosure: Disclosure
    call_due: dt.date
    agreed_at: AwareDatetime | None = None
    meeting: Meeting | None = None
    meeting_edition: int = 0
    survey_dates_chosen: bool = False
    baseline: Survey | None = None
    follow_up: FollowUp
    second: Survey | None = None
    record: Record | None = None
    left_unrecorded: bool = False
    coordinators: int = 1
    told_on: dt.date | None = None
    """The day all members last had a letter about the meeting: programme or new time. No reminder on the same day."""
    letters: frozenset[str] = frozenset()
    pending_letters: tuple[str, ...] = ()
    """Keys of letters that an event has made due, or of which some mail is to be tried again; oldest first."""
    ended: Ended | None = None

    @property
    def active_members(self) -> dict[MemberId, Member]:
        return {member_id: member for member_id, member in self.members.items() if member.active}

    @property
    def surveys(self) -> tuple[Survey, ...]:
        return tuple(survey for survey in (self.baseline, self.second) if survey is not None)

    def survey(self, round_: Round) -> Survey | None:
        return self.baseline if round_ is Round.BASELINE else self.second

    @property
    def open_survey(self) -> Survey | None:
        return next((survey for survey in self.surveys if survey.is_open), None)

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

    def asked_for_record(self) -> bool:
        return any(key.startswith(f"{Occasion.RECORD_REQUEST}//{self.meeting_edition}.") for key in self.letters)

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
    if survey.is_open:
        return 0
    if survey.awaits_decision:
        return 1
    return 3 if survey.deck_version else 2
