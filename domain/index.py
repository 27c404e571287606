"""An index as package data: the numbers of several items added up to points, and the bands they are read in."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, Field

from domain.model import Frozen
from domain.text import TypesetLine

if TYPE_CHECKING:
    from domain.package import Item, Package

MOST_ITEMS = 12
"""Of an index: so many lines have room on the slide with the table of one's own score."""
MOST_BANDS = 5
"""Of an index: so many have room beside each other behind the scores."""
MOST_INDICES = 3
"""Of a package: the questionnaire tells by style alone of which index an item is unanswered, with rules for so many."""

Colour = Literal["good", "fair", "caution", "alarm"]
HEEDED: frozenset[Colour] = frozenset({"caution", "alarm"})
"""Bands of these colours are what a cluster should take heed of."""


class Band(Frozen):
    """A part of the scale, both ends included, in points."""

    # By name too: a package that is kept is read back from its own dump.
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: TypesetLine
    from_: int = Field(alias="from")
    to: int
    means: TypesetLine
    """What a score in it tells, on the slide of how the index is read."""
    colour: Colour

    @property
    def is_heeded(self) -> bool:
        return self.colour in HEEDED


class OwnScore(Frozen):
    """What stands by the table with which each reckons their own score."""

    reckon: TypesetLine
    """How it is done, in a sentence."""
    sum: TypesetLine
    """The line to write on: "De fem tal lagt sammen: ____ × 4 = ____ point"."""


class Index(Frozen):
    """The sum of the items' numbers times `factor`, in whole points; `bands` are its whole scale, most points first.

    Whoever left one of its items out has no score.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: TypesetLine = Field(min_length=1)
    """As sentences and charts call it: "WHO-5"."""
    items: tuple[str, ...]
    factor: int = Field(1, ge=1, le=100)
    missing: Literal["no_score"] = "no_score"
    health: bool = False
    """Whether a score is information on somebody's health, which those who are asked are told."""
    bands: tuple[Band, ...]
    not_a_diagnosis: TypesetLine = Field(min_length=1)
    """Said wherever the index is shown."""
    own_score: OwnScore
    source: TypesetLine = Field(min_length=1)
    """Where items and bands are from, in a sentence."""

    @property
    def lowest(self) -> int:
        """The fewest points."""
        return self.bands[-1].from_

    @property
    def highest(self) -> int:
        """The most points."""
        return self.bands[0].to

    def score(self, numbers: Sequence[int]) -> int:
        """The points of one who answered every item with these numbers."""
        return sum(numbers) * self.factor

    def in_bands(self, scores: Mapping[int, int]) -> dict[str, int]:
        """How many of these scores (score → respondents) lie in each band, by its id."""
        return {
            band.id: sum(count for score, count in scores.items() if band.from_ <= score <= band.to)
            for band in self.bands
        }


def numbers_of(package: "Package", item: "Item") -> tuple[int, ...]:
    """The numbers that can be answered to a score or rating; none to other items."""
    if item.kind == "rating":
        return tuple(range(item.minimum or 0, (item.maximum or 0) + 1))
    if item.kind != "score":
        return ()
    return tuple(option.value for option in package.options_of(item) if option.value is not None)


def possible_points(package: "Package", index: Index) -> tuple[int, ...]:
    """Every score that somebody can have, fewest points first. Raises KeyError for an item that is none."""
    sums = {0}
    for item_id in index.items:
        numbers = numbers_of(package, package.item(item_id))
        sums = {so_far + number for so_far in sums for number in numbers}
    return tuple(sorted(each * index.factor for each in sums))


def step_of(package: "Package", index: Index) -> int:
    """How many points lie between scores: every score is the lowest one and so many of these."""
    points = possible_points(package, index)
    return gcd(*(high - low for low, high in pairwise(points)))
