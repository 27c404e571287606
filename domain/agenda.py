"""What comes next in an order and what it needs of people: for the board, the timeline and Temporal's own page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.calendar import add_working_days, closing_time, end_of_work, morning, working_day_from
from domain.clock import next_step, record_given_up_at, steps_to_come
from domain.decisions.deck import may_yet_be_released, withheld_at
from domain.decisions.follow_up import window
from domain.decisions.survey import decide_by
from domain.letters import Letter, Occasion
from domain.mailings import NOTHING, Waiting, letters_to_come, next_letter
from domain.meeting import danish
from domain.order import FollowUpStatus, Order, Survey
from domain.stages import Owner, Stage
from domain.steps import Action


@dataclass(frozen=True)
class Task:
    """Something we are waiting for a person to do. `kind` is stable; screens give it words."""

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
    """What we are waiting for people to do now, the most urgent first."""
    return sorted(_tasks(order), key=lambda task: task.due)


def _tasks(order: Order) -> Iterator[Task]:
    if order.ended:
        return
    if order.consultant is None:
        yield Task(
            "assign_consultant",
            "operations",
            end_of_work(add_working_days(danish(order.placed_at).date(), 1)),
            order.placed_at,
        )
    if order.meeting is None:
        yield Task("hold_the_call", "consultant", end_of_work(order.call_due), order.placed_at)
        return
    for survey in order.surveys:
        yield from _survey_tasks(order, survey)
    if order.asked_for_record() and not order.meeting_settled:
        yield from _record_tasks(order)
    if order.stage is Stage.QUIET and order.follow_up.status is FollowUpStatus.UNDECIDED and order.follow_up.wanted:
        allowed = window(order)
        if any(key.startswith(f"{Occasion.FOLLOW_UP_QUESTION}/") for key in order.letters):
            yield Task("decide_follow_up", "coordinator", end_of_work(allowed.closes), morning(allowed.opens))


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


HIDDEN = (Action.COUNT_ANSWERS, Action.TABULATE, Action.MAKE_DECK, Action.DESTROY_BALLOTS, Action.COMPLETE)
"""Steps of seconds, which nobody waits for."""
LAST_RESORT = (Action.LEAVE_UNRECORDED, Action.WITHHOLD_DECK)
"""Steps taken only where people have not acted first: they are shown as somebody's task, with its date."""


def comes_next(order: Order, now: dt.datetime, waiting: Waiting = NOTHING) -> list[Upcoming]:
    """What will happen by itself, in order of time: steps and letters."""
    return sorted(_upcoming(order, now, waiting), key=lambda upcoming: upcoming.at)


def lies_ahead(order: Order, now: dt.datetime) -> list[Upcoming]:
    """What comes next as people are shown it: without the meeting that has begun and waits for its record."""
    return [each for each in comes_next(order, now) if each.code != "meeting" or each.at >= now]


def _upcoming(order: Order, now: dt.datetime, waiting: Waiting) -> Iterator[Upcoming]:
    """Of what comes at the same instant the letters last: they tell of the rest."""
    for step in steps_to_come(order, now):
        if step.action not in HIDDEN and step.action not in LAST_RESORT:
            yield Upcoming(step.at, step.action.value, {"round": str(step.round)} if step.round else {})
    yield from _milestones(order, now)
    for due in letters_to_come(order, now, waiting):
        round_ = {"round": str(due.letter.round)} if due.letter.round else {}
        yield Upcoming(due.at, f"letter.{due.letter.occasion}", {**round_})


def _milestones(order: Order, now: dt.datetime) -> Iterator[Upcoming]:
    """What no step of the clock's is, and people look out for all the same."""
    if order.ended or order.meeting is None or order.baseline is None:
        return
    if not order.baseline.opened:
        yield Upcoming(closing_time(order.baseline.closes), Action.CLOSE_SURVEY.value, {"round": "baseline"})
    if not order.meeting_settled:
        yield Upcoming(order.meeting.starts_at, "meeting")
    promised = morning(add_working_days(order.meeting.day, -order.policies.deck_before_meeting))
    if not order.baseline.over and promised > now:
        yield Upcoming(promised, "deck_promised")


def due_of(order: Order, now: dt.datetime) -> dt.datetime | None:
    """The next instant something is due of people or by itself: the board's "due"."""
    times = [task.due for task in tasks_of(order)] + [upcoming.at for upcoming in comes_next(order, now)]
    return min(times, default=None)


def next_by_itself(order: Order, now: dt.datetime, waiting: Waiting = NOTHING) -> dt.datetime | None:
    """When the system itself has something to do for the order next: a step or a letter."""
    step, letter = next_step(order, now), next_letter(order, now, waiting)
    return min((each.at for each in (step, letter) if each is not None), default=None)
