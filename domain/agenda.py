"""What comes next in an order and what it needs of people: for the board, the timeline and Temporal's own page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from domain.calendar import add_working_days, closing_time, morning, working_day_from
from domain.decisions.deck import withheld_at
from domain.decisions.follow_up import window
from domain.meeting import danish
from domain.model import Round
from domain.order import FollowUpStatus, Order, Survey
from domain.postbox import letters_to_come
from domain.stages import Stage

Owner = Literal["coordinator", "consultant", "operations"]


@dataclass(frozen=True)
class Task:
    """Something a person is waited for. `kind` is stable; screens give it words."""

    kind: str
    owner: Owner
    due: dt.datetime
    since: dt.datetime


@dataclass(frozen=True)
class Upcoming:
    """Something that will happen by itself as things stand. `code` is stable; `facts` are ids, dates and counts."""

    at: dt.datetime
    code: str
    facts: dict[str, str | int] = field(default_factory=dict)


def tasks_of(order: Order) -> list[Task]:
    """What people are waited for now, the most urgent first."""
    return sorted(_tasks(order), key=lambda task: task.due)


def _tasks(order: Order) -> Iterator[Task]:
    if order.ended:
        return
    if order.consultant is None:
        yield Task(
            "assign_consultant",
            "operations",
            morning(add_working_days(danish(order.placed_at).date(), 1)),
            order.placed_at,
        )
    if order.meeting is None:
        yield Task("hold_the_call", "consultant", morning(add_working_days(order.call_due, 1)), order.placed_at)
        return
    for survey in order.surveys:
        yield from _survey_tasks(order, survey)
    if order.asked_for_record() and not order.meeting_settled:
        yield from _record_tasks(order)
    if order.stage is Stage.QUIET and order.follow_up.status is FollowUpStatus.UNDECIDED and order.follow_up.wanted:
        allowed = window(order)
        if _asked(order, "follow_up_question"):
            yield Task("decide_follow_up", "coordinator", morning(allowed.closes), morning(allowed.opens))


def _survey_tasks(order: Order, survey: Survey) -> Iterator[Task]:
    if survey.awaits_decision and survey.counted_at:
        yield Task("decide_too_few", "consultant", decide_by(order, survey), survey.counted_at)
    if survey.in_review and survey.review_until and survey.counted_at:
        if survey.held:
            yield Task(
                "release_deck", "consultant", withheld_at(order, survey) or survey.review_until, survey.counted_at
            )
        else:
            yield Task("look_at_deck", "consultant", survey.review_until, survey.counted_at)


def _record_tasks(order: Order) -> Iterator[Task]:
    if order.meeting is None:
        return
    asked_all = _asked(order, "record_request") >= len(order.policies.record_asked_after)
    first = working_day_from(order.meeting.day + dt.timedelta(days=1))
    limit = morning(add_working_days(first, order.policies.record_asked_after[-1]))
    if asked_all:
        yield Task("get_the_record", "consultant", record_given_up_at(order), limit)
    else:
        yield Task("record_the_meeting", "coordinator", limit, order.meeting.ends_at)


def _asked(order: Order, occasion: str) -> int:
    edition = f"{order.meeting_edition}." if occasion == "record_request" else ""
    return sum(key.startswith(f"{occasion}//{edition}") for key in order.letters)


def record_given_up_at(order: Order) -> dt.datetime:
    """When the order goes on without a record of its meeting."""
    if order.meeting is None:
        msg = "no meeting, no record"
        raise ValueError(msg)
    return morning(add_working_days(order.meeting.day, order.policies.record_given_up_after))


def decide_by(order: Order, survey: Survey) -> dt.datetime:
    """When a round with too few answers goes on without results by itself: as late as the deck's lead time allows."""
    counted = survey.counted_at or closing_time(survey.closes)
    soonest = add_working_days(danish(counted).date(), order.policies.review_days)
    if survey.round is Round.FOLLOW_UP or order.meeting is None:
        return morning(add_working_days(soonest, order.policies.review_days))
    latest = add_working_days(order.meeting.day, -order.policies.deck_before_meeting)
    return max(counted, morning(max(soonest, latest)))


def call_lapses_at(order: Order) -> dt.datetime:
    """When an order that nobody called about ends by itself."""
    day = danish(order.placed_at).date() + dt.timedelta(days=order.policies.call_lapses_after_days)
    return morning(working_day_from(day))


def comes_next(order: Order, now: dt.datetime) -> list[Upcoming]:
    """What will happen by itself, in order of time: steps and letters."""
    return sorted(_upcoming(order, now), key=lambda upcoming: upcoming.at)


def _upcoming(order: Order, now: dt.datetime) -> Iterator[Upcoming]:
    if order.ended:
        return
    for due in letters_to_come(order, now):
        round_ = {"round": str(due.letter.round)} if due.letter.round else {}
        yield Upcoming(due.at, f"letter.{due.letter.occasion}", {**round_})
    if order.meeting is None:
        yield Upcoming(call_lapses_at(order), "order_lapses")
        return
    if order.baseline:
        yield from _round_steps(order, order.baseline)
    if not order.meeting_settled:
        yield Upcoming(order.meeting.starts_at, "meeting")
    yield from _follow_up_steps(order)


def _round_steps(order: Order, survey: Survey) -> Iterator[Upcoming]:
    facts: dict[str, str | int] = {"round": str(survey.round)}
    if not survey.opened:
        yield Upcoming(morning(survey.opens), "survey_opens", facts)
    if not survey.closed:
        yield Upcoming(closing_time(survey.closes), "survey_closes", facts)
    if survey.awaits_decision:
        yield Upcoming(decide_by(order, survey), "goes_on_without_results", facts)
    if survey.in_review and survey.review_until and not survey.held:
        yield Upcoming(survey.review_until, "deck_goes", facts)


def _follow_up_steps(order: Order) -> Iterator[Upcoming]:
    if order.second:
        yield from _round_steps(order, order.second)
    elif order.follow_up.agreed and order.follow_up.opens:
        yield Upcoming(morning(order.follow_up.opens), "survey_opens", {"round": str(Round.FOLLOW_UP)})
    elif order.follow_up.status is FollowUpStatus.UNDECIDED and order.follow_up.wanted and order.meeting:
        yield Upcoming(morning(window(order).closes + dt.timedelta(days=1)), "follow_up_lapses")


def due_of(order: Order, now: dt.datetime) -> dt.datetime | None:
    """The next instant something is due of people or by itself: the board's "due"."""
    times = [task.due for task in tasks_of(order)] + [upcoming.at for upcoming in comes_next(order, now)]
    return min(times, default=None)
