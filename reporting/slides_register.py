"""The slides of a register's measures: what is counted, the practices' spread without names, and before and after."""

from collections.abc import Sequence

from domain.register import Measure
from domain.results import Change
from reporting import metrics, template, tokens
from reporting.beside import references_for
from reporting.charts import draw_legend
from reporting.dots import DOT_PLOT, draw_dots
from reporting.facts import change_of
from reporting.figures import name_of, short_source
from reporting.lanes import draw_lanes
from reporting.sentences import measure_change_in_words
from reporting.slide_builder import SlideBuilder
from reporting.slide_context import SlideContext
from reporting.slides_change import NO_CAUSE
from reporting.spreads import (
    BAND,
    LINES,
    NOT_A_TARGET,
    SHIFT,
    amount_of,
    both_in_words,
    compared_with,
    definition_of,
    dots_of,
    figure_of,
    in_words,
    lanes_of,
    middle_half,
    reference_in_words,
    spread_of,
)
from reporting.table import fill_table

LEGEND_ROW, LABEL_ROW = 24.0, 28.0
"""Points above the dots for the legend, and for the median's figure."""


def register_measures(make: SlideContext) -> None:
    """What each measure counts, among whom and when."""
    measures = make.report.package.measured_in(make.report.round)
    rows: list[tuple[str, ...]] = [("Tal", "Det tælles", "Ud af", "Hvornår")]
    rows += [(each.chart_label, each.numerator, each.denominator or "–", each.period) for each in measures]
    page = make.page(template.TABLE_PAGE)
    fill_table(page, rows, widths=(0.26, 0.32, 0.26, 0.16), points=18, row_height=52, name="Sådan er tallene gjort op")
    sources = dict.fromkeys(short_source(each.source) for each in measures if each.source != "own")
    make.close(
        page,
        base=make.base(),
        source=f"Kilde: {'; '.join(sources)}." if sources else "",
        more=[definition_of(each) for each in measures],
    )


def register_spread(make: SlideContext) -> None:
    """Every practice as a dot from least to most, with the median; of few only the median and the middle half."""
    measure = make.measure
    found = spread_of(make.report.package, make.report.results, measure.id)
    if found is None:
        return make.calm()
    references = compared_with(make.report, references_for(make.report, measure.id))
    page = make.page(template.DIAGRAM)
    _, y, _, down = page.box(template.CHART)
    room = down * DOT_PLOT[3] / max(found.n if found.values else 1, 12)
    shown = in_words(measure, found, references)
    dots = dots_of(measure, found, references, max(5, min(16, int(room * 0.85))))
    frame = draw_dots(page, template.CHART, dots, shown)
    places = [_along(page, dots.minimum, dots.maximum, each or 0) for each in (found.lower, found.median, found.upper)]
    plot = (y + down * DOT_PLOT[1], down * DOT_PLOT[3])
    page.rectangle(
        (places[0] - 2, plot[0], places[2] - places[0] + 4, plot[1]), BAND, behind=frame, name="Den midterste halvdel"
    )
    _name_median(page, places[1], plot[0] - LABEL_ROW, f"Median {amount_of(measure, found.median or 0)}")
    _legend(page, references=[(name_of(each), amount_of(measure, each.value or 0)) for each in references],
            told_singly=found.values is not None)  # fmt: skip
    rules = make.report.package.disclosure
    hint = (
        f"Hver prik er én praksis, fra {_least(measure, found.values)} til {amount_of(measure, found.values[-1])}. "
        if found.values
        else f"Under {rules.percentages_from} praksis vises ikke en prik for hver praksis. "
    )
    sources = dict.fromkeys(short_source(each.source) for each in references)
    make.close(
        page,
        shown=shown,
        base=f"{make.base(found.n)} {hint}Den midterste halvdel ligger på {middle_half(measure, found)}.",
        source=f"{definition_of(measure)} {f'Kilde: {chr(59).join(sources)}.' if sources else ''} {NOT_A_TARGET}",
        more=[
            *(f"{reference_in_words(measure, each).rstrip('.')}." for each in references),
            *(each.note for each in references if each.note),
        ],
    )
    return None


def _least(measure: Measure, values: Sequence[float]) -> str:
    """The lowest number, as titles say it before the highest."""
    return amount_of(measure, values[0]) if measure.unit == "%" else figure_of(measure, values[0])


def _along(page: SlideBuilder, minimum: float, maximum: float, value: float) -> float:
    """Where a number stands on the page, in points."""
    x, _, across, _ = page.box(template.CHART)
    return x + across * (DOT_PLOT[0] + DOT_PLOT[2] * (value - minimum) / (maximum - minimum))


def _name_median(page: SlideBuilder, at: float, top: float, text: str) -> None:
    """The median's figure above its line, kept on the page."""
    x, _, across, _ = page.box(template.CHART)
    wide = metrics.width(text, 18, bold=True) + 12
    left = min(max(at - wide / 2, x), x + across - wide)
    page.text((left, top, wide, LABEL_ROW - 4), text, 18, bold=True, align="c", name="Median")


def _legend(page: SlideBuilder, references: list[tuple[str, str]], *, told_singly: bool) -> None:
    x, y, across, _ = page.box(template.CHART)
    parts = [("En praksis", tokens.DEEP)] if told_singly else []
    parts += [("Den midterste halvdel", tokens.MINT)]
    left = across - sum(metrics.width(f"■ {label}    ", tokens.SMALLEST_PT) for label, _ in parts)
    for (name, amount), colour in zip(references, LINES, strict=False):
        room = left / len(references) * 0.9 - metrics.width(f"■ : {amount}    ", tokens.SMALLEST_PT)
        parts.append((f"{metrics.shorten(name, room, tokens.SMALLEST_PT)}: {amount}", colour))
    draw_legend(page, (x, y, across, LEGEND_ROW - 2), parts)


def before_after_register(make: SlideContext) -> None:
    """Both rounds' medians, and how far the practices have moved as far as that can be told."""
    measure = make.measure
    before = spread_of(make.report.package, make.report.baseline, measure.id)
    after = spread_of(make.report.package, make.report.results, measure.id)
    if before is None or after is None:
        return make.calm_comparison()
    change = change_of(make.report, measure.id)
    words = both_in_words(measure, before, after)
    page = make.page(template.DIAGRAM_AND_TEXT)
    draw_lanes(page, lanes_of(measure, before, after), words)
    dot = " Hver prik er én praksis." if before.values or after.values else ""
    said = _side(make, page, change)
    make.close(
        page,
        shown=" ".join([words, *said]),
        base=f"{make.both_bases()} Streg: medianen.{dot}",
        source=f"{SHIFT if change else definition_of(measure)} {NO_CAUSE}",
        more=[definition_of(measure), *([SHIFT] if change else []), NO_CAUSE, NOT_A_TARGET],
    )
    return None


def _side(make: SlideContext, page: SlideBuilder, change: Change | None) -> list[str]:
    """The difference large, and under it its interval and what that allows one to say. Gives the lines."""
    if change is None:
        rules = make.report.package.disclosure
        text = f"Med under {rules.percentages_from} praksis i en runde kan det ikke afgøres, om tallet har ændret sig."
        page.write(template.SIDE, [text])
        return [text]
    told = measure_change_in_words(change, make.measure)
    unit = told.unit.replace("procentpoint", "%-point")
    figure = f"{told.size} {unit}" if len(unit) < 10 else told.size
    page.write(template.FIGURE, figure)
    page.write(template.SIDE, told.lines[1:] if figure != told.size else told.lines)
    return [f"{line.rstrip('.')}." for line in told.lines]
