"""What the commands have in common that work on the store directly."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.ending import Refusal
from cli.settings_reading import settings_or_refusal
from domain import danish
from storage.database import Database
from storage.migrate import is_current
from worker.settings import Settings

if TYPE_CHECKING:
    from storage.keys import Keys

DataOption = Annotated[
    Path | None, typer.Option("--data", help="The embedded stack's folder (default: as the settings say).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON for scripts.")]


def settings_for(data: Path | None) -> Settings:
    """The settings, with another data folder where one is given."""
    settings = settings_or_refusal()
    return settings.model_copy(update={"data": data}) if data else settings


@contextmanager
def the_store(data: Path | None) -> Iterator[Database]:
    """The database. Refusal where there is none yet, or it is of another version."""
    settings = settings_for(data)
    if not settings.database_url and not (settings.data / "klyngeflow.db").exists():
        raise Refusal(f"there is no database in '{settings.data}'; start the system with `klyngeflow up` first")
    database = Database(settings.database)
    if database.missing:
        raise Refusal(f"there is no database '{database.missing}': make it with `klyngeflow migrate`")
    if not is_current(database):
        raise Refusal("the database is not at this version: run `klyngeflow migrate`")
    try:
        yield database
    finally:
        database.close()


def keys_for(data: Path | None) -> "Keys":
    """The keys by which fingerprints are made. Refusal where there are none."""
    from storage.keys import Keys

    settings = settings_for(data)
    file = settings.master_key_file or settings.data / "master.key"
    try:
        return Keys(file.read_bytes())
    except OSError:
        raise Refusal(f"the master key file '{file}' cannot be read") from None


def moment(at: dt.datetime) -> str:
    """A date and a time of day, for tables."""
    return f"{danish.short_date(at)} {danish.clock(at)}"
