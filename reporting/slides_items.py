"""The slides that show questions: categories, the two ends, rankings, burdens, Likert scales."""

from collections.abc import Sequence
from dataclasses import replace

from domain.comparator import SOURCE, WHO
from domain.danish import listing, number, percent, tenths
from domain.package import Scale
from reporting import template, tokens
from reporting.beside import (
    Beside,
    ends_beside_others,
    high_ends_beside_others,
    high_ends_of_others,
    high_ends_to_draw,
    mean_beside_others,
    means_of_others,
    shares_beside,
)
from reporting.chart_series import Series
from reporting.charts import ONE_DECIMAL, PERCENT, Bars, Column, count_of, draw_bars
from reporting.figures import (
    Figures,
    reference_text,
    short_source,
)
from reporting.sentences import one_rounding_note, rounded_parts
from reporting.slide_context import SlideContext
from reporting.stacks import Row, draw_stack, row_of

TOP = 5
TOP_WITH_TIES = 7
OURS = "Jeres klynge"
OTHERS = (tokens.REFERENCE, tokens.BLUE)
"""Of the rows beside the cluster's own, in their order."""
UNCERTAINTY = "Andel og usikkerhed (95 %)"
BIG_PT = 28
COLUMN = 44.0
"""Points for a mean beside its bar."""


def degree(make: SlideContext) -> None:
    """One bar for each category, in the scale's order."""
    shown = make.figures(make.plan.items[0])
    if shown is None or shown.scale is None:
        return make.calm()
    labels = [option.label for option in shown.scale.options]
    _bars(make, shown, [(label, shown.count(label)) for label in labels], tokens.palette(len(labels)))
    return None


def two_sides(make: SlideContext) -> None:
    """The high and the low end as two bars with their uncertainty. The middle is left out, but stays in the base."""
    item = make.plan.items[0]
    shown = make.figures(item)
    if shown is None or shown.scale is None or shown.high is None or shown.low is None:
        return make.calm()
    scale, ends = shown.scale, (("high", shown.high), ("low", shown.low))
    compared = shares_beside(make.report, [f"{item}.{name}" for name, _ in ends]) if shown.in_per_cent else []
    shares = [share for share in (shown.share(name) for name, _ in ends) if share]
    errors = (
        tuple((share.value - share.low, share.high - share.value) for share in shares)
        if shown.in_per_cent and len(shares) == len(ends)
        else None
    )
    ours = tokens.OURS if errors else tokens.TEAL
    series = [Series(OURS, tuple(shown.value(count) for _, count in ends), ours, errors)]
    legend: tuple[tuple[str, str], ...] = ()
    if compared:
        beside_ours = list(zip(compared, OTHERS, strict=False))
        series += [Series(row.name, row.values, colour) for row, colour in beside_ours]
        legend = ((OURS, ours), *((row.legend, colour) for row, colour in beside_ours))
    labels = (scale.high_label, scale.low_label)
    words = "; ".join(f"{label}: {shown.amount(count)}" for label, (_, count) in zip(labels, ends, strict=True))
    beside = tuple(
        f"{shown.amount(count)}\n{percent(share.low)} til {percent(share.high)}"
        for (_, count), share in zip(ends, shares, strict=False)
    )
    page = make.page(template.DIAGRAM)
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=labels,
            series=tuple(series),
            number_format=PERCENT if shown.in_per_cent else count_of(shown.n),
            maximum=1.0 if shown.in_per_cent else shown.n,
            column=Column(beside, 150, UNCERTAINTY, 260, BIG_PT) if errors else None,
            point_colours=None if compared else (ours, tokens.OURS_LOW if errors else tokens.STRAW),
            legend=legend,
            gap=60,
            name="De to ender",
        ),
        words,
    )
    middle = listing([f"»{option.label}«" for option in scale.options if option.id not in (*scale.high, *scale.low)])
    left_out = f" {middle}: midten er udeladt af søjlerne, men med i grundlaget." if middle else ""
    told = [reference_text(reference) for row in compared for reference in row.references]
    uncertainty = " Streg: usikkerheden (95 %)." if errors else ""
    intervals = [
        f"{label}: 95 % sikkerhedsinterval {percent(share.low)} til {percent(share.high)}"
        for label, share in zip(labels, shares, strict=False)
        if shown.in_per_cent
    ]
    make.close(
        page,
        shown=words,
        base=f"{make.base(shown.n)}{uncertainty}{left_out}",
        source=sources_of(compared) or make.question(),
        more=[*intervals, *told, *ends_beside_others(make.report, item)],
    )
    return None


