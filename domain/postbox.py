"""Which letters an order has coming, and when. A pure function of the order and the time."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.calendar import add_months, add_working_days, closing_time, mail_time, morning, working_day_from
from domain.decisions.follow_up import window
from domain.decisions.letters import is_still_true
from domain.letters import Letter, Occasion
from domain.meeting import danish
from domain.order import FollowUpStatus, Order, Survey

ONE_DAY = dt.timedelta(days=1)
CALL_OVERDUE_EVERY = 5
"""Working days from one notice to operations that a promised call has not been held to the next."""

PutOff = Mapping[str, dt.datetime]
"""Letters that met with trouble, by key, each with the instant it is to be tried again."""

NOTHING: PutOff = MappingProxyType({})


@dataclass(frozen=True)
class Due:
    """A letter with the instant it is due, and the instant it is no longer worth sending (None: always is)."""

    at: dt.datetime
    letter: Letter
    until: dt.datetime | None = None


def next_letter(order: Order, now: dt.datetime, put_off: PutOff = NOTHING) -> Due | None:
    """The next letter to send and when, within mail hours; None where nothing is coming.

    `at` is not before `now`. A letter whose time has passed unsent (a stand-still) is left out; one of which some mail
    waits comes once more, to be settled (`past_sending`).
    """
    coming = [*letters_to_come(order, now, put_off), *past_sending(order, now, put_off)]
    return min(coming, key=lambda due: due.at, default=None)


def letters_to_come(order: Order, now: dt.datetime, put_off: PutOff = NOTHING) -> Iterator[Due]:
    """Every letter that is due or will become due as things stand, each once, none that has been sent."""
    if order.ended and order.ended.how == "cancelled":
        return
    seen = set[str]()
    for due in _wanted(order, now):
        key = due.letter.key
        if key in seen or (key in order.letters and key not in order.pending_letters):
            continue
        earliest = max(due.at, now, put_off.get(key, now))
        at = earliest if due.letter.manner.at_once else mail_time(earliest, order.policies)
        if key in order.letters and not is_still_true(order, due.letter, at):
            continue
        if due.until is None or at < due.until:
            seen.add(key)
            yield Due(at, due.letter, due.until)


def past_sending(order: Order, now: dt.datetime, put_off: PutOff) -> list[Due]:
    """What waits and is not worth another try, overtaken by events or by then too late: it is due to be settled."""
    coming = {due.letter.key for due in letters_to_come(order, now, put_off)}
    waiting = {key: now for key in order.pending_letters if key in order.letters} | dict(put_off)
    return [Due(max(at, now), Letter.parse(key), until=now) for key, at in waiting.items() if key not in coming]


def _wanted(order: Order, now: dt.datetime) -> Iterator[Due]:
    for key in order.pending_letters:
        yield _pending(order, Letter.parse(key), now)
    if order.ended:
        return
    if order.meeting is None:
        yield from _overdue_call(order, now)
        return
    for survey in order.surveys:
        yield from _reminders(order, survey, now)
    if order.baseline and order.baseline.over:
        yield from _around_the_meeting(order, now)
    if order.meeting_settled:
        yield from _before_the_follow_up(order, now)


def _pending(order: Order, letter: Letter, now: dt.datetime) -> Due:
    until = None
    if letter.occasion in (Occasion.PROGRAMME, Occasion.MEETING_MOVED, Occasion.MEETING_REMINDER) and order.meeting:
        until = order.meeting.starts_at
    if letter.occasion is Occasion.REMINDER:
        until = morning(dt.date.fromisoformat(letter.number) + ONE_DAY)
    if letter.occasion in (Occasion.INVITATION, Occasion.SURVEY_EXTENDED) and letter.round:
        survey = order.survey(letter.round)
        until = closing_time(survey.closes) if survey else None
    return Due(now, letter, until)


def _overdue_call(order: Order, now: dt.datetime) -> Iterator[Due]:
    """One notice a week; those a stand-still has made late are not made up for."""
    number, soonest = 1, mail_time(now, order.policies)
    while (
        soonest >= _notice(order, number + 1) or Letter(Occasion.CALL_OVERDUE, number=str(number)).key in order.letters
    ):
        number += 1
    letter = Letter(Occasion.CALL_OVERDUE, number=str(number))
    yield Due(_notice(order, number), letter, _notice(order, number + 1))


def _notice(order: Order, number: int) -> dt.datetime:
    return morning(add_working_days(order.call_due, 1 + (number - 1) * CALL_OVERDUE_EVERY))


def _reminders(order: Order, survey: Survey, now: dt.datetime) -> Iterator[Due]:
    """A reminder is for its own day: one that a stand-still made late is dropped, and none comes on another's heels."""
    if not survey.is_open:
        return
    told = survey.told_on
    if any(_is_news(order, key, survey) for key in order.pending_letters):
        told = _mail_day(now, order)
    for day in survey.reminders:
        if told is None or day > told:
            letter = Letter(Occasion.REMINDER, survey.round, day.isoformat())
            yield Due(morning(day), letter, morning(day + ONE_DAY))


