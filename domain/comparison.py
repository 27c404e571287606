"""From two rounds to what changed, as far as both may be shown."""

from collections.abc import Sequence

from domain.package import Package
from domain.rank_statistics import hodges_lehmann
from domain.results import Change, IndexResult, ItemResult, Results
from domain.statistics import Interval, Summary, newcombe_difference, verdict, welch_difference


def compare(baseline: Results, follow_up: Results, package: Package) -> dict[str, Change]:
    """Follow-up minus baseline, for what both may show: `<index>`, `<index>.heeded`, `<item>.high`, `<item>.low`.

    Unpaired, for nobody knows who is who. Indices by Welch, in points; shares by Newcombe, as proportions. `heeded` are
    those in the bands of an index that call for heed. `<measure>` is by Hodges and Lehmann, in the measure's unit,
    where both rounds' single numbers may be told; that mostly the same practices are in both makes the interval too
    wide rather than too narrow.
    """
    changes: dict[str, Change] = {}
    for index_id, now in follow_up.indices.items():
        if first := baseline.indices.get(index_id):
            changes[index_id] = _change(welch_difference(_summary(first), _summary(now)))
            if first.share and now.share:
                heeded = [band.id for band in package.index(index_id).bands if band.is_heeded]
                counts = [sum(each.bands[band] for band in heeded) for each in (first, now)]
                changes[f"{index_id}.heeded"] = _change(newcombe_difference(counts[0], first.n, counts[1], now.n))
    for item_id, after in follow_up.items.items():
        before = baseline.items.get(item_id)
        if before is None or not (before.share and after.share):
            continue
        for name, labels in package.bars_of(package.item(item_id)).items():
            difference = newcombe_difference(_count(before, labels), before.n, _count(after, labels), after.n)
            changes[f"{item_id}.{name}"] = _change(difference)
    for measure_id, later in follow_up.measures.items():
        earlier = baseline.measures.get(measure_id)
        if earlier and earlier.values and later.values:
            changes[measure_id] = _change(hodges_lehmann(earlier.values, later.values))
    return changes


def _count(result: ItemResult, labels: Sequence[str]) -> int:
    return sum(result.counts[label] for label in labels)


def _summary(index: IndexResult) -> Summary:
    return Summary(index.n, index.mean, index.sd)


def _change(interval: Interval) -> Change:
    return Change(difference=interval.value, low=interval.low, high=interval.high, verdict=verdict(interval))
