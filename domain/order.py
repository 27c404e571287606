"""An order is its events: the state, and what each event means to it."""

import datetime as dt
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime

from domain import events as ev
from domain.letters import Letter, Occasion
from domain.meeting import Meeting, danish
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
    errands: tuple[str, ...] = ()
    """Keys of letters that an event has made due, oldest first."""
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


def load(events: Iterable[ev.Event]) -> Order | None:
    """The order these events make; None without events."""
    order: Order | None = None
    for event in events:
        order = evolve(order, event)
    return order


def evolve(order: Order | None, event: ev.Event) -> Order:
    """The order after an event. Every event type has its meaning below; an unknown one is a KeyError."""
    if isinstance(event, ev.OrderPlaced):
        return _placed(event)
    if order is None:
        msg = f"a stream begins with order_placed, not {event.type}"
        raise ValueError(msg)
    return _MEANINGS[type(event)](order, event).having(version=order.version + 1)


def _placed(event: ev.OrderPlaced) -> Order:
    return Order(
        id=event.order,
        version=1,
        placed_at=event.at,
        cluster=event.cluster,
        package=event.package,
        package_version=event.package_version,
        coordinator=event.coordinator,
        members={joined.member: _member(joined) for joined in event.members},
        policies=event.policies,
        disclosure=event.disclosure,
        call_due=event.call_due,
        follow_up=FollowUp(window=event.follow_up_months),
        errands=(Letter(Occasion.ORDER_RECEIVED).key,),
    )


def _member(joined: ev.Joined) -> Member:
    return Member(contact=joined.contact, practice=joined.practice, role=joined.role)


E_ = TypeVar("E_", bound=ev.Happened)
_MEANINGS: dict[type[ev.Happened], Callable[[Order, Any], Order]] = {}


def _means(event_type: type[E_]) -> Callable[[Callable[[Order, E_], Order]], Callable[[Order, E_], Order]]:
    def register(meaning: Callable[[Order, E_], Order]) -> Callable[[Order, E_], Order]:
        _MEANINGS[event_type] = meaning
        return meaning

    return register


def _with_survey(order: Order, round_: Round, **changes: Any) -> Order:  # noqa: ANN401
    survey = order.survey(round_)
    if survey is None:
        msg = f"order {order.id} has no survey round {round_}"
        raise ValueError(msg)
    return order.having(**{"baseline" if round_ is Round.BASELINE else "second": survey.having(**changes)})


def _due(order: Order, *letters: Letter) -> Order:
    """Adds errands. One more of a letter that is due already means: again, for it may be on its way at this moment."""
    errands = order.errands
    for letter in letters:
        if errands.count(letter.key) < 2:
            errands += (letter.key,)
    return order.having(errands=errands)


def _no_longer_due(order: Order, *occasions: Occasion) -> Order:
    return order.having(errands=tuple(key for key in order.errands if Letter.parse(key).occasion not in occasions))


def _due_instead(order: Order, letter: Letter) -> Order:
    """Adds an errand in the place of one of the same occasion that has not gone yet: it says all that one would."""
    return _due(_no_longer_due(order, letter.occasion), letter)


@_means(ev.ConsultantAssigned)
def _(order: Order, event: ev.ConsultantAssigned) -> Order:
    return order.having(consultant=event.consultant)


@_means(ev.CoordinatorReplaced)
def _(order: Order, event: ev.CoordinatorReplaced) -> Order:
    number = order.coordinators + 1
    changed = order.having(coordinator=event.coordinator, coordinators=number)
    return _due(changed, Letter(Occasion.ORDER_RECEIVED, number=str(number)))


@_means(ev.PlanAgreed)
def _(order: Order, event: ev.PlanAgreed) -> Order:
    planned = order.having(
        agreed_at=event.at,
        meeting=event.meeting,
        meeting_edition=order.meeting_edition + 1,
        survey_dates_chosen=event.survey_dates_chosen,
        baseline=Survey(round=Round.BASELINE, opens=event.survey_opens, closes=event.survey_closes),
        follow_up=order.follow_up.having(wanted=event.follow_up_wanted),
        policies=event.policies,
    )
    return _due_instead(planned, Letter(Occasion.PLAN_AGREED, number=str(planned.meeting_edition)))


@_means(ev.MemberAdded)
def _(order: Order, event: ev.MemberAdded) -> Order:
    members = {**order.members, event.joined.member: _member(event.joined)}
    return _tell_newcomers(order.having(members=members))


@_means(ev.MemberRemoved)
def _(order: Order, event: ev.MemberRemoved) -> Order:
    gone = order.members[event.member].having(active=False)
    return _mend_the_roll(order.having(members={**order.members, event.member: gone}))


