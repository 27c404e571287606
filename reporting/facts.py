"""What a slide's title may speak of. A fact that may not be told is absent, and so is each sentence that needs it."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.danish import NBSP, listing, number, percent, signed
from domain.deck_plan import SlidePlan, TitleRule, names_in
from domain.index import Index
from domain.results import Change, IndexResult
from reporting.figures import amount, figures, index_in_per_cent, index_of, known, mean_points, references_for
from reporting.report_context import ReportContext

Value = float | str


@dataclass(frozen=True)
class Fact:
    """A value to compare with, and how a sentence says it."""

    value: Value
    text: str


Facts = dict[str, Fact]


def facts_of(slide: SlidePlan, report: ReportContext) -> Facts:
    """The facts that may be told on this slide."""
    found = {
        "cluster": Fact(report.cluster, report.cluster),
        "package": Fact(report.package.title, report.package.title),
        "n": _whole(report.results.n),
        "members": _whole(report.results.members),
    }
    finder = _FINDERS.get(slide.kind)
    if finder is not None and not report.results.suppressed:
        found |= finder(slide, report)
    return found


def titles_for(slide: SlidePlan, facts: Facts) -> list[str]:
    """The sentences that can truthfully stand as title, best first; the neutral one is last."""
    said = [_fill(rule.say, facts) for rule in slide.titles if _can_be_said(rule, facts)]
    return [*said, _fill(slide.title, facts)]


def _can_be_said(rule: TitleRule, facts: Facts) -> bool:
    if not rule.names <= facts.keys():
        return False
    return all(condition.holds(facts[name].value) for name, condition in rule.when.items())


def _fill(template: str, facts: Facts) -> str:
    return template.format_map({name: facts[name].text for name in names_in(template)})


def _whole(value: int) -> Fact:
    return Fact(value, str(value))


def _answers(_slide: SlidePlan, report: ReportContext) -> Facts:
    results = report.results
    if results.n < report.package.disclosure.percentages_from or not results.members:
        return {}
    share = results.n / results.members
    return {"share": Fact(share, percent(share))}


def _index(slide: SlidePlan, report: ReportContext) -> Facts:
    index = report.package.index(slide.index or "")
    shown = index_of(report.package, report.results, index.id)
    if shown is None:
        return {}
    per_cent = index_in_per_cent(report.package, shown)
    counts = {**shown.bands, **_of_bands(index, shown)}
    found = {
        name: Fact(count / shown.n, amount(count, shown.n, in_per_cent=per_cent)) for name, count in counts.items()
    }
    found["mean"] = Fact(shown.mean, mean_points(index, shown.mean))
    if shown.min is not None and shown.max is not None:
        found |= {"min": _whole(shown.min), "max": _whole(shown.max)}
    return found


def _of_bands(index: Index, shown: IndexResult) -> dict[str, int]:
    """What `OF_BANDS` says."""
    return {
        "below": shown.n - shown.bands[index.bands[0].id],
        "above": shown.n - shown.bands[index.bands[-1].id],
        "heeded": sum(shown.bands[band.id] for band in index.bands if band.is_heeded),
    }


def _index_comparison(slide: SlidePlan, report: ReportContext) -> Facts:
    found = _index(slide, report)
    shown = index_of(report.package, report.results, slide.index or "")
    compared = known(references_for(report.package, slide.index or ""))
    if shown is None or not compared:
        return found
    values = sorted(reference.value for reference in compared if reference.value is not None)
    found["reference"] = Fact(values[0], listing([number(value) for value in values]).replace(" ", NBSP))
    if len(compared) == 1:
        # A title that names one of several figures would have chosen the story.
        found["reference_name"] = Fact(compared[0].label, compared[0].label)
        if compared[0].year:
            found["reference_year"] = _whole(compared[0].year)
    against = _against(shown, values)
    found["against"] = Fact(against, against)
    return found


def _against(shown: IndexResult, values: list[float]) -> str:
    """Where the mean's interval lies: above or below every figure, near every one, or it depends on which (mixed)."""
    places = {"above" if shown.low > value else "below" if shown.high < value else "near" for value in values}
    return places.pop() if len(places) == 1 else "mixed"


def _degree(slide: SlidePlan, report: ReportContext) -> Facts:
    shown = figures(report.package, report.results, slide.items[0])
    if shown is None:
        return {}
    found: Facts = {}
    for name, count in (("high", shown.high), ("low", shown.low)):
        if count is not None:
            found[name] = Fact(count / shown.n, shown.amount(count))
    ranked = shown.ranked()
    if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        label, count = ranked[0]
        found["largest"] = Fact(label, label)
        found["largest_share"] = Fact(count / shown.n, shown.amount(count))
    return found


def _ranking(slide: SlidePlan, report: ReportContext) -> Facts:
    shown = figures(report.package, report.results, slide.items[0])
    if shown is None:
        return {}
    ranked = shown.ranked()
    found: Facts = {}
    for place, name in enumerate(("first", "second", "third")):
        if _stands_alone(ranked, place):
            found[name] = Fact(ranked[place][0], ranked[place][0])
    if "first" in found:
        found["first_share"] = Fact(ranked[0][1] / shown.n, shown.amount(ranked[0][1]))
    return found


