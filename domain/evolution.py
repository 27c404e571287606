"""What each event means to an order: `evolve`, and `load` for a whole stream."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from domain import events as ev
from domain.letters import Letter, Occasion
from domain.meeting import Meeting, danish
from domain.model import Round
from domain.order import Ended, FollowUp, FollowUpStatus, Member, Order, Record, Survey


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
        pending_letters=(Letter(Occasion.ORDER_RECEIVED).key,),
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
    """Adds pending letters. One more of a letter that is due already means: again, for it may be on its way now."""
    pending_letters = order.pending_letters
    for letter in letters:
        if pending_letters.count(letter.key) < 2:
            pending_letters += (letter.key,)
    return order.having(pending_letters=pending_letters)


def _no_longer_due(order: Order, *occasions: Occasion) -> Order:
    return order.having(
        pending_letters=tuple(key for key in order.pending_letters if Letter.parse(key).occasion not in occasions)
    )


def _due_instead(order: Order, letter: Letter) -> Order:
    """Adds a pending letter in place of one of the same occasion that has not gone yet: it says all that one would."""
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
    return _tell_newcomers(order.having(members=members), event.at)


@_means(ev.MemberRemoved)
def _(order: Order, event: ev.MemberRemoved) -> Order:
    gone = order.members[event.member].having(active=False)
    return _mend_the_roll(order.having(members={**order.members, event.member: gone}))


@_means(ev.MemberReaddressed)
def _(order: Order, event: ev.MemberReaddressed) -> Order:
    moved = order.members[event.member].having(contact=event.contact)
    return _tell_newcomers(order.having(members={**order.members, event.member: moved}), event.at)


def _tell_newcomers(order: Order, at: dt.datetime) -> Order:
    programme = Letter(Occasion.PROGRAMME)
    order = _mend_the_roll(order)
    meeting_lies_ahead = order.meeting is not None and at < order.meeting.starts_at
    return _due(order, programme) if programme.key in order.letters and meeting_lies_ahead else order


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
    return _tell_of_the_change(moved, known=Letter(Occasion.INVITATION, Round.BASELINE))


@_means(ev.MeetingChanged)
def _(order: Order, event: ev.MeetingChanged) -> Order:
    changes = event.model_dump(include={"minutes", "format", "facilitator", "place"})
    edition = order.meeting_edition + 1
    changed = order.having(meeting=_meeting(order).having(**changes), meeting_edition=edition)
    return _tell_of_the_change(changed, known=Letter(Occasion.PROGRAMME))


def _tell_of_the_change(order: Order, known: Letter) -> Order:
    """The coordinator always; the members if they know what has changed, from this letter or the programme."""
    number = str(order.meeting_edition)
    order = _no_longer_due(order, Occasion.MEETING_REMINDER)
    order = _due_instead(order, Letter(Occasion.PLAN_AGREED, number=number))
    told = {known.key, Letter(Occasion.PROGRAMME).key} & order.letters
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
    extended = _no_longer_due(extended, Occasion.REMINDER, Occasion.TOO_FEW_ANSWERS)
    return _due_instead(extended, Letter(Occasion.SURVEY_EXTENDED, event.round, str(number)))


@_means(ev.SurveyClosed)
def _(order: Order, event: ev.SurveyClosed) -> Order:
    closed = _with_survey(order, event.round, closed=True)
    return _no_longer_due(closed, Occasion.INVITATION, Occasion.REMINDER, Occasion.SURVEY_EXTENDED)


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
    pending_letters = list(order.pending_letters)
    if event.key in pending_letters:
        pending_letters.remove(event.key)
    if event.waiting and event.key not in pending_letters:
        pending_letters.append(event.key)
    sent = order.having(letters=order.letters | {event.key}, pending_letters=tuple(pending_letters))
    return sent if event.key in order.letters else _members_told(sent, Letter.parse(event.key), event.at)


def _members_told(order: Order, letter: Letter, at: dt.datetime) -> Order:
    """Remembers the day of a letter to all members. The same letter again is for newcomers only."""
    day = danish(at).date()
    if letter.occasion in (Occasion.PROGRAMME, Occasion.MEETING_MOVED):
        return order.having(told_on=day)
    if letter.occasion in (Occasion.INVITATION, Occasion.SURVEY_EXTENDED) and letter.round:
        return _with_survey(order, letter.round, told_on=day)
    return order


_BEFORE_THE_MEETING = (Occasion.PROGRAMME, Occasion.MEETING_MOVED, Occasion.MEETING_REMINDER)


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
    return order.having(ended=Ended(how="cancelled", at=event.at, reason=event.reason), pending_letters=())
