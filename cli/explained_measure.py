"""How a register's measure came to its figures: the numbers in order, their quartiles, and the shift between rounds."""

from collections.abc import Iterator, Sequence

from domain.package import Package
from domain.rank_statistics import intervals_place, median_interval
from domain.register import Measure, Spread
from domain.results import Results
from reporting.sentences import measure_change_in_words

QUARTILES = "Hyndman and Fan (1996), definition 7: the quantile p lies (n − 1)p places after the first number"
SIGN = "Thompson (1936): of n numbers in order from the k-th to the (n + 1 − k)-th, P(fewer than k of n below) ≤ 2.5 %"
MOSES = "Hodges and Lehmann (1963), Moses (1965): the middle of all differences, from the k-th to the last but k − 1"


def measure_explained(package: Package, measure: Measure, results: Results, baseline: Results | None) -> Iterator[str]:
    """The lines for a measure of a round, and for what changed where both rounds tell every number."""
    yield f"{results.round.value.replace('_', '-')}: {results.n} of {results.members} practices have a number."
    if results.suppressed:
        yield f"Under {package.disclosure.at_least} practices: no result."
        return
    yield f"{measure.id}: {measure.title}, in {measure.unit}"
    yield f"  counted: {measure.numerator}" + (f", of {measure.denominator}" if measure.denominator else "")
    yield f"  when: {measure.period}; definition: {measure.source}"
    found = results.measures.get(measure.id)
    if found is None:
        yield "  not in this round."
        return
    if found.suppressed:
        yield f"  under {package.disclosure.at_least} practices have it: no result."
        return
    yield from _spread(package, measure, found)
    before = baseline.measures.get(measure.id) if baseline is not None else None
    change = (results.change or {}).get(measure.id)
    if before is not None and before.values and found.values and change is not None:
        told = measure_change_in_words(change, measure)
        differences = len(before.values) * len(found.values)
        k = intervals_place(len(before.values), len(found.values))
        yield f"  change: the middle of {len(found.values)} × {len(before.values)} = {differences} differences: " + (
            f"{change.difference:+.4f}"
        )
        yield f"    {MOSES}, k = {k}: {change.low:+.4f} to {change.high:+.4f}"
        yield f"    printed: {told.size} {told.unit} ({told.interval}): {told.word}"
    elif baseline is not None:
        yield f"  under {package.disclosure.percentages_from} practices in a round: what changed can't be told."


def _spread(package: Package, measure: Measure, found: Spread) -> Iterator[str]:
    yield f"  n = {found.n} practices have it."
    if found.values:
        yield f"  numbers: {_listed(found.values, measure.decimals)}"
    else:
        yield f"  under {package.disclosure.percentages_from} practices: single numbers are not told."
    yield f"  lower quartile = {found.lower:.4f}, median = {found.median:.4f}, upper quartile = {found.upper:.4f}"
    yield f"    {QUARTILES}"
    if found.values and (interval := median_interval(found.values)):
        yield f"  median's uncertainty: {interval.low:.4f} to {interval.high:.4f}"
        yield f"    {SIGN}"


def _listed(values: Sequence[float], decimals: int) -> str:
    return ", ".join(f"{value:.{decimals}f}" for value in values)
