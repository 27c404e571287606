"""What a slide's title may speak of, in the numbers as printed. A fact that may not be told is absent, and so is each
sentence that needs it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.comparator import SOURCE, Comparator, index_against
from domain.danish import NBSP, listing, number, percent
from domain.deck_plan import SlidePlan, TitleRule, names_in
from domain.index import Index
from domain.package import Reference
from domain.rank_statistics import median_interval
from domain.register import Measure
from domain.results import Change, IndexResult
from domain.statistics import Summary
from reporting.beside import references_for, verdict_as_printed
from reporting.figures import Figures, amount, figures, index_in_per_cent, index_of, mean_points
from reporting.report_context import ReportContext
from reporting.sentences import (
    ChangeInWords,
    as_printed,
    in_words,
    is_higher,
    is_more,
    leads,
    measure_change_in_words,
    printed_share,
    stands_against,
    those_in_front,
)
from reporting.spreads import amount_of, figure_of, spread_of, told_of

FIRST_OF_TWO = ("least", "lower", "before")
MOST_IN_FRONT = 3
"""How many a title names that can't be told from the first."""

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


def _word(value: str) -> Fact:
    return Fact(value, value)


def _share(count: int, base: int, *, in_per_cent: bool) -> Fact:
    """A part of all, which is compared as it is printed."""
    return Fact(
        printed_share(count, base) if in_per_cent else count / base, amount(count, base, in_per_cent=in_per_cent)
    )


def _answers(_slide: SlidePlan, report: ReportContext) -> Facts:
    results = report.results
    if results.n < report.package.disclosure.percentages_from or not results.members:
        return {}
    share = 1.0 if results.n == results.members else min(0.99, printed_share(results.n, results.members))
    return {"share": Fact(share, percent(share))}


def _index(slide: SlidePlan, report: ReportContext) -> Facts:
    index = report.package.index(slide.index or "")
    shown = index_of(report.package, report.results, index.id)
    if shown is None:
        return {}
    per_cent = index_in_per_cent(report.package, shown)
    counts = {**shown.bands, **_of_bands(index, shown)}
    found = {name: _share(count, shown.n, in_per_cent=per_cent) for name, count in counts.items()}
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
    compared = references_for(report, slide.index or "")
    if shown is None or not compared:
        return found
    values = sorted(reference.value for reference in compared if reference.value is not None)
    found["reference"] = Fact(values[0], listing([number(value) for value in values]).replace(" ", NBSP))
    if len(compared) == 1:
        # A title that names one of several figures would have chosen the story.
        found["reference_name"] = Fact(compared[0].label, compared[0].label)
        if compared[0].year:
            found["reference_year"] = _whole(compared[0].year)
    against = _against(shown, compared, report.comparators.get(slide.index or ""))
    found["against"] = Fact(against, against)
    return found


def _against(shown: IndexResult, compared: Sequence[Reference], others: Comparator | None) -> str:
    """Above or below every figure, near every one, or it depends on which (mixed).

    A figure from print has no uncertainty here, and is compared with the mean's interval; other clusters have one.
    """
    values = [each.value for each in compared if each.value is not None and each.source != SOURCE]
    places = {stands_against(shown.low, shown.high, value) for value in values}
    if others and (apart := index_against(others, shown)):
        places.add({"up": "above", "down": "below", "uncertain": "near"}[verdict_as_printed(apart, in_points=True)])
    return places.pop() if len(places) == 1 else "mixed"


def _spread(slide: SlidePlan, report: ReportContext) -> Facts:
    """A measure's median, middle half and ends; above or below its reference by the median's own uncertainty."""
    measure = report.package.measure(slide.measure or "")
    shown = spread_of(report.package, report.results, measure.id)
    if shown is None:
        return {}
    found = {name: _of_measure(measure, value, name) for name, value in told_of(shown).items()}
    references = references_for(report, measure.id)
    values = sorted(reference.value for reference in references if reference.value is not None)
    if not values:
        return found
    found["reference"] = _of_measure(measure, values[0])
    if len(references) == 1:
        found["reference_name"] = _word(references[0].label)
        if references[0].year:
            found["reference_year"] = _whole(references[0].year)
        if shown.values and (interval := median_interval(shown.values)):
            found["against"] = _word(stands_against(interval.low, interval.high, values[0], measure.decimals))
    return found


def _of_measure(measure: Measure, value: float, name: str = "") -> Fact:
    """The first of two that a sentence goes between has its number alone, as people say it: "fra 8 til 20 minutter"."""
    alone = name in FIRST_OF_TWO and measure.unit != "%"
    text = figure_of(measure, value) if alone else amount_of(measure, value)
    return Fact(as_printed(value, measure.decimals), text)


def _before_after_spread(slide: SlidePlan, report: ReportContext) -> Facts:
    measure = report.package.measure(slide.measure or "")
    both = [spread_of(report.package, each, measure.id) for each in (report.baseline, report.results)]
    medians = [shown.median for shown in both if shown is not None and shown.median is not None]
    if len(medians) < len(both):
        return {}
    found = {name: _of_measure(measure, each, name) for name, each in zip(("before", "after"), medians, strict=True)}
    change = change_of(report, measure.id)
    return found if change is None else found | _told(measure_change_in_words(change, measure), change)


