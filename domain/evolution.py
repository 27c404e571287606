"""What each event means to an order: `evolve`, and `load` for a whole stream."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from domain import events as ev
from domain.letters import Letter, Occasion
from domain.mailings import pending_after
from domain.meeting import Meeting, danish
from domain.model import Round
from domain.order import (
    Announcement,
    Ended,
    FollowUp,
    FollowUpStatus,
    LetterRecord,
    Member,
    Order,
    Record,
    Survey,
)
from domain.postponing import put_off_still
from domain.task_kinds import Calls, Postponement


def load(events: Iterable[ev.Event]) -> Order | None:
    """The order these events make; None without events."""
    order: Order | None = None
    for event in events:
        order = evolve(order, event)
    return order


def evolve(order: Order | None, event: ev.Event) -> Order:
    """The order after an event, with the letters it calls for.

    Raises ValueError where a stream does not begin with its order, or begins twice.
    """
    if order is None:
        if isinstance(event, ev.OrderPlaced):
            return pending_after(order_placed(event), event)
        msg = f"a stream begins with order_placed, not {event.type}"
        raise ValueError(msg)
    after = pending_after(replace(_meaning(order, event), version=order.version + 1), event)
    return replace(after, postponements=put_off_still(after)) if after.postponements else after


def _meaning(order: Order, event: ev.Event) -> Order:
    match event:
        case ev.OrderPlaced():
            msg = f"order {order.id} was placed twice"
            raise ValueError(msg)
        case ev.ConsultantAssigned():
            return replace(order, consultant=event.consultant, assignments=order.assignments + 1)
        case ev.CoordinatorReplaced():
            return coordinator_replaced(order, event)
        case ev.PlanAgreed():
            return plan_agreed(order, event)
        case ev.MemberAdded():
            return member_added(order, event)
        case ev.MemberRemoved():
            return member_removed(order, event)
        case ev.MemberReaddressed():
            return member_readdressed(order, event)
        case ev.LinkRenewed() | ev.LinkRevoked() | ev.LinkAskedFor():
            return _with_link(order, event)
        case ev.MeetingMoved():
            return meeting_moved(order, event)
        case ev.MeetingChanged():
            return meeting_changed(order, event)
        case ev.ProgrammeChanged():
            return programme_changed(order, event)
        case ev.ProgrammeRestored():
            return programme_restored(order, event)
        case ev.OwnQuestionsAsked():
            return own_questions_asked(order, event)
        case ev.OwnQuestionsDropped():
            return own_questions_dropped(order, event)
        case ev.CallNoted():
            return call_noted(order, event)
        case ev.TaskPostponed():
            put_off = Postponement(until=event.until, why=event.why)
            return replace(order, postponements={**order.postponements, event.task: put_off})
        case ev.TaskResumed():
            return replace(order, postponements={k: p for k, p in order.postponements.items() if k is not event.task})
        case ev.NoteAdded():
            return order
        case ev.SurveyOpened():
            return survey_opened(order, event)
        case ev.SurveyExtended():
            return survey_extended(order, event)
        case ev.ReminderAdded():
            return reminder_added(order, event)
        case ev.SurveyClosed():
            return _with_survey(order, replace(_round(order, event.round), closed=True, closed_why=event.why))
        case ev.TurnoutCounted():
            return turnout_counted(order, event)
        case ev.WentOnWithoutResults():
            return went_on_without_results(order, event)
        case ev.ResultsTabulated():
            return results_tabulated(order, event)
        case ev.ExtractAwaited():
            return extract_awaited(order, event)
        case ev.ExtractGiven():
            return extract_given(order, event)
        case ev.DeckMade():
            return deck_made(order, event)
        case ev.DeckReplaced():
            return deck_replaced(order, event)
        case ev.DeckKept():
            return _with_survey(order, replace(_round(order, event.round), own_deck_outdated=False))
        case ev.DeckHeld():
            return _with_survey(order, replace(_round(order, event.round), held=True, held_why=event.reason))
        case ev.FreeTextsRead():
            return free_texts_read(order, event)
        case ev.DeckRemakeAsked():
            return _remade(order, event.round, "asked", event)
        case ev.DeckReleased():
            return deck_released(order, event)
        case ev.DeckWithheld():
            return _with_survey(order, replace(_round(order, event.round), withheld=True))
        case ev.BallotsDestroyed():
            return _with_survey(order, replace(_round(order, event.round), destroyed=True))
        case ev.LettersSent():
            return letters_sent(order, event)
        case ev.MeetingRecorded():
            return replace(order, record=Record(event.attended, event.absent, event.agreed))
        case ev.MeetingLeftUnrecorded():
            return replace(order, left_unrecorded=True)
        case ev.FollowUpAgreed():
            return follow_up_agreed(order, event)
        case ev.FollowUpMoved():
            return _with_follow_up(order, replace(order.follow_up, opens=event.opens, agreed_at=event.at))
        case ev.FollowUpStarted():
            return follow_up_started(order, event)
        case ev.FollowUpDeclined():
            return _with_follow_up(order, replace(order.follow_up, status=FollowUpStatus.DECLINED, opens=None))
        case ev.FollowUpLapsed():
            return _with_follow_up(order, replace(order.follow_up, status=FollowUpStatus.LAPSED, opens=None))
        case ev.ComparisonShared():
            return replace(order, comparison_shared_at=event.at)
        case ev.OrderCompleted():
            return replace(order, ended=Ended(how="completed", at=event.at))
        case ev.OrderCancelled():
            return replace(order, ended=Ended(how="cancelled", at=event.at, reason=event.reason))
        case _:
            assert_never(event)


# --- the order and its people ---------------------------------------------------------------------------------------


def order_placed(event: ev.OrderPlaced) -> Order:
    """The order as it begins."""
    return Order(
        id=event.order,
        version=1,
        placed_at=event.at,
        cluster=event.cluster,
        package=event.package,
        package_version=event.package_version,
        coordinator=event.coordinator,
        members={joined.person: _member(joined) for joined in event.members},
        policies=event.policies,
        disclosure=event.disclosure,
        shortest_meeting=event.shortest_meeting,
        call_due=event.call_due,
        follow_up=FollowUp(window=event.follow_up_months),
        evidence=event.evidence,
    )


def _member(joined: ev.Joined) -> Member:
    return Member(practice=joined.practice, role=joined.role, address=joined.address)


def member_added(order: Order, event: ev.MemberAdded) -> Order:
    """Joined, or come again: the same person is the same member."""
    return replace(order, members={**order.members, event.joined.person: _member(event.joined)})


def member_removed(order: Order, event: ev.MemberRemoved) -> Order:
    """Off the list; the line stays, for what has happened."""
    gone = replace(order.members[event.member], active=False)
    return replace(order, members={**order.members, event.member: gone})


def member_readdressed(order: Order, event: ev.MemberReaddressed) -> Order:
    """Written to at another address from now on."""
    moved = replace(order.members[event.member], address=event.address)
    return replace(order, members={**order.members, event.member: moved})


def coordinator_replaced(order: Order, event: ev.CoordinatorReplaced) -> Order:
    """Another coordinator; who it was before is kept, to know a link of theirs."""
    before = (*order.coordinators_before, order.coordinator)
    return replace(
        order, coordinator=event.coordinator, coordinators=order.coordinators + 1, coordinators_before=before
    )


def _with_link(order: Order, event: ev.LinkRenewed | ev.LinkRevoked | ev.LinkAskedFor) -> Order:
    link, letter = order.link_of(event.holder), str(order.version + 1)
    match event:
        case ev.LinkRenewed():
            link = link.anew(letter, event.at)
        case ev.LinkAskedFor():
            link = link.sent_again(letter, event.at)
        case ev.LinkRevoked():
            link = link.dead()
    return replace(order, links={**order.links, event.holder: link})


# --- the plan -------------------------------------------------------------------------------------------------------


def plan_agreed(order: Order, event: ev.PlanAgreed) -> Order:
    """The call's outcome, the first or a later one."""
    return replace(
        _with_programme_looked_at(_meeting_at(order, event.meeting), event.at),
        agreed_at=event.at,
        survey_dates_chosen=event.survey_dates_chosen,
        baseline=Survey(
            round=Round.BASELINE, opens=event.survey_opens, closes=event.survey_closes, evidence=order.evidence
        ),
        follow_up=replace(order.follow_up, wanted=event.follow_up_wanted),
        policies=event.policies,
    )


