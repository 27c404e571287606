"""Danish particulars as dated data: days off, quiet weeks, mail hours, regions and their quality units."""

import datetime as dt
from dataclasses import dataclass


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


HOLIDAY_CATEGORIES = ("public", "optional")
"""Of the `holidays` library for Denmark: the ten public holidays, and Grundlovsdag, 24 and 31 December …"""

WORKED_HOLIDAYS = ((5, 1),)
"""… and 1 May (month, day), on which KiAP and the practices work."""

QUIET_WEEKS = (
    QuietWeeks((28, 29, 30, 31), "sommerferie"),
    QuietWeeks((7,), "vinterferie"),
    QuietWeeks((42,), "efterårsferie"),
)
QUIET_DAYS = (QuietDays((12, 23), (1, 1), "jul og nytår"),)

MAIL_HOURS = (MailHours(dt.time(8, 30), dt.time(15, 0)),)

REGIONS = (
    Region("hovedstaden", "Region Hovedstaden", "KAP-H", until=dt.date(2026, 12, 31)),
    Region("sjaelland", "Region Sjælland", "KAP-S", until=dt.date(2026, 12, 31)),
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
