"""Native, editable dots over an axis, with one upright line: everybody's scores and their mean."""

from dataclasses import dataclass
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_MARK
from pptx.util import Pt

from reporting import tokens
from reporting.colours import paint, tint
from reporting.plot import fix_plot, quiet
from reporting.slide_builder import SlideBuilder
from reporting.steady import SteadyPoints


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
    data: Any = SteadyPoints(number_format="General")  # type: ignore[no-untyped-call]
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
    quiet(chart)
    fix_plot(chart, DOT_PLOT)
    axis = chart.category_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = dots.minimum, dots.maximum, dots.unit
    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.OUTSIDE
    axis.tick_labels.font.size = Pt(tokens.SMALLEST_PT)
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
