"""`klyngeflow tasks`: what waits for KiAP's people, and what the system cannot do by itself."""

import json
from typing import Any

import typer
from rich.table import Table

from cli.reading import DataOption, JsonOption, moment, the_store
from cli.table import wide_console
from domain import danish
from domain.stages import OWNERS
from domain.words import incident_line, task_line
from storage import incidents
from storage.incidents import NO_ORDER, Incident
from storage.tasks import TaskRow
from storage.tasks import tasks as waiting_tasks


def tasks(data: DataOption = None, json_: JsonOption = False) -> None:
    """What each order waits for people to do, and what keeps failing or stands still, with its reason."""
    with the_store(data) as database:
        waiting = waiting_tasks(database)
        with database.read() as connection:
            troubles = incidents.incidents(connection)
    if json_:
        told = {"troubles": [_trouble(each) for each in troubles], "tasks": [_task(each) for each in waiting]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    console = wide_console()
    if troubles:
        table = Table("Kan ikke selv", "Bestilling", "Siden", box=None)
        for trouble in troubles:
            order = "" if trouble.order_id == NO_ORDER else trouble.order_id
            table.add_row(incident_line(trouble.kind, trouble.step, trouble.reason), order, moment(trouble.since))
        console.print(table)
    if waiting:
        table = Table("Venter på", "Hvad", "Bestilling", "Senest", box=None)
        for task in waiting:
            due = moment(task.due) if task.due else ""
            table.add_row(danish.sentence(OWNERS[task.owner_role]), task_line(task.kind), task.order_id, due)
        console.print(table)
    if not troubles and not waiting:
        console.print("Intet venter.")


def _trouble(incident: Incident) -> dict[str, Any]:
    return {
        "kind": incident.kind,
        "order": None if incident.order_id == NO_ORDER else incident.order_id,
        "step": incident.step,
        "reason": incident.reason,
        "attempts": incident.attempts,
        "since": incident.since.isoformat(),
    }


def _task(task: TaskRow) -> dict[str, Any]:
    due = task.due and task.due.isoformat()
    return {"order": task.order_id, "kind": task.kind, "owner": task.owner_role, "who": task.owner_id, "due": due}
