"""Whether a letter that has gone is worth sending again to those it turned out never to have left for."""

import datetime as dt
from collections.abc import Callable

from domain import commands as do
from domain import events as ev
from domain.calendar import closing_time, mail_time, morning
from domain.decisions.rules import decides
from domain.letters import Letter, Occasion
from domain.meeting import danish
from domain.model import Rejected
from domain.order import FollowUpStatus, Order, Survey


@decides(do.SendLettersAgain)
def _(order: Order, command: do.SendLettersAgain, now: dt.datetime) -> list[ev.Event]:
    if command.key not in order.letters or command.key in order.pending_letters:
        return []  # it is still to come, and will take all with it that waits
    letter = Letter.parse(command.key)
    if not is_still_true(order, letter, now):
        raise Rejected("letter_overtaken", "Brevet siger ikke længere noget, modtageren har brug for.", key=command.key)
    return [ev.LettersSent(at=now, key=letter.key, sent=command.sent, failed=command.failed, waiting=command.waiting)]


def is_still_true(order: Order, letter: Letter, now: dt.datetime) -> bool:
    """Whether the letter, leaving at the next mail time from now, tells its readers what they do not know otherwise."""
    at = now if letter.manner.at_once else mail_time(now, order.policies)
    return _STILL_TRUE[letter.occasion](order, letter, at)


def _never(_order: Order, _letter: Letter, _at: dt.datetime) -> bool:
    """The next one comes by itself, or somebody at KiAP has the task on the list."""
    return False


def _receipt(order: Order, letter: Letter, _at: dt.datetime) -> bool:
    if order.coordinators > 1:
        return letter.number == str(order.coordinators)
    return order.meeting is None


def _before_the_meeting(order: Order, _letter: Letter, at: dt.datetime) -> bool:
    return order.meeting is not None and not order.meeting_settled and at < order.meeting.starts_at


def _of_this_plan(order: Order, letter: Letter, at: dt.datetime) -> bool:
    return letter.number == str(order.meeting_edition) and _before_the_meeting(order, letter, at)


def _of_this_meeting_day(order: Order, letter: Letter, at: dt.datetime) -> bool:
    """The reminder; who has had a letter about the meeting that same day needs none."""
    same = order.meeting is not None and letter.number == order.meeting.day.isoformat()
    told_today = order.told_on == danish(at).date()
    return same and not told_today and _before_the_meeting(order, letter, at)


def _while_open(order: Order, letter: Letter, at: dt.datetime) -> bool:
    survey = _survey(order, letter)
    return survey is not None and survey.is_open and at < closing_time(survey.closes)


def _extended(order: Order, letter: Letter, at: dt.datetime) -> bool:
    survey = _survey(order, letter)
    return survey is not None and letter.number == str(survey.extensions) and _while_open(order, letter, at)


def _reminder(order: Order, letter: Letter, at: dt.datetime) -> bool:
    """For its own day, and for nobody who has had other news of the round on it."""
    survey, day = _survey(order, letter), danish(at).date()
    told_today = survey is not None and survey.told_on == day
    return letter.number == day.isoformat() and not told_today and _while_open(order, letter, at)


def _too_few(order: Order, letter: Letter, _at: dt.datetime) -> bool:
    survey = _survey(order, letter)
    return survey is not None and survey.awaits_decision and letter.number == str(survey.extensions)


def _in_review(order: Order, letter: Letter, _at: dt.datetime) -> bool:
    survey = _survey(order, letter)
    return survey is not None and survey.in_review


def _delivered(order: Order, letter: Letter, _at: dt.datetime) -> bool:
    survey = _survey(order, letter)
    return survey is not None and survey.released_at is not None


def _delivered_for_the_meeting(order: Order, letter: Letter, at: dt.datetime) -> bool:
    return not order.meeting_settled and _delivered(order, letter, at)


def _after_the_meeting(order: Order, _letter: Letter, _at: dt.datetime) -> bool:
    return order.record is not None and order.second is None


def _notice(order: Order, letter: Letter, at: dt.datetime) -> bool:
    opens = order.follow_up.opens
    if order.follow_up.status is not FollowUpStatus.AGREED or opens is None:
        return False
    return letter.number == opens.isoformat() and at < morning(opens)


def _survey(order: Order, letter: Letter) -> Survey | None:
    return order.survey(letter.round) if letter.round else None


_STILL_TRUE: dict[Occasion, Callable[[Order, Letter, dt.datetime], bool]] = {
    Occasion.ORDER_RECEIVED: _receipt,
    Occasion.CALL_OVERDUE: _never,
    Occasion.PLAN_AGREED: _of_this_plan,
    Occasion.INVITATION: _while_open,
    Occasion.REMINDER: _reminder,
    Occasion.SURVEY_EXTENDED: _extended,
    Occasion.TOO_FEW_ANSWERS: _too_few,
    Occasion.DECK_REVIEW: _in_review,
    Occasion.DECK_DELIVERED: _delivered_for_the_meeting,
    Occasion.PROGRAMME: _before_the_meeting,
    Occasion.MEETING_MOVED: _of_this_plan,
    Occasion.MEETING_REMINDER: _of_this_meeting_day,
    Occasion.RECORD_REQUEST: _never,
    Occasion.AFTER_MEETING: _after_the_meeting,
    Occasion.FOLLOW_UP_QUESTION: _never,
    Occasion.FOLLOW_UP_NOTICE: _notice,
    Occasion.COMPARISON_DELIVERED: _delivered,
}
