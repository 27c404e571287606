"""A cluster's figures beside KiAP's other clusters': above, below or not to be told apart, by both uncertainties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.comparator import SOURCE, WHO, ChangeElsewhere, Comparator, index_against
from domain.danish import NBSP, listing, number, percent
from domain.package import Reference, Scale
from domain.results import Change, Verdict
from domain.statistics import Interval, verdict
from reporting.figures import figures, index_of, known, name_of
from reporting.report_context import ReportContext
from reporting.sentences import in_words

PLACES: Mapping[Verdict, str] = {"up": "ligger over", "down": "ligger under", "uncertain": "kan ikke skelnes fra"}


@dataclass(frozen=True)
class Beside:
    """A row of bars beside the cluster's own: shares 0–1, one a target, None where there is none."""

    name: str
    legend: str
    values: tuple[float | None, ...]
    references: tuple[Reference, ...]


def reference_of(report: ReportContext, comparator: Comparator, target: str) -> Reference:
    """KiAP's other clusters as one more reference, with their own source."""
    part = _part_of(report, target)
    return Reference(
        id="kiaps_klynger",
        label=f"{part}, {comparator.label}" if part else comparator.label,
        value=comparator.value,
        unit=comparator.unit,
        year=comparator.year,
        source=SOURCE,
        item=target,
    )


def _part_of(report: ReportContext, target: str) -> str:
    """What a band or an end of a scale is called; nothing for a figure of the whole."""
    whole, _, part = target.partition(".")
    for index in report.package.indices:
        for band in index.bands:
            if (index.id, band.id) == (whole, part):
                return band.label
    scale = next((report.package.scales[i.scale] for i in report.package.items if i.id == whole and i.scale), None)
    return {"high": scale.high_label, "low": scale.low_label}.get(part, "") if scale else ""


def references_for(report: ReportContext, target: str) -> list[Reference]:
    """The figures a result is compared with: the package's own that have one, then KiAP's other clusters'."""
    own = known(reference for reference in report.package.references if reference.item == target)
    comparator = report.comparators.get(target)
    return [*own, reference_of(report, comparator, target)] if comparator else own


def shares_beside(report: ReportContext, targets: Sequence[str]) -> list[Beside]:
    """The rows there are for these shares: national figures, and KiAP's other clusters."""
    own = [
        next(iter(known(each for each in report.package.references if each.item == target)), None) for target in targets
    ]
    rows = list[Beside]()
    if found := known(own):
        values = tuple(None if each is None or each.value is None else each.value / 100 for each in own)
        rows.append(Beside("Landstal", _together(found), values, tuple(found)))
    others = [report.comparators.get(target) for target in targets]
    if there := [each for each in others if each is not None]:
        values = tuple(None if each is None else each.value / 100 for each in others)
        references = [reference_of(report, each, target) for each, target in zip(others, targets, strict=True) if each]
        rows.append(Beside(WHO, there[0].label, values, tuple(references)))
    return rows


def _together(found: Sequence[Reference]) -> str:
    """In a legend: the one's name, or of several only that they are national and of which years; notes name each."""
    if len(found) == 1:
        return name_of(found[0])
    years = sorted({each.year for each in found if each.year})
    return f"Landstal {listing([str(year) for year in years])}".strip()


def index_beside_others(report: ReportContext, index_id: str) -> list[str]:
    """Where an index lies beside KiAP's other clusters, in a sentence; none where one of them lacks."""
    found, comparator = index_of(report.package, report.results, index_id), report.comparators.get(index_id)
    apart = index_against(comparator, found) if found and comparator else None
    return [] if apart is None else [_in_words("Jeres klynge", apart, in_points=True)]


def mean_beside_others(report: ReportContext, item_id: str) -> list[str]:
    """The same of a rating's mean, with its spread told."""
    apart = rating_against(report, item_id)
    label = report.package.item(item_id).chart_label
    return [] if apart is None else [_in_words(f"»{label}«: Jeres klynge", apart, in_points=True)]


@dataclass(frozen=True)
class OthersDrawn:
    """What KiAP's other clusters said to several questions, to be drawn: None where there is no figure."""

    label: str
    values: tuple[float | None, ...]
    in_words: str


def means_of_others(report: ReportContext, items: Sequence[str]) -> OthersDrawn | None:
    """The means of others, question by question; None where none of them has one."""
    found = [report.comparators.get(each) for each in items]
    there = [(each, item) for each, item in zip(found, items, strict=True) if each is not None and each.unit == "score"]
    if not there:
        return None
    most = max((each for each, _ in there), key=lambda comparator: comparator.n)
    named = [f"{report.package.item(item).chart_label} {number(each.value)}" for each, item in there]
    values = tuple(round(each.value, 1) if each is not None and each.unit == "score" else None for each in found)
    return OthersDrawn(most.label, values, f"{most.label}: {'; '.join(named)}")


