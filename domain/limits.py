"""How long we wait for people: the moments at which the system goes on without what they have not done."""

import datetime as dt

from domain.calendar import SurveyDates, add_months, add_working_days, closing_time, morning, working_day_from
from domain.meeting import danish
from domain.model import Round
from domain.order import Order, Survey

HELD_FOLLOW_UP_DAYS = 20
"""Working days a follow-up's deck may be held, having no meeting that ends the wait."""
SHARED_WITHIN_DAYS = 40
"""Working days the coordinator has to send the comparison to the members: a cluster's next meeting may be weeks off."""


def call_lapses_at(order: Order) -> dt.datetime:
    """When an order that nobody called about ends by itself."""
    day = danish(order.placed_at).date() + dt.timedelta(days=order.policies.call_lapses_after_days)
    return morning(working_day_from(day))


def decide_by(order: Order, survey: Survey) -> dt.datetime:
    """When a round with too few answers goes on without results by itself.

    As late as the deck's lead time allows, but with two days to decide in, and never later than the working day before
    the meeting.
    """
    counted = survey.counted_at or closing_time(survey.closes)
    soonest = add_working_days(danish(counted).date(), order.policies.review_days)
    if survey.round is Round.FOLLOW_UP or order.meeting is None:
        return max(counted, morning(add_working_days(soonest, order.policies.review_days)))
    latest = add_working_days(order.meeting.day, -order.policies.deck_before_meeting)
    return max(counted, morning(min(max(soonest, latest), add_working_days(order.meeting.day, -1))))


def extract_given_up_at(order: Order, survey: Survey) -> dt.datetime:
    """When a round goes on without results because its register's extract has not come.

    Before a meeting as late as for too few answers; a follow-up, which no meeting waits for, is given some weeks more.
    """
    if survey.round is Round.FOLLOW_UP:
        return morning(add_working_days(survey.closes, HELD_FOLLOW_UP_DAYS))
    return decide_by(order, survey)


def withheld_at(order: Order, survey: Survey) -> dt.datetime | None:
    """When a deck still held will not come any more: as the meeting begins, or some weeks on for a follow-up."""
    if survey.round is Round.BASELINE and order.meeting:
        return order.meeting.starts_at
    if survey.review_until is None:
        return None
    return morning(add_working_days(danish(survey.review_until).date(), HELD_FOLLOW_UP_DAYS))


def shared_by(order: Order) -> dt.datetime | None:
    """Until when the members can be sent the comparison; None where it is not with the coordinator."""
    second = order.second
    if second is None or second.released_at is None:
        return None
    return morning(add_working_days(danish(second.released_at).date(), SHARED_WITHIN_DAYS))


def last_day_to_share(order: Order) -> dt.date | None:
    """The last working day on which the members can be sent the comparison; None where there is none to send."""
    until = shared_by(order) if order.awaits_sharing else None
    return add_working_days(danish(until).date(), -1) if until else None


def may_yet_be_released(order: Order, survey: Survey) -> bool:
    """A deck withheld as the meeting began can still be of use: the meeting goes on for hours, or is moved."""
    return survey.withheld and survey.released_at is None and not order.meeting_settled


def record_given_up_at(order: Order) -> dt.datetime:
    """When the order goes on without a record of its meeting. Raises ValueError before there is one."""
    return morning(add_working_days(_meeting_day(order), order.policies.record_given_up_after))


def window_after(meeting: dt.date, order: Order) -> SurveyDates:
    """The first and last day the second round may open on, counted in months from a meeting on this day."""
    first, last = order.follow_up.window
    return SurveyDates(opens=add_months(meeting, first), closes=add_months(meeting, last))


def follow_up_lapses_at(order: Order) -> dt.datetime:
    """When a follow-up that nobody agreed on is given up. Raises ValueError before there is a meeting."""
    last = window_after(_meeting_day(order), order).closes
    return morning(working_day_from(last + dt.timedelta(days=1)))


def _meeting_day(order: Order) -> dt.date:
    if order.meeting is None:
        msg = "no meeting, no record"
        raise ValueError(msg)
    return order.meeting.day
