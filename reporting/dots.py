"""Native, editable dots over an axis, with one upright line: everybody's scores and their mean."""

from dataclasses import dataclass
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from reporting import tokens
from reporting.colours import paint, tint
from reporting.plot import fix_plot, quiet
from reporting.slide_builder import SlideBuilder
from reporting.steady import SteadyPoints

WHOLE = "[$-406]#,##0"


@dataclass(frozen=True)
class Upright:
    """One more upright line, thin and broken, in a colour of its own."""

    name: str
    at: float
    colour: str


@dataclass(frozen=True)
class Dots:
    """Dots as (x, y) and an upright line over an axis from `minimum` to `maximum`; `beside` it there may be others."""

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
    beside: tuple[Upright, ...] = ()


DOT_PLOT = (0.02, 0.24, 0.96, 0.66)
"""Where the dots stand inside their chart, as parts of its width and height; the axis' numbers are below."""


def draw_dots(page: SlideBuilder, idx: int, dots: Dots, alt: str) -> Any:  # noqa: ANN401
    """Put dots in a place of the page. Gives the chart's frame."""
    frame = page.place(idx).insert_chart(XL_CHART_TYPE.XY_SCATTER, dots_data(dots))
    page.describe(frame, alt, dots.name)
    quiet(frame.chart)
    fix_plot(frame.chart, DOT_PLOT)
    style_dots(frame.chart, dots)
    return frame


def dots_data(dots: Dots) -> Any:  # noqa: ANN401 - python-pptx has no types
    """What the chart and its workbook hold."""
    data: Any = SteadyPoints(number_format="General")  # type: ignore[no-untyped-call]
    if dots.points:
        answers = data.add_series(dots.series)
        for x, y in dots.points:
            answers.add_data_point(x, y)
    for name, at in ((dots.line, dots.line_at), *((each.name, each.at) for each in dots.beside)):
        line = data.add_series(name)
        line.add_data_point(at, 0)
        line.add_data_point(at, dots.height)
    return data


def style_dots(chart: Any, dots: Dots, points: int = tokens.SMALLEST_PT) -> None:  # noqa: ANN401
    """Axis, dots and lines as they look; the axis' numbers of so many points."""
    show_axis(chart, dots.minimum, dots.maximum, dots.unit, points)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, dots.height
    drawn = list(chart.plots[0].series)
    upright, *others = drawn[1:] if dots.points else drawn
    if dots.points:
        mark_dots(drawn[0], tokens.DEEP, dots.dot_points)
    draw_line(upright, tokens.INK, 3)
    for series, line in zip(others, dots.beside, strict=True):
        draw_line(series, line.colour, 2.25)
        series.format.line.dash_style = MSO_LINE.DASH


def show_axis(chart: Any, minimum: float, maximum: float, unit: int, points: int) -> None:  # noqa: ANN401
    """Numbers along the foot; nothing at the side, whose heights only keep dots apart."""
    axis = chart.category_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = minimum, maximum, unit
    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.OUTSIDE
    axis.tick_labels.font.size = Pt(points)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = WHOLE, False
    tint(axis.tick_labels.font.color, tokens.INK)
    tint(axis.format.line.color, tokens.MUTED)
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.visible = False


def mark_dots(series: Any, colour: str, points: int) -> None:  # noqa: ANN401
    """Dots without a line between them."""
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.CIRCLE
    series.marker.size = points
    paint(series.marker.format.fill, colour)
    tint(series.marker.format.line.color, tokens.PAPER)


def draw_line(series: Any, colour: str, points: float) -> None:  # noqa: ANN401
    """A straight line without marks."""
    series.marker.style = XL_MARKER_STYLE.NONE
    tint(series.format.line.color, colour)
    series.format.line.width = Pt(points)
    series.smooth = False
