"""Native charts in a Word document: bars lying down that can be edited in Word, with their workbook and an alt text."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm
from lxml import etree
from pptx.chart.chart import Chart
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml as parse_chart
from pptx.util import Pt

from reporting import metrics, tokens
from reporting.chart_series import Figures, Series, style_series
from reporting.document_builder import DocumentBuilder
from reporting.plot import fix_plot, quiet
from reporting.steady import SteadyCategories

POINTS = 10
"""Of everything in the charts: the text of the paper around them has eleven."""
ROW_CM, AROUND_CM, LEGEND_CM = 0.62, 0.3, 0.9
MOST_FOR_LABELS = 0.46
"""The part of a chart's width that labels may take."""
AT_THE_END = 0.13
"""The part kept free for figures at the ends of bars."""

_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_C: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHART: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"

_NO_FRAME: Final = (
    f'<c:spPr xmlns:c="{_C}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    "<a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
)

THEME: Mapping[str, str] = {
    "tx1": tokens.INK, "bg1": tokens.PAPER, "tx2": tokens.DEEP, "bg2": tokens.SAND, "folHlink": tokens.MUTED,
    "accent1": tokens.TEAL, "accent2": tokens.MINT, "accent3": tokens.NEUTRAL, "accent4": tokens.STRAW,
    "accent5": tokens.BROWN, "accent6": tokens.BLUE,
}  # fmt: skip
"""The deck's theme, which a Word document has not: its colours by name."""


@dataclass(frozen=True)
class WordBars:
    """`stacked` parts have a legend beneath, in their order; so have several series beside each other."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str
    maximum: float
    minimum: float = 0.0
    stacked: Literal["no", "sum", "hundred"] = "no"

    @property
    def has_legend(self) -> bool:
        return len(self.series) > 1

    @property
    def centimetres(self) -> float:
        """How high the chart is."""
        beside = 1 if self.stacked != "no" else 0.62 + 0.38 * len(self.series)
        return ROW_CM * beside * len(self.categories) + AROUND_CM + (LEGEND_CM if self.has_legend else 0)


def add_chart(paper: DocumentBuilder, bars: WordBars, name: str, alt: str) -> None:
    """Put the chart into the text, as wide as it. `alt` tells all its figures."""
    data: Any = SteadyCategories(number_format="General")  # type: ignore[no-untyped-call]
    data.categories = bars.categories
    for series in bars.series:
        data.add_series(series.name, series.values)
    place_chart(paper, data, bars.centimetres, lambda source: _chart_xml(data, bars, source), (name, alt))


def place_chart(
    paper: DocumentBuilder,
    data: Any,  # noqa: ANN401 - python-pptx has no types
    centimetres: float,
    drawn: Callable[[str], bytes],
    said: tuple[str, str],
) -> None:
    """Put a chart with its workbook into the text. `drawn` gives its XML, told the workbook's relationship."""
    number = _number(paper)
    package = paper.document.part.package
    workbook = Part(
        PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"),
        _SHEET,
        data._workbook_writer.xlsx_blob,  # noqa: SLF001 - python-pptx has no other door to it
        package,
    )
    chart = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART, b"", package)
    source = chart.relate_to(workbook, f"{_R}/package")
    chart._blob = drawn(source)  # noqa: SLF001 - its own relationship stands in it
    shown = paper.document.part.relate_to(chart, f"{_R}/chart")
    paragraph = paper.document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run()
    run._r.append(_inline(shown, number, centimetres, paper.across, said))  # noqa: SLF001


def _number(paper: DocumentBuilder) -> int:
    """The next chart's number in this document."""
    rels = paper.document.part.rels.values()
    return 1 + len([rel for rel in rels if rel.reltype == f"{_R}/chart"])


def _chart_xml(data: Any, bars: WordBars, source: str) -> bytes:  # noqa: ANN401
    kind = {
        "no": XL_CHART_TYPE.BAR_CLUSTERED,
        "sum": XL_CHART_TYPE.BAR_STACKED,
        "hundred": XL_CHART_TYPE.BAR_STACKED_100,
    }[bars.stacked]
    space: Any = parse_chart(data.xml_bytes(kind))
    chart: Any = Chart(space, None)  # type: ignore[no-untyped-call]
    quiet(chart)
    chart.font.size, chart.font.name = Pt(POINTS), tokens.FONT
    _axes(chart, bars)
    left = min(MOST_FOR_LABELS, max(metrics.width(label, POINTS) for label in bars.categories) / 482 + 0.02)
    right = 0.02 if bars.stacked != "no" else AT_THE_END
    foot = LEGEND_CM / bars.centimetres if bars.has_legend else 0.0
    fix_plot(chart, (left, 0.02, 1 - left - right, 0.96 - foot), tinted=bars.stacked == "no")
    if bars.has_legend:
        chart.has_legend = True
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = Pt(POINTS)
    figures = Figures(bars.number_format, POINTS, inside=bars.stacked != "no")
    for drawn, series in zip(chart.plots[0].series, bars.series, strict=True):
        style_series(drawn._element, series, figures, ())  # noqa: SLF001
    return finished(space, source)


def finished(space: Any, source: str) -> bytes:  # noqa: ANN401
    """The chart's XML with neither frame nor theme, bound to its workbook."""
    space.find(f"{{{_C}}}txPr").addprevious(etree.fromstring(_NO_FRAME))
    for old in space.findall(f"{{{_C}}}externalData"):
        space.remove(old)
    external = etree.SubElement(space, f"{{{_C}}}externalData")
    external.set(f"{{{_R}}}id", source)
    etree.SubElement(external, f"{{{_C}}}autoUpdate").set("val", "0")
    return _in_plain_colours(etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True))


def _axes(chart: Any, bars: WordBars) -> None:  # noqa: ANN401
    axis, values, plot = chart.category_axis, chart.value_axis, chart.plots[0]
    axis.reverse_order = True
    axis.format.line.fill.background()
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.tick_labels.font.size = Pt(POINTS)
    values.minimum_scale = bars.minimum
    values.maximum_scale = 1.0 if bars.stacked == "hundred" else bars.maximum
    values.has_major_gridlines = values.has_minor_gridlines = False
    values.visible = False
    plot.gap_width = 40
    plot.overlap = 100 if bars.stacked != "no" else -8
    plot.vary_by_categories = False


def _in_plain_colours(xml: bytes) -> bytes:
    text = re.sub(r'<a:schemeClr val="(\w+)"', lambda found: f'<a:srgbClr val="{THEME[found[1]]}"', xml.decode())
    return text.replace("</a:schemeClr>", "</a:srgbClr>").encode()


def _inline(relation: str, number: int, centimetres: float, across: float, said: Sequence[str]) -> Any:  # noqa: ANN401
    name, alt = (text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for text in said)
    return parse_xml(
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{Cm(across)}" cy="{Cm(centimetres)}"/>'
        f'<wp:docPr id="{number}" name="{name}" descr="{alt}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_C}"><c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