def meeting_moved(order: Order, event: ev.MeetingMoved) -> Order:
    """Another time, with the first round's dates moved along; a deck that stands is made anew."""
    survey = _round(order, Round.BASELINE)
    kept = (survey.opens, survey.closes) == (event.survey_opens, event.survey_closes)
    moved = _with_survey(order, replace(survey, opens=event.survey_opens, closes=event.survey_closes))
    moved = replace(moved, survey_dates_chosen=order.survey_dates_chosen and kept)
    return _papers_outdated(_meeting_at(moved, _meeting(order).moved_to(event.starts)), event)


def meeting_changed(order: Order, event: ev.MeetingChanged) -> Order:
    """Another length, form, facilitator or place; a deck that stands is made anew."""
    changed = Meeting(
        starts=_meeting(order).starts,
        minutes=event.minutes,
        format=event.format,
        facilitator=event.facilitator,
        place=event.place,
        ring_name=event.ring_name,
        ring_phone=event.ring_phone,
    )
    return _papers_outdated(_with_programme_looked_at(_meeting_at(order, changed), event.at), event)


def _with_programme_looked_at(order: Order, at: dt.datetime) -> Order:
    """Since when the meeting's own programme was written for another form or length, if it was."""
    meeting = _meeting(order)
    fits = (order.programme_form, order.programme_minutes) == (meeting.format, meeting.minutes)
    outgrown = None if fits or not order.programme else order.programme_outgrown_at or at
    return replace(order, programme_outgrown_at=outgrown)


