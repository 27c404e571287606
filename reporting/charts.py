"""Native, editable charts: bars lying down, stacked bars and dots; Danish, labelled and in their place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.util import Pt

from reporting import metrics, tokens
from reporting.slide_builder import Box, SlideBuilder, add_run, paint, tint

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_C = f"{{{C}}}"

PERCENT = "0\\ %"
PERCENT_WHERE_ROOM = "[>=0.08]0\\ %;;"
"""In stacked bars, labels of small parts are left out: they would run into their neighbours."""
COUNT_WHERE_ANY = "0;;"
ONE_DECIMAL = "[$-406]0.0"


AXIS_ROOM = 0.08
"""The part of the chart's height the numbers of a shown axis get."""
LEGEND, COLUMN_GAP, END_ROOM = 26.0, 14.0, 66.0
"""Points above the bars for a legend, before a column beside them, and for figures at the bars' ends."""
LABEL_PT = tokens.SMALLEST_PT
WIDE_LABEL, MOST_FOR_LABELS = 260, 0.5
"""How wide a label may be, in points, before it is broken in two; and the part of a chart's width labels may take."""


def count_of(base: int) -> str:
    """Labels like "4 af 9"."""
    return f'0" af {base}"'


@dataclass(frozen=True)
class Series:
    """`errors` is (down, up) for each category, as distances from the value.

    A series with errors has no figures of its own, which their lines would cross: a column beside the bars has them.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str
    errors: tuple[tuple[float, float], ...] | None = None


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
    data: Any = CategoryChartData(number_format="General")  # type: ignore[no-untyped-call]
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
    _quiet(chart)
    pitch = (box[3] - bars.top) * (1 - (AXIS_ROOM if bars.step else 0)) / len(bars.categories)
    points = label_points(bars.categories, pitch, box[2])
    left = label_room(bars.categories, points, pitch, box[2])
    top = bars.top / box[3]
    inner = (left, top, 1 - left - bars.right / box[2], 1 - top - (AXIS_ROOM if bars.step else 0))
    _fix_plot(chart, inner, tinted=bars.stacked == "no")
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
    side_by_side = 1 if bars.stacked != "no" or bars.overlaid else len(bars.series)
    for drawn, series in zip(plot.series, bars.series, strict=True):
        _style_series(drawn, series, bars, figure_points(pitch / side_by_side))
    x, y, across, down = box
    rows = Rows((x + across * inner[0], y + down * inner[1], across * inner[2], down * inner[3]), len(bars.categories))
    if bars.legend:
        room = bars.column.head_width + 8 if bars.column else 0
        draw_legend(page, (x, y, across - room, LEGEND - 6), bars.legend)
    if bars.column:
        _draw_column(page, bars, box, rows)
    return rows


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


def _style_series(drawn: Any, series: Series, bars: Bars, points: int) -> None:  # noqa: ANN401
    paint(drawn.format.fill, series.colour)
    drawn.invert_if_negative = False
    if bars.stacked != "no":
        tint(drawn.format.line.color, tokens.PAPER)
        drawn.format.line.width = Pt(1.5)
    for index, colour in enumerate(bars.point_colours or ()):
        paint(drawn.points[index].format.fill, colour)
    if series.errors:
        _error_bars(drawn._element, series.errors)  # noqa: SLF001
        return
    labels = drawn.data_labels
    labels.show_value = True
    labels.number_format = bars.number_format
    labels.number_format_is_linked = False
    labels.font.size = Pt(points)
    labels.font.bold = True
    if bars.stacked != "no":
        labels.position = XL_LABEL_POSITION.CENTER
        tint(labels.font.color, tokens.text_on(series.colour))
    else:
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        tint(labels.font.color, tokens.INK)


def _error_bars(element: Any, errors: Sequence[tuple[float, float]]) -> None:  # noqa: ANN401
    def side(name: str, values: list[float]) -> str:
        points = "".join(f'<c:pt idx="{i}"><c:v>{round(v, 6)}</c:v></c:pt>' for i, v in enumerate(values) if v > 0)
        count = len(values)
        return (
            f"<c:{name}><c:numLit><c:formatCode>General</c:formatCode>"
            f'<c:ptCount val="{count}"/>{points}</c:numLit></c:{name}>'
        )

    bars = etree.fromstring(
        f'<c:errBars xmlns:c="{C}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"{side('plus', [up for _, up in errors])}{side('minus', [down for down, _ in errors])}"
        '<c:spPr><a:ln w="19050"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    element.find(f"{_C}cat").addprevious(bars)


@dataclass(frozen=True)
class Dots:
    """Dots as (x, y), and one upright line, over an axis from `minimum` to `maximum`."""

    series: str
    points: tuple[tuple[float, float], ...]
    line: str
    line_at: float
    minimum: float
    maximum: float
    height: float
    dot_points: int
    unit: int
    """From one number on the axis to the next."""
    name: str = "Prikdiagram"


DOT_PLOT = (0.02, 0.24, 0.96, 0.66)
"""Where the dots stand inside their chart, as parts of its width and height; the axis' numbers are below."""


