"""An order in a few lines of Danish Markdown, for Temporal's own page: stage, who is to act, what comes next."""

import datetime as dt

from domain.agenda import lies_ahead
from domain.danish import clock, long_date, sentence
from domain.meeting import danish
from domain.order import Order
from domain.stages import DANISH, OWNERS
from domain.tasks import Task, tasks_of
from domain.words import ROUNDS, next_line, task_line, turnout_line

NEXT_LINES = 6


def details_of(order: Order, now: dt.datetime) -> str:
    """No names: package, dates, counts."""
    facts = [f"Pakke: {order.package} (version {order.package_version})"]
    if order.meeting:
        facts.append(f"Møde: {long_date(order.meeting.starts)} {clock(order.meeting.starts)}")
    facts += [
        f"{ROUNDS[survey.round]}: {turnout_line(survey.answers, survey.invited or 0, survey.evidence)}"
        for survey in order.surveys
        if survey.answers is not None
    ]
    waiting = [
        f"{sentence(OWNERS[task.owner])}: {task_line(task.kind)} ({_by_when(task, now)})" for task in tasks_of(order)
    ]
    coming = [
        f"{sentence(_when(upcoming.at))}: {next_line(upcoming.code, upcoming.facts)}"
        for upcoming in lies_ahead(order, now)[:NEXT_LINES]
    ]
    parts = [f"**{DANISH[order.stage]}**", _list(facts)]
    if waiting:
        parts += ["Venter på:", _list(waiting)]
    if coming:
        parts += ["Det næste:", _list(coming)]
    return "\n\n".join(parts)


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _by_when(task: Task, now: dt.datetime) -> str:
    if task.postponed_until is not None and task.is_put_off(danish(now).date()):
        return f"udsat til {long_date(task.postponed_until)}"
    return f"senest {_when(task.due)}"


def _when(instant: dt.datetime) -> str:
    return f"{long_date(instant)} {clock(instant)}"
