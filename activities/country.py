"""Publishing before and after over all clusters: once a quarter, what of the last one passes the gate."""

import datetime as dt

from activities.dependencies import Dependencies
from domain.model import PackageSlug
from domain.national import batch_of
from domain.quarters import quarter_of
from storage import national_figures
from storage.package_repository import package_version


class Country:
    """Safe to repeat, and safe to miss nights: a quarter is published in the first night after it that works."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._database = dependencies.database

    def publish_what_is_due(self, now: dt.datetime) -> tuple[int, list[str]]:
        """Publish every package's batch of what was delivered before this quarter; how many, and what failed.

        What does not pass the gate waits for the next quarter, for as long as its results are kept.
        """
        until = quarter_of(now).first_day
        with self._database.read() as connection:
            due = national_figures.awaiting(connection, until)
        made, failures = 0, list[str]()
        for package, version in due:
            try:
                made += self._publish(package, version, until, now)
            except Exception as error:  # noqa: BLE001 - one package's trouble is not the others'
                failures.append(f"national figures of {package} {type(error).__name__}")
        return made, failures

    def _publish(self, slug: PackageSlug, version: int, until: dt.date, now: dt.datetime) -> bool:
        with self._database.write() as connection:
            package = package_version(connection, slug, version)
            batch = batch_of(national_figures.pairs(connection, slug, version, until), package)
            if batch is None:
                return False
            national_figures.publish(connection, slug, version, until, batch, now)
        return True
