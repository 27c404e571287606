"""What mails alone write: dates as near as they are, spans of time, and the cluster inside a sentence."""

import datetime as dt

from domain.danish import day_of, long_date, time_of_day, weekday_and_day

CLOSE_BY = dt.timedelta(days=183)
"""So far to either side a day and a month say which year is meant: in December, "27. januar" means the next."""


def date(day: dt.date, today: dt.date) -> str:
    """ "onsdag den 25. november", with the year where it is not today's, or where half a year or more lies between."""
    day = day_of(day)
    plain = day.year == today.year and abs(day - today) < CLOSE_BY
    return weekday_and_day(day) if plain else long_date(day)


def when(day: dt.date, today: dt.date) -> str:
    """ "i dag", "i morgen" or the date."""
    day = day_of(day)
    near = {0: "i dag", 1: "i morgen"}
    return near.get((day - today).days) or date(day, today)


def span(starts: dt.datetime | dt.time, ends: dt.datetime | dt.time) -> str:
    """ "17.00–19.30"."""
    return f"{time_of_day(starts)}–{time_of_day(ends)}"


def cluster(name: str) -> str:
    """The cluster inside a sentence: "klyngen Aalborg Øst", or the name alone where it says "klynge" itself."""
    return name if "klynge" in name.lower() else f"klyngen {name}"
