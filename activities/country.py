"""Publishing the country's figures: once a quarter, what of the last one passes the gate."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Connection

from domain.first_rounds import batch_of_first_rounds
from domain.model import PackageSlug
from domain.national import batch_of
from domain.package import Package
from domain.quarters import quarter_of
from storage import first_round_figures, national_figures
from storage.database import Database
from storage.package_repository import package_version
from storage.publishing_lock import wait_to_publish

Publish = Callable[[Connection, Package, dt.date, dt.datetime], bool]


class Country:
    """Safe to repeat, and safe to miss nights: a quarter is published in the first night after it that works."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def publish_what_is_due(self, now: dt.datetime) -> tuple[int, list[str]]:
        """Publish every package's batches of what was delivered before this quarter; how many, and what failed.

        What does not pass the gate waits for the next quarter, for as long as its results are kept.
        """
        until = quarter_of(now).first_day
        with self._database.read() as connection:
            due = [
                *(("first rounds", which, _first_rounds) for which in
                  first_round_figures.awaiting_first_rounds(connection, until)),
                *(("changes", which, _changes) for which in national_figures.awaiting(connection, until)),
            ]  # fmt: skip
        made, failures = 0, list[str]()
        for what, (package, version), publish in due:
            try:
                made += self._publish(package, version, until, now, publish)
            except Exception as error:  # noqa: BLE001 - one package's trouble is not the others'
                failures.append(f"national {what} of {package} {type(error).__name__}")
        return made, failures

    def _publish(self, slug: PackageSlug, version: int, until: dt.date, now: dt.datetime, publish: Publish) -> bool:
        """Counting and writing are one transaction: whatever stops it, a round is counted once or not yet."""
        with self._database.write() as connection:
            wait_to_publish(connection)
            return publish(connection, package_version(connection, slug, version), until, now)


def _first_rounds(connection: Connection, package: Package, until: dt.date, now: dt.datetime) -> bool:
    rounds = list(first_round_figures.first_rounds(connection, package.slug, package.version, until))
    batch = batch_of_first_rounds(rounds, package)
    if batch is None:
        return False
    first_round_figures.publish_first_rounds(connection, package.slug, package.version, until, batch, now)
    return True


def _changes(connection: Connection, package: Package, until: dt.date, now: dt.datetime) -> bool:
    batch = batch_of(national_figures.pairs(connection, package.slug, package.version, until), package)
    if batch is None:
        return False
    national_figures.publish(connection, package.slug, package.version, until, batch, now)
    return True
