"""What changed over all clusters from first round to follow-up, and the gate that keeps any one of them out of sight.

What is published are changes of batches. A batch is made once, of whole orders whose both rounds are delivered; no
order is in two; and of an item it tells nothing that the gate (`domain/national_gate.py`) holds back in either round.
Told is how much changed, never how it was: levels are told of first rounds (`domain/first_rounds.py`), and two figures
of first rounds over different clusters could be subtracted from each other. A change can't be subtracted from a level.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from domain.index import step_of
from domain.model import ClusterId, Frozen, Round
from domain.national_gate import may_be_told
from domain.package import Item, Package
from domain.results import IndexResult, Results, Verdict
from domain.statistics import Interval, Summary, Z, verdict, welch_difference

HUNDREDTH = 0.01
"""Changes of shares are told in whole percentage points: what is exact can be solved for the numbers behind it."""
STEPS = 40
"""Changes of points are told in tenths, or in this part of the index' step where that is more, for the same reason."""


class Scores(Frozen):
    """An index over many: how many, the sum of their points, and the sum of the squares."""

    n: int
    total: int
    squares: int

    @property
    def summary(self) -> Summary:
        """Size, mean and standard deviation (n − 1)."""
        spread = max(0, self.n * self.squares - self.total**2)
        return Summary(self.n, self.total / self.n, (spread / (self.n * (self.n - 1))) ** 0.5)


class Said(Frozen):
    """An item over many: how many answered it, and how many of them at the scale's high and low end."""

    n: int
    high: int
    low: int


class Told(Frozen):
    """How a figure changed over a batch: points, or a proportion for shares, rounded; and of how many answers."""

    orders: int
    n_before: int
    n_after: int
    difference: float
    low: float
    high: float


class Batch(Frozen):
    """What one batch tells, by `<index>`, `<item>.high` and `<item>.low`: of each that passed the gate."""

    orders: int
    clusters: int
    changes: dict[str, Told] = Field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """One order's two rounds, each as its own cluster was shown it."""

    cluster: ClusterId
    before: Results
    after: Results


@dataclass(frozen=True)
class NationalChange:
    """How one figure changed: points of an index, or a share 0–1; over how many orders and answers.

    `item` is an index' id too. `part` is `high` or `low`, the end of the scale; empty for an index.
    """

    item: str
    part: str
    orders: int
    n_before: int
    n_after: int
    difference: Interval

    @property
    def verdict(self) -> Verdict:
        """ "up" or "down" only where the interval excludes 0."""
        return verdict(self.difference)


@dataclass(frozen=True)
class National:
    """A package in one version over everything that was published."""

    orders: int
    changes: Sequence[NationalChange]


def batch_of(pairs: Iterable[Pair], package: Package) -> Batch | None:
    """What may be told of these orders together; None where that is nothing, and they wait for more.

    Only what a cluster's own results told exactly is added up: rounds and items with answers enough for shares.
    """
    pairs = list(pairs)
    told = set[int]()
    changes = dict[str, Told]()
    ids = [index.id for index in package.indices_in(Round.FOLLOW_UP)]
    whole = {number: pair for number, pair in enumerate(pairs) if all(_scores(pair, index) for index in ids)}
    for index in ids:
        scores = {number: found for number, pair in whole.items() if (found := _scores(pair, index))}
        if _may_be_told(pairs, {number: (one.n, other.n) for number, (one, other) in scores.items()}):
            before, after = (_added_scores([each[round_] for each in scores.values()]) for round_ in (0, 1))
            grain = max(0.1, step_of(package, package.index(index)) / STEPS)
            changes[index] = change_of_points(before, after, len(scores), grain)
            told |= scores.keys()
    for item in package.items:
        said = {number: ends for number, pair in enumerate(pairs) if (ends := _said(pair, item, package))}
        if _may_be_told(pairs, {number: (one.n, other.n) for number, (one, other) in said.items()}):
            first, second = (_added_said([each[round_] for each in said.values()]) for round_ in (0, 1))
            changes |= {f"{item.id}.{end}": told_ for end, told_ in changes_of_shares(first, second, len(said)).items()}
            told |= said.keys()
    if not told:
        return None
    return Batch(orders=len(told), clusters=len({pairs[number].cluster for number in told}), changes=changes)


def change_of_points(before: Scores, after: Scores, orders: int, grain: float) -> Told:
    """An index' change by Welch, in whole grains."""
    return _told(welch_difference(before.summary, after.summary), before.n, after.n, orders, grain)


