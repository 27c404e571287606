"""What changed over all clusters, in words and figures: only what was published, whatever else is filtered."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.danish import signed
from domain.national import NationalChange, national
from domain.package import Package
from reporting.sentences import CHANGE_WORDS
from storage.national_figures import PublishedBatch

PARTS = {"high": "i høj grad", "low": "i ringe grad"}
PackageOf = Callable[[str, int], Package]


@dataclass(frozen=True)
class ChangeShown:
    """How one figure changed, over how many orders and answers."""

    what: str
    orders: int
    n_before: int
    n_after: int
    difference: str
    verdict: str


@dataclass(frozen=True)
class NationalShown:
    """A package in one version: from how many orders, delivered before which day, and what they tell."""

    title: str
    orders: int
    until: dt.date
    changes: Sequence[ChangeShown]


def before_after(published: Iterable[PublishedBatch], package_of: PackageOf) -> list[NationalShown]:
    """What was published, package by package and version by version."""
    return list(_each(published, package_of))


def _each(published: Iterable[PublishedBatch], package_of: PackageOf) -> Iterator[NationalShown]:
    for (slug, version), those in groupby(published, key=lambda each: (each.package, each.package_version)):
        batches, package = list(those), package_of(slug, version)
        figures = national([each.figures for each in batches])
        changes = [_change(each, package) for each in figures.changes]
        yield NationalShown(f"{package.title}, version {version}", figures.orders, batches[-1].until, changes)


def _change(change: NationalChange, package: Package) -> ChangeShown:
    of_an_index = not change.part
    low, high = change.difference.low, change.difference.high
    if of_an_index:
        what = f"{package.index(change.item).name}, gennemsnit"
        difference = f"{signed(change.difference.value)} point ({signed(low)} til {signed(high)})"
    else:
        what = f"{package.item(change.item).text} ({PARTS[change.part]})"
        difference = f"{_points_of(change.difference.value)} procentpoint ({_points_of(low)} til {_points_of(high)})"
    return ChangeShown(
        what=what,
        orders=change.orders,
        n_before=change.n_before,
        n_after=change.n_after,
        difference=difference,
        verdict=CHANGE_WORDS[change.verdict],
    )


def _points_of(share: float) -> str:
    return signed(share * 100, 0)
