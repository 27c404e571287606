"""What a register says of a cluster's practices: a measure as package data, an extract as read, its nameless spread."""

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from pydantic import Field

from domain.model import Frozen
from domain.text import TypesetLine

Evidence = Literal["questionnaire", "register"]
"""What a package's rounds are made of: what doctors answer, or an extract of a register with a row a practice."""

Better = Literal["higher", "lower", "neither"]

MOST_DECIMALS = 2
LONGEST_UNIT = 30
LONGEST_SHORT = 60


class Measure(Frozen):
    """One number of each practice, from a register. Its id is the column of extracts and the key of JSON results."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: TypesetLine = Field(min_length=1)
    """What is measured, as a heading of the extract may have it too."""
    short: TypesetLine = ""
    """A label of at most 60 characters for charts; the title where it is short enough."""
    unit: TypesetLine = Field(min_length=1)
    """What stands after the number: "%", "pr. 1.000 patienter", "minutter"."""
    numerator: TypesetLine = Field(min_length=1)
    """What is counted."""
    denominator: TypesetLine = ""
    """What it is counted among; empty where the number is no share or rate."""
    period: TypesetLine = Field(min_length=1)
    """The time it is counted in: "de seneste 12 måneder"."""
    decimals: int = Field(0, ge=0, le=MOST_DECIMALS)
    """With how many the number is kept and printed, whatever an extract has."""
    better: Better = "neither"
    """Which end is the better one, where there is one that everybody agrees on."""
    minimum: float = 0
    maximum: float
    """The least and the most that a practice can plausibly have; anything else in an extract is a slip."""
    source: TypesetLine = Field(min_length=1)
    """Where the measure's definition is from; `own`: it is ours, and KiAP may replace it."""

    @property
    def chart_label(self) -> str:
        return self.short or self.title

    def rounded(self, value: float | Decimal) -> float:
        """The number as it is kept, half up. No more decimals than are printed: 3/13 would tell a practice's size."""
        exact = value if isinstance(value, Decimal) else Decimal(repr(value))
        return float(exact.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP))


class Extract(NamedTuple):
    """A register's extract as read: by practice, as the extract or the cluster's list has it, its numbers by measure.

    A number that is not given is not there. Whose a number is, is for that practice alone: what is shown to a cluster
    is made of `values_of`, which has no practice in it.
    """

    rows: Mapping[str, Mapping[str, float]]

    @property
    def n(self) -> int:
        """Practices with at least one number."""
        return sum(1 for numbers in self.rows.values() if numbers)

    def values_of(self, measure_id: str) -> tuple[float, ...]:
        """Every practice's number of a measure, least first: the order tells nothing of whose is which."""
        return tuple(sorted(numbers[measure_id] for numbers in self.rows.values() if measure_id in numbers))


class Spread(Frozen):
    """A measure of the cluster's practices without their names, after the disclosure gate. `n` practices have a number.

    `median` lies between `lower` and `upper`, the quartiles (`quartiles_of`). `values` are the single numbers, least
    first; absent under `Disclosure.percentages_from` practices, since the ends of a small cluster stand out. Under
    `Disclosure.at_least` practices it is suppressed: `n` is 0 and there is nothing else, not even how many had one.

    Among few practices the median and the quartiles are single practices' numbers, too, nameless: of five, three of
    them. So no text says that none is shown.

    What a practice that knows its own number can learn: that it is one of those shown, and so what the n − 1 others are
    together, but not whose; where two practices tell each other theirs, what the n − 2 others are. All but one together
    know that one, whatever n is. Whoever knows something of a practice beforehand (the largest, the one with a nursing
    home) may guess which number is its. So no number has more decimals than are printed, the least and the most are not
    told under ten practices, and nothing is told by sort of practice or together with another measure: the same
    practice's numbers of two measures stand in two rows that nothing joins.
    """

    n: int
    median: float | None = None
    lower: float | None = None
    upper: float | None = None
    values: tuple[float, ...] | None = None
    suppressed: bool = False


class Quartiles(NamedTuple):
    """The numbers below which a quarter, a half and three quarters lie."""

    lower: float
    median: float
    upper: float


def quartiles_of(values: Sequence[float]) -> Quartiles:
    """By definition 7 of Hyndman and Fan (1996), Am Stat 50:361, as R, NumPy and Excel's KVARTIL.MEDTAG have it.

    Of n numbers in order the quantile p lies (n − 1)p places after the first, between two of them in proportion.
    `values` are in order, least first. Raises ValueError where there are none.
    """
    if not values:
        msg = "quartiles are of at least one number"
        raise ValueError(msg)
    return Quartiles(*(_quantile(values, p) for p in (0.25, 0.5, 0.75)))


def _quantile(values: Sequence[float], p: float) -> float:
    place = (len(values) - 1) * p
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])
