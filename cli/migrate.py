"""`klyngeflow migrate`: apart from the other production parts, whose libraries it can do without."""

from contextlib import closing

import typer

from cli.settings_reading import told_settings
from storage import migrate as migrating
from storage.database import Database
from worker.data_folder import make_data_folder


def migrate() -> None:
    """Bring the database to this version."""
    settings = told_settings()
    if settings.mode == "embedded":
        make_data_folder(settings.data)
    with closing(Database(settings.database)) as database:
        migrating.migrate(database)
    typer.echo("The database is at this version.")
