"""Dates, times, lengths and numbers as Danes write them: "25. november 2026", "kl. 17.00", "2,5 timer", "3.478"."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from domain.meeting import danish

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
MINUS = "\N{MINUS SIGN}"
_LAST_LETTERS = {"æ": 1001, "ø": 1002, "å": 1003}


def day_of(when: dt.date | dt.datetime) -> dt.date:
    """The day; an instant's is read on Danish clocks."""
    if isinstance(when, dt.datetime):
        return (danish(when) if when.tzinfo is not None else when).date()
    return when


def long_date(when: dt.date | dt.datetime) -> str:
    """ "onsdag den 25. november 2026" """
    return f"{WEEKDAYS[day_of(when).weekday()]} den {short_date(when)}"


def short_date(when: dt.date | dt.datetime) -> str:
    """ "25. november 2026" """
    day = day_of(when)
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def time_of_day(moment: dt.datetime | dt.time) -> str:
    """ "17.00"; an instant is read on Danish clocks."""
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        moment = danish(moment)
    return f"{moment.hour}.{moment.minute:02}"


def clock(moment: dt.datetime | dt.time) -> str:
    """ "kl. 17.00"; an instant is read on Danish clocks."""
    return f"kl. {time_of_day(moment)}"


def duration(minutes: int) -> str:
    """ "45 minutter", "1 time", "2,5 timer", "2 timer og 45 minutter"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return count(rest, "minut", "minutter")
    if rest == 30:
        return f"{hours},5 timer"
    whole = count(hours, "time", "timer")
    return f"{whole} og {count(rest, 'minut', 'minutter')}" if rest else whole


def count(many: int, one: str, more: str) -> str:
    """ "1 minut", "5 minutter", "3.478 læger"."""
    return f"{number(many, 0)} {one if many == 1 else more}"


def number(value: float, decimals: int = 1) -> str:
    """With a decimal comma, without superfluous zeros: 58 → "58", 58.06 → "58,1", 3478 → "3.478"."""
    rounded = half_up(value, decimals)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    if "," in text:
        text = text.rstrip("0").rstrip(",")
    return (MINUS if rounded < 0 else "") + text


def half_up(value: float, decimals: int = 0) -> Decimal:
    """Rounded as people do it: 0.5 goes up, whatever the binary neighbour says."""
    return Decimal(repr(round(value, 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def alphabetical(name: str) -> tuple[list[int], str]:
    """A sort key A–Å: æ, ø and å last, aa as å."""
    folded = name.casefold().replace("aa", "å").replace("ä", "æ").replace("ö", "ø").replace("é", "e")
    return [_LAST_LETTERS.get(letter, min(ord(letter), 1000)) for letter in folded], name
