"""The packages as the web uses them: today's for new orders, the kept versions for running ones."""

from collections.abc import Iterable

from domain.model import PackageSlug
from domain.order import Order
from domain.package import Package
from storage.database import Database
from storage.own_questions import package_of_order
from storage.package_repository import package_version


class PackageRepository:
    """Today's packages, and every version an order was placed with; each is read from the database once."""

    def __init__(self, database: Database, today: Iterable[Package]) -> None:
        self._database = database
        self._today = {package.slug: package for package in today}
        self._kept: dict[tuple[PackageSlug, int], Package] = {}

    def newest(self, slug: str) -> Package | None:
        """The version a new order starts with."""
        return self._today.get(PackageSlug(slug))

    def of(self, order: Order) -> Package:
        """The version this order started with, with the cluster's own questions in it. Raises LookupError."""
        package = self.version(order.package, order.package_version)
        if not order.own_questions:
            return package
        with self._database.read() as connection:
            return package_of_order(connection, package, order)

    def version(self, slug: str, version: int) -> Package:
        """One version of one package. Raises LookupError where it was never kept."""
        key = (PackageSlug(slug), version)
        if key not in self._kept:
            with self._database.read() as connection:
                self._kept[key] = package_version(connection, *key)
        return self._kept[key]

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the packages that can be ordered, by name."""
        return {slug: package.title for slug, package in self._today.items()}

    @property
    def today(self) -> list[Package]:
        """The packages that can be ordered, by name."""
        return [self._today[slug] for slug in sorted(self._today)]

    @property
    def slugs(self) -> list[str]:
        """The packages that can be ordered, by name."""
        return sorted(self._today)