def draw_dots(page: SlideBuilder, idx: int, dots: Dots, alt: str) -> Any:  # noqa: ANN401
    """Put dots in a place of the page. Gives the chart's frame."""
    data: Any = XyChartData(number_format="General")  # type: ignore[no-untyped-call]
    if dots.points:
        answers = data.add_series(dots.series)
        for x, y in dots.points:
            answers.add_data_point(x, y)
    line = data.add_series(dots.line)
    line.add_data_point(dots.line_at, 0)
    line.add_data_point(dots.line_at, dots.height)
    frame = page.place(idx).insert_chart(XL_CHART_TYPE.XY_SCATTER, data)
    page.describe(frame, alt, dots.name)
    chart = frame.chart
    _quiet(chart)
    _fix_plot(chart, DOT_PLOT)
    axis = chart.category_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = dots.minimum, dots.maximum, dots.unit
    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.OUTSIDE
    axis.tick_labels.font.size = Pt(LABEL_PT)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0", False
    tint(axis.tick_labels.font.color, tokens.INK)
    tint(axis.format.line.color, tokens.MUTED)
    values = chart.value_axis
    values.minimum_scale, values.maximum_scale = 0, dots.height
    values.has_major_gridlines = False
    values.visible = False
    *answered, upright = chart.plots[0].series
    for series in answered:
        series.format.line.fill.background()
        series.marker.style = XL_MARKER_STYLE.CIRCLE
        series.marker.size = dots.dot_points
        paint(series.marker.format.fill, tokens.DEEP)
        tint(series.marker.format.line.color, tokens.PAPER)
    upright.marker.style = XL_MARKER_STYLE.NONE
    tint(upright.format.line.color, tokens.INK)
    upright.format.line.width = Pt(3)
    upright.smooth = False
    return frame


def _quiet(chart: Any) -> None:  # noqa: ANN401
    """No title, no legend, Danish, the theme's font."""
    chart.has_title = False
    chart.has_legend = False
    chart.font.size = Pt(LABEL_PT)
    space = chart._chartSpace  # noqa: SLF001
    for tag in ("lang", "roundedCorners"):
        for old in space.findall(f"{_C}{tag}"):
            space.remove(old)
    first = space.find(f"{_C}date1904")
    position = 0 if first is None else list(space).index(first) + 1
    for offset, (tag, value) in enumerate((("lang", "da-DK"), ("roundedCorners", "0"))):
        element = etree.Element(f"{_C}{tag}")
        element.set("val", value)
        space.insert(position + offset, element)


def _fix_plot(chart: Any, inner: tuple[float, float, float, float], *, tinted: bool = False) -> None:  # noqa: ANN401
    """Fix the inner plot area, so that text beside it stays beside it in every program.

    `tinted` shows how far the scale goes: the area has the colour of sand.
    """
    area = chart._chartSpace.find(f".//{_C}plotArea")  # noqa: SLF001
    for old in area.findall(f"{_C}layout"):
        area.remove(old)
    parts = "".join(
        f'<c:{tag} val="{round(value, 5)}"/>' for tag, value in zip(("x", "y", "w", "h"), inner, strict=True)
    )
    layout = etree.fromstring(
        f'<c:layout xmlns:c="{C}"><c:manualLayout><c:layoutTarget val="inner"/>'
        f'<c:xMode val="edge"/><c:yMode val="edge"/>{parts}</c:manualLayout></c:layout>'
    )
    area.insert(0, layout)
    for old in area.findall(f"{_C}spPr"):
        area.remove(old)
    if tinted:
        sand = etree.fromstring(
            f'<c:spPr xmlns:c="{C}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            '<a:solidFill><a:schemeClr val="bg2"/></a:solidFill></c:spPr>'
        )
        area.append(sand)
