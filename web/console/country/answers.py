"""What the country's clusters said in their first rounds: only what was published, whatever else is filtered."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.comparator import Comparator, comparators
from domain.danish import number, percent
from domain.denmark import REGIONS
from domain.package import Item, Package
from storage.first_round_figures import PublishedFirstRounds
from web.console.country.before_after import PackageOf


@dataclass(frozen=True)
class AnswerShown:
    """One figure: over the country, and in each region that has enough for one of its own."""

    what: str
    value: str
    clusters: int
    n: int
    regions: Mapping[str, str]


@dataclass(frozen=True)
class AnswersShown:
    """A package in one version: what its clusters said, in rounds delivered before which day."""

    title: str
    until: dt.date
    regions: Sequence[str]
    answers: Sequence[AnswerShown]


def answers_shown(published: Iterable[PublishedFirstRounds], package_of: PackageOf) -> list[AnswersShown]:
    """What was published, package by package and version by version."""
    return list(_each(published, package_of))


def _each(published: Iterable[PublishedFirstRounds], package_of: PackageOf) -> Iterator[AnswersShown]:
    for (slug, version), those in groupby(published, key=lambda each: (each.package, each.package_version)):
        batches, package = list(those), package_of(slug, version)
        figures = [each.figures for each in batches]
        whole = comparators(figures, package)
        by_region = {region.name: comparators(figures, package, region.id) for region in REGIONS}
        by_region = {name: found for name, found in by_region.items() if found}
        answers = [
            AnswerShown(
                what=what,
                value=_value(whole[target]),
                clusters=whole[target].clusters,
                n=whole[target].n,
                regions={name: _value(found[target]) for name, found in by_region.items() if target in found},
            )
            for target, what in _targets(package)
            if target in whole
        ]
        yield AnswersShown(f"{package.title}, version {version}", batches[-1].until, list(by_region), answers)


def _targets(package: Package) -> Iterator[tuple[str, str]]:
    """What is shown, in the package's order, and what it is called."""
    for index in package.indices:
        yield index.id, f"{index.name}, gennemsnit"
        for band in index.bands:
            yield f"{index.id}.{band.id}", f"{index.name}: {band.label.lower()}"
    for item in package.items:
        yield from _of_item(package, item)


def _of_item(package: Package, item: Item) -> Iterator[tuple[str, str]]:
    scale = package.scales.get(item.scale or "")
    name = _name(package, item)
    if package.bars_of(item) and scale is not None:
        yield f"{item.id}.high", f"{name}: {scale.high_label.lower()}"
        yield f"{item.id}.low", f"{name}: {scale.low_label.lower()}"
    elif item.kind == "rating":
        yield item.id, f"{name}, gennemsnit"
    else:
        for option in package.options_of(item):
            yield f"{item.id}.{option.id}", f"{name} {option.label}"


def _name(package: Package, item: Item) -> str:
    if item.group and package.group(item.group).number:
        return f"{package.group(item.group).number}. {item.chart_label}"
    return item.chart_label


def _value(found: Comparator) -> str:
    return percent(found.value / 100) if found.unit == "%" else number(found.value)
