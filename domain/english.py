"""Dates as English readers of the questionnaire read them."""

import datetime as dt

from babel.dates import format_date


def long_date(day: dt.date) -> str:
    """ "Friday 13 March 2026"."""
    return format_date(day, "EEEE d MMMM y", locale="en_GB")