def sources_of(rows: Sequence[Beside]) -> str:
    """Each source once: "Kilder: Lægeforeningen; KiAP's egne opgørelser …"."""
    sources = dict.fromkeys(short_source(reference.source) for row in rows for reference in row.references)
    return f"{'Kilder' if len(sources) > 1 else 'Kilde'}: {'; '.join(sources)}." if sources else ""


def top(make: SlideContext) -> None:
    """The five most frequent; a tie for the fifth place is taken along while there is room."""
    shown = make.figures(make.plan.items[0])
    if shown is None:
        return make.calm()
    _bars(make, shown, _most_frequent(shown))
    return None


def _most_frequent(shown: Figures) -> list[tuple[str, int]]:
    ranked = shown.ranked()
    chosen = ranked[:TOP]
    tied = [pair for pair in ranked[TOP:] if chosen and pair[1] == chosen[-1][1]]
    return chosen + tied if len(chosen) + len(tied) <= TOP_WITH_TIES else chosen


def ranking(make: SlideContext) -> None:
    """Every option, most chosen first. Those a slide before it has shown stand back for the rest of the list."""
    shown = make.figures(make.plan.items[0])
    if shown is None:
        return make.calm()
    labels = [option.label for option in make.report.package.options_of(shown.item)]
    everything = sorted(((label, shown.count(label)) for label in labels), key=lambda pair: -pair[1])
    seen = {label for label, _ in _most_frequent(shown)} if _comes_after_the_top(make) else set()
    colours = tuple(tokens.REFERENCE if label in seen else tokens.TEAL for label, _ in everything)
    hint = " Grå søjler: dem, I lige har set." if seen else ""
    _bars(make, shown, everything, colours if seen else None, hint)
    return None


def _comes_after_the_top(make: SlideContext) -> bool:
    """Whether the slide before this one shows the most frequent of the same question."""
    plans = make.report.slides
    place = plans.index(make.plan)
    return place > 0 and plans[place - 1].kind == "top" and plans[place - 1].items == make.plan.items


def _bars(
    make: SlideContext,
    shown: Figures,
    rows: list[tuple[str, int]],
    colours: tuple[str, ...] | None = None,
    hint: str = "",
) -> None:
    words = "; ".join(f"{label}: {shown.amount(count)}" for label, count in rows)
    page = make.page(template.DIAGRAM)
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=tuple(label for label, _ in rows),
            series=(Series("Svar", tuple(shown.value(count) for _, count in rows), tokens.TEAL),),
            number_format=PERCENT if shown.in_per_cent else count_of(shown.n),
            maximum=1.0 if shown.in_per_cent else shown.n,
            point_colours=colours,
            gap=35 if len(rows) > 7 else 50,
            name=shown.item.chart_label,
        ),
        words,
    )
    several = ""
    if shown.item.kind == "choices":
        limit = f"højst {shown.item.at_most}" if shown.item.at_most else "flere"
        over = shown.in_per_cent and sum(count for _, count in rows) > shown.n
        several = f" Hver kunne vælge {limit}{', så tallene giver mere end 100 % i alt' * over}."
    adds_up = shown.in_per_cent and shown.item.kind != "choices"
    rounded = rounded_parts([count for _, count in rows], shown.n) if adds_up else ""
    make.close(
        page, shown=words, base=f"{make.base(shown.n)}{several}{hint}", source=f"{make.question()} {rounded}"
    )  # fmt: skip


