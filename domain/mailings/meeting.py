"""Letters about the meeting: programme, a new time, the day before, the record, what to take home."""

import datetime as dt
from collections.abc import Iterator

from domain import events as ev
from domain.calendar import add_working_days, mail_time, morning, working_day_from
from domain.events import Event
from domain.letters import Due, Letter, Occasion, WhyNot
from domain.mailings.mailing import ONE_DAY, PAPERS_WITHIN, Mailing, mail_day, overtaken_unless
from domain.mailings.plan import plan_doubts
from domain.meeting import danish
from domain.model import Round
from domain.order import Order


def programme_at(order: Order, meeting: dt.date) -> dt.datetime:
    """When the members get the programme of a meeting on this day: by the meeting's date, whatever the deck does."""
    return morning(add_working_days(meeting, -order.policies.programme_before_meeting))


def _programme(order: Order, now: dt.datetime) -> Iterator[Due]:
    """The results come along where they are delivered the same day: one mail, not two."""
    if order.meeting is None or order.meeting_settled:
        return
    at, results = programme_at(order, order.meeting.day), _results_expected(order)
    if results is not None and danish(results).date() <= danish(max(at, now)).date():
        at = max(at, results + PAPERS_WITHIN)
    yield Due(at, Letter(Occasion.PROGRAMME))


def _results_expected(order: Order) -> dt.datetime | None:
    """When the coordinator gets the material, where nothing holds it back.

    Of a deck that is not made yet, as the answers were counted: it takes minutes, and if it fails nobody waits for it.
    """
    first = order.baseline
    if first is None or first.delivered or first.held or not first.settled:
        return None
    return first.review_until or first.counted_at


def _newcomers_programme(order: Order, event: Event) -> Letter | None:
    """Who comes in after the others had theirs."""
    programme = Letter(Occasion.PROGRAMME)
    is_new = isinstance(event, ev.MemberAdded) or (isinstance(event, ev.MemberReaddressed) and not event.only_the_name)
    if not is_new or not order.has_gone(programme):
        return None
    return programme if order.meeting is not None and event.at < order.meeting.starts_at else None


def _before_the_meeting(order: Order, _letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    if order.meeting is None or order.meeting_settled:
        return WhyNot.OVERTAKEN
    return overtaken_unless(still_so=True, at=at, until=order.meeting.starts_at)


def _moved(order: Order, event: Event) -> Letter | None:
    """The members are told of a change in what they know: the day from the invitation, the rest from the programme.

    Whoever has been told of an earlier change, or is about to be, hears of the next one too: its letter stands in for
    the one before.
    """
    if not isinstance(event, ev.MeetingMoved | ev.MeetingChanged):
        return None
    told = order.has_gone(Letter(Occasion.PROGRAMME)) or order.any_has_gone(Occasion.MEETING_MOVED)
    if isinstance(event, ev.MeetingMoved):
        told = told or order.has_gone(Letter(Occasion.INVITATION, Round.BASELINE))
    concerned = told or _is_moving(order)
    return Letter(Occasion.MEETING_MOVED, number=str(order.meeting_edition)) if concerned else None


def _is_moving(order: Order) -> bool:
    """The members' letter about a change is still to leave."""
    return any(Letter.parse(key).occasion is Occasion.MEETING_MOVED for key in order.pending_letters)


def _day_before(order: Order, _now: dt.datetime) -> Iterator[Due]:
    if order.meeting is not None and not order.meeting_settled:
        day = order.meeting.day
        yield Due(morning(add_working_days(day, -1)), Letter(Occasion.MEETING_REMINDER, number=day.isoformat()))


def _reminder_doubts(order: Order, letter: Letter, at: dt.datetime, now: dt.datetime) -> WhyNot | None:
    """Of this meeting's day; who has had, or will have, a letter about the meeting that same day needs none."""
    if order.meeting is None or order.meeting_settled or letter.number != order.meeting.day.isoformat():
        return WhyNot.OVERTAKEN
    if at >= order.meeting.starts_at:
        return WhyNot.TOO_LATE
    told = _told_of_the_meeting(order, order.meeting.day, now)
    reminder = max(add_working_days(order.meeting.day, -1), mail_day(now, order))
    return WhyNot.TOLD_TODAY if told is not None and told >= reminder else None


def _told_of_the_meeting(order: Order, meeting: dt.date, now: dt.datetime) -> dt.date | None:
    """The day the members had, or will have, their last letter about it."""
    if not order.has_gone(Letter(Occasion.PROGRAMME)):
        return mail_day(max(now, programme_at(order, meeting)), order)
    return mail_day(now, order) if _is_moving(order) else order.told_on


def _record_requests(order: Order, now: dt.datetime) -> Iterator[Due]:
    """One at a time, counted from the meeting; those an outage has made late are not made up for."""
    if order.meeting is None or order.meeting_settled:
        return
    soonest = mail_time(now, order.policies)
    for number, at in enumerate(_record_times(order, order.meeting.day), start=1):
        letter = Letter(Occasion.RECORD_REQUEST, number=f"{order.meeting_edition}.{number}")
        until = _until_next(order, order.meeting.day, number)
        if letter.key not in order.letters and (until is None or soonest < until):
            yield Due(at, letter)
            return


def _record_times(order: Order, meeting: dt.date) -> list[dt.datetime]:
    first = working_day_from(meeting + ONE_DAY)
    return [morning(add_working_days(first, days)) for days in order.policies.record_asked_after]


def _until_next(order: Order, meeting: dt.date, number: int) -> dt.datetime | None:
    times = _record_times(order, meeting)
    return times[number] if number < len(times) else None


def _record_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    edition, _, number = letter.number.partition(".")
    if order.meeting is None or order.meeting_settled or edition != str(order.meeting_edition):
        return WhyNot.OVERTAKEN
    return overtaken_unless(still_so=True, at=at, until=_until_next(order, order.meeting.day, int(number)))


def _after(_order: Order, event: Event) -> Letter | None:
    return Letter(Occasion.AFTER_MEETING) if isinstance(event, ev.MeetingRecorded) else None


def _after_doubts(order: Order, _letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    return overtaken_unless(order.record is not None and order.second is None, at)


MAILINGS: dict[Occasion, Mailing] = {
    Occasion.PROGRAMME: Mailing(
        to="members",
        past="Program",
        coming="Medlemmerne får programmet",
        called_for=_newcomers_programme,
        planned=_programme,
        why_not=_before_the_meeting,
        calendar="request",
    ),
    Occasion.MEETING_MOVED: Mailing(
        to="members",
        past="Besked om mødets ændring",
        coming="Medlemmerne får besked om mødets ændring",
        called_for=_moved,
        why_not=plan_doubts,
        hurries=True,
        after_papers=True,
        calendar="request",
    ),
    Occasion.MEETING_REMINDER: Mailing(
        to="members",
        past="Påmindelse om mødet",
        coming="Medlemmerne mindes om mødet",
        planned=_day_before,
        why_not=_reminder_doubts,
    ),
    Occasion.RECORD_REQUEST: Mailing(
        to="coordinator",
        past="Koordinatoren blev bedt om at skrive, hvordan mødet gik",
        coming="Koordinatoren bliver spurgt, hvordan mødet gik",
        planned=_record_requests,
        why_not=_record_doubts,
        housekeeping=True,
    ),
    Occasion.AFTER_MEETING: Mailing(
        to="members",
        past="Tak for mødet",
        coming="Medlemmerne får idéer og hjemmeopgave",
        called_for=_after,
        why_not=_after_doubts,
    ),
}
