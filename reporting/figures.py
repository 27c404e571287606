"""One item's figures as they may be shown: per cent from ten answers, counts under, nothing where it is suppressed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.danish import NBSP, number, percent
from domain.index import Band, Index
from domain.package import Item, Package, Reference, Scale
from domain.results import IndexResult, ItemResult, Results, Share
from domain.statistics import Summary
from reporting.danish import of

TOO_FEW = "For få svar til et resultat, der ikke røber den enkelte"
"""In tables and labels; slides say it at more length."""

SHORT_SCALE = 50
"""Points from end to end: a mean on a shorter scale is written with a decimal."""


@dataclass(frozen=True)
class Figures:
    """`in_per_cent` decides once whether shares or counts are shown."""

    item: Item
    result: ItemResult
    scale: Scale | None
    in_per_cent: bool

    @property
    def n(self) -> int:
        return self.result.n

    def count(self, label: str) -> int:
        return self.result.counts.get(label, 0)

    def value(self, count: int) -> float:
        """What a chart holds: a proportion 0–1, or the count."""
        return count / self.n if self.in_per_cent else count

    def amount(self, count: int) -> str:
        """What a sentence says: "53 %" or "4 af 9"."""
        return amount(count, self.n, in_per_cent=self.in_per_cent)

    @property
    def high(self) -> int | None:
        return self._sum(self.scale.high) if self.scale and self.scale.high else None

    @property
    def low(self) -> int | None:
        return self._sum(self.scale.low) if self.scale and self.scale.low else None

    @property
    def summary(self) -> Summary:
        """Of a rating whose spread is told."""
        return Summary(self.n, self.result.mean or 0, self.result.sd or 0)

    def share(self, name: str) -> Share | None:
        return (self.result.share or {}).get(name)

    def ranked(self) -> list[tuple[str, int]]:
        """Labels and counts, most first; the given order among equals. Options nobody chose are left out."""
        chosen = [(label, count) for label, count in self.result.counts.items() if count]
        return sorted(chosen, key=lambda pair: -pair[1])

    def _sum(self, ends: Sequence[str]) -> int:
        labels = {option.id: option.label for option in self.scale.options} if self.scale else {}
        return sum(self.count(labels[end]) for end in ends)


def figures(package: Package, results: Results | None, item_id: str) -> Figures | None:
    """The item's figures, or None where nothing may be told of it."""
    if results is None or results.suppressed:
        return None
    result = results.items.get(item_id)
    if result is None or result.suppressed or result.n == 0 or result.n < package.disclosure.at_least:
        return None
    item = package.item(item_id)
    enough = result.n >= package.disclosure.percentages_from
    counted = item.kind in ("degree", "choice", "choices")
    scale = package.scales[item.scale] if item.scale else None
    return Figures(item, result, scale, in_per_cent=enough and (not counted or result.share is not None))


def index_of(package: Package, results: Results | None, index_id: str) -> IndexResult | None:
    """The index, or None where it may not be told."""
    found = None if results is None or results.suppressed else results.indices.get(index_id)
    return found if found is not None and found.n >= package.disclosure.at_least else None


def index_in_per_cent(package: Package, found: IndexResult) -> bool:
    return found.n >= package.disclosure.percentages_from


def mean_points(index: Index, mean: float) -> str:
    """A mean of points: "63" of a hundred, "6,3" on a short scale. Differences and intervals have a decimal anyhow."""
    return number(mean, index_decimals(index))


def index_decimals(index: Index) -> int:
    """How many decimals a mean is written with."""
    return 0 if index.highest - index.lowest >= SHORT_SCALE else 1


def points_of(index: Index, band: Band) -> str:
    """Where a band lies: "36–50 point"; the one of most points is "over 50 point"."""
    if band is index.bands[0] and band.from_ > index.lowest:
        return f"over {band.from_ - 1} point"
    return f"{band.from_} point" if band.from_ == band.to else f"{band.from_}–{band.to} point"


def amount(count: int, base: int, *, in_per_cent: bool) -> str:
    """ "53 %" or "4 af 9" """
    return percent(count / base) if in_per_cent else of(count, base)


def answered(results: Results) -> str:
    """The round's n and N: "34 af 42 har svaret", of a register "12 af 14 praksis er med i udtrækket"."""
    if results.evidence == "register":
        return f"{of(results.n, results.members)} praksis er med i udtrækket"
    return f"{of(results.n, results.members)} har svaret"


def base_of(results: Results, counts: Sequence[int]) -> str:
    """The line under a chart: the round's answers, and how many answered what is shown."""
    register = results.evidence == "register"
    line = f"{answered(results)}." if register else f"{answered(results)} på spørgeskemaet."
    if not counts or set(counts) == {results.n}:
        return line
    low, high = min(counts), max(counts)
    shown = f"{low}" if low == high else f"{low}–{high}"
    what = "praksis" if register else "svar"
    return f"{line} Figuren bygger på {shown} {what}{' pr. linje' if low != high else ''}."


def known(references: Iterable[Reference | None]) -> list[Reference]:
    """Those with a figure: the only ones that anybody is shown but who writes the package."""
    return [reference for reference in references if reference is not None and reference.value is not None]


def reference_text(reference: Reference) -> str:
    """Figure, year and source of one that is known."""
    unit = f"{NBSP}%" if reference.unit == "%" else " point"
    return f"{reference.named}: {number(reference.value or 0)}{unit}. Kilde: {reference.source}"


def name_of(reference: Reference) -> str:
    """What a reference is called beside a cluster's own figures, its year with it."""
    year = f" {reference.year}" if reference.year and str(reference.year) not in reference.label else ""
    return f"{reference.label}{year}"


def short_source(source: str) -> str:
    """A source without its address: that stands in the notes and in the document."""
    return source.split(", http")[0].split(" http")[0].rstrip(" .,:")
