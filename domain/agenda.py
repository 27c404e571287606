"""What comes next in an order, by itself or of people: for the board, the timeline and Temporal's own page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.calendar import add_working_days, closing_time, morning
from domain.clock import next_step, steps_to_come
from domain.mailings import NOTHING, Waiting, letters_to_come, next_letter
from domain.order import Order
from domain.steps import Action
from domain.tasks import tasks_of


@dataclass(frozen=True)
class Upcoming:
    """Something that will happen by itself as things stand. `code` is stable; `facts` are ids, dates and counts."""

    at: dt.datetime
    code: str
    facts: dict[str, str | int] = field(default_factory=dict)


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
            yield Upcoming(step.at, _code(order, step.action), {"round": str(step.round)} if step.round else {})
    yield from _milestones(order, now)
    for due in letters_to_come(order, now, waiting):
        round_ = {"round": str(due.letter.round)} if due.letter.round else {}
        yield Upcoming(due.at, f"letter.{due.letter.occasion}", {**round_})


OF_REGISTERS = {Action.OPEN_SURVEY: "extract_fetched", Action.GO_ON_WITHOUT_RESULTS: "extract_given_up"}
"""Codes of steps that are another thing where nobody is asked."""


def _code(order: Order, action: Action) -> str:
    return OF_REGISTERS.get(action, action.value) if order.evidence == "register" else action.value


def _milestones(order: Order, now: dt.datetime) -> Iterator[Upcoming]:
    """What no step of the clock's is, and people look out for all the same."""
    if order.ended or order.meeting is None or order.baseline is None:
        return
    if not order.baseline.opened and order.evidence == "questionnaire":
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
