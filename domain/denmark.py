"""Danish particulars as dated data: days off, quiet weeks, mail hours, regions and their quality units."""

import datetime as dt
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class DayOff:
    """A day of each year on which nobody works: a fixed (month, day), or so many days from Easter Sunday."""

    name: str
    fixed: tuple[int, int] | None = None
    from_easter: int = 0
    last_year: int | None = None

    def in_year(self, year: int) -> dt.date:
        if self.fixed is not None:
            return dt.date(year, *self.fixed)
        return easter_sunday(year) + dt.timedelta(days=self.from_easter)


@dataclass(frozen=True)
class QuietWeeks:
    """ISO weeks without reminders, in force from a date."""

    weeks: tuple[int, ...]
    why: str
    since: dt.date = dt.date(2000, 1, 1)


@dataclass(frozen=True)
class QuietDays:
    """Days without reminders each winter, from (month, day) to (month, day), over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    why: str


@dataclass(frozen=True)
class MailHours:
    """Local time within which mails leave on working days, in force from a date."""

    opens: dt.time
    closes: dt.time
    since: dt.date = dt.date(2000, 1, 1)


@dataclass(frozen=True)
class Region:
    """A region, its quality unit (None: name not known) and the dates it exists between."""

    id: str
    name: str
    quality_unit: str | None
    since: dt.date | None = None
    until: dt.date | None = None
    becomes: str | None = None
    """The id of the region that it is merged into."""


DAYS_OFF = (
    DayOff("nytårsdag", fixed=(1, 1)),
    DayOff("skærtorsdag", from_easter=-3),
    DayOff("langfredag", from_easter=-2),
    DayOff("påskedag", from_easter=0),
    DayOff("2. påskedag", from_easter=1),
    DayOff("store bededag", from_easter=26, last_year=2023),  # abolished by law 214 of 6 March 2023
    DayOff("Kristi himmelfartsdag", from_easter=39),
    DayOff("pinsedag", from_easter=49),
    DayOff("2. pinsedag", from_easter=50),
    DayOff("grundlovsdag", fixed=(6, 5)),
    DayOff("juleaften", fixed=(12, 24)),
    DayOff("juledag", fixed=(12, 25)),
    DayOff("2. juledag", fixed=(12, 26)),
    DayOff("nytårsaften", fixed=(12, 31)),
)
"""The ten public holidays, and Grundlovsdag, 24 and 31 December, on which KiAP and the practices are closed too."""

QUIET_WEEKS = (
    QuietWeeks((28, 29, 30, 31), "sommerferie"),
    QuietWeeks((7,), "vinterferie"),
    QuietWeeks((42,), "efterårsferie"),
)
QUIET_DAYS = (QuietDays((12, 23), (1, 1), "jul og nytår"),)

MAIL_HOURS = (MailHours(dt.time(8, 30), dt.time(15, 0)),)

REGIONS = (
    Region("hovedstaden", "Region Hovedstaden", "KAP-H", until=dt.date(2026, 12, 31), becomes="oestdanmark"),
    Region("sjaelland", "Region Sjælland", "KAP-S", until=dt.date(2026, 12, 31), becomes="oestdanmark"),
    Region("oestdanmark", "Region Østdanmark", None, since=dt.date(2027, 1, 1)),
    Region("midtjylland", "Region Midtjylland", "MidtKraft"),
    Region("nordjylland", "Region Nordjylland", "Nord-KAP"),
    Region("syddanmark", "Region Syddanmark", None),
)
"""Hovedstaden and Sjælland become Østdanmark with the health reform (in force 1 January 2027)."""


def regions_on(day: dt.date) -> tuple[Region, ...]:
    """The regions that exist on a day."""
    return tuple(
        region
        for region in REGIONS
        if (region.since is None or region.since <= day) and (region.until is None or day <= region.until)
    )


def region_called(text: str, day: dt.date) -> Region | None:
    """The region of a day with this id or name, with or without the word: `nordjylland`, `Region Nordjylland`."""
    wanted = text.casefold()
    for region in regions_on(day):
        if wanted in (region.id, region.name.casefold(), region.name.removeprefix("Region ").casefold()):
            return region
    return None


def region_today(region_id: str, day: dt.date) -> Region | None:
    """The region that a place belongs to on a day: the one it is noted under, or what that was merged into.

    None where no region has the id.
    """
    by_id = {region.id: region for region in REGIONS}
    region = by_id.get(region_id)
    while region and region.becomes and region.until and region.until < day:
        region = by_id[region.becomes]
    return region


def quality_unit(region_id: str, day: dt.date) -> str | None:
    """The name of the quality unit that a region's practices have on a day; None where we know of none."""
    region = region_today(region_id, day)
    return region.quality_unit if region else None


def are_one_region(one: str, other: str) -> bool:
    """Whether two region ids are the same place: the same id, or one merged into the other."""
    becomes = {region.id: region.becomes or region.id for region in REGIONS}
    return one == other or becomes.get(one, one) == other or becomes.get(other, other) == one


@cache
def days_off(year: int) -> frozenset[dt.date]:
    """The days of a year on which nobody works, whatever the weekday."""
    return frozenset(day.in_year(year) for day in DAYS_OFF if day.last_year is None or year <= day.last_year)


def easter_sunday(year: int) -> dt.date:
    """Easter of the Gregorian calendar: Meeus, Astronomical Algorithms (1991), chapter 8."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, bissextile = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * bissextile + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
