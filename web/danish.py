"""Dates, times and numbers as the pages write them: "onsdag den 25. november 2026", "kl. 17.00", "2,5 timer"."""

import datetime as dt

from domain.decisions.rules import MONTHS
from domain.meeting import danish

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


def long_date(day: dt.date | dt.datetime) -> str:
    """ "onsdag den 25. november 2026"; an instant is read on Danish clocks."""
    day = _local(day)
    return f"{WEEKDAYS[day.weekday()]} den {day.day}. {MONTHS[day.month - 1]} {day.year}"


def date(day: dt.date | dt.datetime) -> str:
    """ "25. november 2026" """
    day = _local(day)
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def clock(moment: dt.datetime | dt.time) -> str:
    """ "kl. 17.00"; an instant is read on Danish clocks."""
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        moment = danish(moment)
    return f"kl. {moment.hour}.{moment.minute:02}"


def duration(minutes: int) -> str:
    """ "45 minutter", "1 time", "2,5 timer", "2 timer og 45 minutter"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return count(rest, "minut", "minutter")
    if rest == 30:
        return f"{hours},5 timer"
    whole = count(hours, "time", "timer")
    return f"{whole} og {count(rest, 'minut', 'minutter')}" if rest else whole


def count(number: int, one: str, many: str) -> str:
    """ "1 minut", "5 minutter", "3.478 læger"."""
    return f"{number:,} {one if number == 1 else many}".replace(",", ".")


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def alphabetical(name: str) -> tuple[list[int], str]:
    """A sort key A–Å: æ, ø and å last, aa as å."""
    folded = name.casefold().replace("aa", "å").replace("ä", "æ").replace("ö", "ø").replace("é", "e")
    last = {"æ": 1001, "ø": 1002, "å": 1003}
    return [last.get(letter, min(ord(letter), 1000)) for letter in folded], name


def _local(day: dt.date | dt.datetime) -> dt.date:
    if isinstance(day, dt.datetime):
        return (danish(day) if day.tzinfo is not None else day).date()
    return day