@_means(ev.MemberReaddressed)
def _(order: Order, event: ev.MemberReaddressed) -> Order:
    moved = order.members[event.member].having(contact=event.contact)
    return _tell_newcomers(order.having(members={**order.members, event.member: moved}))


def _tell_newcomers(order: Order) -> Order:
    programme = Letter(Occasion.PROGRAMME)
    order = _mend_the_roll(order)
    return _due(order, programme) if programme.key in order.letters and not order.meeting_settled else order


def _mend_the_roll(order: Order) -> Order:
    """The open round's invitations are gone through again: new ones go out, a removed member's is revoked."""
    survey = order.open_survey
    return _due(order, Letter(Occasion.INVITATION, survey.round)) if survey else order


@_means(ev.MeetingMoved)
def _(order: Order, event: ev.MeetingMoved) -> Order:
    meeting = _meeting(order).having(starts=event.starts)
    edition = order.meeting_edition + 1
    survey = order.baseline
    kept = survey is not None and (survey.opens, survey.closes) == (event.survey_opens, event.survey_closes)
    moved = _with_survey(
        order.having(meeting=meeting, meeting_edition=edition, survey_dates_chosen=order.survey_dates_chosen and kept),
        Round.BASELINE,
        opens=event.survey_opens,
        closes=event.survey_closes,
    )
    return _tell_of_the_change(moved)


@_means(ev.MeetingChanged)
def _(order: Order, event: ev.MeetingChanged) -> Order:
    changes = event.model_dump(include={"minutes", "format", "facilitator", "place"})
    edition = order.meeting_edition + 1
    changed = order.having(meeting=_meeting(order).having(**changes), meeting_edition=edition)
    return _tell_of_the_change(changed)


def _tell_of_the_change(order: Order) -> Order:
    """The coordinator always; the members if they have the programme already."""
    number = str(order.meeting_edition)
    order = _due_instead(order, Letter(Occasion.PLAN_AGREED, number=number))
    told = Letter(Occasion.PROGRAMME).key in order.letters
    return _due_instead(order, Letter(Occasion.MEETING_MOVED, number=number)) if told else order


def _meeting(order: Order) -> Meeting:
    if order.meeting is None:
        msg = f"order {order.id} has no meeting yet"
        raise ValueError(msg)
    return order.meeting


@_means(ev.SurveyOpened)
def _(order: Order, event: ev.SurveyOpened) -> Order:
    opened = Survey(round=event.round, opens=event.opens, closes=event.closes, reminders=event.reminders, opened=True)
    field = "baseline" if event.round is Round.BASELINE else "second"
    return _due(order.having(**{field: opened}), Letter(Occasion.INVITATION, event.round))


@_means(ev.SurveyExtended)
def _(order: Order, event: ev.SurveyExtended) -> Order:
    survey = order.survey(event.round)
    number = survey.extensions + 1 if survey else 1
    extended = _with_survey(
        order,
        event.round,
        closes=event.closes,
        reminders=event.reminders,
        extensions=number,
        closed=False,
        answers=None,
        invited=None,
        enough=None,
        counted_at=None,
    )
    extended = _no_longer_due(extended, Occasion.TOO_FEW_ANSWERS)
    return _due_instead(extended, Letter(Occasion.SURVEY_EXTENDED, event.round, str(number)))


@_means(ev.SurveyClosed)
def _(order: Order, event: ev.SurveyClosed) -> Order:
    closed = _with_survey(order, event.round, closed=True)
    return _no_longer_due(closed, Occasion.INVITATION, Occasion.SURVEY_EXTENDED)


@_means(ev.TurnoutCounted)
def _(order: Order, event: ev.TurnoutCounted) -> Order:
    counted = _with_survey(
        order,
        event.round,
        answers=event.answers,
        invited=event.invited,
        enough=event.enough,
        counted_at=event.at,
    )
    if event.enough:
        return counted
    survey = counted.survey(event.round)
    return _due(counted, Letter(Occasion.TOO_FEW_ANSWERS, event.round, str(survey.extensions if survey else 0)))


@_means(ev.WentOnWithoutResults)
def _(order: Order, event: ev.WentOnWithoutResults) -> Order:
    return _no_longer_due(_with_survey(order, event.round, without_results=True), Occasion.TOO_FEW_ANSWERS)


@_means(ev.ResultsTabulated)
def _(order: Order, event: ev.ResultsTabulated) -> Order:
    return _with_survey(
        order, event.round, tabulated=True, free_texts=event.free_texts, free_texts_found=event.free_texts
    )


@_means(ev.DeckMade)
def _(order: Order, event: ev.DeckMade) -> Order:
    made = _with_survey(
        order,
        event.round,
        deck_version=event.version,
        documents=event.documents,
        review_until=event.review_until,
    )
    return _due(made, Letter(Occasion.DECK_REVIEW, event.round)) if event.version == 1 else made


