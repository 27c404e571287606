"""How far time can be moved at once: a day, a week, or to what comes next in the country."""

import datetime as dt
from enum import StrEnum

from domain.meeting import at, danish


class Leap(StrEnum):
    """As the form says it."""

    EVENT = "haendelse"
    DAY = "dag"
    WEEK = "uge"


LABELS = {Leap.EVENT: "Til næste hændelse", Leap.DAY: "En dag", Leap.WEEK: "En uge"}
DAYS = {Leap.DAY: 1, Leap.WEEK: 7}


def later(now: dt.datetime, step: Leap) -> dt.datetime:
    """The same time of day so many days on, as Danes' clocks show it. For a day or a week."""
    here = danish(now)
    return at(here.date() + dt.timedelta(days=DAYS[step]), here.time())
