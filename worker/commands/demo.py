"""`klyngeflow demo`: one order's whole life in a couple of minutes."""

import asyncio
import datetime as dt
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from worker.commands.ending import Refusal
from worker.demo.check import Figure
from worker.demo.run import Outcome, run_demo
from worker.demo.time_machine import Stuck

WIDTH = 150
"""Columns where nobody's terminal says."""
MARK = "timeline.json"
"""The file by which a folder is known as an earlier demo's, which may be replaced."""


def demo(
    out: Annotated[Path, typer.Option(help="Folder for decks, documents, mails, results and histories.")] = Path(
        "out/demo"
    ),
) -> None:
    """Carry one order from "bestilt" to the comparison: real server, real pages, real files; time is skipped."""
    _make_room(out)
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    with console.status("Fourteen months …") as status:
        try:
            outcome = asyncio.run(run_demo(out, lambda doing: status.update(f"{doing} …")))
        except Stuck as stuck:
            raise Refusal(str(stuck), 1) from None
    _print_timeline(console, outcome)
    _print_figures(console, outcome.figures)
    console.print(f"\nEverything is in [bold]{out}[/bold]; it took {outcome.seconds:.0f} s.")
    if not all(figure.agrees for figure in outcome.figures):
        raise Refusal("figures differ from the source documents'", 1)


def _make_room(out: Path) -> None:
    """An empty folder; an earlier demo's is replaced, anything else is left alone."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).exists())):
        raise Refusal(f"'{out}' holds something that is not an earlier demo; choose another folder with --out")
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)


def _print_timeline(console: Console, outcome: Outcome) -> None:
    first, last = (dt.datetime.fromisoformat(outcome.timeline[i]["at"]) for i in (0, -1))
    table = Table("Dato", "Hvad der skete", "Mail", box=None, pad_edge=False, header_style="bold")
    month = ""
    for line in outcome.timeline:
        at = dt.datetime.fromisoformat(line["at"])
        if f"{at:%Y-%m}" != month and month:
            table.add_section()
        month = f"{at:%Y-%m}"
        table.add_row(f"{at:%d.%m.%Y %H.%M}", line["what"], _mail(line))
    console.print(table)
    console.print(f"\n{(last - first).days / 30.4:.1f} måneder fra bestilling til afslutning.")


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
