"""`klyngeflow staff`: KiAP's own people, whom orders are assigned to."""

import json

import typer

from storage import directory
from storage.directory import StaffRole
from worker.commands.reading import DataOption, JsonOption, the_store

app = typer.Typer(help="KiAP's consultants and operations.", no_args_is_help=True)


@app.command()
def add(name: str, email: str, role: StaffRole = StaffRole.CONSULTANT, data: DataOption = None) -> None:
    """Add somebody; prints the id that `assign_consultant` takes."""
    with the_store(data) as database, database.write() as connection:
        typer.echo(directory.add_staff(connection, name, email, role))


@app.command("list")
def list_staff(data: DataOption = None, json_: JsonOption = False) -> None:
    """Who there is."""
    with the_store(data) as database, database.read() as connection:
        people = [person for role in StaffRole for person in directory.staff_in(connection, role)]
    if json_:
        typer.echo(json.dumps([{"id": p.id, "name": p.name, "role": p.role} for p in people], ensure_ascii=False))
        return
    for person in people:
        typer.echo(f"{person.id}  {person.name}  {person.role}")
