"""What a date, a time of day and an agreed moment from people may be. The one door for them.

Programs write them by ISO 8601, people as Danes do. A date is not midnight, and digits are not seconds since 1970.
"""

import datetime as dt
import re
from calendar import monthrange
from typing import Annotated

from pydantic import BeforeValidator

from domain.danish import MONTHS, WEEKDAYS, clock, sentence, short_date
from domain.meeting import COPENHAGEN, wall_clock
from domain.unfit import Unfit

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""What an order can have to do with. A year of two digits is one of these."""

_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ISO_MOMENT = re.compile(
    r"([0-9-]+)[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?)"
)
_IN_FIGURES = re.compile(r"([0-9]{1,2}) ?[./-] ?([0-9]{1,2}) ?(?:[./-] ?| )([0-9]+)")
_IN_WORDS = re.compile(r"([0-9]{1,2})\.? ?([a-zæøå]{3,9})\.? ?([0-9]+)")
_WITHOUT_A_YEAR = re.compile(r"[0-9]{1,2} ?(?:[./-] ?[0-9]{1,2}|\.? ?[a-zæøå]{3,9})\.?")
_BEFORE_A_DATE = re.compile(rf"(?:({'|'.join(WEEKDAYS)})\b,? ?)?(?:den |d\. ?)?")
_TIME = re.compile(r"(?:kl\.?|klokken)? ?([0-9]{1,2})(?: ?[.:] ?([0-9]{2})(?::[0-9]{2})?|([0-9]{2}))?")


def written_date(text: str) -> dt.date:
    """A date as Danes write it or as browsers send it. Raises Unfit.

    25.11.2026, 25/11-26, 25. nov. 2026, onsdag den 25. november 2026, 2026-11-25.
    """
    text = " ".join(text.split()).casefold()
    if match := _ISO_DATE.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    before = _BEFORE_A_DATE.match(text)
    weekday, text = (before[1], text[before.end() :]) if before else (None, text)
    found = _in_figures(text) or _in_words(text)
    if found is None:
        if _WITHOUT_A_YEAR.fullmatch(text):
            raise Unfit("Skriv også årstallet, fx 25.11.2026.", "must have the year too, like 25.11.2026")
        raise Unfit("Skriv en dato, fx 25.11.2026.", "must be a date, like 25.11.2026")
    if weekday and weekday != (really := WEEKDAYS[found.weekday()]):
        raise Unfit(f"Den dag er en {really}. Ret ugedagen eller datoen.", "is not on the weekday it names")
    return found


def written_time(text: str) -> dt.time:
    """A time of day as Danes write it or as browsers send it: 17, 17.00, 17:00, 1700, kl. 17. Raises Unfit."""
    match = _TIME.fullmatch(" ".join(text.split()).casefold())
    hour, minute = (int(match[1]), int(match[2] or match[3] or 0)) if match else (24, 0)
    if hour > 23 or minute > 59:
        raise Unfit("Skriv et klokkeslæt, fx 17.00.", "must be a time of day, like 17.00")
    return dt.time(hour, minute)


def agreed_moment(day: dt.date, time: dt.time) -> dt.datetime:
    """When Danish clocks show this, to the minute and without offset. Raises Unfit where they never do, or do twice."""
    moment = dt.datetime.combine(day, time.replace(second=0, microsecond=0))
    first, second = (moment.replace(tzinfo=COPENHAGEN, fold=fold).utcoffset() for fold in (0, 1))
    if first == second or first is None or second is None:
        return moment
    skipped = first < second
    said = f"{sentence(clock(moment))} {'findes ikke' if skipped else 'kommer to gange'} den {short_date(day)}"
    why = f"uret stilles {'frem' if skipped else 'tilbage'} den nat"
    raise Unfit(
        f"{said}, for {why}. Skriv et andet klokkeslæt.",
        f"is a time that Danish clocks show {'never' if skipped else 'twice'} on that day; give another time",
    )


def read_day(given: object) -> dt.date:
    """A date from a program: 2026-11-25. Raises Unfit for a moment, a number and everything else."""
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return _day(given.year, given.month, given.day)
    text = given if isinstance(given, str) else ""
    if match := _ISO_DATE.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if isinstance(given, dt.datetime) or _ISO_MOMENT.fullmatch(text):
        raise Unfit("Skriv datoen uden klokkeslæt, fx 2026-11-25.", "must be a date without a time, like 2026-11-25")
    raise Unfit("Feltet skal være en dato, fx 2026-11-25.", "must be a date, like 2026-11-25")


def read_moment(given: object) -> dt.datetime:
    """A moment from a program as Danish clocks show it: 2026-11-25T17:00. Raises Unfit.

    One with an offset is read as the instant it is. A date alone is no moment.
    """
    if isinstance(given, dt.datetime):
        moment = given
    elif isinstance(given, str) and (match := _ISO_MOMENT.fullmatch(given)):
        read_day(match[1])
        try:
            moment = dt.datetime.fromisoformat(f"{match[1]}T{match[2].upper()}")
        except ValueError:
            raise _no_moment() from None
    elif isinstance(given, dt.date) or (isinstance(given, str) and _ISO_DATE.fullmatch(given)):
        raise Unfit(
            "Klokkeslættet mangler. Skriv dato og tid, fx 2026-11-25T17:00.",
            "must have a time beside the date, like 2026-11-25T17:00",
        )
    else:
        raise _no_moment()
    _in_our_time(moment.year)
    local = wall_clock(moment)
    return agreed_moment(read_day(local.date()), local.time())


Day = Annotated[dt.date, BeforeValidator(read_day)]
Moment = Annotated[dt.datetime, BeforeValidator(read_moment)]
"""Naive: the wall clock in Denmark."""


def _in_figures(text: str) -> dt.date | None:
    match = _IN_FIGURES.fullmatch(text)
    return _day(_year(match[3]), int(match[2]), int(match[1])) if match else None


def _in_words(text: str) -> dt.date | None:
    match = _IN_WORDS.fullmatch(text)
    month = next((number for number, name in enumerate(MONTHS, 1) if match and name.startswith(match[2])), None)
    return _day(_year(match[3]), month, int(match[1])) if match and month else None


def _year(digits: str) -> int:
    """The year meant; 0, which is none of ours, where there are neither two digits nor four."""
    if len(digits) == 2:
        return FIRST_YEAR + int(digits)
    return int(digits) if len(digits) == 4 else 0


def _day(year: int, month: int, day: int) -> dt.date:
    _in_our_time(year)
    if not 1 <= month <= 12:
        raise Unfit(
            "Måneden skal være fra 1 til 12. Skriv dagen først, fx 25.11.2026.", "must have a month from 1 to 12"
        )
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Unfit(
            f"I {MONTHS[month - 1]} {year} er der {last} dage.", f"must have a day from 1 to {last} in that month"
        )
    return dt.date(year, month, day)


def _in_our_time(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unfit(
            f"Årstallet skal ligge fra {FIRST_YEAR} til {LAST_YEAR}.",
            f"must be in a year from {FIRST_YEAR} to {LAST_YEAR}",
        )


def _no_moment() -> Unfit:
    return Unfit("Feltet skal være dato og tid, fx 2026-11-25T17:00.", "must be date and time, like 2026-11-25T17:00")
