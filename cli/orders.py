"""`klyngeflow orders`: list, show, people, events, do. Each imports what it alone needs: the list is asked for most."""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperCommand

from cli.board_lines import as_json, cluster_names, who
from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, moment, settings_for, the_store
from cli.table import wide_console
from domain.stages import DANISH, Stage
from storage.board import board, how_many

app = typer.Typer(help="Orders from a terminal.", no_args_is_help=True)

SHOWN = 100
"""Orders in a list that a person reads."""
OrderArgument = Annotated[str, typer.Argument(help="The order's number.")]


@app.command("list")
def list_orders(
    data: DataOption = None,
    json_: JsonOption = False,
    everything: Annotated[bool, typer.Option("--all", help="Ended orders too.")] = False,
    limit: Annotated[
        int | None, typer.Option(min=0, help=f"At most so many, 0: no end to them (default: {SHOWN}, with --json all).")
    ] = None,
) -> None:
    """The orders and where each stands, the soonest due first."""
    ended = None if everything else False
    wanted = (0 if json_ else SHOWN) if limit is None else limit
    with the_store(data) as database:
        rows = board(database, ended=ended, limit=wanted or None)
        names = cluster_names(database)
        more = how_many(database, ended=ended) - len(rows)
    if json_:
        typer.echo(json.dumps([as_json(row, names) for row in rows], ensure_ascii=False, indent=1))
        return
    table = Table("Bestilling", "Klynge", "Pakke", "Hvor langt", "Venter på", "Næste frist", "Møde", box=None)
    for row in rows:
        table.add_row(
            row.order_id,
            names.get(row.cluster, ""),
            row.package,
            DANISH[Stage(row.stage)],
            who(row.needs_action_from),
            moment(row.due) if row.due else "",
            moment(row.meeting_at) if row.meeting_at else "",
        )
    wide_console().print(table if rows else "Ingen bestillinger.")
    if more:
        typer.echo(f"… og {more} til: `klyngeflow orders list --limit 0` viser alle.")


@app.command()
def show(order: OrderArgument, data: DataOption = None, json_: JsonOption = False) -> None:
    """One order: its stage, what it waits for, what has happened, what comes by itself, what keeps failing."""
    from cli import order_view

    with the_store(data) as database:
        order_view.show(database, order, dt.datetime.now(dt.UTC), as_data=json_)


@app.command("people")
def list_people(order: OrderArgument, data: DataOption = None, json_: JsonOption = False) -> None:
    """Who is on the order's list, with the ids that commands take; never who has answered."""
    from cli import order_view

    with the_store(data) as database:
        order_view.show_people(database, order, as_data=json_)


@app.command()
def events(order: OrderArgument, data: DataOption = None, json_: JsonOption = False) -> None:
    """One order's events, as they are stored."""
    from cli import order_view

    with the_store(data) as database:
        order_view.show_events(database, order, as_data=json_)


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
    json_: JsonOption = False,
) -> None:
    """Give an order a command, through the running system's API."""
    from cli.api_client import give_command
    from cli.given_values import request_of
    from worker.address_file import running_url

    settings = settings_for(data)
    body = request_of(command, values or [])
    key = key or _terminals_key(settings.data / "terminal.key")
    url = running_url(settings.data) or settings.url
    told = give_command(url, key, order, body)
    typer.echo(json.dumps(told, ensure_ascii=False) if json_ else f"{order}: {DANISH[Stage(told['stage'])]}")


def _terminals_key(file: Path) -> str:
    if not file.exists():
        raise Refusal("no API key: give --key or set KLYNGEFLOW_API_KEY; `klyngeflow keys make` makes one")
    return file.read_text().strip()
