"""Which letters an order has coming, and when: the postman's list. A pure function of the order and the time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from domain.calendar import add_months, add_working_days, closing_time, mail_time, morning, working_day_from
from domain.decisions.follow_up import window
from domain.letters import Letter, Occasion
from domain.model import Round
from domain.order import FollowUpStatus, Order, Survey

CALL_OVERDUE_EVERY = 5
"""Working days between the notices to operations that a promised call has not been held."""


@dataclass(frozen=True)
class Due:
    """A letter with the instant it is due, and the instant it is no longer worth sending (None: always is)."""

    at: dt.datetime
    letter: Letter
    until: dt.datetime | None = None


def next_letter(order: Order, now: dt.datetime) -> Due | None:
    """The next letter to send and when, within mail hours; None where nothing is coming.

    `at` is not before `now`. A letter whose time has passed unsent (a stand-still) is left out.
    """
    waiting = [due for due in letters_to_come(order, now) if due.until is None or due.at < due.until]
    return min(waiting, key=lambda due: due.at, default=None)


def letters_to_come(order: Order, now: dt.datetime) -> Iterator[Due]:
    """Every letter that is due or will become due as things stand, none that has been sent."""
    if order.ended and order.ended.how == "cancelled":
        return
    for due in _wanted(order, now):
        if due.letter.key in order.letters and due.letter.key not in order.errands:
            continue
        earliest = max(due.at, now)
        at = earliest if due.letter.manner.at_once else mail_time(earliest, order.policies)
        if due.until is None or at < due.until:
            yield Due(at, due.letter, due.until)


def _wanted(order: Order, now: dt.datetime) -> Iterator[Due]:
    for key in order.errands:
        yield _errand(order, Letter.parse(key), now)
    if order.ended:
        return
    if order.meeting is None:
        yield from _overdue_call(order, now)
        return
    for survey in order.surveys:
        yield from _reminders(survey)
    if order.baseline and order.baseline.over:
        yield from _around_the_meeting(order)
    if order.meeting_settled:
        yield from _before_the_follow_up(order, now)


def _errand(order: Order, letter: Letter, now: dt.datetime) -> Due:
    until = None
    if letter.occasion in (Occasion.PROGRAMME, Occasion.MEETING_MOVED) and order.meeting:
        until = order.meeting.starts_at
    if letter.occasion in (Occasion.INVITATION, Occasion.SURVEY_EXTENDED) and letter.round:
        survey = order.survey(letter.round)
        until = closing_time(survey.closes) if survey else None
    return Due(now, letter, until)


def _overdue_call(order: Order, now: dt.datetime) -> Iterator[Due]:
    sent = sum(key.startswith(f"{Occasion.CALL_OVERDUE}/") for key in order.letters)
    day = add_working_days(order.call_due, 1 + sent * CALL_OVERDUE_EVERY)
    yield Due(
        max(morning(day), now) if sent == 0 else morning(day), Letter(Occasion.CALL_OVERDUE, number=str(sent + 1))
    )


def _reminders(survey: Survey) -> Iterator[Due]:
    """A reminder is for its own day: one that a stand-still made late is dropped, so that two never come at once."""
    if not survey.is_open:
        return
    for day in survey.reminders:
        letter = Letter(Occasion.REMINDER, survey.round, day.isoformat())
        yield Due(morning(day), letter, morning(day + dt.timedelta(days=1)))


def _around_the_meeting(order: Order) -> Iterator[Due]:
    if order.meeting is None or order.meeting_settled:
        return
    day, starts = order.meeting.day, order.meeting.starts_at
    programme = add_working_days(day, -order.policies.programme_before_meeting)
    yield Due(morning(programme), Letter(Occasion.PROGRAMME), starts)
    yield Due(morning(add_working_days(day, -1)), Letter(Occasion.MEETING_REMINDER, number=day.isoformat()), starts)
    yield from _record_requests(order, day)


def _record_requests(order: Order, meeting: dt.date) -> Iterator[Due]:
    """One at a time: the next is counted from the meeting, and only after the one before it has gone."""
    first = working_day_from(meeting + dt.timedelta(days=1))
    for number, days in enumerate(order.policies.record_asked_after, start=1):
        letter = Letter(Occasion.RECORD_REQUEST, number=f"{order.meeting_edition}.{number}")
        if letter.key not in order.letters:
            yield Due(morning(add_working_days(first, days)), letter)
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
        until = min(morning(next_day), morning(allowed.closes + dt.timedelta(days=1)))
        letter = Letter(Occasion.FOLLOW_UP_QUESTION, number=str(number + 1))
        if until > now:
            yield Due(morning(day), letter, until)
        number += 1


def survey_of(order: Order, letter: Letter) -> Survey | None:
    """The round a letter is about."""
    return order.survey(letter.round or Round.BASELINE)
