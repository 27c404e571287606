"""Stacked bars over an ordered scale, with the legend as text and a column that sums up each row."""

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.util import Pt

from reporting import metrics, template, tokens
from reporting.charts import COUNT_WHERE_ANY, PERCENT_WHERE_ROOM, Bars, Series, draw_bars
from reporting.figures import Figures
from reporting.slide_builder import Box, SlideBuilder, tint

LEGEND = 0.085
"""The part of the chart's height the legend gets."""
COLUMN, HEAD = 92.0, 190.0
"""Points for the column that sums up, and for what stands over it."""


@dataclass(frozen=True)
class Row:
    """A row's label, its counts in the scale's order, and what the column says of it ("" for nothing)."""

    label: str
    counts: tuple[int, ...]
    summary: str = ""

    @property
    def n(self) -> int:
        return sum(self.counts)


def row_of(shown: Figures, label: str = "") -> Row:
    """An item's row; the column tells how many are at the scale's high end."""
    counts = tuple(shown.count(option.label) for option in shown.scale.options) if shown.scale else ()
    summary = "" if shown.high is None else shown.amount(shown.high)
    return Row(label or shown.item.chart_label, counts, summary)


def draw_stack(
    page: SlideBuilder,
    rows: Sequence[Row],
    options: Sequence[tuple[str, str]],
    alt: str,
    *,
    in_per_cent: bool,
    column: str = "",
    name: str = "Fordeling",
) -> None:
    """Rows over (label, colour) options: 100 % bars, or bars of counts where percentages may not be shown."""
    box = page.box(template.CHART)
    series = tuple(
        Series(label, tuple(row.counts[place] / row.n if in_per_cent else row.counts[place] for row in rows), colour)
        for place, (label, colour) in enumerate(options)
    )
    summed_up = any(row.summary for row in rows)
    drawn = draw_bars(
        page,
        template.CHART,
        Bars(
            categories=tuple(row.label for row in rows),
            series=series,
            number_format=PERCENT_WHERE_ROOM if in_per_cent else COUNT_WHERE_ANY,
            maximum=1.0 if in_per_cent else max(row.n for row in rows),
            stacked="hundred" if in_per_cent else "sum",
            right=(COLUMN + 8) / box[2] if summed_up else 0.01,
            gap=28 if len(rows) > 4 else 55,
            top=LEGEND,
            name=name,
        ),
        alt,
    )
    left, top, across, down = box
    draw_legend(page, (left, top - 4, across - (HEAD + 8 if summed_up else 0), down * LEGEND), options)
    if summed_up:
        at = left + across - COLUMN
        head = (left + across - HEAD, top - 4, HEAD, down * LEGEND)
        page.text(head, column, 13, bold=True, align="r", name="Sum")
        for index, row in enumerate(rows):
            y, tall = drawn.row(index)
            page.text((at, y, COLUMN, tall), row.summary, 16, bold=True, align="r", name=f"Sum: {row.label}")


def draw_legend(page: SlideBuilder, box: Box, options: Sequence[tuple[str, str]]) -> None:
    """The legend in the scale's order: a coloured square and a word for each."""
    line = "    ".join(f"■ {label}" for label, _ in options)
    points = metrics.largest([line], (box[2], 1.3 * 14), (14, 13, 12, 11)) or 11
    shape = page.text(box, "", points, name="Forklaring")
    paragraph = shape.text_frame.paragraphs[0]
    last = len(options) - 1
    for number, (label, colour) in enumerate(options):
        for text, shade in (("■ ", colour), (label if number == last else f"{label}    ", tokens.INK)):
            run = paragraph.add_run()
            run.text = text
            run.font.size = Pt(points)
            tint(run.font.color, shade)
