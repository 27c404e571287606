"""What the clock does to an order: the next step that needs nobody, and when. One pure function, asked by everybody.

The workflow carries the steps out, the agenda shows them, tests and simulations live by them.
"""

import datetime as dt
from collections.abc import Iterator

from domain import commands as do
from domain.calendar import closing_time, mail_time, morning
from domain.limits import (
    call_lapses_at,
    decide_by,
    extract_given_up_at,
    follow_up_lapses_at,
    record_given_up_at,
    shared_by,
    withheld_at,
)
from domain.model import Round
from domain.order import FollowUpStatus, Order, Survey
from domain.steps import Action, Step


def next_step(order: Order, now: dt.datetime) -> Step | None:
    """The next step that needs nobody; None while we are waiting only for people or letters.

    What is due at once is due now. Of several the soonest, and of those due at the same instant the one that comes
    first in the life of an order.
    """
    return min(steps_to_come(order, now), key=lambda step: step.at, default=None)


def steps_to_come(order: Order, now: dt.datetime) -> Iterator[Step]:
    """The next step of each thing under way: plan, each round, record, follow-up, the end."""
    if order.ended:
        yield from _clear_the_ballots(order, now)
        return
    if order.meeting is None or order.baseline is None:
        yield Step(action=Action.LAPSE_ORDER, at=call_lapses_at(order), command=do.CancelOrder(reason="never_called"))
        return
    for survey in order.surveys:
        yield from _of_the_round(order, survey, now)
    if not order.meeting_settled:
        yield Step(action=Action.LEAVE_UNRECORDED, at=record_given_up_at(order), command=do.LeaveMeetingUnrecorded())
    elif order.baseline.over:
        yield from _of_the_follow_up(order, now)


def _clear_the_ballots(order: Order, now: dt.datetime) -> Iterator[Step]:
    """A cancelled order keeps no answers."""
    for survey in order.surveys:
        if survey.opened and not survey.cleared:
            yield Step(action=Action.DESTROY_BALLOTS, at=now, round=survey.round)


def _of_the_round(order: Order, survey: Survey, now: dt.datetime) -> Iterator[Step]:
    round_ = survey.round
    if not survey.opened:
        at = mail_time(morning(survey.opens), order.policies)
        yield Step(action=Action.OPEN_SURVEY, at=at, round=round_, command=do.OpenSurvey(round=round_))
    elif survey.awaits_extract:
        give_up, at = do.GoOnWithoutResults(automatic=True), extract_given_up_at(order, survey)
        yield Step(action=Action.GO_ON_WITHOUT_RESULTS, at=at, round=round_, command=give_up)
    elif not survey.closed:
        command = do.CloseSurvey(round=round_, why="due")
        yield Step(action=Action.CLOSE_SURVEY, at=closing_time(survey.closes), round=round_, command=command)
    elif survey.enough is None:
        yield Step(action=Action.COUNT_ANSWERS, at=now, round=round_)
    elif survey.awaits_decision:
        command_ = do.GoOnWithoutResults(automatic=True)
        yield Step(action=Action.GO_ON_WITHOUT_RESULTS, at=decide_by(order, survey), round=round_, command=command_)
    elif not survey.over or survey.being_remade:
        yield from _of_the_deck(order, survey, now)
    elif not survey.cleared:
        yield Step(action=Action.DESTROY_BALLOTS, at=now, round=round_)


def _of_the_deck(order: Order, survey: Survey, now: dt.datetime) -> Iterator[Step]:
    round_ = survey.round
    if not survey.tabulated:
        yield Step(action=Action.TABULATE, at=now, round=round_)
    elif survey.deck_version == 0 or survey.remake:
        yield Step(action=Action.MAKE_DECK, at=now, round=round_, version=survey.deck_wanted)
    elif survey.held:
        if (limit := withheld_at(order, survey)) is not None:
            yield Step(action=Action.WITHHOLD_DECK, at=limit, round=round_, command=do.WithholdDeck())
    elif survey.review_until is not None:
        command = do.ReleaseDeck(automatic=True)
        yield Step(action=Action.RELEASE_DECK, at=survey.review_until, round=round_, command=command)


def _of_the_follow_up(order: Order, now: dt.datetime) -> Iterator[Step]:
    follow_up = order.follow_up
    if follow_up.agreed and order.second is None:
        if follow_up.opens is not None:
            at = mail_time(morning(follow_up.opens), order.policies)
            command = do.OpenSurvey(round=Round.FOLLOW_UP)
            yield Step(action=Action.OPEN_SURVEY, at=at, round=Round.FOLLOW_UP, command=command)
    elif follow_up.status is FollowUpStatus.UNDECIDED and follow_up.wanted:
        yield Step(action=Action.LAPSE_FOLLOW_UP, at=follow_up_lapses_at(order), command=do.LapseFollowUp())
    elif not order.awaits_follow_up and not order.pending_letters and all(each.cleared for each in order.surveys):
        until = shared_by(order) if order.awaits_sharing else None
        yield Step(action=Action.COMPLETE, at=until or now, command=do.CompleteOrder())
