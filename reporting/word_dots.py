"""Native charts of dots in a Word document: one round from least to most, or both in lanes, with a legend."""

from collections.abc import Callable
from typing import Any

from pptx.chart.chart import Chart
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.oxml import parse_xml
from pptx.util import Pt

from reporting import tokens
from reporting.document_builder import DocumentBuilder
from reporting.dots import Dots, dots_data, style_dots
from reporting.lanes import Lanes, lanes_data, style_lanes
from reporting.plot import fix_plot, quiet
from reporting.word_chart import LEGEND_CM, POINTS, finished, place_chart

DOTS_CM, LANES_CM = 5.4, 7.0
DOT_POINTS = 6


def add_dots(paper: DocumentBuilder, dots: Dots, alt: str) -> None:
    """The practices, their median and what it is compared with. `alt` tells all its figures."""
    _add(paper, dots_data(dots), DOTS_CM, lambda chart: style_dots(chart, dots, POINTS), (dots.name, alt))


def add_lanes(paper: DocumentBuilder, lanes: Lanes, alt: str) -> None:
    """Both rounds over one axis. `alt` tells all their figures."""
    said = (lanes.name, alt)
    _add(paper, lanes_data(lanes), LANES_CM, lambda chart: style_lanes(chart, lanes, POINTS, DOT_POINTS), said)


def _add(
    paper: DocumentBuilder,
    data: Any,  # noqa: ANN401 - python-pptx has no types
    centimetres: float,
    style: Callable[[Any], None],
    said: tuple[str, str],
) -> None:
    def drawn(source: str) -> bytes:
        space: Any = parse_xml(data.xml_bytes(XL_CHART_TYPE.XY_SCATTER))
        chart: Any = Chart(space, None)  # type: ignore[no-untyped-call]
        quiet(chart)
        chart.font.size, chart.font.name = Pt(POINTS), tokens.FONT
        style(chart)
        foot = (LEGEND_CM + 0.7) / centimetres
        fix_plot(chart, (0.03, 0.03, 0.94, 0.97 - foot))
        chart.has_legend = True
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = Pt(POINTS)
        return finished(space, source)

    place_chart(paper, data, centimetres, drawn, said)
