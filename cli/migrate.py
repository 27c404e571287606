"""`klyngeflow migrate`: apart from the other production parts, whose libraries it can do without."""

from contextlib import closing

import typer

from cli.settings_reading import told_settings
from storage import migrate as migrating
from storage.database import Database


def migrate() -> None:
    """Bring the database to this version."""
    settings = told_settings()
    if settings.mode == "embedded":
        settings.data.mkdir(parents=True, exist_ok=True)
    with closing(Database(settings.database)) as database:
        migrating.migrate(database)
    typer.echo("The database is at this version.")
