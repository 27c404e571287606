"""A survey round counted, before the disclosure gate: nothing here may be shown, see `domain/disclosure.py`."""

from pydantic import Field

from domain.model import Frozen, PackageSlug, Round
from domain.results import Bands

HIGH_FROM = 51
LOW_FROM = 36
"""The Danish bands of WHO-5: over 50, 36–50, 0–35 points."""


class ItemTabulation(Frozen):
    """One item counted. `n` leaves out "Ikke relevant"; `counts` is by label in the scale's order.

    `coarse` groups a rating's numbers, for when single ones may not be shown. `shares` names what proportions are
    taken of, as counts out of `n`. `mean`, `sd` (n − 1), `min` and `max` are for numbers only.
    """

    n: int
    counts: dict[str, int] = Field(default_factory=dict)
    coarse: dict[str, int] | None = None
    shares: dict[str, int] = Field(default_factory=dict)
    not_relevant: int | None = None
    mean: float | None = None
    sd: float | None = None
    min: int | None = None
    max: int | None = None


class Who5Tabulation(Frozen):
    """The index of those who answered all five: sum × 4, 0–100 points. `sd` is None for a single score."""

    n: int
    mean: float
    sd: float | None
    min: int
    max: int
    bands: Bands
    scores: dict[int, int]


class Tabulation(Frozen):
    """One round, counted once. `texts` are the free texts by item, in random order."""

    package: PackageSlug
    package_version: int
    round: Round
    n: int
    members: int
    items: dict[str, ItemTabulation]
    who5: Who5Tabulation | None = None
    texts: dict[str, tuple[str, ...]] = Field(default_factory=dict, repr=False)


def bands_of(scores: dict[int, int]) -> Bands:
    """How many of these scores (score → respondents) lie in each of the Danish bands."""
    high = sum(count for score, count in scores.items() if score >= HIGH_FROM)
    very_low = sum(count for score, count in scores.items() if score < LOW_FROM)
    return Bands(high=high, low=sum(scores.values()) - high - very_low, very_low=very_low)