def _is_news(order: Order, key: str, survey: Survey) -> bool:
    """Whether all members have yet to get this letter about the round."""
    letter = Letter.parse(key)
    about = letter.occasion in (Occasion.INVITATION, Occasion.SURVEY_EXTENDED) and letter.round is survey.round
    return about and key not in order.letters


def _mail_day(now: dt.datetime, order: Order) -> dt.date:
    return danish(mail_time(now, order.policies)).date()


def _around_the_meeting(order: Order, now: dt.datetime) -> Iterator[Due]:
    if order.meeting is None or order.meeting_settled:
        return
    day, starts = order.meeting.day, order.meeting.starts_at
    programme = morning(add_working_days(day, -order.policies.programme_before_meeting))
    yield Due(programme, Letter(Occasion.PROGRAMME), starts)
    reminder = add_working_days(day, -1)
    told = _told_of_the_meeting(order, programme, now)
    if told is None or reminder > told:
        yield Due(morning(reminder), Letter(Occasion.MEETING_REMINDER, number=day.isoformat()), starts)
    yield from _record_requests(order, day, now)


def _told_of_the_meeting(order: Order, programme: dt.datetime, now: dt.datetime) -> dt.date | None:
    """The day the members had, or will have, their last letter about it: that is reminder enough for that day."""
    if Letter(Occasion.PROGRAMME).key not in order.letters:
        return _mail_day(max(now, programme), order)
    if any(Letter.parse(key).occasion is Occasion.MEETING_MOVED for key in order.pending_letters):
        return _mail_day(now, order)
    return order.told_on


def _record_requests(order: Order, meeting: dt.date, now: dt.datetime) -> Iterator[Due]:
    """One at a time, counted from the meeting; those a stand-still has made late are not made up for."""
    first, soonest = working_day_from(meeting + ONE_DAY), mail_time(now, order.policies)
    times = [morning(add_working_days(first, days)) for days in order.policies.record_asked_after]
    for number, (time, until) in enumerate(zip(times, [*times[1:], None], strict=True), start=1):
        letter = Letter(Occasion.RECORD_REQUEST, number=f"{order.meeting_edition}.{number}")
        if letter.key not in order.letters and (until is None or soonest < until):
            yield Due(time, letter, until)
            return


def _before_the_follow_up(order: Order, now: dt.datetime) -> Iterator[Due]:
    follow_up = order.follow_up
    if follow_up.status is FollowUpStatus.AGREED and follow_up.opens and follow_up.agreed_at:
        notice = morning(working_day_from(follow_up.opens - dt.timedelta(days=order.policies.follow_up_notice_days)))
        if notice > follow_up.agreed_at:
            letter = Letter(Occasion.FOLLOW_UP_NOTICE, number=follow_up.opens.isoformat())
            yield Due(notice, letter, morning(follow_up.opens))
    if follow_up.status is FollowUpStatus.UNDECIDED and follow_up.wanted:
        yield from _follow_up_questions(order, now)


def _follow_up_questions(order: Order, now: dt.datetime) -> Iterator[Due]:
    """Asked as the window opens and each month until it closes; a month missed is not made up for."""
    allowed = window(order)
    step = order.policies.follow_up_asked_every_months
    number = 0
    while (day := working_day_from(add_months(allowed.opens, number * step))) <= allowed.closes:
        next_day = working_day_from(add_months(allowed.opens, (number + 1) * step))
        until = min(morning(next_day), morning(allowed.closes + ONE_DAY))
        letter = Letter(Occasion.FOLLOW_UP_QUESTION, number=str(number + 1))
        if until > now:
            yield Due(morning(day), letter, until)
        number += 1
