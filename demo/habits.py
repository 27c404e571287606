"""What people do in the simulation of a country, and how soon. Shares and days are assumptions of ours, to be changed.

Sizes and meetings a year are those of domain.md (10–73 doctors in a cluster, 29 on average; 2–4 meetings a year).
"""

import datetime as dt
from dataclasses import dataclass
from random import Random

from domain.calendar import add_working_days, is_quiet, working_day_from
from domain.meeting import at


@dataclass(frozen=True)
class Habits:
    """Shares are of one; days are working days; weeks and months are the calendar's."""

    smallest: int = 10
    mean: int = 29
    largest: int = 73
    meetings_a_year: tuple[int, int] = (2, 4)
    weeks_to_the_meeting: tuple[int, int] = (7, 12)
    call_after_days: tuple[int, int] = (1, 5)
    cancels: float = 0.04
    moves_the_meeting: float = 0.08
    answers: tuple[float, float] = (0.45, 0.9)
    extends_where_too_few: float = 0.7
    holds_the_deck: float = 0.1
    records_the_meeting: float = 0.85
    attends: tuple[float, float] = (0.5, 0.9)
    agrees_on_follow_up: float = 0.55
    declines_follow_up: float = 0.15
    follow_up_after_months: tuple[int, int] = (6, 11)
    answers_the_question: float = 0.4
    shares_the_comparison: float = 0.8
    shares_after_days: tuple[int, int] = (1, 15)


def size(random: Random, habits: Habits) -> int:
    """Doctors in a cluster: many of some thirty, few large ones."""
    share = (habits.mean - habits.smallest) / (habits.largest - habits.smallest)
    spread = 4.0
    return habits.smallest + round(
        (habits.largest - habits.smallest) * random.betavariate(share * spread, (1 - share) * spread)
    )


def office_hour(random: Random, day: dt.date, after_days: tuple[int, int] = (0, 0)) -> dt.datetime:
    """Some time of a working day, so many working days on."""
    that_day = add_working_days(working_day_from(day), random.randint(*after_days))
    return at(that_day, dt.time(random.randint(9, 15), random.choice((0, 15, 30, 45))))


def kind_day(day: dt.date) -> dt.date:
    """The first working day from here on outside the holidays."""
    while is_quiet(day := working_day_from(day)):
        day += dt.timedelta(days=1)
    return day
