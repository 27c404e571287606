"""Decisions on KiAP's own work: a call noted, a task put off or taken up again, a note."""

import datetime as dt

from domain import commands as do
from domain import events as ev
from domain.calendar import ONE_DAY
from domain.danish import short_date
from domain.meeting import danish
from domain.model import Rejected
from domain.order import Order
from domain.postponing import latest_day, task_of


def note_call(order: Order, command: do.NoteCall, now: dt.datetime) -> list[ev.Event]:
    """The coordinator was rung. The call is what we wait for until the plan is agreed; then it is held."""
    if order.meeting is not None:
        raise Rejected("call_was_held", "Opkaldet er holdt, og mødet er aftalt.")
    return [ev.CallNoted(at=now, outcome=command.outcome, note=command.note)]


def postpone_task(order: Order, command: do.PostponeTask, now: dt.datetime) -> list[ev.Event]:
    """A task is put off, or put off anew."""
    task = task_of(order, command.task)
    if task is None:
        raise Rejected("no_such_task", "Den opgave venter ikke i bestillingen nu.", task=command.task)
    earliest, latest = danish(now).date() + ONE_DAY, latest_day(order, task, now)
    if latest < earliest:
        message = "Opgaven kan ikke udsættes, for om lidt går bestillingen videre af sig selv."
        raise Rejected("cannot_be_postponed", message, task=command.task)
    if command.until < earliest:
        message = f"Opgaven kan tidligst udsættes til den {short_date(earliest)}."
        raise Rejected("postponed_too_briefly", message, earliest=earliest.isoformat())
    if command.until > latest:
        message = f"Opgaven kan højst udsættes til den {short_date(latest)}."
        raise Rejected("postponed_too_long", message, latest=latest.isoformat())
    return [ev.TaskPostponed(at=now, task=command.task, until=command.until, why=command.why)]


def resume_task(order: Order, command: do.ResumeTask, now: dt.datetime) -> list[ev.Event]:
    """A task put off is not put off any more."""
    return [ev.TaskResumed(at=now, task=command.task)] if command.task in order.postponements else []


def add_note(_order: Order, command: do.AddNote, now: dt.datetime) -> list[ev.Event]:
    """A note for KiAP's own."""
    return [ev.NoteAdded(at=now, note=command.note)]
