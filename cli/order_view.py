"""One order in a terminal: how it stands, who is on its list, its events."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.board_lines import as_json, cluster_names, the_row, who
from cli.ending import Refusal
from cli.reading import moment
from cli.table import wide_console
from domain import danish
from domain.agenda import Upcoming, lies_ahead
from domain.evolution import load
from domain.model import OrderId, PracticeId
from domain.order import Member, Order
from domain.stages import DANISH, Stage
from domain.words import incident_line, next_line, past_line, task_line
from storage import clusters, incidents, people
from storage.clusters import Practice
from storage.database import Database
from storage.event_store import EventStore
from storage.tasks import tasks
from storage.timeline import TimelineRow, timeline


def show(database: Database, order: str, now: dt.datetime, *, as_data: bool) -> None:
    """Its stage, what it waits for, what has happened, what comes by itself, what keeps failing."""
    row = the_row(database, order)
    names = cluster_names(database)
    waiting = tasks(database, order_id=order)
    past = timeline(database, order)
    coming = lies_ahead(_order(database, order), now)
    with database.read() as connection:
        troubles = incidents.incidents(connection, OrderId(order))
    if as_data:
        told = as_json(row, names) | {
            "tasks": [{"kind": t.kind, "owner": t.owner_role, "due": t.due and t.due.isoformat()} for t in waiting],
            "troubles": [{"kind": t.kind, "step": t.step, "reason": t.reason} for t in troubles],
            "past": [_entry(line) for line in past],
            "next": [_entry(line) for line in coming],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    console = wide_console()
    console.print(f"[bold]{row.order_id}[/bold] {escape(names.get(row.cluster, ''))} · {row.package}")
    console.print(DANISH[Stage(row.stage)])
    for trouble in troubles:
        console.print(f"  [red]{incident_line(trouble.kind, trouble.step, trouble.reason)}[/red]")
    for task in waiting:
        due = f" (senest {moment(task.due)})" if task.due else ""
        console.print(f"  {danish.sentence(who(task.owner_role))}: {task_line(task.kind)}{due}")
    _lines(console, "Sket", [(line.at, past_line(line.code, line.facts)) for line in past])
    _lines(console, "Kommer af sig selv", [(line.at, next_line(line.code, line.facts)) for line in coming])


def _lines(console: Console, heading: str, lines: list[tuple[dt.datetime, str]]) -> None:
    table = Table("", heading, box=None, header_style="bold")
    for at, said in lines:
        table.add_row(moment(at), said)
    if lines:
        console.print()
        console.print(table)


def _entry(line: TimelineRow | Upcoming) -> dict[str, Any]:
    return {"at": line.at.isoformat(), "code": line.code, "facts": line.facts}


def show_people(database: Database, order: str, *, as_data: bool) -> None:
    """Who is on its list; never who has answered."""
    the_row(database, order)
    found = _order(database, order)
    with database.read() as connection:
        known = people.people(connection, [found.coordinator, *found.members])
        practices = clusters.practices(connection, [member.practice for member in found.members.values()])
    on_the_list = [
        (each, found.members.get(each.id))
        for each in sorted(known.values(), key=lambda each: danish.alphabetical(each.name))
    ]
    if as_data:
        told = [
            {
                "person": each.id,
                "name": each.name,
                "email": each.email,
                "practice": _practice(practices, member),
                "role": member.role if member else None,
                "coordinator": each.id == found.coordinator,
                "active": member is not None and member.active,
            }
            for each, member in on_the_list
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    table = Table("Id", "Navn", "Mailadresse", "Praksis", "", box=None)
    for each, member in on_the_list:
        standing = "koordinator" if each.id == found.coordinator else ""
        if member is not None and not member.active:
            standing = "ikke på listen mere"
        table.add_row(each.id, escape(each.name), escape(each.email), escape(_practice(practices, member)), standing)
    wide_console().print(table)


def _practice(practices: Mapping[PracticeId, Practice], member: Member | None) -> str:
    return practices[member.practice].name if member is not None and member.practice in practices else ""


def show_events(database: Database, order: str, *, as_data: bool) -> None:
    """As they are stored."""
    the_row(database, order)
    recorded = EventStore(database).load_recorded(order)
    for each in recorded:
        if as_data:
            by = {"role": each.by.role, "who": each.by.who}
            row = {"version": each.version, "by": by, "event": each.event.model_dump(mode="json")}
            typer.echo(json.dumps(row, ensure_ascii=False))
        else:
            facts = each.event.model_dump_json(exclude={"at", "type"})
            when = f"{each.event.at:%Y-%m-%dT%H:%M:%SZ}"
            typer.echo(f"{each.version:3} {when} {each.by!s:24} {each.event.type} {facts}")


def _order(database: Database, order: str) -> Order:
    found = load(EventStore(database).load(OrderId(order)))
    if found is None:
        raise Refusal(f"there is no order '{order}'; `klyngeflow orders list --all` shows them", 1)
    return found
