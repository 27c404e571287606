"""What decks and documents alone write: "4 af 9", "den 25. november 2026"."""

import datetime as dt

from domain.danish import NBSP, short_date


def of(count: int, base: int) -> str:
    """A count of a base: "4 af 9"."""
    return f"{count}{NBSP}af{NBSP}{base}"


def day(date: dt.date) -> str:
    """ "den 25. november 2026" """
    return f"den {short_date(date)}"
