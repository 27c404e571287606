"""`klyngeflow keys`: the API's keys, by name."""

import datetime as dt
import json
from typing import Annotated

import typer
from rich.table import Table

from cli.acting import note
from cli.ending import Refusal
from cli.reading import DataOption, JsonOption, settings_for, the_store
from cli.table import wide_console
from domain.by import Scope
from storage import api_keys
from storage.api_keys import NameTaken
from storage.audit import Deed, Subject

app = typer.Typer(help="API keys: made, listed and revoked by name.", no_args_is_help=True)


@app.command()
def make(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the system that will use it: small letters and -.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may be used for; may be given more than once.")],
    data: DataOption = None,
) -> None:
    """Make a key and print it. It is shown this once: only its fingerprint is kept."""
    if api_keys.NAME.fullmatch(name) is None:
        raise Refusal(f"'{name}' is no name for a key: small letters, digits and -, at most 63")
    with the_store(data) as database, database.write() as connection:
        try:
            key = api_keys.make_key(connection, name, scope, dt.datetime.now(dt.UTC))
        except NameTaken:
            raise Refusal(f"there has been a key '{name}': the log names it, so choose another name", 1) from None
        subject = Subject(about=name, facts={"scopes": " ".join(sorted(scope))})
        note(connection, settings_for(data).staff, Deed.KEY_MADE, subject)
    typer.echo(key)


@app.command("list")
def list_keys(data: DataOption = None, json_: JsonOption = False) -> None:
    """The keys there are and have been, and what each may be used for; never a key itself."""
    with the_store(data) as database, database.read() as connection:
        keys = api_keys.api_keys(connection)
    if json_:
        told = [
            {
                "name": key.name,
                "scopes": sorted(key.scopes),
                "made_at": key.made_at.isoformat(),
                "revoked_at": key.revoked_at and key.revoked_at.isoformat(),
            }
            for key in keys
        ]
        typer.echo(json.dumps(told, indent=1))
        return
    table = Table("Name", "May", "Made", "Revoked", box=None)
    for key in keys:
        revoked = f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else ""
        table.add_row(key.name, ", ".join(sorted(key.scopes)), f"{key.made_at:%Y-%m-%d}", revoked)
    wide_console().print(table if keys else "There are no keys.")


@app.command()
def revoke(name: Annotated[str, typer.Argument(metavar="NAME")], data: DataOption = None) -> None:
    """The key opens nothing from now on."""
    with the_store(data) as database, database.write() as connection:
        if not api_keys.revoke_key(connection, name, dt.datetime.now(dt.UTC)):
            raise Refusal(f"no key named '{name}' works; `klyngeflow keys list` shows them", 1)
        note(connection, settings_for(data).staff, Deed.KEY_REVOKED, Subject(about=name))
    typer.echo(f"{name}: revoked.")
