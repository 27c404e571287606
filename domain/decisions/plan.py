"""Decisions on the plan: the call's outcome, the meeting moved or changed. A "no" names the earliest possible date."""

import datetime as dt

from pydantic import ValidationError

from domain import commands as do
from domain import events as ev
from domain.calendar import (
    SurveyDates,
    add_working_days,
    earliest_meeting,
    latest_close,
    survey_dates_before,
    survey_dates_from,
)
from domain.decisions.rules import agreed_meeting, danish_date, decides
from domain.meeting import danish
from domain.model import Rejected
from domain.order import Order, Survey
from domain.policies import Policies


@decides(do.AgreePlan)
def _(order: Order, command: do.AgreePlan, now: dt.datetime) -> list[ev.Event]:
    if order.baseline and order.baseline.opened:
        raise Rejected("survey_already_open", "Undersøgelsen er åbnet. Flyt mødet i stedet for at lægge en ny plan.")
    policies = _changed(order.policies, command.policies)
    _not_in_the_past(command.meeting.starts_at, now)
    dates = _survey_dates(command, policies, now)
    return [
        ev.PlanAgreed(
            at=now,
            meeting=command.meeting,
            survey_opens=dates.opens,
            survey_closes=dates.closes,
            survey_dates_chosen=command.survey_opens is not None or command.survey_closes is not None,
            follow_up_wanted=command.follow_up_wanted,
            policies=policies,
        )
    ]


def _changed(policies: Policies, changes: dict[str, object]) -> Policies:
    try:
        return Policies.model_validate({**policies.model_dump(), **changes})
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
        raise Rejected("bad_policy", f"Aftalen om {wrong} er ikke gyldig.", policy=wrong) from None


def _not_in_the_past(starts: dt.datetime, now: dt.datetime) -> None:
    if starts <= now:
        raise Rejected("meeting_in_the_past", "Mødet skal ligge i fremtiden.")


def _survey_dates(command: do.AgreePlan, policies: Policies, now: dt.datetime) -> SurveyDates:
    first_day = _first_day(policies, now)
    opens, closes = command.survey_opens, command.survey_closes
    if opens is None and closes is None:
        return _back_from(command.meeting.day, policies, now)
    if opens is None:
        opens = max(first_day, (closes or first_day) - dt.timedelta(days=policies.survey_open_days))
    if closes is None:
        closes = survey_dates_from(opens, policies).closes
    if opens < first_day:
        message = f"Undersøgelsen kan tidligst åbne den {danish_date(first_day)}."
        raise Rejected("survey_too_early", message, earliest=first_day.isoformat())
    if closes <= opens:
        raise Rejected("survey_closes_before_it_opens", "Undersøgelsen skal lukke efter, at den åbner.")
    _deck_in_time(command.meeting.day, closes, policies)
    return SurveyDates(opens=opens, closes=closes)


def _first_day(policies: Policies, now: dt.datetime) -> dt.date:
    """A round opens tomorrow at the earliest, so that the members' list can be looked over; today where mails may."""
    today = danish(now).date()
    return today if policies.mail_hours == "any_time" else add_working_days(today, 1)


def _back_from(meeting: dt.date, policies: Policies, now: dt.datetime) -> SurveyDates:
    dates = survey_dates_before(meeting, policies)
    first = survey_dates_from(_first_day(policies, now), policies)
    if dates.opens >= first.opens:
        return dates
    if first.closes <= latest_close(meeting, policies):
        return first
    raise _too_early(earliest_meeting(first.closes, policies))


def _deck_in_time(meeting: dt.date, closes: dt.date, policies: Policies) -> None:
    if closes > latest_close(meeting, policies):
        raise _too_early(earliest_meeting(closes, policies))


def _too_early(earliest: dt.date) -> Rejected:
    message = f"Mødet kan tidligst ligge den {danish_date(earliest)}, for at svar og deck kan nå at blive klar."
    return Rejected("meeting_too_early", message, earliest=earliest.isoformat())


@decides(do.MoveMeeting)
def _(order: Order, command: do.MoveMeeting, now: dt.datetime) -> list[ev.Event]:
    meeting = agreed_meeting(order)
    if order.meeting_settled:
        raise Rejected("meeting_recorded", "Mødet er holdt og kan ikke flyttes.")
    to = command.to.replace(tzinfo=None, microsecond=0)
    if to == meeting.starts:
        return []
    _not_in_the_past(meeting.having(starts=to).starts_at, now)
    survey = order.baseline
    if survey is None or not survey.opened:
        dates = _dates_kept_or_new(order, to.date(), now)
    else:
        _there_is_time(order, survey, to.date(), now)
        dates = SurveyDates(opens=survey.opens, closes=survey.closes)
    return [ev.MeetingMoved(at=now, starts=to, survey_opens=dates.opens, survey_closes=dates.closes)]


def _dates_kept_or_new(order: Order, meeting: dt.date, now: dt.datetime) -> SurveyDates:
    survey = order.baseline
    if survey and order.survey_dates_chosen and survey.closes <= latest_close(meeting, order.policies):
        return SurveyDates(opens=survey.opens, closes=survey.closes)
    return _back_from(meeting, order.policies, now)


def _there_is_time(order: Order, survey: Survey, meeting: dt.date, now: dt.datetime) -> None:
    """An open survey keeps its closing day; a closed one needs only what is left of review and lead time."""
    if survey.delivered:
        return
    if not survey.closed:
        _deck_in_time(meeting, survey.closes, order.policies)
        return
    ready = danish(max(survey.review_until or now, now)).date()
    earliest = add_working_days(ready, 1)
    if meeting < earliest:
        raise _too_early(earliest)


@decides(do.ChangeMeeting)
def _(order: Order, command: do.ChangeMeeting, now: dt.datetime) -> list[ev.Event]:
    meeting = agreed_meeting(order)
    if order.meeting_settled or order.asked_for_record():
        raise Rejected("meeting_over", "Mødet er holdt og kan ikke ændres.")
    given = {name: value for name in ("minutes", "format", "facilitator", "place")
             if (value := getattr(command, name)) is not None}  # fmt: skip
    changed = meeting.having(**given)
    if changed == meeting:
        return []
    return [
        ev.MeetingChanged(
            at=now,
            minutes=changed.minutes,
            format=changed.format,
            facilitator=changed.facilitator,
            place=changed.place,
        )
    ]