def programme_changed(order: Order, event: ev.ProgrammeChanged) -> Order:
    """The meeting has a programme of its own; a deck that stands is made anew."""
    meeting = _meeting(order)
    changed = replace(order, programme=event.parts, programme_form=meeting.format, programme_minutes=meeting.minutes)
    return _papers_outdated(_with_programme_looked_at(changed, event.at), event)


def programme_restored(order: Order, event: ev.ProgrammeRestored) -> Order:
    """The package's programme again; a deck that stands is made anew."""
    restored = replace(order, programme=(), programme_form=None, programme_minutes=0)
    return _papers_outdated(_with_programme_looked_at(restored, event.at), event)


def own_questions_asked(order: Order, event: ev.OwnQuestionsAsked) -> Order:
    """The questionnaire asks these besides the package's items."""
    return replace(order, own_questions=event.questions)


def own_questions_dropped(order: Order, _event: ev.OwnQuestionsDropped) -> Order:
    """The questionnaire is the package's alone."""
    return replace(order, own_questions=())


def _meeting_at(order: Order, meeting: Meeting) -> Order:
    """The order with this meeting, as a new edition of its plan."""
    before = order.meeting.starts if order.meeting else None
    changed = replace(order, meeting=meeting, meeting_edition=order.meeting_edition + 1)
    if meeting.starts == before:
        return changed
    return replace(changed, meeting_since=order.version + 1, meeting_before=before)


def _papers_outdated(order: Order, event: ev.Event) -> Order:
    survey = order.baseline
    if survey is None or survey.deck_version == 0:
        return order
    if survey.own_deck is not None:  # it says what it said: nobody but a person can tell whether it still fits
        survey = replace(survey, own_deck_outdated=True, held=survey.held or not survey.delivered)
    return _remade(_with_survey(order, survey), Round.BASELINE, "meeting", event)


def _meeting(order: Order) -> Meeting:
    if order.meeting is None:
        msg = f"order {order.id} has no meeting yet"
        raise ValueError(msg)
    return order.meeting


# --- KiAP's own work ------------------------------------------------------------------------------------------------


def call_noted(order: Order, event: ev.CallNoted) -> Order:
    """One call more. A call without a note leaves the note of an earlier one."""
    calls = Calls(
        count=order.calls.count + 1,
        last_at=event.at,
        last_outcome=event.outcome,
        note=event.note or order.calls.note,
    )
    return replace(order, calls=calls)


# --- a survey round -------------------------------------------------------------------------------------------------


def survey_opened(order: Order, event: ev.SurveyOpened) -> Order:
    """Open, with the days of its reminders."""
    opened = Survey(round=event.round, opens=event.opens, closes=event.closes, reminders=event.reminders, opened=True)
    return _with_survey(order, opened)