@_means(ev.DeckHeld)
def _(order: Order, event: ev.DeckHeld) -> Order:
    return _with_survey(order, event.round, held=True)


@_means(ev.FreeTextsRead)
def _(order: Order, event: ev.FreeTextsRead) -> Order:
    return _with_survey(
        _with_one_more_deck(order, event.round),
        event.round,
        free_texts_read=True,
        free_texts=event.kept,
        struck_texts=frozenset(event.struck_texts),
    )


def _with_one_more_deck(order: Order, round_: Round) -> Order:
    survey = order.survey(round_)
    wanted = max(survey.deck_wanted, survey.deck_version) + 1 if survey else 1
    return _with_survey(order, round_, deck_wanted=wanted)


@_means(ev.DeckRemakeAsked)
def _(order: Order, event: ev.DeckRemakeAsked) -> Order:
    return _with_one_more_deck(order, event.round)


@_means(ev.DeckReleased)
def _(order: Order, event: ev.DeckReleased) -> Order:
    released = _with_survey(order, event.round, released_at=event.at, held=False)
    released = _no_longer_due(released, Occasion.DECK_REVIEW)
    occasion = Occasion.DECK_DELIVERED if event.round is Round.BASELINE else Occasion.COMPARISON_DELIVERED
    return _due(released, Letter(occasion, event.round))


@_means(ev.DeckWithheld)
def _(order: Order, event: ev.DeckWithheld) -> Order:
    return _no_longer_due(_with_survey(order, event.round, withheld=True), Occasion.DECK_REVIEW)


@_means(ev.BallotsDestroyed)
def _(order: Order, event: ev.BallotsDestroyed) -> Order:
    return _with_survey(order, event.round, destroyed=True)


@_means(ev.LettersSent)
def _(order: Order, event: ev.LettersSent) -> Order:
    errands = list(order.errands)
    if event.key in errands:
        errands.remove(event.key)
    sent = order.having(letters=order.letters | {event.key}, errands=tuple(errands))
    return sent if event.key in order.letters else _members_told(sent, Letter.parse(event.key), event.at)


def _members_told(order: Order, letter: Letter, at: dt.datetime) -> Order:
    """Remembers the day of a letter to all members. The same letter again is for newcomers only."""
    day = danish(at).date()
    if letter.occasion in (Occasion.PROGRAMME, Occasion.MEETING_MOVED):
        return order.having(told_on=day)
    if letter.occasion in (Occasion.INVITATION, Occasion.SURVEY_EXTENDED) and letter.round:
        return _with_survey(order, letter.round, told_on=day)
    return order


_BEFORE_THE_MEETING = (Occasion.PROGRAMME, Occasion.MEETING_MOVED)


@_means(ev.MeetingRecorded)
def _(order: Order, event: ev.MeetingRecorded) -> Order:
    recorded = order.having(record=Record(attended=event.attended, absent=event.absent))
    return _due(_no_longer_due(recorded, *_BEFORE_THE_MEETING), Letter(Occasion.AFTER_MEETING))


@_means(ev.MeetingLeftUnrecorded)
def _(order: Order, _event: ev.MeetingLeftUnrecorded) -> Order:
    return _no_longer_due(order.having(left_unrecorded=True), *_BEFORE_THE_MEETING)


@_means(ev.FollowUpAgreed)
def _(order: Order, event: ev.FollowUpAgreed) -> Order:
    return _follow_up(order, status=FollowUpStatus.AGREED, opens=event.opens, agreed_at=event.at, wanted=True)


@_means(ev.FollowUpMoved)
def _(order: Order, event: ev.FollowUpMoved) -> Order:
    return _follow_up(order, opens=event.opens, agreed_at=event.at)


@_means(ev.FollowUpStarted)
def _(order: Order, event: ev.FollowUpStarted) -> Order:
    return _follow_up(order, status=FollowUpStatus.STARTED, opens=event.opens, agreed_at=event.at)


@_means(ev.FollowUpDeclined)
def _(order: Order, _event: ev.FollowUpDeclined) -> Order:
    return _follow_up(order, status=FollowUpStatus.DECLINED, opens=None)


@_means(ev.FollowUpLapsed)
def _(order: Order, _event: ev.FollowUpLapsed) -> Order:
    return _follow_up(order, status=FollowUpStatus.LAPSED, opens=None)


def _follow_up(order: Order, **changes: Any) -> Order:  # noqa: ANN401
    return order.having(follow_up=order.follow_up.having(**changes))


@_means(ev.OrderCompleted)
def _(order: Order, event: ev.OrderCompleted) -> Order:
    return order.having(ended=Ended(how="completed", at=event.at))


@_means(ev.OrderCancelled)
def _(order: Order, event: ev.OrderCancelled) -> Order:
    return order.having(ended=Ended(how="cancelled", at=event.at, reason=event.reason), errands=())