def high_ends_to_draw(report: ReportContext, scale: Scale, items: Sequence[str]) -> OthersDrawn | None:
    """The high ends of others, question by question; None where none has one, or stacks do not begin with that end."""
    high = [option.id in scale.high for option in scale.options]
    found = [report.comparators.get(f"{each}.high") for each in items]
    there = [(each, item) for each, item in zip(found, items, strict=True) if each is not None]
    if not there or not scale.high_label or high != sorted(high, reverse=True):
        return None
    most = max((each for each, _ in there), key=lambda comparator: comparator.n)
    named = [f"{report.package.item(item).chart_label} {of_others(each)}" for each, item in there]
    values = tuple(None if each is None else round(each.value / 100, 4) for each in found)
    return OthersDrawn(most.label, values, f"»{scale.high_label}«, {most.label}: {'; '.join(named)}")


def rating_against(report: ReportContext, item_id: str) -> Interval | None:
    """A rating's mean minus that of others."""
    shown, comparator = figures(report.package, report.results, item_id), report.comparators.get(item_id)
    if shown is None or comparator is None or shown.result.mean is None or shown.result.sd is None:
        return None
    return comparator.mean_against(shown.summary)


def ends_beside_others(report: ReportContext, item_id: str) -> list[str]:
    """The same of the two ends of a scale, where they are told in per cent."""
    shown = figures(report.package, report.results, item_id)
    if shown is None or not shown.in_per_cent or shown.scale is None:
        return []
    ends = (("high", shown.scale.high_label, shown.high), ("low", shown.scale.low_label, shown.low))
    told = list[str]()
    for end, label, count in ends:
        comparator = report.comparators.get(f"{item_id}.{end}")
        apart = comparator.share_against(count, shown.n) if comparator and count is not None else None
        if apart is not None:
            told.append(_in_words(f"»{label}«: Jeres klynge", apart, in_points=False))
    return told


def high_ends_of_others(report: ReportContext, items: Sequence[str]) -> list[str]:
    """How many chose the high end elsewhere, question by question on one scale; with how far a cluster's are apart."""
    found = [(each, report.comparators[f"{each}.high"]) for each in items if f"{each}.high" in report.comparators]
    if not found:
        return []
    most = max((comparator for _, comparator in found), key=lambda comparator: comparator.n)
    named = [f"{report.package.item(each).chart_label} {of_others(comparator)}" for each, comparator in found]
    end = _part_of(report, f"{found[0][0]}.high")
    return [f"»{end}«, {most.label}: {'; '.join(named)}. Kilde: {SOURCE}"]


def high_ends_beside_others(report: ReportContext, items: Sequence[str]) -> list[str]:
    """The questions on which a cluster's high end can be told apart from that of others, by both uncertainties."""
    apart: dict[Verdict, list[str]] = {"up": [], "down": [], "uncertain": []}
    for each in items:
        shown, comparator = figures(report.package, report.results, each), report.comparators.get(f"{each}.high")
        if shown is None or comparator is None or not shown.in_per_cent or shown.high is None:
            continue
        if difference := comparator.share_against(shown.high, shown.n):
            apart[verdict_as_printed(difference, in_points=False)].append(shown.item.chart_label)
    return [f"Jeres klynge {PLACES[place]} {WHO}: {'; '.join(labels)}" for place, labels in apart.items() if labels]


def changes_elsewhere(report: ReportContext, items: Sequence[str]) -> list[str]:
    """What changed at the high end for others, question by question."""
    return [
        f"{report.package.item(each).chart_label}: {line}"
        for each in items
        for line in change_elsewhere(report, f"{each}.high", in_points=False)
    ]


def verdict_as_printed(apart: Interval, *, in_points: bool) -> Verdict:
    """ "up" or "down" only where the interval as it is printed excludes 0."""
    return in_words(_change(apart), in_points=in_points).verdict


def _change(apart: Interval) -> Change:
    return Change(difference=apart.value, low=apart.low, high=apart.high, verdict=verdict(apart))


def change_elsewhere(report: ReportContext, *keys: str, in_points: bool) -> list[str]:
    """What changed in KiAP's other clusters, under the first of these keys that there is."""
    found = next((report.changes_elsewhere[key] for key in keys if key in report.changes_elsewhere), None)
    return [] if found is None else [_changed(found, in_points=in_points)]


def _changed(found: ChangeElsewhere, *, in_points: bool) -> str:
    told = in_words(_change(Interval(found.difference, found.low, found.high)), in_points=in_points)
    return f"{found.label}: {told.size} {told.unit} ({told.interval}), {told.word}"


def _in_words(who: str, apart: Interval, *, in_points: bool) -> str:
    told = in_words(_change(apart), in_points=in_points)
    interval = f"95{NBSP}% sikkerhedsinterval {told.interval}"
    return f"{who} {PLACES[told.verdict]} {WHO} (forskel {told.size} {told.unit}, {interval})"


def of_others(comparator: Comparator) -> str:
    """A comparator's figure in a table: "5,3", "48 %"."""
    return percent(comparator.value / 100) if comparator.unit == "%" else number(comparator.value)
