"""How long a task can be put off: never past the moment at which the system acts without us."""

import datetime as dt

from domain.calendar import ONE_DAY, end_of_work, working_day_until
from domain.limits import call_lapses_at, extract_given_up_at, follow_up_lapses_at, record_given_up_at, shared_by
from domain.meeting import danish
from domain.order import Order
from domain.task_kinds import Postponement, TaskKind
from domain.tasks import Task, tasks_as_promised

LONGEST_POSTPONEMENT = 60
"""Days from today that a task can be put off."""


def task_of(order: Order, kind: TaskKind) -> Task | None:
    """The order's task of this kind, as it was promised; None where nobody is waited for with it."""
    return next((task for task in tasks_as_promised(order) if task.kind is kind), None)


def latest_day(order: Order, task: Task, now: dt.datetime) -> dt.date:
    """The last day the task can be put off to today. It may lie behind us: then it cannot be put off."""
    latest = danish(now).date() + dt.timedelta(days=LONGEST_POSTPONEMENT)
    in_time = last_day_in_time(order, task)
    return latest if in_time is None else min(latest, in_time)


def last_day_in_time(order: Order, task: Task) -> dt.date | None:
    """The last working day whose end comes before the system acts without us; None where it does not."""
    acts = acts_without_us(order, task)
    if acts is None:
        return None
    day = danish(acts).date()
    return working_day_until(day if end_of_work(day) <= acts else day - ONE_DAY)


def acts_without_us(order: Order, task: Task) -> dt.datetime | None:
    """When the system does something itself because nobody has done the task, or doing it has lost its use.

    A consultant is missed by nobody but people, once the meeting is agreed.
    """
    match task.kind:
        case TaskKind.ASSIGN_CONSULTANT | TaskKind.HOLD_THE_CALL:
            return call_lapses_at(order) if order.meeting is None else None
        case TaskKind.RECORD_THE_MEETING | TaskKind.GET_THE_RECORD:
            return record_given_up_at(order)
        case TaskKind.DECIDE_FOLLOW_UP:
            return follow_up_lapses_at(order)
        case TaskKind.SHARE_COMPARISON:
            return shared_by(order)
        case TaskKind.GET_EXTRACT:
            return _extract_given_up(order)
        case TaskKind.DECIDE_TOO_FEW | TaskKind.READ_FREE_TEXTS | TaskKind.LOOK_AT_DECK | TaskKind.RELEASE_DECK:
            return task.promised
        case TaskKind.CORRECT_DECK | TaskKind.LOOK_AT_PROGRAMME:
            return order.meeting.starts_at if order.meeting else None


def _extract_given_up(order: Order) -> dt.datetime | None:
    waiting = (extract_given_up_at(order, survey) for survey in order.surveys if survey.awaits_extract)
    return next(waiting, None)


def put_off_still(order: Order) -> dict[TaskKind, Postponement]:
    """What is put off of the tasks as they stand: not of one that is done, nor past a moment that has come nearer."""
    standing = dict[TaskKind, Postponement]()
    for task in tasks_as_promised(order):
        put_off, limit = order.postponements.get(task.kind), last_day_in_time(order, task)
        if put_off is not None and (limit is None or put_off.until <= limit):
            standing[task.kind] = put_off
    return standing
