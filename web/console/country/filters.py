"""What the country's page is asked for: one package or all, one year or all; in an address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from web.console.router import CONSOLE

COUNTRY = f"{CONSOLE}/landet"


@dataclass(frozen=True)
class CountryFilters:
    """Empty and None leave nothing out."""

    package: str = ""
    year: int | None = None

    def address(self, path: str = COUNTRY) -> str:
        """The address of a page or a file with these filters."""
        given = {"pakke": self.package, "aar": str(self.year or "")}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path


def filters_from(given: Mapping[str, str], packages: Collection[str], years: Collection[int]) -> CountryFilters:
    """The filters of an address. A package or a year that there is none of is as if not said."""
    package, year = given.get("pakke", "").strip(), given.get("aar", "").strip()
    return CountryFilters(
        package if package in packages else "",
        next((each for each in years if str(each) == year), None),
    )
