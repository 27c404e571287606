"""Before and after over all clusters, and the gate that keeps any one cluster out of sight.

What is published are sums of batches. A batch is made once, of whole orders whose both rounds are delivered; no order
is in two; and of an item it tells nothing under `CLUSTERS_AT_LEAST` clusters and `ANSWERS_AT_LEAST` answers in each
round. So whatever is subtracted from what else was published, at any two times, is one such batch or several.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from domain.model import ClusterId, Frozen
from domain.package import Item, Package
from domain.results import IndexResult, Results, Verdict
from domain.statistics import Interval, Summary, newcombe_difference, verdict, welch_difference

CLUSTERS_AT_LEAST = 5
ANSWERS_AT_LEAST = 100


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


class ScoresTwice(Frozen):
    """An index in both rounds."""

    before: Scores
    after: Scores


class SaidTwice(Frozen):
    """An item in both rounds."""

    before: Said
    after: Said


class Batch(Frozen):
    """What one batch tells: from how many orders and clusters, and of each index and item that passed the gate."""

    orders: int
    clusters: int
    indices: dict[str, ScoresTwice] = Field(default_factory=dict)
    items: dict[str, SaidTwice]


@dataclass(frozen=True)
class Pair:
    """One order's two rounds, each as its own cluster was shown it."""

    cluster: ClusterId
    before: Results
    after: Results


@dataclass(frozen=True)
class NationalChange:
    """One figure before and after: points of an index, or a share 0–1.

    `item` is an index' id too. `part` is `high` or `low`, the end of the scale; empty for an index.
    """

    item: str
    part: str
    n_before: int
    n_after: int
    before: float
    after: float
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
    indices: dict[str, ScoresTwice] = {}
    for index in package.indices:
        scores = {number: found for number, pair in enumerate(pairs) if (found := _scores(pair, index.id))}
        together = _scores_together(list(scores.values()))
        if _may_be_told(pairs, scores, together):
            indices[index.id] = together
            told |= scores.keys()
    items: dict[str, SaidTwice] = {}
    for item in package.items:
        said = {number: ends for number, pair in enumerate(pairs) if (ends := _said(pair, item, package))}
        twice = _said_together(list(said.values()))
        if _may_be_told(pairs, said, twice):
            items[item.id] = twice
            told |= said.keys()
    if not told:
        return None
    clusters = len({pairs[number].cluster for number in told})
    return Batch(orders=len(told), clusters=clusters, indices=indices, items=items)


def national(batches: Sequence[Batch]) -> National:
    """Everything that was published, together."""
    return National(sum(batch.orders for batch in batches), list(_changes(batches)))


def _changes(batches: Sequence[Batch]) -> Iterator[NationalChange]:
    for index in dict.fromkeys(index for batch in batches for index in batch.indices):
        scores = _scores_together([batch.indices[index] for batch in batches if index in batch.indices])
        before, after = scores.before.summary, scores.after.summary
        difference = welch_difference(before, after)
        yield NationalChange(index, "", before.n, after.n, before.mean, after.mean, difference)
    for item in dict.fromkeys(item for batch in batches for item in batch.items):
        said = _said_together([batch.items[item] for batch in batches if item in batch.items])
        for part, first, second in (
            ("high", said.before.high, said.after.high),
            ("low", said.before.low, said.after.low),
        ):
            n, m = said.before.n, said.after.n
            yield NationalChange(item, part, n, m, first / n, second / m, newcombe_difference(first, n, second, m))


def _may_be_told(pairs: Sequence[Pair], those: Iterable[int], together: ScoresTwice | SaidTwice) -> bool:
    """The gate: clusters enough, and answers enough in each round."""
    clusters = {pairs[number].cluster for number in those}
    return len(clusters) >= CLUSTERS_AT_LEAST and min(together.before.n, together.after.n) >= ANSWERS_AT_LEAST


def _scores(pair: Pair, index: str) -> ScoresTwice | None:
    before, after = (_points(each.indices.get(index)) for each in (pair.before, pair.after))
    return ScoresTwice(before=before, after=after) if before and after else None


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


def _said(pair: Pair, item: Item, package: Package) -> SaidTwice | None:
    before, after = (_ends(each, item, package) for each in (pair.before, pair.after))
    return SaidTwice(before=before, after=after) if before and after else None


def _ends(results: Results, item: Item, package: Package) -> Said | None:
    found, bars = results.items.get(item.id), package.bars_of(item)
    if found is None or not found.share or not bars:
        return None
    high, low = (sum(found.counts[label] for label in bars[end]) for end in ("high", "low"))
    return Said(n=found.n, high=high, low=low)


def _scores_together(those: Sequence[ScoresTwice]) -> ScoresTwice:
    def added(scores: Sequence[Scores]) -> Scores:
        return Scores(
            n=sum(each.n for each in scores),
            total=sum(each.total for each in scores),
            squares=sum(each.squares for each in scores),
        )

    return ScoresTwice(before=added([each.before for each in those]), after=added([each.after for each in those]))


def _said_together(those: Sequence[SaidTwice]) -> SaidTwice:
    def added(said: Sequence[Said]) -> Said:
        return Said(
            n=sum(each.n for each in said), high=sum(each.high for each in said), low=sum(each.low for each in said)
        )

    return SaidTwice(before=added([each.before for each in those]), after=added([each.after for each in those]))
