"""Dates, times and lengths as Danes write them: "onsdag den 25. november 2026", "kl. 17.00", "2,5 timer"."""

import datetime as dt

from domain.meeting import danish

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip


def long_date(day: dt.date) -> str:
    """ "onsdag den 25. november 2026"; an instant is read on Danish clocks."""
    day = _local(day)
    return f"{WEEKDAYS[day.weekday()]} den {day.day}. {MONTHS[day.month - 1]} {day.year}"


def date(day: dt.date, today: dt.date) -> str:
    """ "onsdag den 25. november", with the year only where it is not today's."""
    day = _local(day)
    return long_date(day) if day.year != today.year else long_date(day).rsplit(" ", 1)[0]


def when(day: dt.date, today: dt.date) -> str:
    """ "i dag", "i morgen" or the date."""
    day = _local(day)
    near = {0: "i dag", 1: "i morgen"}
    return near.get((day - today).days) or date(day, today)


def clock(moment: dt.datetime | dt.time) -> str:
    """ "kl. 17.00"; an instant is read on Danish clocks."""
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        moment = danish(moment)
    return f"kl. {moment.hour}.{moment.minute:02}"


def span(starts: dt.datetime | dt.time, ends: dt.datetime | dt.time) -> str:
    """ "17.00–19.30"."""
    return "–".join(clock(moment).removeprefix("kl. ") for moment in (starts, ends))


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


def cluster(name: str) -> str:
    """The cluster inside a sentence: "klyngen Aalborg Øst", or the name alone where it says "klynge" itself."""
    return name if "klynge" in name.lower() else f"klyngen {name}"


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _local(day: dt.date) -> dt.date:
    if isinstance(day, dt.datetime):
        return (danish(day) if day.tzinfo is not None else day).date()
    return day
