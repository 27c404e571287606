"""How a figure came to be: counts, base, formula with its numbers, and what is printed of it.

It tells nothing that the results do not: it is made from them, after the disclosure rules.
"""

import math
from collections.abc import Iterator

from cli.explained_measure import measure_explained
from domain.index import Index
from domain.package import Item, Package
from domain.results import Change, IndexResult, ItemResult, Results, Share
from domain.statistics import Z, student_t
from reporting.sentences import in_words

WILSON = "Wilson (1927): (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)"
NEWCOMBE = "Newcombe (1998), method 10: d − √((p₂−l₂)² + (u₁−p₁)²) to d + √((u₂−p₂)² + (p₁−l₁)²), Wilson's limits l, u"
WELCH = "Welch (1947): d ± t(df)·√(s₁²/n₁ + s₂²/n₂)"
STUDENT = "Student (1908): mean ± t(n−1)·s/√n"


class NothingToExplain(Exception):  # noqa: N818 - a finding, named as one
    """The package has no such item, index or measure."""


def explained(package: Package, name: str, results: Results, baseline: Results | None) -> list[str]:
    """The lines for an item, an index or a register's measure, by its id. Raises NothingToExplain."""
    index = next((index for index in package.indices if index.id == name), None)
    item = next((item for item in package.items if item.id == name), None)
    measure = next((measure for measure in package.measures if measure.id == name), None)
    if measure is not None:
        return list(measure_explained(package, measure, results, baseline))
    if index is None and item is None:
        raise NothingToExplain
    lines = [_base(results)]
    if results.suppressed:
        return [*lines, f"Under {package.disclosure.at_least} answers to the questionnaire: no result."]
    if index is not None:
        return [*lines, *_index(package, index, results, baseline)]
    assert item is not None  # noqa: S101 - one of the two is there
    return [*lines, *_item(package, item, results, baseline)]


def _base(results: Results) -> str:
    return f"{results.round.value.replace('_', '-')}: {results.n} of {results.members} answered the questionnaire."


def _item(package: Package, item: Item, results: Results, baseline: Results | None) -> Iterator[str]:
    yield f"{item.id}: {item.text}"
    yield f"  wording: {item.source}"
    found = results.items.get(item.id)
    if found is None:
        yield "  not asked in this round."
        return
    if found.suppressed:
        yield f"  under {package.disclosure.at_least} answers to it: no result."
        return
    relevant = f"; {found.not_relevant} 'Ikke relevant' are out of the base" if found.not_relevant else ""
    yield f"  n = {found.n} answered it{relevant}."
    yield "  counts: " + ", ".join(f"{label} {count}" for label, count in found.counts.items())
    if found.mean is not None:
        spread = f", s (n−1) = {found.sd:.4f}" if found.sd is not None else ""
        yield f"  mean = {found.mean:.4f}{spread}."
    if not found.share and item.kind in ("degree", "choice", "choices"):
        yield f"  under {package.disclosure.percentages_from} answers: counts, no shares."
    bars = package.bars_of(item)
    for part, share in (found.share or {}).items():
        yield from _share(found, part, bars.get(part, (part,)), share)
    if baseline is not None and results.change:
        first = baseline.items.get(item.id)
        for part in bars:
            if (change := results.change.get(f"{item.id}.{part}")) and first:
                yield from _share_change(part, bars[part], first, found, change)


def _share(found: ItemResult, part: str, labels: tuple[str, ...], share: Share) -> Iterator[str]:
    counts = [found.counts[label] for label in labels]
    added = " + ".join(map(str, counts)) + (f" = {sum(counts)}" if len(counts) > 1 else "")
    yield f"  {part} ({' + '.join(labels)}): {added}; {sum(counts)} / {found.n} = {share.value:.4f}"
    yield f"    {WILSON}, z = {Z:.6f}: {share.low:.4f} to {share.high:.4f}"


def _share_change(
    part: str, labels: tuple[str, ...], before: ItemResult, after: ItemResult, change: Change
) -> Iterator[str]:
    counts = [(sum(each.counts[label] for label in labels), each.n) for each in (before, after)]
    (first, n), (now, m) = counts
    yield f"  change of {part}: {now}/{m} − {first}/{n} = {change.difference:+.4f}"
    yield f"    {NEWCOMBE}: {change.low:+.4f} to {change.high:+.4f}"
    yield _printed(change, in_points=False)


def _index(package: Package, index: Index, results: Results, baseline: Results | None) -> Iterator[str]:
    found = results.indices.get(index.id)
    yield f"{index.id}: ({' + '.join(index.items)}) × {index.factor}, {index.lowest}–{index.highest} points"
    yield f"  bands: {index.source}"
    if found is None:
        yield f"  under {package.disclosure.at_least} answered all of its items: no result."
        return
    yield f"  n = {found.n} answered all of its items; without one of them there is no score."
    if found.scores:
        yield "  scores: " + ", ".join(f"{score} × {count}" for score, count in sorted(found.scores.items()))
        total = sum(score * count for score, count in found.scores.items())
        yield f"  mean = {total} / {found.n} = {found.mean:.4f}, s (n−1) = {found.sd:.4f}"
    else:
        yield f"  mean = {found.mean:.4f}; single scores are not told."
    yield f"    {STUDENT}, t = {student_t(max(found.n - 1, 1)):.4f}: {found.low:.4f} to {found.high:.4f}"
    for band in index.bands:
        yield f"  {band.id} ({band.from_}–{band.to}): {found.bands[band.id]} of {found.n}"
    first = baseline.indices.get(index.id) if baseline is not None else None
    change = (results.change or {}).get(index.id)
    if first is not None and change is not None:
        yield from _mean_change(first, found, change)


def _mean_change(before: IndexResult, after: IndexResult, change: Change) -> Iterator[str]:
    parts = [each.sd**2 / each.n for each in (before, after)]
    yield f"  change: {after.mean:.4f} − {before.mean:.4f} = {change.difference:+.4f}"
    told = f"s² / n = {parts[0]:.4f} and {parts[1]:.4f}, together {math.sqrt(sum(parts)):.4f}²"
    yield f"    {WELCH}; {told}: {change.low:+.4f} to {change.high:+.4f}"
    yield _printed(change, in_points=True)


def _printed(change: Change, *, in_points: bool) -> str:
    words = in_words(change, in_points=in_points)
    return f"    printed: {words.size} {words.unit} ({words.interval}): {words.word}"
