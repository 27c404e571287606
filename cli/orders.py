"""`klyngeflow orders`: list, show, events, do."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperCommand

from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, settings_for, the_store
from cli.table import wide_console
from domain import danish
from domain.stages import DANISH, Stage
from domain.words import OWNERS, next_line, past_line, task_line
from storage import directory
from storage.board import BoardRow, board, board_row
from storage.database import Database
from storage.event_store import EventStore
from storage.tasks import tasks
from storage.timeline import TimelineRow, timeline
from worker.address_file import running_url

app = typer.Typer(help="Orders from a terminal.", no_args_is_help=True)

OrderArgument = Annotated[str, typer.Argument(help="The order's number.")]


@app.command("list")
def list_orders(
    data: DataOption = None,
    json_: JsonOption = False,
    everything: Annotated[bool, typer.Option("--all", help="Ended orders too.")] = False,
) -> None:
    """The orders and where each stands."""
    with the_store(data) as database:
        rows = board(database, ended=None if everything else False)
        names = _cluster_names(database)
    if json_:
        typer.echo(json.dumps([_as_json(row, names) for row in rows], ensure_ascii=False, indent=1))
        return
    table = Table("Bestilling", "Klynge", "Pakke", "Hvor langt", "Venter på", "Næste frist", "Møde", box=None)
    for row in rows:
        table.add_row(
            row.order_id,
            names.get(row.cluster, ""),
            row.package,
            DANISH[Stage(row.stage)],
            _who(row.needs_action_from),
            _when(row.due) if row.due else "",
            _when(row.meeting_at) if row.meeting_at else "",
        )
    wide_console().print(table if rows else "Ingen bestillinger.")


@app.command()
def show(order: OrderArgument, data: DataOption = None, json_: JsonOption = False) -> None:
    """One order: its stage, what people are waited for, its timeline, past and next."""
    with the_store(data) as database:
        row = _row(database, order)
        names = _cluster_names(database)
        waiting = tasks(database, order_id=order)
        past, coming = timeline(database, order, past=True), timeline(database, order, past=False)
    if json_:
        told = _as_json(row, names) | {
            "tasks": [{"kind": t.kind, "owner": t.owner_role, "due": t.due and t.due.isoformat()} for t in waiting],
            "past": [_entry(line) for line in past],
            "next": [_entry(line) for line in coming],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    console = wide_console()
    console.print(f"[bold]{row.order_id}[/bold] {escape(names.get(row.cluster, ''))} · {row.package}")
    console.print(DANISH[Stage(row.stage)])
    for task in waiting:
        due = f" (senest {_when(task.due)})" if task.due else ""
        console.print(f"  {danish.sentence(_who(task.owner_role))}: {task_line(task.kind)}{due}")
    _lines(console, "Sket", [(line.at, past_line(line.code, line.facts)) for line in past])
    _lines(console, "Kommer af sig selv", [(line.at, next_line(line.code, line.facts)) for line in coming])


def _lines(console: Console, heading: str, lines: list[tuple[dt.datetime, str]]) -> None:
    table = Table("", heading, box=None, header_style="bold")
    for at, said in lines:
        table.add_row(_when(at), said)
    if lines:
        console.print()
        console.print(table)


def _when(at: dt.datetime) -> str:
    return f"{danish.short_date(at)} {danish.clock(at)}"


def _who(owner: str | None) -> str:
    names: Mapping[str, str] = {str(role): name for role, name in OWNERS.items()}
    return names.get(owner, owner) if owner else ""


@app.command()
def events(order: OrderArgument, data: DataOption = None, json_: JsonOption = False) -> None:
    """One order's events, as they are stored."""
    with the_store(data) as database:
        _row(database, order)
        recorded = EventStore(database).load_recorded(order)
    for each in recorded:
        if json_:
            row = {"version": each.version, "actor": each.actor, "event": each.event.model_dump(mode="json")}
            typer.echo(json.dumps(row, ensure_ascii=False))
        else:
            facts = each.event.model_dump_json(exclude={"at", "type"})
            typer.echo(f"{each.version:3} {each.event.at:%Y-%m-%dT%H:%M:%SZ} {each.actor:12} {each.event.type} {facts}")


class _WithTheCommands(TyperCommand):
    """Its help ends with the list of commands, which takes the API's forms to make: only where it is asked for."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - the types are Typer's own
        from cli.command_list import command_list

        super().format_help(ctx, formatter)
        typer.echo(command_list())


@app.command(cls=_WithTheCommands)
def do(
    order: OrderArgument,
    command: Annotated[str, typer.Argument(help="One of those below.")],
    values: Annotated[list[str] | None, typer.Argument(help="key=value …; dots nest: meeting.starts=…")] = None,
    data: DataOption = None,
    key: Annotated[
        str, typer.Option(help="API key; the embedded stack's own is found by itself.", envvar="KLYNGEFLOW_API_KEY")
    ] = "",
    as_: Annotated[str, typer.Option("--as", help="Capacity whose embedded key is used.")] = "consultant",
    json_: JsonOption = False,
) -> None:
    """Give an order a command, through the running system's API."""
    from cli.api_client import give_command

    settings = settings_for(data)
    body = {"type": command, **_nested(values or [])}
    key = key or _embedded_key(settings.data / "api-keys.json", as_)
    url = running_url(settings.data) or settings.url
    told = give_command(url, key, order, body)
    typer.echo(json.dumps(told, ensure_ascii=False) if json_ else f"{order}: {DANISH[Stage(told['stage'])]}")


def _nested(values: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for value in values:
        name, equals, given = value.partition("=")
        if not equals:
            raise Refusal(f"'{value}' is not key=value")
        at = made
        *parents, last = name.split(".")
        for parent in parents:
            at = at.setdefault(parent, {})
            if not isinstance(at, dict):
                raise Refusal(f"'{name}' stands inside '{parent}', which has a value of its own already")
        if last in at:
            raise Refusal(f"'{name}' is given twice")
        at[last] = _value(given)
    return made


def _value(given: str) -> Any:  # noqa: ANN401
    """JSON where it is; but digits stay text, as telephone numbers are: the API reads a number where it wants one."""
    try:
        read = json.loads(given)
    except ValueError:
        return given
    return given if type(read) in (int, float) else read


def _embedded_key(file: Path, actor: str) -> str:
    if not file.exists():
        raise Refusal("no API key: give --key or set KLYNGEFLOW_API_KEY")
    keys: dict[str, str] = json.loads(file.read_text())
    found = [key for key, holder in keys.items() if holder == actor]
    if not found:
        raise Refusal(f"there is no key for '{actor}'; there are {', '.join(sorted(set(keys.values())))}")
    return found[0]


def _row(database: Database, order: str) -> BoardRow:
    row = board_row(database, order)
    if row is None:
        raise Refusal(f"there is no order '{order}'; `klyngeflow orders list --all` shows them", 1)
    return row


def _cluster_names(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {cluster.id: cluster.name for cluster in directory.clusters(connection)}


def _as_json(row: BoardRow, names: dict[str, str]) -> dict[str, Any]:
    return {
        "order": row.order_id,
        "cluster": names.get(row.cluster, ""),
        "package": row.package,
        "stage": row.stage,
        "needs_action_from": row.needs_action_from,
        "due": row.due and row.due.isoformat(),
        "meeting_at": row.meeting_at and row.meeting_at.isoformat(),
        "members": row.members,
        "ended_at": row.ended_at and row.ended_at.isoformat(),
        "version": row.version,
    }


def _entry(line: TimelineRow) -> dict[str, Any]:
    return {"at": line.at.isoformat(), "code": line.code, "facts": line.facts}
