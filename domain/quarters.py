"""Quarters of a year, by Danish clocks: what figures over time are counted by."""

import datetime as dt
from typing import NamedTuple

from domain.meeting import at, danish


class Quarter(NamedTuple):
    """A quarter: its year and its number, 1–4. Sorts by time."""

    year: int
    number: int

    @property
    def first_day(self) -> dt.date:
        """The day it begins."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def begins(self) -> dt.datetime:
        """The instant it begins in Denmark."""
        return at(self.first_day, dt.time())

    @property
    def code(self) -> int:
        """As one number that sorts by time: 20263 is the third of 2026."""
        return self.year * 10 + self.number

    def earlier(self, quarters: int) -> "Quarter":
        """So many quarters before."""
        year, number = divmod(self.year * 4 + self.number - 1 - quarters, 4)
        return Quarter(year, number + 1)

    def __str__(self) -> str:
        return f"{self.number}. kvartal {self.year}"


def quarter_of(when: dt.datetime) -> Quarter:
    """The quarter of an instant."""
    day = danish(when)
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_coded(code: int) -> Quarter:
    """The quarter with this code."""
    return Quarter(*divmod(code, 10))
