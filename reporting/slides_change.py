"""The slides of the follow-up: before and after, always with the uncertainty of the difference, never with a cause."""

from dataclasses import replace

from domain.danish import listing, sentence
from domain.index import Index
from domain.results import Change
from reporting import metrics, template, tokens
from reporting.beside import change_elsewhere, changes_elsewhere
from reporting.chart_series import Series
from reporting.charts import ONE_DECIMAL, PERCENT, Bars, Column, draw_bars
from reporting.danish import of
from reporting.facts import change_of
from reporting.figures import (
    Figures,
    amount,
    figures,
    index_decimals,
    index_in_per_cent,
    index_of,
    mean_points,
    points_of,
)
from reporting.sentences import (
    ChangeInWords,
    in_words,
    mean_interval_in_words,
    one_rounding_note,
    rounded_change,
    rounded_parts,
)
from reporting.slide_builder import SlideBuilder
from reporting.slide_context import SlideContext
from reporting.slides_index import COLOURS
from reporting.slides_items import BIG_PT
from reporting.stacks import Row, draw_stack, row_of
from reporting.table import fill_table

HIDDEN = "Dele under 8 % har intet tal. "
FIRST, NOW = "Første runde", "Nu"
SQUARES = 0.94
"""The part of a line that a legend may take: its squares come from another font, which may be wider."""
NO_CAUSE = "Tallene kan ikke vise, hvad en forskel skyldes."
MOST_PAIRS = 6
"""Questions on a slide of two bars and a difference each."""
UNPAIRED = "Svarene er anonyme, så det er ikke nødvendigvis de samme, der har svaret begge gange."


def before_after_index(make: SlideContext) -> None:
    """The two means with their intervals, and the difference with its own."""
    index = make.index
    before = index_of(make.report.package, make.report.baseline, index.id)
    after = index_of(make.report.package, make.report.results, index.id)
    if before is None or after is None:
        return make.calm_comparison()
    change = change_of(make.report, index.id)
    told = in_words(change, in_points=True) if change else None
    means = [
        f"{index.name} i første runde {mean_points(index, before.mean)} point ({before.n} svar)",
        f"nu {mean_points(index, after.mean)} point ({after.n} svar)",
    ]
    words = " ".join(f"{line.rstrip('.')}." for line in [", ".join(means), *(told.lines if told else [])])
    beside = tuple(
        f"{mean_points(index, each.mean)}\n{mean_interval_in_words(each.low, each.high)}" for each in (before, after)
    )
    page = make.page(template.DIAGRAM_AND_TEXT)
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=(f"{FIRST} ({before.n} svar)", f"{NOW} ({after.n} svar)"),
            series=(
                Series(
                    f"{index.name}, gennemsnit",
                    (round(before.mean, 1), round(after.mean, 1)),
                    tokens.OURS,
                    tuple((w.mean - w.low, w.high - w.mean) for w in (before, after)),
                ),
            ),
            number_format="0" if index_decimals(index) == 0 else ONE_DECIMAL,
            maximum=index.highest,
            column=Column(beside, 110, "Gennemsnit", 110, BIG_PT),
            point_colours=(tokens.REFERENCE, tokens.OURS),
            gap=60,
            name=f"{index.name} før og nu",
        ),
        words,
    )
    _side(page, told)
    rounded = rounded_change(before.mean, after.mean, change.difference, index_decimals(index)) if change else ""
    scale = f"{index.name} går fra {index.lowest} til {index.highest} point."
    make.close(
        page,
        shown=words,
        base=make.both_bases(),
        source=f"{scale} Streg på søjlen: usikkerheden på gennemsnittet (95 %). {rounded} {NO_CAUSE}",
        more=[*change_elsewhere(make.report, index.id, in_points=True), UNPAIRED, NO_CAUSE, index.not_a_diagnosis],
    )
    return None


