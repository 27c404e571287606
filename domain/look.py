"""Looking at an order for its workflow: every fact and every moment that matters, computed once, here."""

import datetime as dt

from domain.agenda import due_of
from domain.clock import next_step
from domain.details import details_of
from domain.mailings import NOTHING, Waiting, letters_to_come, letters_to_settle
from domain.order import FollowUpStatus, Order, Survey
from domain.outlook import NextLetter, NextStep, Outlook, RoundOutlook, Shown
from domain.steps import Step


def outlook_of(order: Order, now: dt.datetime, waiting: Waiting = NOTHING) -> Outlook:
    """What is so at this instant. `waiting` is the mail that waits in the outbox (see `domain/mailings`)."""
    step, letters = next_step(order, now), _next_letters(order, now, waiting)
    undecided = order.follow_up.status is FollowUpStatus.UNDECIDED and order.follow_up.wanted
    return Outlook(
        order=order.id,
        version=order.version,
        ended=order.ended is not None,
        finished=order.ended is not None and step is None and not letters,
        plan_agreed=order.meeting is not None,
        baseline=_round(order.baseline),
        meeting_settled=order.meeting_settled,
        awaits_follow_up=order.awaits_follow_up,
        follow_up_settled=not undecided,
        follow_up_agreed=order.follow_up.agreed,
        second=_round(order.second),
        letters_pending=bool(order.pending_letters),
        step=_next(step) if step else None,
        letters=letters,
        shown=Shown(
            stage=order.stage,
            cluster=order.cluster,
            package=order.package,
            consultant=order.consultant,
            due=None if order.ended else due_of(order, now),
            meeting=order.meeting.starts.isoformat() if order.meeting else None,
            follow_up_opens=order.follow_up.opens,
            details=details_of(order, now),
        ),
    )


def _next(step: Step) -> NextStep:
    return NextStep(action=step.action, at=step.at, round=step.round, version=step.version)


def _round(survey: Survey | None) -> RoundOutlook:
    if survey is None:
        return RoundOutlook()
    return RoundOutlook(settled=survey.settled, over=survey.over and survey.cleared)


def _next_letters(order: Order, now: dt.datetime, waiting: Waiting) -> tuple[NextLetter, ...]:
    due = [*letters_to_come(order, now, waiting), *letters_to_settle(order, now, waiting)]
    first = min((each.at for each in due), default=None)
    return tuple(NextLetter(key=each.letter.key, at=each.at, settle=each.settle) for each in due if each.at == first)
