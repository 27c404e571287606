"""Dates, times, lengths, numbers, lists and the alphabet as Danes write them, by Babel's `da_DK` where it has them."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from domain.meeting import danish

DANISH = Locale("da", "DK")
MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"

WEEKDAYS = tuple(DANISH.days["format"]["wide"][number] for number in range(7))
MONTHS = tuple(DANISH.months["format"]["wide"][number] for number in range(1, 13))

_WEEKDAY_AND_DAY = "EEEE 'den' d. MMMM"
_HOURS_AND_MINUTES = "H.mm"  # Babel's own has a leading zero: "09.00"
_LAST_LETTERS = {"æ": 1001, "ø": 1002, "å": 1003}
_ONE_LETTER = str.maketrans({"ä": "æ", "ö": "ø", "œ": "ø", "ü": "y", "ð": "d", "þ": "th"})


def day_of(when: dt.date | dt.datetime) -> dt.date:
    """The day; an instant's is read on Danish clocks."""
    if isinstance(when, dt.datetime):
        return (danish(when) if when.tzinfo is not None else when).date()
    return when


def long_date(when: dt.date | dt.datetime) -> str:
    """ "onsdag den 25. november 2026" """
    return format_date(day_of(when), "full", DANISH)


def weekday_and_day(when: dt.date | dt.datetime) -> str:
    """ "onsdag den 25. november", where the year is known."""
    return format_date(day_of(when), _WEEKDAY_AND_DAY, DANISH)


def short_date(when: dt.date | dt.datetime) -> str:
    """ "25. november 2026" """
    return format_date(day_of(when), "long", DANISH)


def month_and_year(when: dt.date | dt.datetime) -> str:
    """ "november 2026" """
    day = day_of(when)
    return f"{MONTHS[day.month - 1]} {day.year}"


def numeric_date(when: dt.date | dt.datetime) -> str:
    """ "25.11.2026", for tables."""
    return format_date(day_of(when), "short", DANISH)


def time_of_day(moment: dt.datetime | dt.time) -> str:
    """ "17.00"; an instant is read on Danish clocks."""
    if isinstance(moment, dt.datetime):
        moment = (danish(moment) if moment.tzinfo is not None else moment).time()
    return format_time(moment, _HOURS_AND_MINUTES, locale=DANISH)


def clock(moment: dt.datetime | dt.time) -> str:
    """ "kl. 17.00"; an instant is read on Danish clocks."""
    return f"kl. {time_of_day(moment)}"


def duration(minutes: int) -> str:
    """ "45 minutter", "1 time", "2,5 timer", "2 timer og 45 minutter"."""
    hours, rest = divmod(minutes, 60)
    if hours and rest == 30:
        return f"{number(hours + 0.5)} timer"
    parts = [count(hours, "time", "timer")] if hours else []
    return listing([*parts, count(rest, "minut", "minutter")] if rest or not hours else parts)


def count(many: int, one: str, more: str) -> str:
    """ "1 minut", "5 minutter", "3.478 læger"."""
    return f"{number(many, 0)} {one if many == 1 else more}"


def minutes(many: int) -> str:
    """ "et minut", "5 minutter": a time that is about so long."""
    return "et minut" if many == 1 else count(many, "minut", "minutter")


def number(value: float, decimals: int = 1) -> str:
    """With a decimal comma, without superfluous zeros: 58 → "58", 58.06 → "58,1", 3478 → "3.478"."""
    return _decimal(value, decimals, "#")


def tenths(value: float) -> str:
    """Always one decimal, for columns: 6 → "6,0"."""
    return _decimal(value, 1, "0")


def signed(value: float, decimals: int = 1) -> str:
    """With its sign: "+5", "−3,5", "0"."""
    text = number(value, decimals)
    return text if text.startswith(MINUS) or text == "0" else f"+{text}"


def percent(share: float) -> str:
    """A proportion 0–1 in whole per cent: 0.147 → "15 %"."""
    return format_percent(half_up(share * 100) / 100, locale=DANISH).replace("-", MINUS)


def half_up(value: float, decimals: int = 0) -> Decimal:
    """Rounded as people do it: 0.5 goes up, whatever the binary neighbour says."""
    return Decimal(repr(round(value, 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def listing(words: Sequence[str]) -> str:
    """ "a, b og c" """
    return format_list(words, locale=DANISH)


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def alphabetical(name: str) -> tuple[list[int], str]:
    """A sort key A–Å, which Babel has none for: æ, ø and å last, aa as å, other accents as the letter they stand on."""
    letters = unicodedata.normalize("NFC", name).casefold().replace("aa", "å").translate(_ONE_LETTER)
    plain = (letter if letter in _LAST_LETTERS else unicodedata.normalize("NFD", letter)[0] for letter in letters)
    return [_LAST_LETTERS.get(letter, min(ord(letter), 1000)) for letter in plain], name


def _decimal(value: float, decimals: int, digit: str) -> str:
    pattern = "#,##0." + digit * decimals
    rounded = half_up(value, decimals)
    # Without a sign where nothing is left of the number: −0.04 is "0".
    return format_decimal(rounded or 0, f"{pattern};{MINUS}{pattern}", DANISH)


# A workflow may not open files, so the locale's are read before one asks.
long_date(dt.date.min)
number(0)
