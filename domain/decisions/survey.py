"""Decisions on a survey round: opened, extended, closed, counted, given up, tabulated. Extracts: `extract.py`."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.calendar import (
    SurveyDates,
    add_working_days,
    closing_time,
    is_unkind,
    latest_close,
    mail_time,
    morning,
    reminder_days,
    unhurried_close,
    working_day_from,
    working_day_until,
)
from domain.danish import count, short_date
from domain.decisions.rules import asked_round, current_round, has_a_questionnaire, meeting_ahead, planned_round
from domain.limits import decide_by, extract_given_up_at
from domain.mailings.survey import told_of_the_round
from domain.meeting import danish
from domain.model import Rejected, Round
from domain.order import Order, Survey

LEAST_REVIEW = 1
"""Working days kept for making and seeing the deck when a survey is extended by hand."""

LONGEST_FOLLOW_UP_DAYS = 90
"""Calendar days from opening to closing that a follow-up, having no meeting ahead, can be extended to."""

MOST_REMINDERS_ADDED = 2
"""Reminders of a round besides the package's own: those who do not want to answer are left in peace."""


def open_survey(order: Order, command: do.OpenSurvey, now: dt.datetime) -> list[ev.Event]:
    """A round opens on its agreed day, or as soon as an outage lets it."""
    survey = order.survey(command.round)
    if survey and survey.opened:
        return []
    agreed = _agreed_dates(order, command.round)
    if now < mail_time(morning(agreed.opens), order.policies):
        raise Rejected("survey_not_due", "Undersøgelsen skal ikke åbne endnu.", opens=agreed.opens.isoformat())
    first_day = danish(mail_time(now, order.policies)).date()  # the day the invitations can leave
    dates = agreed if agreed.opens >= first_day else _late(order, command.round, agreed, first_day)
    if order.evidence == "register":
        return [ev.ExtractAwaited(at=now, round=command.round, opens=dates.opens, closes=dates.closes)]
    reminders = reminder_days(dates, order.policies)
    return [ev.SurveyOpened(at=now, round=command.round, opens=dates.opens, closes=dates.closes, reminders=reminders)]


def _agreed_dates(order: Order, round_: Round) -> SurveyDates:
    if round_ is Round.BASELINE:
        planned = planned_round(order, round_)
        return SurveyDates(opens=planned.opens, closes=planned.closes)
    if not order.meeting_settled:
        raise Rejected("meeting_not_recorded", "Opfølgningen kan først begynde, når mødet er noteret.")
    opens = order.follow_up.opens
    if opens is None:
        raise Rejected("no_follow_up_agreed", "Der er ikke aftalt en opfølgning.")
    return SurveyDates(opens=opens, closes=unhurried_close(opens, order.policies))


def _late(order: Order, round_: Round, agreed: SurveyDates, opens: dt.date) -> SurveyDates:
    """Opened late, after an outage, a round keeps its length as far as the meeting allows, and is open for a day."""
    closes = working_day_from(opens + (agreed.closes - agreed.opens))
    meeting = meeting_ahead(order, round_)
    if meeting:
        closes = min(closes, working_day_until(latest_close(meeting, order.policies)))
    return SurveyDates(opens=opens, closes=max(closes, agreed.closes, add_working_days(opens, 1)))


def extend_survey(order: Order, command: do.ExtendSurvey, now: dt.datetime) -> list[ev.Event]:
    """More days to answer, also after too few had."""
    survey = asked_round(order)
    if not survey.is_open and not survey.awaits_decision:
        raise Rejected("survey_not_open", "Undersøgelsen er ikke åben.")
    if command.closes == survey.closes and survey.is_open:
        return []
    _extension_fits(order, survey, command.closes, now)
    # The extension's own letter reminds; a reminder of the same day would be a second mail.
    told = danish(mail_time(now, order.policies)).date()
    days = reminder_days(SurveyDates(opens=survey.opens, closes=command.closes), order.policies)
    return [
        ev.SurveyExtended(
            at=now, round=survey.round, closes=command.closes, reminders=tuple(day for day in days if day > told)
        )
    ]


def extension_window(order: Order, survey: Survey, now: dt.datetime) -> tuple[dt.date, dt.date]:
    """The first and last day an open round can be extended to; none where the first is after the last.

    An extension is a person's choice: it may eat of the deck's lead time, but the deck comes before the meeting.
    """
    earliest = add_working_days(max(danish(now).date(), survey.closes), 1)
    meeting = meeting_ahead(order, survey.round)
    if meeting is None:
        return earliest, max(earliest, survey.opens + dt.timedelta(days=LONGEST_FOLLOW_UP_DAYS))
    return earliest, add_working_days(meeting, -(1 + LEAST_REVIEW))


def _extension_fits(order: Order, survey: Survey, closes: dt.date, now: dt.datetime) -> None:
    earliest, latest = extension_window(order, survey, now)
    meeting = meeting_ahead(order, survey.round)
    if earliest > latest:
        message = "Mødet er for tæt på til, at undersøgelsen kan forlænges. Flyt mødet først."
        raise Rejected("extension_too_long", message, latest=latest.isoformat())
    if closes < earliest:
        message = f"Undersøgelsen kan tidligst lukke den {short_date(earliest)}."
        raise Rejected("extension_too_short", message, earliest=earliest.isoformat())
    if closes > latest:
        unless = ", eller mødet må flyttes først" if meeting else ""
        message = f"Undersøgelsen skal lukke senest den {short_date(latest)}{unless}."
        raise Rejected("extension_too_long", message, latest=latest.isoformat())


