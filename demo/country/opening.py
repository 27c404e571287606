"""The parts of a demonstration put together: as the embedded stack's, with marked mail and no waiting for a disk."""

from dataclasses import replace
from typing import Any

from sqlalchemy import event

from demo.country.marked_mail import MarkedFolderSender
from storage.database import Database
from worker.settings import Settings
from worker.stack import NotReady, Stack, open_stack


def open_country(settings: Settings, *, migrating: bool | None = None) -> Stack:
    """Raises NotReady in production: nothing of a demonstration is ever opened there."""
    refuse_in_production(settings)
    stack = open_stack(settings, migrating=migrating)
    _hurry(stack.database)
    sender = MarkedFolderSender(settings.mails, waits_for_the_disk=False)
    return replace(stack, dependencies=replace(stack.dependencies, sender=sender))


def refuse_in_production(settings: Settings) -> None:
    """Raises NotReady unless everything is this machine's own, and mail goes into a folder."""
    if settings.mode != "embedded" or settings.mail != "folder":
        raise NotReady("a demonstration runs on one's own machine only, never in production")


def _hurry(database: Database) -> None:
    """Commits do not wait for the disk: a country that can be made again need not survive a power cut."""

    def without_waiting(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.execute("PRAGMA synchronous=OFF")

    database.close()  # connections that are open already would go on waiting
    event.listen(database.engine, "connect", without_waiting)
