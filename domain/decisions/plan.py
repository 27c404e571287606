"""Decisions on the plan: the call's outcome, the meeting moved or changed. A "no" names the earliest possible date."""

import datetime as dt

from pydantic import ValidationError

from domain import commands as do
from domain import events as ev
from domain.calendar import (
    SurveyDates,
    add_months,
    add_working_days,
    earliest_meeting,
    latest_close,
    survey_dates_before,
    survey_dates_from,
    working_day_from,
)
from domain.danish import short_date
from domain.decisions.follow_up import moved_along
from domain.decisions.rules import agreed_meeting, planned_round
from domain.meeting import LONGEST_MEETING, SHORTEST_MEETING, Meeting, danish
from domain.model import Rejected, Round
from domain.order import Order, Survey
from domain.policies import Policies, problems_of

MEETING_WITHIN_MONTHS = 24
"""A meeting further ahead is a slip of the finger."""


def agree_plan(order: Order, command: do.AgreePlan, now: dt.datetime) -> list[ev.Event]:
    """The outcome of the consultant's call."""
    if order.baseline and order.baseline.opened:
        raise Rejected("survey_already_open", "Undersøgelsen er åbnet. Flyt mødet i stedet for at lægge en ny plan.")
    policies = _changed(order.policies, command.policies)
    _not_too_late(command.meeting.day, now)
    _fits_the_programme(order, command.meeting)
    dates = _survey_dates(command, policies, now)
    agreed = ev.PlanAgreed(
        at=now,
        meeting=command.meeting,
        survey_opens=dates.opens,
        survey_closes=dates.closes,
        survey_dates_chosen=command.survey_opens is not None or command.survey_closes is not None,
        follow_up_wanted=command.follow_up_wanted,
        policies=policies,
    )
    return [] if _stands(order, agreed) else [agreed, *moved_along(order, command.meeting.day, now)]


def _changed(policies: Policies, changes: dict[str, object]) -> Policies:
    try:
        agreed = Policies.model_validate({**policies.model_dump(), **changes})
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
        raise _bad_policy(wrong) from None
    if wrong := ", ".join(problems_of(agreed).keys() & changes.keys()):
        raise _bad_policy(wrong)
    return agreed


def _bad_policy(wrong: str) -> Rejected:
    return Rejected("bad_policy", f"Aftalen om {wrong} er ikke gyldig.", policy=wrong)


def _stands(order: Order, plan: ev.PlanAgreed) -> bool:
    """Whether this is the plan already agreed: the same call told twice."""
    return order.baseline is not None and (
        plan.meeting,
        (plan.survey_opens, plan.survey_closes, plan.survey_dates_chosen),
        plan.follow_up_wanted,
        plan.policies,
    ) == (
        order.meeting,
        (order.baseline.opens, order.baseline.closes, order.survey_dates_chosen),
        order.follow_up.wanted,
        order.policies,
    )


def _not_too_late(meeting: dt.date, now: dt.datetime) -> None:
    latest = add_months(danish(now).date(), MEETING_WITHIN_MONTHS)
    if meeting > latest:
        message = f"Mødet skal ligge senest den {short_date(latest)}."
        raise Rejected("meeting_too_late", message, latest=latest.isoformat())


def _fits_the_programme(order: Order, meeting: Meeting) -> None:
    least = order.shortest_meeting.of(meeting.format) if order.shortest_meeting else SHORTEST_MEETING
    if not least <= meeting.minutes <= LONGEST_MEETING:
        message = f"Et møde med denne klyngepakke varer fra {least} til {LONGEST_MEETING} minutter."
        raise Rejected("meeting_length", message, least=least, most=LONGEST_MEETING)


def _survey_dates(command: do.AgreePlan, policies: Policies, now: dt.datetime) -> SurveyDates:
    first_day = _first_day(policies, now)
    opens, closes = command.survey_opens, command.survey_closes
    if opens is None and closes is None:
        return _back_from(command.meeting.day, policies, now)
    if opens is None:
        opens = max(first_day, (closes or first_day) - dt.timedelta(days=policies.survey_open_days))
    if opens < first_day:
        message = f"Undersøgelsen kan tidligst åbne den {short_date(first_day)}."
        raise Rejected("survey_too_early", message, earliest=first_day.isoformat())
    if policies.mail_hours != "any_time":
        opens = working_day_from(opens)
    if closes is None:
        closes = working_day_from(opens + dt.timedelta(days=policies.survey_open_days))
    if closes <= opens:
        raise Rejected("survey_closes_before_it_opens", "Undersøgelsen skal lukke efter, at den åbner.")
    if closes > latest_close(command.meeting.day, policies):
        raise _too_early(earliest_meeting(closes, policies))
    return SurveyDates(opens=opens, closes=closes)


def _first_day(policies: Policies, now: dt.datetime) -> dt.date:
    """A round opens tomorrow at the earliest, so that the members' list can be looked over; today where mails may."""
    today = danish(now).date()
    return today if policies.mail_hours == "any_time" else add_working_days(today, 1)


