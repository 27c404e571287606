"""Native, editable dots of two rounds, in a lane each over one axis, and each round's median as an upright line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE

from reporting import metrics, template, tokens
from reporting.dots import draw_line, mark_dots, show_axis
from reporting.plot import fix_plot, quiet
from reporting.slide_builder import SlideBuilder
from reporting.steady import SteadyPoints

PLOT = (0.03, 0.02, 0.94, 0.86)
"""Where the lanes lie inside their chart, as parts of its width and height."""
HEAD = 0.3
"""The part of a lane that its name has, above its dots."""


@dataclass(frozen=True)
class Lane:
    """A round: its name over the lane, its numbers least first (none where single ones are not told), its middle."""

    name: str
    label: str
    values: tuple[float, ...]
    median: float
    middle: tuple[float, float]
    colour: str
    band: str


@dataclass(frozen=True)
class Lanes:
    """Lanes from the top, over an axis from `minimum` to `maximum` with a number at each `unit`."""

    lanes: tuple[Lane, ...]
    minimum: float
    maximum: float
    unit: int
    name: str


def draw_lanes(page: SlideBuilder, lanes: Lanes, alt: str) -> None:
    """Put the lanes in the page's chart, with the middle half of each behind its dots and its name above them."""
    frame = page.place(template.CHART).insert_chart(XL_CHART_TYPE.XY_SCATTER, lanes_data(lanes))
    page.describe(frame, alt, lanes.name)
    quiet(frame.chart)
    fix_plot(frame.chart, PLOT)
    style_lanes(frame.chart, lanes)
    x, y, across, down = page.box(template.CHART)
    height = down * PLOT[3] / len(lanes.lanes)

    def along(value: float) -> float:
        return x + across * (PLOT[0] + PLOT[2] * (value - lanes.minimum) / (lanes.maximum - lanes.minimum))

    for place, lane in enumerate(lanes.lanes):
        top = y + down * PLOT[1] + place * height
        left, right = along(lane.middle[0]) - 2, along(lane.middle[1]) + 2
        band = (left, top + height * HEAD, right - left, height * (1 - HEAD) - 2)
        page.rectangle(band, lane.band, behind=frame, name=f"{lane.name}: den midterste halvdel")
        points = 18 if metrics.width(lane.label, 18, bold=True) <= across else tokens.SMALLEST_PT
        page.text((x, top, across, height * HEAD - 2), lane.label, points, bold=True, name=lane.name)


def lanes_data(lanes: Lanes) -> Any:  # noqa: ANN401 - python-pptx has no types
    """What the chart and its workbook hold: the numbers of each round, then each round's median."""
    data: Any = SteadyPoints(number_format="General")  # type: ignore[no-untyped-call]
    for lane in _told_singly(lanes):
        numbers = data.add_series(lane.name)
        for value, height in zip(lane.values, _heights(lane.values), strict=True):
            numbers.add_data_point(value, round(_floor(lanes, lane) + height, 4))
    for lane in lanes.lanes:
        floor = _floor(lanes, lane)
        median = data.add_series(f"{lane.name}, median")
        median.add_data_point(lane.median, floor)
        median.add_data_point(lane.median, floor + 1 - HEAD)
    return data


def style_lanes(
    chart: Any,  # noqa: ANN401
    lanes: Lanes,
    points: int = tokens.SMALLEST_PT,
    largest: int = 12,
) -> None:
    """Axis, dots and lines as they look: the axis' numbers of so many points, and dots of no more than so many."""
    show_axis(chart, lanes.minimum, lanes.maximum, lanes.unit, points)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, len(lanes.lanes)
    drawn = list(chart.plots[0].series)
    told = _told_singly(lanes)
    for series, lane in zip(drawn, told, strict=False):
        mark_dots(series, lane.colour, max(5, min(largest, 150 // max(len(lane.values), 1))))
    for series in drawn[len(told) :]:
        draw_line(series, tokens.INK, 3)


def _told_singly(lanes: Lanes) -> list[Lane]:
    """The longest first: LibreOffice draws no series that is longer than the one before it."""
    return sorted((lane for lane in lanes.lanes if lane.values), key=lambda lane: -len(lane.values))


def _floor(lanes: Lanes, lane: Lane) -> float:
    return float(len(lanes.lanes) - 1 - lanes.lanes.index(lane))


def _heights(values: Sequence[float]) -> list[float]:
    """From the floor of a lane up to its head: the order of the numbers."""
    return [(1 - HEAD) * (place + 0.7) / (len(values) + 0.4) for place in range(len(values))]
