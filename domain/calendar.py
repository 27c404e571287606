"""Working days, mail hours and the survey dates computed back from a meeting. All days are Danish calendar days."""

import calendar as months
import datetime as dt
from collections.abc import Iterator

from domain.denmark import MAIL_HOURS, QUIET_DAYS, QUIET_WEEKS, MailHours, days_off
from domain.meeting import at, danish
from domain.model import Frozen
from domain.policies import Policies

ONE_DAY = dt.timedelta(days=1)


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday, and neither a public holiday nor one of KiAP's own days off."""
    return day.weekday() < 5 and day not in days_off(day.year)


def is_quiet(day: dt.date) -> bool:
    """Whether reminders keep still: the weeks and days most doctors are away."""
    if any(day >= quiet.since and day.isocalendar().week in quiet.weeks for quiet in QUIET_WEEKS):
        return True
    return any((day.month, day.day) >= quiet.first or (day.month, day.day) <= quiet.last for quiet in QUIET_DAYS)


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The `count`th working day after `day`, or before it where `count` is negative; `day` itself for 0."""
    step = ONE_DAY if count >= 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_day_from(day: dt.date) -> dt.date:
    """`day`, or the first working day after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def working_day_until(day: dt.date) -> dt.date:
    """`day`, or the last working day before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day of a later month, or that month's last day."""
    month = day.year * 12 + day.month - 1 + count
    year, month = divmod(month, 12)
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def months_between(first: dt.date, then: dt.date) -> int:
    """Whole months from a day to a later one: from 31 March to 30 September six, as `add_months` counts them."""
    apart = (then.year - first.year) * 12 + then.month - first.month
    return apart if add_months(first, apart) <= then else apart - 1


def _mail_hours(day: dt.date) -> MailHours:
    return max((hours for hours in MAIL_HOURS if hours.since <= day), key=lambda hours: hours.since)


def morning(day: dt.date) -> dt.datetime:
    """The instant the mail hours of a day begin, UTC."""
    return at(day, _mail_hours(day).opens)


def end_of_work(day: dt.date) -> dt.datetime:
    """The instant the mail hours of a day end, UTC: until then a promise for that day is kept."""
    return at(day, _mail_hours(day).closes)


def mail_time(earliest: dt.datetime, policies: Policies) -> dt.datetime:
    """The first instant from `earliest` on at which a mail may leave, UTC."""
    if policies.mail_hours == "any_time":
        return earliest
    local = danish(earliest)
    hours = _mail_hours(local.date())
    if is_working_day(local.date()) and local.time() < hours.closes:
        return max(earliest, morning(local.date()))
    return morning(working_day_from(local.date() + ONE_DAY))


class SurveyDates(Frozen):
    """A round's first and last day. Mails leave on the first; the box is emptied the working morning after the last."""

    opens: dt.date
    closes: dt.date


def closing_time(closes: dt.date) -> dt.datetime:
    """When the box is emptied: the working morning after the last day, so a late evening's answer still counts."""
    return morning(add_working_days(closes, 1))


def survey_dates_from(opens: dt.date, policies: Policies) -> SurveyDates:
    """A round opening on the first suitable day from `opens` on."""
    opens = suitable_day_from(opens, policies)
    return SurveyDates(opens=opens, closes=_closes(opens, policies))


def suitable_day_from(day: dt.date, policies: Policies) -> dt.date:
    """`day`, or the first working day after it on which doctors are not away."""
    while not is_working_day(day) or is_unkind(day, policies):
        day += ONE_DAY
    return day


def suitable_day_until(day: dt.date, policies: Policies) -> dt.date:
    """`day`, or the last working day before it on which doctors are not away."""
    while not is_working_day(day) or is_unkind(day, policies):
        day -= ONE_DAY
    return day


def survey_dates_before(meeting: dt.date, policies: Policies) -> SurveyDates:
    """The round as near to the meeting as the review and the deck's lead time allow."""
    closes = suitable_day_until(latest_close(meeting, policies), policies)
    opens = suitable_day_until(closes - dt.timedelta(days=policies.survey_open_days), policies)
    return SurveyDates(opens=opens, closes=closes)


def latest_close(meeting: dt.date, policies: Policies) -> dt.date:
    """The last day a survey can close on and the deck still be delivered in time for the meeting.

    A Sunday where that is a Friday: the box is emptied on the Monday after either.
    """
    last = add_working_days(meeting, -(policies.deck_before_meeting + policies.review_days + 1))
    return add_working_days(last, 1) - ONE_DAY


def earliest_meeting(closes: dt.date, policies: Policies) -> dt.date:
    """The first working day a meeting can be held on after a survey that closes on this day."""
    return add_working_days(closes, policies.deck_before_meeting + policies.review_days + 1)


def _closes(opens: dt.date, policies: Policies) -> dt.date:
    return working_day_from(opens + dt.timedelta(days=policies.survey_open_days))


def unhurried_close(opens: dt.date, policies: Policies) -> dt.date:
    """The last day of a round no meeting waits for: never in a quiet time, when few would see the last reminder."""
    return suitable_day_from(opens + dt.timedelta(days=policies.survey_open_days), policies)


def is_unkind(day: dt.date, policies: Policies) -> bool:
    """Whether doctors are left in peace that day, by an order's policies."""
    return policies.mail_hours != "any_time" and is_quiet(day)


def reminder_days(dates: SurveyDates, policies: Policies) -> tuple[dt.date, ...]:
    """The days reminders go out: the policy's days, moved ahead of a quiet time or left out; at most one a day."""
    wanted = [add_working_days(dates.opens, days) for days in policies.reminders_after]
    if policies.remind_on_last_day:
        wanted.append(working_day_until(dates.closes))
    return tuple(sorted({day for day in _moved_ahead(wanted, dates.opens) if dates.opens < day <= dates.closes}))


def _moved_ahead(days: list[dt.date], opens: dt.date) -> Iterator[dt.date]:
    for wanted in days:
        day = wanted
        while day > opens and (is_quiet(day) or not is_working_day(day)):
            day -= ONE_DAY
        if day > add_working_days(opens, 1):
            yield day


def review_until(starts: dt.datetime, policies: Policies, meeting: dt.date | None) -> dt.datetime:
    """When an unheld deck goes by itself: after the review, but at the latest the working day before the meeting."""
    last = add_working_days(danish(starts).date(), policies.review_days)
    if meeting is not None:
        last = min(last, add_working_days(meeting, -1))
    return max(starts, morning(last))
