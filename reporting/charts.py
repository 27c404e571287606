"""Native, editable charts: bars lying down, stacked bars and dots; Danish, labelled and in their place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.util import Pt

from reporting import metrics, tokens
from reporting.chart_series import Figures, Series, style_series
from reporting.colours import tint
from reporting.plot import fix_plot, quiet
from reporting.slide_builder import Box, SlideBuilder, add_run
from reporting.steady import SteadyCategories

PERCENT = "0\\ %"
PERCENT_WHERE_ROOM = "[>=0.08]0\\ %;;"
"""In stacked bars, labels of small parts are left out: they would run into their neighbours."""
COUNT_WHERE_ANY = "0;;"
ONE_DECIMAL = "[$-406]0.0"


AXIS_ROOM = 0.08
"""The part of the chart's height the numbers of a shown axis get."""
LEGEND, COLUMN_GAP, END_ROOM = 26.0, 14.0, 66.0
"""Points above the bars for a legend, before a column beside them, and for figures at the bars' ends."""
STROKE, STROKE_TALL = 5.0, 0.94
"""A stroke's width in points, and its height as a part of its row's."""
HANGING, LONGEST_HANGING = 0.8, 16.0
"""Beneath a stack: its height as a part of the room between two bars, and in points at most."""
LABEL_PT = tokens.SMALLEST_PT
WIDE_LABEL, MOST_FOR_LABELS = 260, 0.5
"""How wide a label may be, in points, before it is broken in two; and the part of a chart's width labels may take."""


def count_of(base: int) -> str:
    """Labels like "4 af 9"."""
    return f'0" af {base}"'


@dataclass(frozen=True)
class Column:
    """Text beside the bars, a line or two a row, under a heading. `width` is in points."""

    rows: tuple[str, ...]
    width: float
    head: str = ""
    head_width: float = 0.0
    points: int = 16


@dataclass(frozen=True)
class Bars:
    """A bar chart lying down, its figures at the bars' ends, inside stacked parts, or beside them in a `column`.

    `step` shows the axis of values under the bars, with a thin line at each step. `legend` names series or parts.
    """

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str
    maximum: float
    minimum: float = 0.0
    stacked: Literal["no", "sum", "hundred"] = "no"
    overlaid: bool = False
    """Each category belongs to one of the series: they share its row."""
    step: float | None = None
    point_colours: tuple[str, ...] | None = None
    column: Column | None = None
    legend: tuple[tuple[str, str], ...] = ()
    """(label, colour), in the order in which they are read."""
    gap: int = 45
    name: str = "Diagram"
    strokes: tuple[float | None, ...] = ()
    """Others' figures, a row each: an upright stroke at it. None where there is none."""

    @property
    def right(self) -> float:
        """Points kept free right of the bars: for the column, or for figures that stand at the bars' ends."""
        if self.column:
            return self.column.width + COLUMN_GAP
        return 4 if self.stacked != "no" else END_ROOM

    @property
    def top(self) -> float:
        """Points kept free above the bars, for a legend and the column's heading."""
        return LEGEND if self.legend or (self.column and self.column.head) else 0


@dataclass(frozen=True)
class Rows:
    """Where a bar chart's rows are, in points, so that text can stand beside them."""

    box: Box
    count: int

    def row(self, index: int) -> tuple[float, float]:
        """Top and height of a row."""
        pitch = self.box[3] / self.count
        return self.box[1] + pitch * index, pitch


def draw_bars(page: SlideBuilder, idx: int, bars: Bars, alt: str) -> Rows:
    """Put the chart in a place of the page. Gives where its rows came to stand."""
    box = page.box(idx)
    data: Any = SteadyCategories(number_format="General")  # type: ignore[no-untyped-call]
    data.categories = bars.categories
    for series in bars.series:
        data.add_series(series.name, series.values)
    kind = {
        "no": XL_CHART_TYPE.BAR_CLUSTERED,
        "sum": XL_CHART_TYPE.BAR_STACKED,
        "hundred": XL_CHART_TYPE.BAR_STACKED_100,
    }[bars.stacked]
    frame = page.place(idx).insert_chart(kind, data)
    page.describe(frame, alt, bars.name)
    chart = frame.chart
    quiet(chart)
    pitch = (box[3] - bars.top) * (1 - (AXIS_ROOM if bars.step else 0)) / len(bars.categories)
    points = label_points(bars.categories, pitch, box[2])
    left = label_room(bars.categories, points, pitch, box[2])
    top = bars.top / box[3]
    inner = (left, top, 1 - left - bars.right / box[2], 1 - top - (AXIS_ROOM if bars.step else 0))
    fix_plot(chart, inner, tinted=bars.stacked == "no")
    axis = chart.category_axis
    axis.reverse_order = True
    axis.format.line.fill.background()
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.tick_labels.font.size = Pt(points)
    tint(axis.tick_labels.font.color, tokens.INK)
    values = chart.value_axis
    values.minimum_scale = bars.minimum
    values.maximum_scale = 1.0 if bars.stacked == "hundred" else bars.maximum
    values.has_major_gridlines = values.has_minor_gridlines = False
    if bars.step:
        _show_values(chart, bars.step)
    else:
        values.visible = False
    plot = chart.plots[0]
    plot.gap_width = bars.gap
    plot.overlap = 100 if bars.stacked != "no" or bars.overlaid else -8
    plot.vary_by_categories = False
    stacked = bars.stacked != "no"
    figures = Figures(
        number_format=bars.number_format,
        points=figure_points(pitch / (1 if stacked or bars.overlaid else len(bars.series))),
        inside=stacked,
    )
    for drawn, series in zip(plot.series, bars.series, strict=True):
        style_series(drawn._element, series, figures, bars.point_colours or ())  # noqa: SLF001
    x, y, across, down = box
    rows = Rows((x + across * inner[0], y + down * inner[1], across * inner[2], down * inner[3]), len(bars.categories))
    _draw_strokes(page, bars, rows)
    if bars.legend:
        room = bars.column.head_width + 8 if bars.column else 0
        draw_legend(page, (x, y, across - room, LEGEND - 6), bars.legend)
    if bars.column:
        _draw_column(page, bars, box, rows)
    return rows


