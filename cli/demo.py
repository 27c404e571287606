"""`klyngeflow demo`: one order's whole life in a couple of minutes."""

import asyncio
import datetime as dt
import signal
from collections.abc import Coroutine
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.ending import Refusal
from cli.out_folder import OutFolderError, check_room
from cli.play import play
from demo.check import Figure
from demo.play.playing import CLUSTERS
from demo.run import MARK, Outcome, run_demo
from demo.time_machine import Stuck
from domain.danish import count, number, numeric_date, time_of_day
from worker.servers import ServerFailed

WIDTH = 150
"""Columns where nobody's terminal says."""
ROOM = 10_000_000
"""Bytes, in each place: about twice what a demo takes."""
ROOM_TO_PLAY = 60_000_000
"""Bytes: what a country of 115 clusters takes to begin with, and half as much again."""


def demo(
    out: Annotated[Path, typer.Option(help="Folder for decks, documents, mails, results and histories.")] = Path(
        "out/demo"
    ),
    keep: Annotated[
        Path | None, typer.Option(help="New folder for what it works with, database and keys (default: thrown away).")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Play instead: a whole country, in the browser, on a clock you move.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="With --serve: port of the pages (default: a free one).")
    ] = None,
    clusters: Annotated[
        int, typer.Option(min=1, max=CLUSTERS, help="With --serve: how many clusters the country has.")
    ] = CLUSTERS,
) -> None:
    """Carry one order from "bestilt" to the comparison: real server, real pages, real files; time is skipped."""
    if keep:
        _check_new(keep)
    if serve:
        _check_room("--keep: " if keep else "", keep or Path(gettempdir()), ROOM_TO_PLAY)
        play(keep, port, clusters)
        return
    _check_replaceable(out)
    _check_room("", Path(gettempdir()))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    with console.status("Fjorten måneder …") as status:
        try:
            outcome = asyncio.run(_unless_ended(run_demo(out, lambda doing: status.update(f"{doing} …"), keep)))
        except asyncio.CancelledError:
            raise typer.Abort from None
        except (Stuck, ServerFailed) as failed:
            raise Refusal(str(failed), 1) from None
        except OSError as failed:
            raise Refusal(f"the demo broke off: {failed}", 1) from None
    _print_timeline(console, outcome)
    _print_figures(console, outcome.figures)
    took = count(round(outcome.seconds), "sekund", "sekunder")
    console.print(f"\nAlt ligger i [bold]{out}[/bold]. Det tog {took}.")
    if keep:
        console.print(f"Se efter i det, den arbejdede med: [bold]klyngeflow orders list --all --data {keep}[/bold]")
    if not all(figure.agrees for figure in outcome.figures):
        raise Refusal("figures differ from the source documents'", 1)


async def _unless_ended(demo: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Its outcome. Raises CancelledError, once all is tidied up, where Ctrl-C, `timeout` or CI has ended it."""
    running = asyncio.create_task(demo)
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_, running.cancel)
    return await running


def _check_replaceable(out: Path) -> None:
    """An earlier demo's folder will be replaced, anything else is left alone."""
    _check_room("--out: ", out)
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise Refusal(f"'{out}' holds something that is not an earlier demo; choose another folder with --out")


def _check_new(keep: Path) -> None:
    _check_room("--keep: ", keep)
    if keep.exists() and any(keep.iterdir()):
        raise Refusal(f"'{keep}' is not empty; choose another folder with --keep")


def _check_room(option: str, folder: Path, room: int = ROOM) -> None:
    try:
        check_room(folder, room)
    except OutFolderError as error:
        raise Refusal(f"{option}{error}") from None


def _print_timeline(console: Console, outcome: Outcome) -> None:
    first, last = (dt.datetime.fromisoformat(outcome.timeline[i]["at"]) for i in (0, -1))
    table = Table("Dato", "Hvad der skete", "Mail", box=None, pad_edge=False, header_style="bold")
    month = ""
    for line in outcome.timeline:
        at = dt.datetime.fromisoformat(line["at"])
        if f"{at:%Y-%m}" != month and month:
            table.add_section()
        month = f"{at:%Y-%m}"
        table.add_row(f"{numeric_date(at)} {time_of_day(at)}", line["what"], _mail(line))
    console.print(table)
    console.print(f"\n{number((last - first).days / 30.4)} måneder fra bestilling til afslutning.")


def _mail(line: dict[str, Any]) -> str:
    if not line.get("mails"):
        return ""
    many = f"{len(line['mails'])} × " if len(line["mails"]) > 1 else ""
    return f"{many}”{line['subject']}”"


def _print_figures(console: Console, figures: list[Figure]) -> None:
    table = Table("Tal i KiAP's referat", "Står der", "Kom ud", "", box=None, pad_edge=False, header_style="bold")
    for figure in figures:
        table.add_row(figure.what, figure.said, figure.found, "✓" if figure.agrees else "✗")
    console.print()
    console.print(table)
