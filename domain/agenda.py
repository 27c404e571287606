"""What comes next in an order and what it needs of people: for the board, the timeline and Temporal's own page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from domain.calendar import add_working_days, closing_time, mail_time, morning, working_day_from
from domain.decisions.deck import may_yet_be_released, withheld_at
from domain.decisions.follow_up import window
from domain.decisions.survey import decide_by as decide_by
from domain.letters import Letter, Occasion
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
        if any(key.startswith(f"{Occasion.FOLLOW_UP_QUESTION}/") for key in order.letters):
            yield Task("decide_follow_up", "coordinator", morning(allowed.closes), morning(allowed.opens))


def _survey_tasks(order: Order, survey: Survey) -> Iterator[Task]:
    if survey.awaits_decision and survey.counted_at:
        yield Task("decide_too_few", "consultant", decide_by(order, survey), survey.counted_at)
    if may_yet_be_released(order, survey) and order.meeting and survey.counted_at:
        yield Task("release_deck", "consultant", order.meeting.starts_at, survey.counted_at)
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
    last_request = Letter(
        Occasion.RECORD_REQUEST, number=f"{order.meeting_edition}.{len(order.policies.record_asked_after)}"
    )
    first = working_day_from(order.meeting.day + dt.timedelta(days=1))
    limit = morning(add_working_days(first, order.policies.record_asked_after[-1]))
    if last_request.key in order.letters:
        yield Task("get_the_record", "consultant", record_given_up_at(order), limit)
    else:
        yield Task("record_the_meeting", "coordinator", limit, order.meeting.ends_at)


def record_given_up_at(order: Order) -> dt.datetime:
    """When the order goes on without a record of its meeting."""
    if order.meeting is None:
        msg = "no meeting, no record"
        raise ValueError(msg)
    return morning(add_working_days(order.meeting.day, order.policies.record_given_up_after))


def call_lapses_at(order: Order) -> dt.datetime:
    """When an order that nobody called about ends by itself."""
    day = danish(order.placed_at).date() + dt.timedelta(days=order.policies.call_lapses_after_days)
    return morning(working_day_from(day))


def follow_up_lapses_at(order: Order) -> dt.datetime:
    """When a follow-up that nobody agreed on is given up."""
    return morning(working_day_from(window(order).closes + dt.timedelta(days=1)))


def comes_next(order: Order, now: dt.datetime) -> list[Upcoming]:
    """What will happen by itself, in order of time: steps and letters."""
    return sorted(_upcoming(order, now), key=lambda upcoming: upcoming.at)


def lies_ahead(order: Order, now: dt.datetime) -> list[Upcoming]:
    """What comes next as people are shown it: without the meeting that has begun and waits for its record."""
    return [each for each in comes_next(order, now) if each.code != "meeting" or each.at >= now]


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
    if order.baseline and not order.baseline.over:
        yield from (step for step in _towards_the_meeting(order, order.meeting.day) if step.at > now)
    yield from _follow_up_steps(order)


def _towards_the_meeting(order: Order, day: dt.date) -> Iterator[Upcoming]:
    """What follows once the material is through. Until then the mail dispatcher has none of it on his list."""
    policies, day_after = order.policies, working_day_from(day + dt.timedelta(days=1))
    yield Upcoming(morning(add_working_days(day, -policies.deck_before_meeting)), "deck_promised")
    yield Upcoming(morning(add_working_days(day, -policies.programme_before_meeting)), f"letter.{Occasion.PROGRAMME}")
    yield Upcoming(morning(add_working_days(day, -1)), f"letter.{Occasion.MEETING_REMINDER}")
    asked = add_working_days(day_after, policies.record_asked_after[0])
    yield Upcoming(morning(asked), f"letter.{Occasion.RECORD_REQUEST}")


def _round_steps(order: Order, survey: Survey) -> Iterator[Upcoming]:
    facts: dict[str, str | int] = {"round": str(survey.round)}
    if not survey.opened:
        yield Upcoming(mail_time(morning(survey.opens), order.policies), "survey_opens", facts)
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
        opens = mail_time(morning(order.follow_up.opens), order.policies)
        yield Upcoming(opens, "survey_opens", {"round": str(Round.FOLLOW_UP)})
    elif order.follow_up.status is FollowUpStatus.UNDECIDED and order.follow_up.wanted and order.meeting:
        yield Upcoming(follow_up_lapses_at(order), "follow_up_lapses")


def due_of(order: Order, now: dt.datetime) -> dt.datetime | None:
    """The next instant something is due of people or by itself: the board's "due"."""
    times = [task.due for task in tasks_of(order)] + [upcoming.at for upcoming in comes_next(order, now)]
    return min(times, default=None)
