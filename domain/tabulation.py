"""A survey round counted, before the disclosure gate: nothing here may be shown, see `domain/disclosure.py`."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

from pydantic import Field

from domain.index import Index, step_of
from domain.model import Frozen, PackageSlug, Round
from domain.package import NOT_RELEVANT, Answer, Answers, Item, Package
from domain.register import Evidence, Extract

Shuffle = Callable[[list[str]], None]
"""Puts a list into an order that nobody can foresee, in place, as `random.SystemRandom().shuffle` does."""


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


class IndexTabulation(Frozen):
    """An index of those who answered all its items, in points. `sd` is None for a single score.

    `bands` is by band, most points first. The scale goes from `lowest` to `highest` in steps of `step`.
    """

    n: int
    mean: float
    sd: float | None
    min: int
    max: int
    bands: dict[str, int]
    scores: dict[int, int]
    lowest: int
    highest: int
    step: int


class Tabulation(Frozen):
    """One round, counted once. `texts` are the free texts by item, in random order.

    Of a register's round `n` and `members` are practices: with a number, and in all. `measures` are their numbers,
    least first, without whose they are.
    """

    package: PackageSlug
    package_version: int
    round: Round
    n: int
    members: int
    evidence: Evidence = "questionnaire"
    items: dict[str, ItemTabulation] = Field(default_factory=dict)
    indices: dict[str, IndexTabulation] = Field(default_factory=dict)
    texts: dict[str, tuple[str, ...]] = Field(default_factory=dict, repr=False)
    measures: dict[str, tuple[float, ...]] = Field(default_factory=dict, repr=False)


def tabulate(package: Package, round_: Round, members: int, rows: Sequence[Answers], shuffle: Shuffle) -> Tabulation:
    """A round counted: `rows` holds one person's answers each, `members` is how many were asked.

    `shuffle` hides whose free text is whose. The result is as private as the answers: only
    `domain.disclosure.disclose` makes something of it to be shown.
    """
    items = package.asked_in(round_)
    columns = {item.id: [row[item.id] for row in rows if item.id in row] for item in items}
    return Tabulation(
        package=package.slug,
        package_version=package.version,
        round=round_,
        n=len(rows),
        members=members,
        items={item.id: _item(package, item, columns[item.id]) for item in items},
        indices={
            index.id: found
            for index in package.indices_in(round_)
            if (found := _index(package, index, rows)) is not None
        },
        texts={item.id: _shuffled(columns[item.id], shuffle) for item in items if item.kind == "text"},
    )


def tabulate_extract(package: Package, round_: Round, practices: int, extract: Extract) -> Tabulation:
    """A register's round: each measure's numbers in order, parted from whose they are. `practices` are the cluster's.

    As private as the extract: only `domain.disclosure.disclose` makes something of it to be shown.
    """
    measures = {measure.id: extract.values_of(measure.id) for measure in package.measured_in(round_)}
    return Tabulation(
        package=package.slug,
        package_version=package.version,
        round=round_,
        evidence="register",
        n=extract.n,
        members=max(practices, len(extract.rows)),
        measures=measures,
    )


def _item(package: Package, item: Item, answered: Sequence[Answer]) -> ItemTabulation:
    if item.kind == "text":
        return ItemTabulation(n=len(answered))
    said = [answer for answer in answered if answer != NOT_RELEVANT]
    not_relevant = len(answered) - len(said) if item.may_be_not_relevant else None
    if item.kind in ("score", "rating"):
        return _numbers(package, item, _whole(said), not_relevant)
    found = Counter(choice for answer in said for choice in (answer if isinstance(answer, tuple) else (answer,)))
    counts = {option.label: found[option.id] for option in package.options_of(item)}
    bars = package.bars_of(item)
    shares = {name: sum(counts[label] for label in labels) for name, labels in bars.items()} if bars else counts
    return ItemTabulation(n=len(said), counts=counts, shares=shares, not_relevant=not_relevant)


def _numbers(package: Package, item: Item, said: Sequence[int], not_relevant: int | None) -> ItemTabulation:
    found = Counter(said)
    if item.kind == "score":
        counts = {o.label: found[o.value] for o in package.options_of(item) if o.value is not None}
        coarse = None
    else:
        scale = range(item.minimum or 0, (item.maximum or 0) + 1)
        counts = {str(number): found[number] for number in scale}
        coarse = _in_thirds(scale, found)
    return ItemTabulation(
        n=len(said),
        counts=counts,
        coarse=coarse,
        not_relevant=not_relevant,
        mean=sum(said) / len(said) if said else None,
        sd=_sd(said),
        min=min(said, default=None),
        max=max(said, default=None),
    )


def _in_thirds(scale: range, found: Counter[int]) -> dict[str, int]:
    """Low, middle and high numbers counted together; of 1–10: 1–3, 4–7, 8–10."""
    third = len(scale) // 3
    parts = (scale[:third], scale[third:-third], scale[-third:]) if third else (scale,)
    return {f"{part[0]}–{part[-1]}": sum(found[number] for number in part) for part in parts}


def _index(package: Package, index: Index, rows: Sequence[Answers]) -> IndexTabulation | None:
    """The index of everybody who answered all its items, None if nobody did."""
    complete = [[row[item] for item in index.items] for row in rows if all(item in row for item in index.items)]
    scores = [index.score(_whole(answers)) for answers in complete]
    if not scores:
        return None
    counted = dict(sorted(Counter(scores).items()))
    return IndexTabulation(
        n=len(scores),
        mean=sum(scores) / len(scores),
        sd=_sd(scores),
        min=min(scores),
        max=max(scores),
        bands=index.in_bands(counted),
        scores=counted,
        lowest=index.lowest,
        highest=index.highest,
        step=step_of(package, index),
    )


def _sd(values: Sequence[int]) -> float | None:
    """√((n Σx² − (Σx)²) / n(n − 1)), whole numbers until the division; None under two values."""
    n = len(values)
    if n < 2:
        return None
    return math.sqrt((n * sum(value * value for value in values) - sum(values) ** 2) / (n * (n - 1)))


def _whole(said: Sequence[Answer]) -> list[int]:
    """Raises TypeError for what is no number: a score or rating was read as one, or not at all."""
    numbers = [answer for answer in said if isinstance(answer, int)]
    if len(numbers) != len(said):
        msg = "a score or rating must be a whole number"
        raise TypeError(msg)
    return numbers


def _shuffled(said: Sequence[Answer], shuffle: Shuffle) -> tuple[str, ...]:
    texts = [str(text) for text in said]
    shuffle(texts)
    return tuple(texts)