def send_reminder(order: Order, _command: do.SendReminder, now: dt.datetime) -> list[ev.Event]:
    """One more reminder at the next mail time; refused where doctors would have too many, or none should be sent."""
    survey = asked_round(order)
    if not survey.is_open:
        raise Rejected("survey_not_open", "Undersøgelsen er ikke åben.")
    day = danish(mail_time(now, order.policies)).date()
    if day > survey.closes:
        message = f"Svarfristen er den {short_date(survey.closes)}, og før da kan der ikke nå at gå en påmindelse."
        raise Rejected("reminder_too_late", message, closes=survey.closes.isoformat())
    if survey.reminders_added >= MOST_REMINDERS_ADDED:
        message = f"Lægerne har allerede fået {count(MOST_REMINDERS_ADDED, 'ekstra påmindelse', 'ekstra påmindelser')}."
        raise Rejected("reminders_used_up", f"{message} Flere sender vi ikke.", most=MOST_REMINDERS_ADDED)
    if is_unkind(day, order.policies):
        raise Rejected("quiet_time", "Der går ingen påmindelser ud i ferierne, hvor de fleste læger er væk.")
    near = (day, add_working_days(day, -1), add_working_days(day, 1))
    if (other := next((each for each in survey.reminders if each in near), None)) is not None:
        goes = "går en ud" if other >= day else "gik en ud"
        message = f"Der {goes} den {short_date(other)}, og lægerne får højst en påmindelse hver anden arbejdsdag."
        raise Rejected("reminder_too_near", message, day=other.isoformat())
    if (told := told_of_the_round(order, survey, now)) is not None and day <= told:
        message = f"Lægerne får et andet brev om spørgeskemaet den {short_date(told)}: højst én mail om dagen."
        raise Rejected("told_today", message, day=told.isoformat())
    return [ev.ReminderAdded(at=now, round=survey.round, day=day)]


def close_survey(order: Order, command: do.CloseSurvey, now: dt.datetime) -> list[ev.Event]:
    """No more answers: the time is up, everybody has answered, or KiAP says so."""
    survey = planned_round(order, command.round)
    has_a_questionnaire(order)
    if not survey.opened:
        raise Rejected("survey_not_open", "Undersøgelsen er ikke åben.")
    if survey.closed:
        return []
    if command.why == "due" and now < closing_time(survey.closes):
        raise Rejected("survey_not_due", "Undersøgelsen skal ikke lukke endnu.", closes=survey.closes.isoformat())
    return [ev.SurveyClosed(at=now, round=command.round, why=command.why)]


def record_turnout(order: Order, command: do.RecordTurnout, now: dt.datetime) -> list[ev.Event]:
    """How many answered, and whether that is enough."""
    survey = planned_round(order, command.round)
    if not survey.closed:
        raise Rejected("survey_not_closed", "Undersøgelsen er ikke lukket.")
    if survey.enough is not None:
        return []
    enough = command.answers >= order.disclosure.at_least
    return [
        ev.TurnoutCounted(at=now, round=command.round, answers=command.answers, invited=command.invited, enough=enough)
    ]


def go_on_without_results(order: Order, command: do.GoOnWithoutResults, now: dt.datetime) -> list[ev.Event]:
    """Too few answered, or there is no extract, and the order goes on without their numbers."""
    survey = current_round(order)
    if survey.without_results:
        return []
    if order.evidence == "register" and not survey.awaits_extract:
        raise Rejected("nothing_to_decide", "Der er ikke et udtræk at vente på.")
    if order.evidence == "questionnaire" and not survey.awaits_decision:
        raise Rejected("nothing_to_decide", "Der er ikke for få svar at tage stilling til.")
    limit = extract_given_up_at(order, survey) if survey.awaits_extract else decide_by(order, survey)
    if command.automatic and now < limit:
        raise Rejected("may_still_be_decided", "Konsulenten kan stadig nå at tage stilling.")
    return [ev.WentOnWithoutResults(at=now, round=survey.round, automatic=command.automatic)]


def record_results(order: Order, command: do.RecordResults, now: dt.datetime) -> list[ev.Event]:
    """The answers are tabulated."""
    survey = planned_round(order, command.round)
    if survey.enough is None or survey.awaits_decision:
        raise Rejected("turnout_not_settled", "Svarene er ikke talt op endnu.")
    if survey.over:
        raise Rejected("deck_delivered", "Materialet er leveret, og svarene findes ikke mere.")
    if command.extract != survey.extract:
        raise Rejected("results_outdated", "Der er kommet et nyt udtræk, så tallene gøres op igen.")
    if survey.tabulated:
        return []
    return [ev.ResultsTabulated(at=now, round=command.round, answers=command.answers, free_texts=command.free_texts)]
