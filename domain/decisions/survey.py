"""Decisions on a survey round: opened, extended, closed, counted, given up, tabulated."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.calendar import SurveyDates, add_working_days, closing_time, mail_time, reminder_days, working_day_from
from domain.decisions.rules import current_round, danish_date, decides, meeting_ahead, planned_round
from domain.meeting import danish
from domain.model import Rejected, Round
from domain.order import FollowUpStatus, Order, Survey

LEAST_REVIEW = 1
"""Working days kept for making and seeing the deck when a survey is extended by hand."""


@decides(do.OpenSurvey)
def _(order: Order, command: do.OpenSurvey, now: dt.datetime) -> list[ev.Event]:
    survey = order.survey(command.round)
    if survey and survey.opened:
        return []
    dates = _dates(order, command.round, now)
    if mail_time(now, order.policies) > now or danish(now).date() < dates.opens:
        raise Rejected("survey_not_due", "Undersøgelsen skal ikke åbne endnu.", opens=dates.opens.isoformat())
    reminders = reminder_days(dates, order.policies)
    return [ev.SurveyOpened(at=now, round=command.round, opens=dates.opens, closes=dates.closes, reminders=reminders)]


def _dates(order: Order, round_: Round, now: dt.datetime) -> SurveyDates:
    """The agreed dates; opened late (a stand-still), a round keeps its length as far as the meeting allows."""
    today = danish(now).date()
    if round_ is Round.BASELINE:
        planned = planned_round(order, round_)
        return SurveyDates(opens=planned.opens, closes=max(planned.closes, add_working_days(today, 1)))
    if order.follow_up.status not in (FollowUpStatus.AGREED, FollowUpStatus.STARTED) or order.follow_up.opens is None:
        raise Rejected("no_follow_up_agreed", "Der er ikke aftalt en opfølgning.")
    opens = max(order.follow_up.opens, today) if order.follow_up.opens <= today else order.follow_up.opens
    closes = working_day_from(opens + dt.timedelta(days=order.policies.survey_open_days))
    return SurveyDates(opens=opens, closes=closes)


@decides(do.ExtendSurvey)
def _(order: Order, command: do.ExtendSurvey, now: dt.datetime) -> list[ev.Event]:
    survey = current_round(order)
    if not survey.is_open and not survey.awaits_decision:
        raise Rejected("survey_not_open", "Undersøgelsen er ikke åben.")
    if command.closes == survey.closes and survey.is_open:
        return []
    earliest = max(add_working_days(danish(now).date(), 1), survey.closes + dt.timedelta(days=1))
    if command.closes < earliest:
        message = f"Undersøgelsen kan tidligst lukke den {danish_date(earliest)}."
        raise Rejected("extension_too_short", message, earliest=earliest.isoformat())
    _extension_fits(order, survey, command.closes)
    last_day = (command.closes,) if order.policies.remind_on_last_day else ()
    kept = tuple(day for day in survey.reminders if day < command.closes and day != survey.closes)
    return [
        ev.SurveyExtended(
            at=now, round=survey.round, closes=command.closes, reminders=tuple(sorted({*kept, *last_day}))
        )
    ]


def _extension_fits(order: Order, survey: Survey, closes: dt.date) -> None:
    """An extension is a person's choice: it may eat of the deck's lead time, but the deck comes before the meeting."""
    meeting = meeting_ahead(order, survey.round)
    if meeting is None:
        return
    latest = add_working_days(meeting, -(1 + LEAST_REVIEW))
    if closes > latest:
        message = f"Undersøgelsen skal lukke senest den {danish_date(latest)}, eller mødet må flyttes først."
        raise Rejected("extension_too_long", message, latest=latest.isoformat())


@decides(do.CloseSurvey)
def _(order: Order, command: do.CloseSurvey, now: dt.datetime) -> list[ev.Event]:
    survey = planned_round(order, command.round)
    if not survey.opened:
        raise Rejected("survey_not_open", "Undersøgelsen er ikke åben.")
    if survey.closed:
        return []
    if command.why == "due" and now < closing_time(survey.closes):
        raise Rejected("survey_not_due", "Undersøgelsen skal ikke lukke endnu.", closes=survey.closes.isoformat())
    return [ev.SurveyClosed(at=now, round=command.round, why=command.why)]


@decides(do.RecordTurnout)
def _(order: Order, command: do.RecordTurnout, now: dt.datetime) -> list[ev.Event]:
    survey = planned_round(order, command.round)
    if not survey.closed:
        raise Rejected("survey_not_closed", "Undersøgelsen er ikke lukket.")
    if survey.enough is not None:
        return []
    enough = command.answers >= order.disclosure.at_least
    return [
        ev.TurnoutCounted(at=now, round=command.round, answers=command.answers, invited=command.invited, enough=enough)
    ]


@decides(do.GoOnWithoutResults)
def _(order: Order, command: do.GoOnWithoutResults, now: dt.datetime) -> list[ev.Event]:
    survey = current_round(order)
    if survey.without_results:
        return []
    if not survey.awaits_decision:
        raise Rejected("nothing_to_decide", "Der er ikke for få svar at tage stilling til.")
    return [ev.WentOnWithoutResults(at=now, round=survey.round, automatic=command.automatic)]


@decides(do.RecordResults)
def _(order: Order, command: do.RecordResults, now: dt.datetime) -> list[ev.Event]:
    survey = planned_round(order, command.round)
    if survey.enough is None or survey.awaits_decision:
        raise Rejected("turnout_not_settled", "Svarene er ikke talt op endnu.")
    if survey.delivered:
        raise Rejected("deck_delivered", "Decket er leveret, og svarene findes ikke mere.")
    if survey.tabulated:
        return []
    return [ev.ResultsTabulated(at=now, round=command.round, answers=command.answers, free_texts=command.free_texts)]
