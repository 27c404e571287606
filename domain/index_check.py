"""What is wrong with a package's indices, each with its place: items, points and bands."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.index import MOST_BANDS, MOST_INDICES, MOST_ITEMS, Index, numbers_of, possible_points

if TYPE_CHECKING:
    from domain.package import Item, Package

Path = tuple[str | int, ...]
Faults = Iterator[tuple[Path, str]]
"""The path of keys and positions below `indices`, and what is wrong there."""


def index_faults(package: "Package") -> Faults:
    """All that keeps the indices from being reckoned, or would have a slide say what is not so."""
    if len(package.indices) > MOST_INDICES:
        yield (), f"there are {len(package.indices)} indices; the questionnaire has room for {MOST_INDICES}"
    items = {item.id for item in package.items}
    ids = [index.id for index in package.indices]
    for position, index in enumerate(package.indices):
        if index.id in ids[:position]:
            yield (position, "id"), f"index '{index.id}' stands twice"
        if index.id in items:
            yield (position, "id"), f"'{index.id}' is an item's id too"
        told = list(_item_faults(package, index, items))
        yield from (((position, *where), what) for where, what in told)
        if not told:
            points = possible_points(package, index)
            yield from (((position, *where), what) for where, what in _band_faults(index, points))


def _item_faults(package: "Package", index: Index, known: set[str]) -> Faults:
    if len(index.items) < 2:
        yield ("items",), f"index '{index.id}' needs at least two items"
    if len(index.items) > MOST_ITEMS:
        yield ("items",), f"index '{index.id}' has more than {MOST_ITEMS} items"
    first: Item | None = None
    for place, item_id in enumerate(index.items):
        where = ("items", place)
        if item_id in index.items[:place]:
            yield where, f"item '{item_id}' stands in index '{index.id}' twice"
        elif item_id not in known:
            yield where, f"index '{index.id}' names '{item_id}', which is no item"
        else:
            item = package.item(item_id)
            if what := _no_number(package, item):
                yield where, what
            else:
                first = first or item
                if _answers(package, item) != _answers(package, first):
                    yield where, f"item '{item_id}' is not answered on the same scale as '{first.id}'"
    repeated = set(index.items) & set(package.follow_up.repeats)
    if repeated and repeated != set(index.items):
        lacking = ", ".join(item for item in index.items if item not in repeated)
        yield ("items",), f"follow_up.repeats has some items of index '{index.id}' and lacks {lacking}"


def _no_number(package: "Package", item: "Item") -> str:
    """Why an item can't be part of a score; nothing where it can."""
    if item.kind not in ("score", "rating"):
        return f"item '{item.id}' is a {item.kind}; an index is reckoned from scores and ratings"
    if item.may_be_not_relevant or item.only_if:
        return f"item '{item.id}' must be asked of all, without 'not relevant'"
    if item.scale and item.scale not in package.scales:
        return f"item '{item.id}' has no scale"
    numbers = numbers_of(package, item)
    if len(set(numbers)) < 2 or len(set(numbers)) != len(numbers):
        return f"item '{item.id}' needs different numbers for its answers"
    return ""


def _answers(package: "Package", item: "Item") -> tuple[str, ...]:
    """What stands at the head of the table of one's own score; the numbers beneath may be turned around."""
    options = package.options_of(item)
    return tuple(option.label for option in options) or tuple(str(number) for number in numbers_of(package, item))


def _band_faults(index: Index, points: tuple[int, ...]) -> Faults:
    bands = index.bands
    if not 2 <= len(bands) <= MOST_BANDS:
        yield ("bands",), f"index '{index.id}' needs 2 to {MOST_BANDS} bands"
    ids = [band.id for band in bands]
    for place, band in enumerate(bands):
        where = ("bands", place)
        if band.id in ids[:place]:
            yield (*where, "id"), f"band '{band.id}' stands twice"
        if band.from_ > band.to:
            yield (
                (*where, "from"),
                f"band '{band.id}' goes from {band.from_} to {band.to}; the lower number comes first",
            )
        elif not any(band.from_ <= each <= band.to for each in points):
            yield where, f"nobody can have {band.from_} to {band.to} points: band '{band.id}' is always empty"
    for place, (upper, lower) in enumerate(pairwise(bands)):
        end: Path = ("bands", place + 1, "to")
        if lower.to >= upper.from_:
            yield end, f"bands '{upper.id}' and '{lower.id}' overlap, or the one of most points does not stand first"
        elif lower.to < upper.from_ - 1:
            yield end, f"between the bands '{lower.id}' and '{upper.id}' there is a gap"
    if bands and (bands[-1].from_, bands[0].to) != (points[0], points[-1]):
        yield (
            ("bands",),
            f"the bands go from {bands[-1].from_} to {bands[0].to}, the points from {points[0]} to {points[-1]}",
        )
