"""Letters about a survey round: invitation, reminders, a later deadline, too few answers."""

import datetime as dt
from collections.abc import Iterator

from domain import events as ev
from domain.calendar import closing_time, morning
from domain.events import Event
from domain.letters import Due, Letter, Occasion, WhyNot
from domain.mailings.mailing import ONE_DAY, Mailing, mail_day, overtaken_unless, survey_of
from domain.order import Order, Survey

NEWS = (Occasion.INVITATION, Occasion.SURVEY_EXTENDED)
"""What a reminder would only repeat."""


def _invites(order: Order, event: Event) -> Letter | None:
    """The round opens, or somebody comes into it; a changed address gets an invitation of its own."""
    match event:
        case ev.SurveyOpened():
            return Letter(Occasion.INVITATION, event.round)
        case ev.MemberAdded() | ev.MemberReaddressed(only_the_name=False) if order.open_survey is not None:
            return Letter(Occasion.INVITATION, order.open_survey.round)
        case _:
            return None


def _while_open(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    survey = survey_of(order, letter)
    if survey is None or not survey.is_open:
        return WhyNot.OVERTAKEN
    return overtaken_unless(still_so=True, at=at, until=closing_time(survey.closes))


def _extended(order: Order, event: Event) -> Letter | None:
    if not isinstance(event, ev.SurveyExtended):
        return None
    survey = order.survey(event.round)
    return Letter(Occasion.SURVEY_EXTENDED, event.round, str(survey.extensions if survey else 1))


def _extension_doubts(order: Order, letter: Letter, at: dt.datetime, now: dt.datetime) -> WhyNot | None:
    survey = survey_of(order, letter)
    if survey is not None and letter.number != str(survey.extensions):
        return WhyNot.OVERTAKEN
    return _while_open(order, letter, at, now)


def _reminders(order: Order, _now: dt.datetime) -> Iterator[Due]:
    for survey in order.surveys:
        if survey.is_open:
            for day in survey.reminders:
                yield Due(morning(day), Letter(Occasion.REMINDER, survey.round, day.isoformat()))


def _reminder_doubts(order: Order, letter: Letter, at: dt.datetime, now: dt.datetime) -> WhyNot | None:
    """A reminder is for its own day: one that an outage made late is dropped, and none comes on another's heels."""
    survey = survey_of(order, letter)
    if survey is None or not survey.is_open or letter.number not in {day.isoformat() for day in survey.reminders}:
        return WhyNot.OVERTAKEN
    day = dt.date.fromisoformat(letter.number)
    if at >= min(morning(day + ONE_DAY), closing_time(survey.closes)):
        return WhyNot.TOO_LATE
    told = told_of_the_round(order, survey, now)
    return WhyNot.TOLD_TODAY if told is not None and day <= told else None


def told_of_the_round(order: Order, survey: Survey, now: dt.datetime) -> dt.date | None:
    """The day all members had, or will have, their last letter about the round."""
    coming = (Letter.parse(key) for key in order.pending_letters)
    if any(each.occasion in NEWS and each.round is survey.round and not order.has_gone(each) for each in coming):
        return mail_day(now, order)
    return survey.told_on


def _too_few(order: Order, event: Event) -> Letter | None:
    if not isinstance(event, ev.TurnoutCounted) or event.enough:
        return None
    survey = order.survey(event.round)
    return Letter(Occasion.TOO_FEW_ANSWERS, event.round, str(survey.extensions if survey else 0))


def _too_few_doubts(order: Order, letter: Letter, at: dt.datetime, _now: dt.datetime) -> WhyNot | None:
    survey = survey_of(order, letter)
    waits = survey is not None and survey.awaits_decision and letter.number == str(survey.extensions)
    return overtaken_unless(waits, at)


MAILINGS: dict[Occasion, Mailing] = {
    Occasion.INVITATION: Mailing(
        to="not_answered",
        past="Invitation",
        coming="Medlemmerne får invitation til spørgeskemaet",
        called_for=_invites,
        why_not=_while_open,
    ),
    Occasion.REMINDER: Mailing(
        to="not_answered",
        past="Påmindelse",
        coming="Påmindelse til dem, der ikke har svaret",
        planned=_reminders,
        why_not=_reminder_doubts,
    ),
    Occasion.SURVEY_EXTENDED: Mailing(
        to="not_answered",
        past="Besked om den nye frist",
        coming="Besked om den nye frist til dem, der ikke har svaret",
        called_for=_extended,
        why_not=_extension_doubts,
    ),
    Occasion.TOO_FEW_ANSWERS: Mailing(
        to="consultant",
        past="Konsulenten fik besked om de få svar",
        coming="Konsulenten får besked om de få svar",
        called_for=_too_few,
        why_not=_too_few_doubts,
        housekeeping=True,
    ),
}