def _stands_alone(ranked: list[tuple[str, int]], place: int) -> bool:
    """Whether this place is held by one alone, so that a sentence may name it."""
    if place >= len(ranked):
        return False
    count = ranked[place][1]
    return sum(other == count for _, other in ranked) == 1


def _ratings(slide: SlidePlan, report: ReportContext) -> Facts:
    rows = [figures(report.package, report.results, item) for item in slide.items]
    means = [(r.item.chart_label, r.result.mean) for r in rows if r is not None and r.result.mean is not None]
    means.sort(key=lambda pair: -pair[1])
    found: Facts = {}
    if _top_differs([mean for _, mean in means]):
        for name, (label, _) in zip(("first", "second", "third"), means, strict=False):
            found[name] = Fact(label, label)
    if "first" in found:
        found["first_mean"] = Fact(means[0][1], number(means[0][1]))
    return found


def _top_differs(means: list[float]) -> bool:
    """Whether the first four, as written, are all different, so that their order can be told."""
    top = [number(mean) for mean in means[:4]]
    return len(set(top)) == len(top)


def _likert(slide: SlidePlan, report: ReportContext) -> Facts:
    rows = [figures(report.package, report.results, item) for item in slide.items]
    highs = [(r, r.high) for r in rows if r is not None and r.high is not None]
    if len(highs) < 2:
        return {}
    highs.sort(key=lambda pair: -pair[1] / pair[0].n)
    found: Facts = {}
    (top, most), (next_, second) = highs[0], highs[1]
    if most / top.n > second / next_.n:
        found["first"] = Fact(top.item.chart_label, top.item.chart_label)
        found["first_share"] = Fact(most / top.n, top.amount(most))
    (bottom, least), (above, more) = highs[-1], highs[-2]
    if least / bottom.n < more / above.n:
        found["last"] = Fact(bottom.item.chart_label, bottom.item.chart_label)
        found["last_share"] = Fact(least / bottom.n, bottom.amount(least))
    return found


def change_of(report: ReportContext, *keys: str) -> Change | None:
    """The change under the first of these keys that the results have."""
    changes = report.results.change or {}
    return next((changes[key] for key in keys if key in changes), None)


def _change(change: Change | None, *, in_points: bool) -> Facts:
    if change is None:
        return {}
    scale = 1 if in_points else 100
    return {
        "difference": Fact(change.difference, number(abs(change.difference * scale), 1 if in_points else 0)),
        "low": Fact(change.low, signed(change.low * scale, 1 if in_points else 0)),
        "high": Fact(change.high, signed(change.high * scale, 1 if in_points else 0)),
        "verdict": Fact(change.verdict, change.verdict),
    }


def _before_after_index(slide: SlidePlan, report: ReportContext) -> Facts:
    index = report.package.index(slide.index or "")
    before, after = (index_of(report.package, each, index.id) for each in (report.baseline, report.results))
    if before is None or after is None:
        return {}
    found = {
        "before": Fact(before.mean, mean_points(index, before.mean)),
        "after": Fact(after.mean, mean_points(index, after.mean)),
    }
    return found | _change(change_of(report, index.id), in_points=True)


def _before_after_bands(slide: SlidePlan, report: ReportContext) -> Facts:
    """How many are where a cluster should take heed, in both rounds."""
    index = report.package.index(slide.index or "")
    found: Facts = {}
    for name, results in (("before", report.baseline), ("after", report.results)):
        shown = index_of(report.package, results, index.id)
        if shown is None:
            return {}
        count = _of_bands(index, shown)["heeded"]
        per_cent = index_in_per_cent(report.package, shown)
        found[name] = Fact(count / shown.n, amount(count, shown.n, in_per_cent=per_cent))
    return found


def _before_after_degree(slide: SlidePlan, report: ReportContext) -> Facts:
    item = slide.items[0]
    before, after = figures(report.package, report.baseline, item), figures(report.package, report.results, item)
    if before is None or after is None or before.high is None or after.high is None:
        return {}
    found = {
        "before": Fact(before.high / before.n, before.amount(before.high)),
        "after": Fact(after.high / after.n, after.amount(after.high)),
    }
    if not (before.in_per_cent and after.in_per_cent):
        return found
    return found | _change(change_of(report, f"{item}.high", item), in_points=False)


def _before_after_shares(slide: SlidePlan, report: ReportContext) -> Facts:
    verdicts = []
    for item in slide.items:
        both = figures(report.package, report.baseline, item), figures(report.package, report.results, item)
        change = change_of(report, f"{item}.high", item)
        if change is not None and all(shown is not None and shown.in_per_cent for shown in both):
            verdicts.append(change.verdict)
    if not verdicts:
        return {}
    counts = {name: verdicts.count(name) for name in ("up", "down", "uncertain")}
    return {name: _whole(count) for name, count in counts.items()} | {"items": _whole(len(verdicts))}


_FINDERS: dict[str, Callable[[SlidePlan, ReportContext], Facts]] = {
    "answers": _answers,
    "index_scores": _index,
    "index_comparison": _index_comparison,
    "index_bands": _index,
    "degree": _degree,
    "two_sides": _degree,
    "top": _ranking,
    "ranking": _ranking,
    "ratings": _ratings,
    "likert": _likert,
    "before_after_index": _before_after_index,
    "before_after_bands": _before_after_bands,
    "before_after_degree": _before_after_degree,
    "before_after_shares": _before_after_shares,
}