def _first_dates(policies: Policies, now: dt.datetime) -> SurveyDates:
    return survey_dates_from(_first_day(policies, now), policies)


def _back_from(meeting: dt.date, policies: Policies, now: dt.datetime) -> SurveyDates:
    dates, first = survey_dates_before(meeting, policies), _first_dates(policies, now)
    if dates.opens >= first.opens:
        return dates
    if first.closes <= latest_close(meeting, policies):
        return first
    raise _too_early(earliest_meeting(first.closes, policies))


def _too_early(earliest: dt.date) -> Rejected:
    message = f"Mødet kan tidligst ligge den {short_date(earliest)}, for at svar og præsentation kan nå at blive klar."
    return Rejected("meeting_too_early", message, earliest=earliest.isoformat())


def move_meeting(order: Order, command: do.MoveMeeting, now: dt.datetime) -> list[ev.Event]:
    """The meeting has another time."""
    meeting = agreed_meeting(order)
    if order.meeting_settled:
        raise Rejected("meeting_recorded", "Mødet er holdt og kan ikke flyttes.")
    moved = meeting.moved_to(command.to)
    if moved == meeting:
        return []
    earliest = earliest_day(order, now)
    if moved.starts_at <= now:
        future = max(earliest, add_working_days(danish(now).date(), 1))
        message = f"Mødet skal ligge i fremtiden, for eksempel den {short_date(future)}."
        raise Rejected("meeting_in_the_past", message, earliest=future.isoformat())
    if moved.day < earliest:
        raise _too_early(earliest)
    _not_too_late(moved.day, now)
    dates = _dates_for(order, moved.day, now)
    return [
        ev.MeetingMoved(at=now, starts=moved.starts, survey_opens=dates.opens, survey_closes=dates.closes),
        *moved_along(order, moved.day, now),
    ]


def earliest_day(order: Order, now: dt.datetime) -> dt.date:
    """The first day the meeting can be moved to. A meeting still ahead may always stay on its day or come later.

    Before the survey opens its dates move too; an open survey keeps its closing day; a closed one needs only what is
    left of the review; with the deck delivered any day will do. Raises Rejected before the call.
    """
    survey, meeting = planned_round(order, Round.BASELINE), agreed_meeting(order)
    if survey.delivered:
        return danish(now).date()
    if survey.closed:
        earliest = add_working_days(danish(max(survey.review_until or now, now)).date(), 1)
    elif survey.opened:
        earliest = earliest_meeting(survey.closes, order.policies)
    else:
        closes = _first_dates(order.policies, now).closes
        if _can_open_as_planned(survey, now):
            closes = min(closes, survey.closes)
        earliest = earliest_meeting(closes, order.policies)
    return min(earliest, meeting.day) if meeting.starts_at > now else earliest


def _dates_for(order: Order, meeting: dt.date, now: dt.datetime) -> SurveyDates:
    """The first round's dates for a meeting moved to a day that is not too early.

    Those agreed by hand or under way are kept where they can be; so are those of an opening that is late already.
    """
    survey = planned_round(order, Round.BASELINE)
    kept = SurveyDates(opens=survey.opens, closes=survey.closes)
    fits = _can_open_as_planned(survey, now) and survey.closes <= latest_close(meeting, order.policies)
    if survey.opened or (fits and order.survey_dates_chosen):
        return kept
    dates, first = survey_dates_before(meeting, order.policies), _first_dates(order.policies, now)
    if dates.opens >= first.opens:
        return dates
    if not fits and first.closes <= latest_close(meeting, order.policies):
        return first
    return kept


def _can_open_as_planned(survey: Survey, now: dt.datetime) -> bool:
    return survey.opens >= danish(now).date()


def change_meeting(order: Order, command: do.ChangeMeeting, now: dt.datetime) -> list[ev.Event]:
    """The meeting has another length, form, facilitator or place."""
    meeting = agreed_meeting(order)
    if order.meeting_settled or order.asked_for_record():
        raise Rejected("meeting_over", "Mødet er holdt og kan ikke ændres.")
    changed = Meeting(
        starts=meeting.starts,
        minutes=meeting.minutes if command.minutes is None else command.minutes,
        format=command.format or meeting.format,
        facilitator=command.facilitator or meeting.facilitator,
        place=command.place or meeting.place,
        ring_name=command.ring_name or meeting.ring_name,
        ring_phone=command.ring_phone or meeting.ring_phone,
    )
    _fits_the_programme(order, changed)
    if changed == meeting:
        return []
    return [
        ev.MeetingChanged(
            at=now,
            minutes=changed.minutes,
            format=changed.format,
            facilitator=changed.facilitator,
            place=changed.place,
            ring_name=changed.ring_name,
            ring_phone=changed.ring_phone,
        )
    ]