def survey_extended(order: Order, event: ev.SurveyExtended) -> Order:
    """Open for longer, or again: what was counted is counted anew."""
    survey = _round(order, event.round)
    return _with_survey(
        order,
        replace(
            survey,
            closes=event.closes,
            reminders=event.reminders,
            extensions=survey.extensions + 1,
            closed=False,
            closed_why=None,
            answers=None,
            invited=None,
            enough=None,
            counted_at=None,
        ),
    )


def reminder_added(order: Order, event: ev.ReminderAdded) -> Order:
    """One day more on which those who have not answered are reminded."""
    survey = _round(order, event.round)
    days = tuple(sorted({*survey.reminders, event.day}))
    return _with_survey(order, replace(survey, reminders=days, reminders_added=survey.reminders_added + 1))


def turnout_counted(order: Order, event: ev.TurnoutCounted) -> Order:
    """How many answered, and whether that is enough to show anything."""
    survey = _round(order, event.round)
    return _with_survey(
        order,
        replace(survey, answers=event.answers, invited=event.invited, enough=event.enough, counted_at=event.at),
    )


def results_tabulated(order: Order, event: ev.ResultsTabulated) -> Order:
    """The answers are counts now, the free texts wait to be read."""
    survey = _round(order, event.round)
    return _with_survey(
        order, replace(survey, tabulated=True, free_texts=event.free_texts, free_texts_found=event.free_texts)
    )


def went_on_without_results(order: Order, event: ev.WentOnWithoutResults) -> Order:
    """Nothing is shown of the round. One that waited for an extract waits no more, and has none."""
    survey = replace(_round(order, event.round), without_results=True)
    if survey.awaits_extract:
        survey = replace(
            survey, closed=True, closed_why="no_extract", answers=0, invited=0, enough=False, counted_at=event.at
        )
    return _with_survey(order, survey)


def extract_awaited(order: Order, event: ev.ExtractAwaited) -> Order:
    """KiAP is to get the extract; the members hear nothing."""
    begun = Survey(round=event.round, opens=event.opens, closes=event.closes, evidence="register", opened=True)
    return _with_survey(order, begun)


def extract_given(order: Order, event: ev.ExtractGiven) -> Order:
    """The round is closed by what came. Another extract is tabulated anew, and reviewed anew where there was a deck."""
    survey = _round(order, event.round)
    given = replace(
        survey,
        closed=True,
        closed_why="extract",
        answers=event.practices,
        invited=event.of_practices,
        enough=True,
        without_results=False,
        counted_at=event.at,
        tabulated=False,
        review_until=None,
        extract=event.digest,
        readers=frozenset((who, each.practice, each.address) for who, each in order.active_members.items()),
    )
    given_order = _with_survey(order, given)
    if survey.deck_version:
        return _remade(given_order, event.round, "extract", event)
    if survey.tabulated:  # a first deck of the other numbers may be on its way: it is not the one that is wanted
        return _with_survey(given_order, replace(given, deck_wanted=survey.deck_wanted + 1))
    return given_order


# --- the deck -------------------------------------------------------------------------------------------------------


def deck_made(order: Order, event: ev.DeckMade) -> Order:
    """A version stands; what was asked meanwhile is still wanted."""
    survey = _round(order, event.round)
    own = survey.own_deck if survey.own_deck in event.documents else None
    made = replace(
        survey,
        deck_version=event.version,
        documents=event.documents,
        own_deck=own,
        own_deck_outdated=survey.own_deck_outdated and own is not None,
        review_until=event.review_until,
        made_for=event.why,
        remake_for=survey.remake_for if event.version < survey.deck_wanted else (),
    )
    return _with_survey(order, made)


def deck_replaced(order: Order, event: ev.DeckReplaced) -> Order:
    """A person's own deck stands, beside the results document as it is."""
    survey = _round(order, event.round)
    replaced = replace(
        survey,
        deck_version=event.version,
        deck_wanted=event.version,
        documents=(event.document, *survey.documents[1:]),
        own_deck=event.document,
        own_deck_outdated=False,
        made_for=(),
    )
    return _with_survey(order, replaced)


def free_texts_read(order: Order, event: ev.FreeTextsRead) -> Order:
    """What is kept may be shown, in a deck made for it."""
    survey = replace(
        _round(order, event.round),
        free_texts_read=True,
        free_texts=event.kept,
        struck_texts=frozenset(event.struck_texts),
    )
    return _remade(_with_survey(order, survey), event.round, "free_texts", event)