def _degree(slide: SlidePlan, report: ReportContext) -> Facts:
    shown = figures(report.package, report.results, slide.items[0])
    if shown is None:
        return {}
    found: Facts = {}
    if shown.high is not None and shown.low is not None:
        found["high"] = _share(shown.high, shown.n, in_per_cent=shown.in_per_cent)
        found["low"] = _share(shown.low, shown.n, in_per_cent=shown.in_per_cent)
        ahead = "high" if leads(shown.high, shown.low) else "low" if leads(shown.low, shown.high) else "neither"
        found["ahead"] = _word(ahead)
    ranked = shown.ranked()
    if those_in_front([count for _, count in ranked]) == 1:
        label, count = ranked[0]
        found["largest"] = _word(label)
        found["largest_share"] = _share(count, shown.n, in_per_cent=shown.in_per_cent)
    return found


def _ranking(slide: SlidePlan, report: ReportContext) -> Facts:
    """The first where it leads alone, else the few that can't be told from each other."""
    shown = figures(report.package, report.results, slide.items[0])
    if shown is None:
        return {}
    ranked = shown.ranked()
    found: Facts = {}
    in_front = those_in_front([count for _, count in ranked])
    if in_front == 1:
        found["first"] = _word(ranked[0][0])
        found["first_share"] = _share(ranked[0][1], shown.n, in_per_cent=shown.in_per_cent)
    elif 1 < in_front <= MOST_IN_FRONT and in_front < len(ranked):
        found["leaders"] = _word(listing([f"»{label}«" for label, _ in ranked[:in_front]]))
    return found


def _ratings(slide: SlidePlan, report: ReportContext) -> Facts:
    """The first where its mean is above each other's beyond chance; few answers have no spread to tell that by."""
    rows = [figures(report.package, report.results, item) for item in slide.items]
    means = [(row, sample) for row in rows if row is not None and (sample := _sample(row))]
    means.sort(key=lambda pair: -pair[1].mean)
    told = sum(row is not None and row.result.mean is not None for row in rows)
    if len(means) < max(2, told) or not all(is_higher(means[0][1], other) for _, other in means[1:]):
        return {}
    first, sample = means[0]
    return {"first": _word(first.item.chart_label), "first_mean": Fact(as_printed(sample.mean, 1), number(sample.mean))}


def _sample(row: Figures) -> Summary | None:
    mean, sd = row.result.mean, row.result.sd
    return None if mean is None or sd is None else Summary(row.n, mean, sd)


def _likert(slide: SlidePlan, report: ReportContext) -> Facts:
    """The questions of most and fewest high answers, where they stand out from each other one beyond chance."""
    rows = [figures(report.package, report.results, item) for item in slide.items]
    highs = [(row, (row.high, row.n)) for row in rows if row is not None and row.high is not None]
    if len(highs) < 2:
        return {}
    highs.sort(key=lambda pair: -pair[1][0] / pair[1][1])
    found: Facts = {}
    (top, most), (bottom, least) = highs[0], highs[-1]
    if all(is_more(most, other) for _, other in highs[1:]):
        found["first"] = _word(top.item.chart_label)
        found["first_share"] = _share(*most, in_per_cent=top.in_per_cent)
    if all(is_more(other, least) for _, other in highs[:-1]):
        found["last"] = _word(bottom.item.chart_label)
        found["last_share"] = _share(*least, in_per_cent=bottom.in_per_cent)
    return found


def change_of(report: ReportContext, *keys: str) -> Change | None:
    """The change under the first of these keys that the results have."""
    changes = report.results.change or {}
    return next((changes[key] for key in keys if key in changes), None)


def _change(change: Change | None, *, in_points: bool) -> Facts:
    if change is None:
        return {}
    return _told(in_words(change, in_points=in_points), change)


def _told(told: ChangeInWords, change: Change) -> Facts:
    return {
        "difference": Fact(change.difference, f"{told.size} {told.unit}"),
        "interval": _word(told.interval),
        "verdict": _word(told.verdict),
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
    rounds = [index_of(report.package, each, index.id) for each in (report.baseline, report.results)]
    told = [each for each in rounds if each is not None]
    if len(told) < len(rounds):
        return {}
    in_per_cent = all(index_in_per_cent(report.package, each) for each in told)
    counts = [(_of_bands(index, each)["heeded"], each.n) for each in told]
    before, after = (_share(count, n, in_per_cent=in_per_cent) for count, n in counts)
    return {"before": before, "after": after} | _change(change_of(report, f"{index.id}.heeded"), in_points=False)


def _before_after_degree(slide: SlidePlan, report: ReportContext) -> Facts:
    item = slide.items[0]
    before, after = figures(report.package, report.baseline, item), figures(report.package, report.results, item)
    if before is None or after is None or before.high is None or after.high is None:
        return {}
    in_per_cent = before.in_per_cent and after.in_per_cent
    found = {
        "before": _share(before.high, before.n, in_per_cent=in_per_cent),
        "after": _share(after.high, after.n, in_per_cent=in_per_cent),
    }
    if not in_per_cent:
        return found
    return found | _change(change_of(report, f"{item}.high", item), in_points=False)


def _before_after_shares(slide: SlidePlan, report: ReportContext) -> Facts:
    verdicts = []
    for item in slide.items:
        both = figures(report.package, report.baseline, item), figures(report.package, report.results, item)
        if not all(both):
            continue
        change = change_of(report, f"{item}.high", item)
        if change is None or not all(shown is not None and shown.in_per_cent for shown in both):
            return {}  # then counts are shown, and no differences
        verdicts.append(in_words(change, in_points=False).verdict)
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
    "register_spread": _spread,
    "before_after_register": _before_after_spread,
    "before_after_index": _before_after_index,
    "before_after_bands": _before_after_bands,
    "before_after_degree": _before_after_degree,
    "before_after_shares": _before_after_shares,
}