def before_after_bands(make: SlideContext) -> None:
    """The bands of both rounds, a row each."""
    package, index = make.report.package, make.index
    before, after = (index_of(package, each, index.id) for each in (make.report.baseline, make.report.results))
    if before is None or after is None:
        return make.calm_comparison()
    in_per_cent = all(index_in_per_cent(package, found) for found in (before, after))
    rows = [
        Row(f"{name} ({found.n} svar)", tuple(found.bands[band.id] for band in index.bands))
        for name, found in ((FIRST, before), (NOW, after))
    ]
    words = " ".join(
        f"{row.label}: "
        + ", ".join(
            f"{band.label.lower()} {amount(count, row.n, in_per_cent=in_per_cent)}"
            for band, count in zip(index.bands, row.counts, strict=True)
        )
        + "."
        for row in rows
    )
    change = change_of(make.report, f"{index.id}.heeded") if in_per_cent else None
    told = in_words(change, in_points=False) if change else None
    page = make.page(template.DIAGRAM_AND_TEXT)
    options = [(name, COLOURS[band.colour][0]) for name, band in zip(_named(page, index), index.bands, strict=True)]
    draw_stack(page, rows, options, words, in_per_cent=in_per_cent, name=f"{index.name}-niveauer før og nu")
    heeded = listing([band.label.lower() for band in index.bands if band.is_heeded])
    _side(page, told, *([f"Andelen med {heeded}"] if told else []))
    parts = [rounded_parts(row.counts, row.n) for row in rows] if in_per_cent else []
    shares = [
        100 * sum(found.bands[band.id] for band in index.bands if band.is_heeded) / found.n for found in (before, after)
    ]
    seen = rounded_change(shares[0], shares[1], change.difference * 100, 0) if change else ""
    rounded = one_rounding_note([*parts, seen])
    make.close(
        page,
        shown=" ".join([words, *(told.lines if told else [])]),
        base=make.both_bases(),
        source=f"{index.not_a_diagnosis} {HIDDEN if in_per_cent else ''}{rounded} {NO_CAUSE}",
        more=[UNPAIRED, NO_CAUSE],
    )
    return None


def _named(page: SlideBuilder, index: Index) -> list[str]:
    """The bands as the legend has them: with their points where one line has room for that."""
    long = [f"{band.label}, {points_of(index, band)}" for band in index.bands]
    across = page.box(template.CHART)[2]
    fits = metrics.width("■ " + "    ■ ".join(long), tokens.SMALLEST_PT) <= SQUARES * across
    return long if fits else [band.label for band in index.bands]


def before_after_degree(make: SlideContext) -> None:
    """One question's whole distribution in both rounds, and the difference of its high end."""
    item = make.plan.items[0]
    before = figures(make.report.package, make.report.baseline, item)
    after = make.figures(item)
    if before is None or after is None or after.scale is None:
        return make.calm_comparison()
    in_per_cent = before.in_per_cent and after.in_per_cent
    change = change_of(make.report, f"{item}.high", item) if in_per_cent else None
    scale = after.scale
    colours = tokens.palette(len(scale.options))
    before, after = (replace(shown, in_per_cent=in_per_cent) for shown in (before, after))
    rows = [row_of(shown, f"{name} ({shown.n} svar)") for name, shown in ((FIRST, before), (NOW, after))]
    told = in_words(change, in_points=False) if change else None
    words = " ".join(f"{row.label}: {_distribution(shown)}." for row, shown in zip(rows, (before, after), strict=True))
    words = " ".join([words, *(f"{line.rstrip('.')}." for line in (told.lines if told else []))])
    page = make.page(template.DIAGRAM_AND_TEXT)
    draw_stack(
        page,
        [replace(row, summary="") for row in rows],
        [(option.label, colour) for option, colour in zip(scale.options, colours, strict=True)],
        words,
        in_per_cent=in_per_cent,
        name=f"{after.item.chart_label} før og nu",
    )
    ends = [f"{scale.high_label}: {rows[0].summary} i første runde, {rows[1].summary} nu"] if scale.high else []
    _side(page, told, *ends)
    parts = [rounded_parts(row.counts, row.n) for row in rows] if in_per_cent else []
    rounded = one_rounding_note([*parts, _rounded(change, before, after) if change else ""])
    hidden = HIDDEN if in_per_cent else ""
    source = f"{hidden}{rounded} {NO_CAUSE}"
    more = [*change_elsewhere(make.report, f"{item}.high", in_points=False), UNPAIRED, NO_CAUSE]
    make.close(page, shown=words, base=make.both_bases(), source=source, more=more)
    return None


def _distribution(shown: Figures) -> str:
    return ", ".join(f"{label.lower()} {shown.amount(count)}" for label, count in shown.result.counts.items())