def _draw_strokes(page: SlideBuilder, bars: Bars, rows: Rows) -> None:
    """The plot keeps its place in every program, so that strokes stand where the axis has their values.

    Parts of a stack have figures that nothing may cross: there a stroke hangs from its bar.
    """
    x, _, across, _ = rows.box
    for index, value in enumerate(bars.strokes):
        if value is not None:
            y, tall = rows.row(index)
            at = x + across * (value - bars.minimum) / (bars.maximum - bars.minimum)
            bar = tall / (1 + bars.gap / 100)
            top, down = y + tall * (1 - STROKE_TALL) / 2, tall * STROKE_TALL
            if bars.stacked != "no":
                top, down = y + (tall + bar) / 2, min((tall - bar) * HANGING, LONGEST_HANGING)
            page.rectangle((at - STROKE / 2, top, STROKE, down), tokens.INK, name=f"Streg: {bars.categories[index]}")


def _draw_column(page: SlideBuilder, bars: Bars, box: Box, rows: Rows) -> None:
    column = bars.column
    if column is None:
        return
    end = box[0] + box[2]
    if column.head:
        wide = column.head_width or column.width
        page.text((end - wide, box[1], wide, LEGEND - 6), column.head, LABEL_PT, bold=True, align="r", name="Kolonne")
    for index, (category, words) in enumerate(zip(bars.categories, column.rows, strict=True)):
        if words:
            y, tall = rows.row(index)
            place = (end - column.width, y, column.width, tall)
            first, *more = words.split("\n")
            page.text(place, first, column.points, bold=True, align="r", under=more, name=f"Ved siden af: {category}")


def draw_legend(page: SlideBuilder, box: Box, parts: Sequence[tuple[str, str]]) -> None:
    """What the colours mean, in the order in which they are drawn: a square and a word for each."""
    shape = page.text(box, "", LABEL_PT, name="Forklaring")
    paragraph = shape.text_frame.paragraphs[0]
    last = len(parts) - 1
    for number, (label, colour) in enumerate(parts):
        add_run(paragraph, "■ ", LABEL_PT, colour)
        add_run(paragraph, label if number == last else f"{label}    ", LABEL_PT, tokens.INK)


def _show_values(chart: Any, step: float) -> None:  # noqa: ANN401
    """The axis of values, its numbers at the foot: the rows run downwards, so the last of them is the high end."""
    values = chart.value_axis
    values.major_unit = step
    values.has_major_gridlines = True
    tint(values.major_gridlines.format.line.color, tokens.LINE)
    values.major_gridlines.format.line.width = Pt(0.75)
    values.format.line.fill.background()
    values.major_tick_mark = values.minor_tick_mark = XL_TICK_MARK.NONE
    values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    values.tick_labels.font.size = Pt(LABEL_PT)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "0", False
    tint(values.tick_labels.font.color, tokens.INK)


def label_points(labels: Sequence[str], pitch: float, across: float) -> int:
    """The largest size at which every label keeps to its row, where rows are this tall. `across`: the chart's width."""
    sizes = range(figure_points(pitch), LABEL_PT, -2)
    return next((points for points in sizes if _fit(labels, points, pitch, MOST_FOR_LABELS * across - 16)), LABEL_PT)


def label_room(labels: Sequence[str], points: int, pitch: float, across: float) -> float:
    """The part of the width that labels get: two lines each where the rows are tall enough, else one."""
    widest = max(metrics.width(label, points) for label in labels)
    narrow = range(WIDE_LABEL, int(widest), 10)
    room = next((room for room in narrow if _fit(labels, points, pitch, room)), widest)
    return min(MOST_FOR_LABELS, max(0.1, (room + 16) / across))


def figure_points(pitch: float) -> int:
    """How large figures may be where each bar has this much room."""
    return 20 if pitch >= 46 else 18 if pitch >= 32 else LABEL_PT


def _fit(labels: Sequence[str], points: int, pitch: float, room: float) -> bool:
    lines = 2 if pitch >= 2.2 * points * metrics.LINE_HEIGHT else 1
    return all(len(metrics.wrap(label, room, points)) <= lines for label in labels)