def ratings(make: SlideContext) -> None:
    """Means, highest first, with the spread where it may be shown."""
    rows = [
        shown for shown in (make.figures(item) for item in make.plan.items) if shown and shown.result.mean is not None
    ]
    if not rows:
        return make.calm()
    rows.sort(key=lambda shown: -(shown.result.mean or 0))
    low, high = min(row.item.minimum or 0 for row in rows), max(row.item.maximum or 0 for row in rows)
    words = "; ".join(f"{row.item.chart_label}: {number(row.result.mean or 0)}" for row in rows)
    others = means_of_others(make.report, [row.item.id for row in rows])
    means = tuple(round(row.result.mean or 0, 1) for row in rows)
    bars = Bars(
        categories=tuple(row.item.chart_label for row in rows),
        series=(Series("Gennemsnit", means, tokens.BROWN),),
        number_format=ONE_DECIMAL,
        minimum=low,
        maximum=high,
        gap=30,
        name="Gennemsnit",
    )
    if others:
        words = f"{words}. {others.in_words}"
        bars = replace(
            bars,
            series=(
                Series("Gennemsnit", means, tokens.OURS_LOW, figures=False),
                Series(WHO, others.values, None),
            ),
            overlaid=True,
            strokes=others.values,
            column=Column(tuple(tenths(mean) for mean in means), COLUMN),
            legend=((OURS, tokens.OURS_LOW), (f"{others.label} (streg)", tokens.INK)),
        )
    page = make.page(template.DIAGRAM)
    draw_bars(page, template.CHART, bars, words)
    first = rows[0].item
    ends = f"Skala fra {low} ({first.minimum_label.lower()}) til {high} ({first.maximum_label.lower()})."
    left_out = _left_out(make, [row.item.id for row in rows])
    make.close(
        page,
        shown=words,
        base=f"{make.base(*(row.n for row in rows))} Tallet er gennemsnittet. {ends}",
        source=f"{make.question()}{left_out}{f' {WHO}: {SOURCE}.' if others else ''}".strip(),
        more=[*_spread(rows), *(line for row in rows for line in mean_beside_others(make.report, row.item.id))],
    )
    return None


def _spread(rows: list[Figures]) -> list[str]:
    """For the notes: how far apart the answers lie, widest first, where that may be told."""
    told = [row for row in rows if row.in_per_cent and row.result.sd is not None]
    told.sort(key=lambda row: -(row.result.sd or 0))
    lines = [f"{row.item.chart_label}: standardafvigelse {number(row.result.sd or 0)}" for row in told]
    return ["Spredningen, størst først: jo større tal, jo mere forskelligt oplever I det.", *lines] if lines else []


def likert(make: SlideContext) -> None:
    """Items on one scale as stacked bars, with the neutral middle in grey and the high end summed up."""
    rows = [shown for shown in (make.figures(item) for item in make.plan.items) if shown and shown.scale]
    if not rows or rows[0].scale is None:
        return make.calm()
    scale: Scale = rows[0].scale
    in_per_cent = all(row.in_per_cent for row in rows)
    rows = [replace(row, in_per_cent=in_per_cent) for row in rows]
    drawn = [row_of(row) for row in rows]
    colours = tokens.palette(len(scale.options))
    words = "; ".join(_in_words(row) for row in rows)
    others = high_ends_to_draw(make.report, scale, [row.item.id for row in rows]) if in_per_cent else None
    if others:
        words = f"{words}. {others.in_words}"
        drawn = [_beside(row, value) for row, value in zip(drawn, others.values, strict=True)]
    page = make.page(template.DIAGRAM)
    draw_stack(
        page,
        drawn,
        [(option.label, colour) for option, colour in zip(scale.options, colours, strict=True)],
        words,
        in_per_cent=in_per_cent,
        column=scale.high_label,
        strokes=others.values if others else (),
    )
    hidden = " Dele under 8 % har intet tal." if in_per_cent else ""
    rounded = one_rounding_note(rounded_parts(row.counts, row.n) for row in drawn) if in_per_cent else ""
    irrelevant = " »Ikke relevant« er ikke talt med." if any(row.item.may_be_not_relevant for row in rows) else ""
    make.close(
        page,
        shown=words,
        base=f"{make.base(*(row.n for row in rows))}{f' Streg og parentes: {others.label}.' if others else irrelevant}",
        source=f"{make.question()}{hidden} {rounded}{_left_out(make, [row.item.id for row in rows])}"
        f"{f'{irrelevant} {WHO}: {SOURCE}.' if others else ''}",
        more=[
            *high_ends_of_others(make.report, [row.item.id for row in rows]),
            *high_ends_beside_others(make.report, [row.item.id for row in rows]),
        ],
    )
    return None


def _beside(row: Row, others: float | None) -> Row:
    """The row with others' share in brackets after its own."""
    return row if others is None else replace(row, summary=f"{row.summary} ({percent(others)})")


def _in_words(shown: Figures) -> str:
    parts = ", ".join(f"{label.lower()} {shown.amount(count)}" for label, count in shown.result.counts.items() if count)
    return f"{shown.item.chart_label} ({shown.n} svar): {parts}"


def _left_out(make: SlideContext, drawn: list[str]) -> str:
    missing = [make.report.package.item(item).chart_label for item in make.plan.items if item not in drawn]
    return f" For få svar til at vise: {listing(missing)}." if missing else ""
