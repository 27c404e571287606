"""Stacked bars over an ordered scale, with the legend as text and a column that sums up each row."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting import metrics, template
from reporting.chart_series import Series
from reporting.charts import COUNT_WHERE_ANY, PERCENT_WHERE_ROOM, Bars, Column, draw_bars
from reporting.figures import Figures
from reporting.slide_builder import SlideBuilder

COLUMN, HEAD = 84.0, 200.0
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
    strokes: tuple[float | None, ...] = (),
    name: str = "Fordeling",
) -> None:
    """Rows over (label, colour) options: 100 % bars, or bars of counts where percentages may not be shown.

    `strokes` are where the high end of others would end, as proportions.
    """
    series = tuple(
        Series(label, tuple(row.counts[place] / row.n if in_per_cent else row.counts[place] for row in rows), colour)
        for place, (label, colour) in enumerate(options)
    )
    summed_up = tuple(row.summary for row in rows)
    widths = [metrics.width(words, 18) * 1.1 for words in summed_up]
    draw_bars(
        page,
        template.CHART,
        Bars(
            categories=tuple(row.label for row in rows),
            series=series,
            number_format=PERCENT_WHERE_ROOM if in_per_cent else COUNT_WHERE_ANY,
            maximum=1.0 if in_per_cent else max(row.n for row in rows),
            stacked="hundred" if in_per_cent else "sum",
            column=Column(summed_up, max(COLUMN, *widths), column, HEAD, 18) if any(summed_up) else None,
            legend=tuple(options),
            gap=60 if strokes else 26 if len(rows) > 4 else 50,
            name=name,
            strokes=strokes,
        ),
        alt,
    )