def _remade(order: Order, round_: Round, why: ev.Remake, event: ev.Event) -> Order:
    survey = _round(order, round_)
    reasons = survey.remake_for if why in survey.remake_for else (*survey.remake_for, why)
    wanted = max(survey.deck_wanted, survey.deck_version) + 1
    return _with_survey(order, replace(survey, deck_wanted=wanted, deck_wanted_at=event.at, remake_for=reasons))


def deck_released(order: Order, event: ev.DeckReleased) -> Order:
    """With the coordinator."""
    survey = _round(order, event.round)
    return _with_survey(
        order, replace(survey, released_at=event.at, released_in=order.version + 1, held=False, own_deck_outdated=False)
    )


# --- letters --------------------------------------------------------------------------------------------------------


def letters_sent(order: Order, event: ev.LettersSent) -> Order:
    """What has become of a letter's mail so far. It stays pending while some waits, or somebody came in meanwhile."""
    letter, earlier = Letter.parse(event.key), order.letters.get(event.key)
    record = LetterRecord(
        sent=event.sent, failed=event.failed, unknown=event.unknown, waiting=event.waiting, seen=event.seen
    )
    pending = dict(order.pending_letters)
    if event.waiting:
        pending.setdefault(event.key, event.seen)
    elif pending.get(event.key, 0) <= event.seen:
        pending.pop(event.key, None)
    sent = replace(order, letters={**order.letters, event.key: record}, pending_letters=pending)
    is_first = record.has_gone and not (earlier and earlier.has_gone)
    return _told(sent, letter, event) if is_first else sent


def _told(order: Order, letter: Letter, event: ev.LettersSent) -> Order:
    """Remembers what a letter told, and the day of one to all members. The same letter again is for newcomers only."""
    day = danish(event.at).date()
    order = _announced(order, letter, event)
    if letter.occasion in (Occasion.PROGRAMME, Occasion.MEETING_MOVED, Occasion.RESULTS):
        return replace(order, told_on=day)
    if letter.occasion in (Occasion.INVITATION, Occasion.SURVEY_EXTENDED) and letter.round:
        return _with_survey(order, replace(_round(order, letter.round), told_on=day))
    return order


_ANNOUNCES = (Occasion.INVITATION, Occasion.PROGRAMME, Occasion.MEETING_MOVED)
"""What tells the members when the meeting is; the coordinator is told with the plan."""


def _announced(order: Order, letter: Letter, event: ev.LettersSent) -> Order:
    to_members = letter.occasion in _ANNOUNCES
    if order.meeting is None or not (to_members or letter.occasion is Occasion.PLAN_AGREED):
        return order
    starts = order.meeting.starts
    if event.seen < order.meeting_since and order.meeting_before is not None:
        starts = order.meeting_before
    told = Announcement(letter=letter.key, to_members=to_members, starts=starts)
    return replace(order, announcements=(*order.announcements, told))


# --- the follow-up --------------------------------------------------------------------------------------------------


def follow_up_agreed(order: Order, event: ev.FollowUpAgreed) -> Order:
    """A day is agreed."""
    agreed = replace(order.follow_up, status=FollowUpStatus.AGREED, opens=event.opens, agreed_at=event.at, wanted=True)
    return _with_follow_up(order, agreed)


def follow_up_started(order: Order, event: ev.FollowUpStarted) -> Order:
    """It opens as soon as mail may leave."""
    started = replace(order.follow_up, status=FollowUpStatus.STARTED, opens=event.opens, agreed_at=event.at)
    return _with_follow_up(order, started)


# --- parts ----------------------------------------------------------------------------------------------------------


def _with_follow_up(order: Order, follow_up: FollowUp) -> Order:
    return replace(order, follow_up=follow_up)


def _round(order: Order, round_: Round) -> Survey:
    survey = order.survey(round_)
    if survey is None:
        msg = f"order {order.id} has no survey round {round_}"
        raise ValueError(msg)
    return survey


def _with_survey(order: Order, survey: Survey) -> Order:
    if survey.round is Round.BASELINE:
        return replace(order, baseline=survey)
    return replace(order, second=survey)