def before_after_shares(make: SlideContext) -> None:
    """The high end of several questions before and now, with what each difference allows one to say."""
    pairs = []
    for item in make.plan.items:
        before, after = figures(make.report.package, make.report.baseline, item), make.figures(item)
        if before and after and before.high is not None and after.high is not None:
            pairs.append((before, after))
    if not pairs:
        return make.calm_comparison()
    in_per_cent = all(before.in_per_cent and after.in_per_cent for before, after in pairs)
    if not in_per_cent:
        return _counts_before_and_after(make, pairs)
    slides = -(-len(pairs) // MOST_PAIRS)
    for place in range(slides):
        some = pairs[len(pairs) * place // slides : len(pairs) * (place + 1) // slides]
        _shares_before_and_after(make, some, f"{make.plan.title} (fortsat)" if place else "")
    return None


def _shares_before_and_after(make: SlideContext, pairs: list[tuple[Figures, Figures]], title: str) -> None:
    page = make.page(template.DIAGRAM, title=title)
    words = "; ".join(
        f"{after.item.chart_label}: {before.amount(before.high or 0)} før, {after.amount(after.high or 0)} nu"
        for before, after in pairs
    )
    changes = [change_of(make.report, f"{after.item.id}.high", after.item.id) for _, after in pairs]
    beside = tuple(_short(change) if change else "" for change in changes)
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=tuple(after.item.chart_label for _, after in pairs),
            series=(
                Series(FIRST, tuple(before.value(before.high or 0) for before, _ in pairs), tokens.REFERENCE),
                Series(NOW, tuple(after.value(after.high or 0) for _, after in pairs), tokens.TEAL),
            ),
            number_format=PERCENT,
            maximum=1.0,
            column=Column(beside, 200, "Forskel (95 % interval)"),
            legend=((FIRST, tokens.REFERENCE), (NOW, tokens.TEAL)),
            gap=30,
            name="Høje svar før og nu",
        ),
        words,
    )
    scale = pairs[0][1].scale
    rounded = one_rounding_note(_rounded(change, *pair) for change, pair in zip(changes, pairs, strict=True) if change)
    make.close(
        page,
        shown=words,
        base=make.both_bases(),
        source=f"Søjlerne viser andelen, der svarer {_ends(scale.high_label if scale else '')}. "
        f"Forskellen er i procentpoint. {rounded} {NO_CAUSE}",
        more=[*changes_elsewhere(make.report, [after.item.id for _, after in pairs]), UNPAIRED, NO_CAUSE],
    )


def _counts_before_and_after(make: SlideContext, pairs: list[tuple[Figures, Figures]]) -> None:
    """Under ten answers: counts of both rounds in a table, no shares, no differences."""
    page = make.page(template.TABLE_PAGE)
    rows = [("", FIRST, NOW)]
    rows += [
        (after.item.chart_label, of(before.high or 0, before.n), of(after.high or 0, after.n))
        for before, after in pairs
    ]
    fill_table(
        page, rows, widths=(0.6, 0.2, 0.2), points=24, row_height=min(54, 300 / len(rows)), name="Høje svar før og nu"
    )
    scale = pairs[0][1].scale
    make.close(
        page,
        base=make.both_bases(),
        source=f"Tabellen viser, hvor mange der svarer {_ends(scale.high_label if scale else '')}. {NO_CAUSE}",
        more=[UNPAIRED, NO_CAUSE],
    )


def _rounded(change: Change, before: Figures, after: Figures) -> str:
    shares = [(shown.high or 0) / shown.n * 100 for shown in (before, after)]
    return rounded_change(shares[0], shares[1], change.difference * 100, 0)


def _short(change: Change) -> str:
    """ "+12, kan ikke afgøres" over "−5 til +28"."""
    told = in_words(change, in_points=False)
    return f"{told.size}, {told.word}\n{told.interval}"


def _ends(label: str) -> str:
    return f"»{sentence(label)}«"


def _side(page: SlideBuilder, told: ChangeInWords | None, *about: str) -> None:
    """The difference large, and under it what it is of, its interval, and what that allows one to say."""
    if told is None:
        page.write(template.SIDE, [*about, "Der er for få svar til at regne en forskel ud."])
        return
    page.write(template.FIGURE, f"{told.size} {told.unit.replace('procentpoint', '%-point')}")
    page.write(template.SIDE, [*about, *told.lines[1:]])
