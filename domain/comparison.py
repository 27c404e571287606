"""From two rounds to what changed, as far as both may be shown."""

from collections.abc import Sequence

from domain.package import Package
from domain.results import Change, ItemResult, Results, Who5Result
from domain.statistics import Interval, Summary, newcombe_difference, verdict, welch_difference


def compare(baseline: Results, follow_up: Results, package: Package) -> dict[str, Change]:
    """Follow-up minus baseline for all that both rounds may show: `who5`, `<item>.high` and `<item>.low`.

    Unpaired, for nobody knows who is who. WHO-5 by Welch, in points; shares by Newcombe, as proportions.
    """
    changes: dict[str, Change] = {}
    if baseline.who5 is not None and follow_up.who5 is not None:
        changes["who5"] = _change(welch_difference(_summary(baseline.who5), _summary(follow_up.who5)))
    for item_id, after in follow_up.items.items():
        before = baseline.items.get(item_id)
        if before is None or not (before.share and after.share):
            continue
        for name, labels in package.bars_of(package.item(item_id)).items():
            difference = newcombe_difference(_count(before, labels), before.n, _count(after, labels), after.n)
            changes[f"{item_id}.{name}"] = _change(difference)
    return changes


def _count(result: ItemResult, labels: Sequence[str]) -> int:
    return sum(result.counts[label] for label in labels)


def _summary(who5: Who5Result) -> Summary:
    return Summary(who5.n, who5.mean, who5.sd)


def _change(interval: Interval) -> Change:
    return Change(difference=interval.value, low=interval.low, high=interval.high, verdict=verdict(interval))
