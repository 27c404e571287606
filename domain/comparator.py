"""What a cluster's figures are compared with of what KiAP's other clusters said: found once a round, and then kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from domain.danish import number
from domain.first_rounds import Counted, FirstRounds, Parts, together
from domain.index import Index
from domain.model import Frozen
from domain.national import National
from domain.package import Item, Package
from domain.results import IndexResult
from domain.statistics import Interval, Summary, newcombe_difference, welch_difference

WHO = "KiAP's klynger"
SOURCE = "KiAP's egne opgørelser fra første spørgerunde, lagt sammen"


class Comparator(Frozen):
    """A figure over many clusters: points of an index or a rating (`sd` beside them), or per cent (`count` of `n`)."""

    value: float
    unit: Literal["score", "%"]
    n: int
    clusters: int
    first_year: int
    last_year: int
    sd: float | None = None
    count: int | None = None

    @property
    def label(self) -> str:
        """ "KiAP's klynger, 2027, 14 klynger, 402 svar" """
        return f"{WHO}, {_years(self)}, {number(self.clusters, 0)} klynger, {number(self.n, 0)} svar"

    @property
    def year(self) -> int:
        """The last of its years."""
        return self.last_year

    def mean_against(self, own: Summary) -> Interval | None:
        """A cluster's mean minus this one, with the uncertainty of both (Welch); None where this is no mean."""
        if self.sd is None or min(own.n, self.n) < 2:
            return None
        return welch_difference(Summary(self.n, self.value, self.sd), own)

    def share_against(self, count: int, n: int) -> Interval | None:
        """A cluster's share minus this one, as a proportion, with both uncertainties (Newcombe); None for a mean."""
        if self.count is None or n == 0:
            return None
        return newcombe_difference(self.count, self.n, count, n)


class ChangeElsewhere(Frozen):
    """What changed over many clusters from first round to follow-up: points, or a proportion for shares."""

    orders: int
    n_before: int
    n_after: int
    difference: float
    low: float
    high: float

    @property
    def label(self) -> str:
        """ "KiAP's klynger med opfølgning (12 forløb, 240 og 228 svar)" """
        both = f"{number(self.n_before, 0)} og {number(self.n_after, 0)} svar"
        return f"{WHO} med opfølgning ({number(self.orders, 0)} forløb, {both})"


class Elsewhere(Frozen):
    """All that a round is compared with, by target (`who5`, `who5.high`, `arbejdsglaede.high`, `belastning_01` …)."""

    comparators: dict[str, Comparator] = Field(default_factory=dict)
    changes: dict[str, ChangeElsewhere] = Field(default_factory=dict)


NOBODY_ELSE = Elsewhere()
"""Where nothing is published yet."""


def elsewhere(batches: Sequence[FirstRounds], change: National, package: Package) -> Elsewhere:
    """What is published of a package in one version, as reports show it."""
    changes = {
        f"{each.item}.{each.part}" if each.part else each.item: ChangeElsewhere(
            orders=each.orders,
            n_before=each.n_before,
            n_after=each.n_after,
            difference=each.difference.value,
            low=each.difference.low,
            high=each.difference.high,
        )
        for each in change.changes
    }
    return Elsewhere(comparators=comparators(batches, package), changes=changes)


def index_against(comparator: Comparator, found: IndexResult) -> Interval | None:
    """An index of a cluster minus that of others."""
    return comparator.mean_against(Summary(found.n, found.mean, found.sd))


def comparators(batches: Sequence[FirstRounds], package: Package, region: str | None = None) -> dict[str, Comparator]:
    """Every figure that is published, by target: over the country, or over the parts that a region has of its own."""
    return dict(_comparators(batches, package, region))


def _comparators(
    batches: Sequence[FirstRounds], package: Package, region: str | None
) -> Iterator[tuple[str, Comparator]]:
    for index in package.indices:
        if told := list(_told(((batch, batch.indices.get(index.id, {})) for batch in batches), region)):
            yield from _of_an_index(index, *_sum(told))
    for item in package.items:
        if told := list(_told(((batch, batch.items.get(item.id, {})) for batch in batches), region)):
            yield from _of_an_item(item, package, *_sum(told))


def _told(
    figures: Iterable[tuple[FirstRounds, Parts]], region: str | None
) -> Iterator[tuple[FirstRounds, Sequence[Counted]]]:
    """Of each batch the parts that are wanted, where it has any."""
    for batch, parts in figures:
        if wanted := [part for where, part in parts.items() if region in (None, where)]:
            yield batch, wanted


def _sum(told: Sequence[tuple[FirstRounds, Sequence[Counted]]]) -> tuple[Counted, tuple[int, int]]:
    """All parts of all batches together, and the years they are of."""
    years = min(batch.first_year for batch, _ in told), max(batch.last_year for batch, _ in told)
    return together(part for _, parts in told for part in parts), years


def _of_an_index(index: Index, found: Counted, years: tuple[int, int]) -> Iterator[tuple[str, Comparator]]:
    scores = {int(score): count for score, count in found.counts.items()}
    yield index.id, _mean(scores, found, years)
    for band, count in index.in_bands(scores).items():
        yield f"{index.id}.{band}", _share(count, found, years)


def _of_an_item(
    item: Item, package: Package, found: Counted, years: tuple[int, int]
) -> Iterator[tuple[str, Comparator]]:
    if item.kind in ("rating", "score"):
        yield item.id, _mean({int(answer): count for answer, count in found.counts.items()}, found, years)
        return
    for option in package.options_of(item):
        yield f"{item.id}.{option.id}", _share(found.counts[option.label], found, years)
    for end, labels in package.bars_of(item).items():
        yield f"{item.id}.{end}", _share(sum(found.counts[label] for label in labels), found, years)


def _mean(points: Mapping[int, int], found: Counted, years: tuple[int, int]) -> Comparator:
    total = sum(point * count for point, count in points.items())
    squares = sum(point * point * count for point, count in points.items())
    spread = (found.n * squares - total**2) / (found.n * (found.n - 1))
    return _comparator(found, years, value=total / found.n, unit="score", sd=max(0.0, spread) ** 0.5)


def _share(count: int, found: Counted, years: tuple[int, int]) -> Comparator:
    return _comparator(found, years, value=100 * count / found.n, unit="%", count=count)


def _comparator(
    found: Counted,
    years: tuple[int, int],
    *,
    value: float,
    unit: Literal["score", "%"],
    sd: float | None = None,
    count: int | None = None,
) -> Comparator:
    return Comparator(
        value=value, unit=unit, n=found.n, clusters=found.clusters, first_year=years[0], last_year=years[1],
        sd=sd, count=count,
    )  # fmt: skip


def _years(comparator: Comparator) -> str:
    first, last = comparator.first_year, comparator.last_year
    return f"{last}" if first == last else f"{first}–{last}"
