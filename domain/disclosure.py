"""The one gate between what was counted and what anybody sees: screens, decks, documents and exports alike.

The rules are the package's `Disclosure`; of a register's round they count practices instead of answers. What is held
back is held back whole: of an item with too few answers not even their number is told, or the round's own number would
give away how many said "Ikke relevant".
"""

from domain.policies import Disclosure
from domain.register import Spread, quartiles_of
from domain.results import IndexResult, ItemResult, Results, Share
from domain.statistics import Summary, mean_interval, wilson
from domain.tabulation import IndexTabulation, ItemTabulation, Tabulation


def disclose(tabulation: Tabulation, rules: Disclosure) -> Results:
    """What may be shown of a round. Under `rules.at_least` answers: their number and the cluster's, nothing else."""
    suppressed = tabulation.n < rules.at_least
    told = {} if suppressed else {name: _index(index, rules) for name, index in tabulation.indices.items()}
    items = {} if suppressed else {name: _item(item, rules) for name, item in tabulation.items.items()}
    measures = {} if suppressed else {name: _spread(each, rules) for name, each in tabulation.measures.items()}
    return Results(
        package=tabulation.package,
        package_version=tabulation.package_version,
        round=tabulation.round,
        n=tabulation.n,
        members=tabulation.members,
        suppressed=suppressed,
        evidence=tabulation.evidence,
        items=items,
        indices={name: index for name, index in told.items() if index is not None},
        measures=measures,
    )


def disclose_texts(tabulation: Tabulation, rules: Disclosure) -> dict[str, tuple[str, ...]]:
    """The free texts the consultant may read, by item, in the tabulation's random order.

    Only from a round with `rules.free_text_from` answers, and of items that at least `rules.at_least` wrote to.
    """
    if tabulation.n < max(rules.free_text_from, rules.at_least):
        return {}
    return {name: texts for name, texts in tabulation.texts.items() if len(texts) >= rules.at_least}


def may_tabulate_again(first_n: int, second_n: int, rules: Disclosure) -> bool:
    """Whether a second result beside a first one gives nobody away: same answers, or enough more or fewer.

    A first or second round that was too small to show anything can't be compared with.
    """
    if min(first_n, second_n) < rules.at_least:
        return True
    return first_n == second_n or abs(first_n - second_n) >= rules.second_deck_differs_by_at_least


def _spread(values: tuple[float, ...], rules: Disclosure) -> Spread:
    if len(values) < rules.at_least:
        return Spread(n=0, suppressed=True)
    lower, median, upper = quartiles_of(values)
    single = values if len(values) >= rules.percentages_from else None
    return Spread(n=len(values), median=median, lower=lower, upper=upper, values=single)


def _item(item: ItemTabulation, rules: Disclosure) -> ItemResult:
    if item.n < rules.at_least:
        return ItemResult(n=0, suppressed=True)
    if item.n < rules.percentages_from:
        # A rating's single numbers would give the extremes; its groups of numbers do not.
        counts = item.counts if item.coarse is None else item.coarse
        return ItemResult(n=item.n, counts=counts, mean=_tenths(item.mean), not_relevant=item.not_relevant)
    shares = {name: _share(count, item.n) for name, count in item.shares.items()}
    return ItemResult(
        n=item.n,
        counts=item.counts,
        mean=item.mean,
        sd=item.sd,
        min=item.min,
        max=item.max,
        share=shares or None,
        not_relevant=item.not_relevant,
    )


def _index(index: IndexTabulation, rules: Disclosure) -> IndexResult | None:
    if index.n < rules.at_least or index.sd is None:
        return None
    if index.n < rules.percentages_from:
        # Rounded, or the few scores (which go in steps) could be solved from their exact sum and sum of squares.
        return _rounded(index, round(index.mean, 1), _quarters(index.sd, index.step))
    low, high = _interval(index, index.mean, index.sd)
    return IndexResult(
        n=index.n,
        mean=index.mean,
        low=low,
        high=high,
        sd=index.sd,
        min=index.min,
        max=index.max,
        bands=index.bands,
        share={name: _share(count, index.n) for name, count in index.bands.items()},
        scores=dict(sorted(index.scores.items())),
    )


def _rounded(index: IndexTabulation, mean: float, sd: float) -> IndexResult:
    low, high = _interval(index, mean, sd)
    return IndexResult(n=index.n, mean=mean, low=low, high=high, sd=sd, bands=index.bands)


def _quarters(sd: float, step: int) -> float:
    """To a quarter of the index' step, so that as little follows from it whatever the points are called."""
    return round(sd * 4 / step) * step / 4


def _interval(index: IndexTabulation, mean: float, sd: float) -> tuple[float, float]:
    interval = mean_interval(Summary(index.n, mean, sd))
    return max(float(index.lowest), interval.low), min(float(index.highest), interval.high)


def _share(count: int, n: int) -> Share:
    value, low, high = wilson(count, n)
    return Share(value=value, low=low, high=high)


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