def changes_of_shares(before: Said, after: Said, orders: int) -> dict[str, Told]:
    """The change of both ends in whole percentage points, with the widest interval that any shares could have.

    ± z · √(¼/n₁ + ¼/n₂): an interval by the shares themselves could be solved for them.
    """
    half = Z * (0.25 / before.n + 0.25 / after.n) ** 0.5
    differences = {
        "high": after.high / after.n - before.high / before.n,
        "low": after.low / after.n - before.low / before.n,
    }
    return {
        end: _told(Interval(value, value - half, value + half), before.n, after.n, orders, HUNDREDTH)
        for end, value in differences.items()
    }


def national(batches: Sequence[Batch]) -> National:
    """Everything that was published, together."""
    return National(sum(batch.orders for batch in batches), list(_changes(batches)))


def _changes(batches: Sequence[Batch]) -> Iterator[NationalChange]:
    for key in dict.fromkeys(key for batch in batches for key in batch.changes):
        told = [batch.changes[key] for batch in batches if key in batch.changes]
        item, _, part = key.partition(".")
        yield NationalChange(
            item,
            part,
            orders=sum(each.orders for each in told),
            n_before=sum(each.n_before for each in told),
            n_after=sum(each.n_after for each in told),
            difference=_mean_change(told),
        )


def _mean_change(told: Sequence[Told]) -> Interval:
    """Changes weighed by what each knows, n₁n₂/(n₁ + n₂); limits by Zou and Donner (2008, Stat Med 27:1693).

    With weights w that sum to 1: low = Σwd − √Σ(w(d − l))², and alike for high.
    """
    sizes = [each.n_before * each.n_after / (each.n_before + each.n_after) for each in told]
    weights = [size / sum(sizes) for size in sizes]
    weighed = list(zip(weights, told, strict=True))
    value = sum(weight * each.difference for weight, each in weighed)
    down = sum((weight * (each.difference - each.low)) ** 2 for weight, each in weighed) ** 0.5
    up = sum((weight * (each.high - each.difference)) ** 2 for weight, each in weighed) ** 0.5
    return Interval(value, value - down, value + up)


def _told(change: Interval, n_before: int, n_after: int, orders: int, grain: float) -> Told:
    """In whole grains: first the change, then its interval around that, or the limits would tell what it was."""
    value, half = round(change.value / grain), math.ceil((change.high - change.low) / 2 / grain)
    difference, low, high = (round(each * grain, 6) for each in (value, value - half, value + half))
    return Told(orders=orders, n_before=n_before, n_after=n_after, difference=difference, low=low, high=high)


def _may_be_told(pairs: Sequence[Pair], answers: dict[int, tuple[int, int]]) -> bool:
    """The gate, in each round by itself."""
    return all(may_be_told((pairs[number].cluster, n[round_]) for number, n in answers.items()) for round_ in (0, 1))


def _scores(pair: Pair, index: str) -> tuple[Scores, Scores] | None:
    before, after = (_points(each.indices.get(index)) for each in (pair.before, pair.after))
    return (before, after) if before and after else None


def _points(index: IndexResult | None) -> Scores | None:
    """None where single scores were not shown: then their sum is not known exactly either."""
    if index is None or not index.scores:
        return None
    scores = index.scores.items()
    return Scores(
        n=sum(how_many for _, how_many in scores),
        total=sum(score * how_many for score, how_many in scores),
        squares=sum(score * score * how_many for score, how_many in scores),
    )


def _said(pair: Pair, item: Item, package: Package) -> tuple[Said, Said] | None:
    before, after = (_ends(each, item, package) for each in (pair.before, pair.after))
    return (before, after) if before and after else None


def _ends(results: Results, item: Item, package: Package) -> Said | None:
    found, bars = results.items.get(item.id), package.bars_of(item)
    if found is None or not found.share or not bars:
        return None
    high, low = (sum(found.counts[label] for label in bars[end]) for end in ("high", "low"))
    return Said(n=found.n, high=high, low=low)


def _added_scores(those: Sequence[Scores]) -> Scores:
    return Scores(
        n=sum(each.n for each in those),
        total=sum(each.total for each in those),
        squares=sum(each.squares for each in those),
    )


def _added_said(those: Sequence[Said]) -> Said:
    return Said(
        n=sum(each.n for each in those), high=sum(each.high for each in those), low=sum(each.low for each in those)
    )
