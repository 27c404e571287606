"""`klyngeflow events verify`: whether the log of events is whole."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, the_store
from storage.hash_chain import Anchor, verify

app = typer.Typer(help="The log of events.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The log of events."""


@app.command("verify")
def verify_events(
    data: DataOption = None,
    json_: JsonOption = False,
    anchor: Annotated[
        Path | None, typer.Option(help="A head written by an earlier run: finds a cut tail too. Brought up to date.")
    ] = None,
) -> None:
    """Check every event against the chain of hashes. Exit 1 where one was changed, removed or moved."""
    known = Anchor.parse(anchor.read_text().strip()) if anchor and anchor.exists() else None
    with the_store(data) as database:
        found = verify(database, known)
    if json_:
        typer.echo(json.dumps({"intact": found.intact, "events": found.events, "broken_at": found.broken_at}))
    if not found.intact:
        raise Refusal(f"the chain of events is broken at position {found.broken_at}: {found.why}", 1)
    if anchor and found.head:
        anchor.write_text(f"{found.head}\n")
    if not json_:
        typer.echo(f"{found.events} events, whole.")
