"""How a series of bars looks: colours, figures and lines of uncertainty, as XML put in the order the schema has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from reporting import tokens
from reporting.colours import A, fill_xml
from reporting.plot import C

_C = f"{{{C}}}"


@dataclass(frozen=True)
class Series:
    """`errors` is (down, up) for each category, as distances from the value.

    A series with errors has no figures of its own, which their lines would cross: a column beside the bars has them.
    Without `figures` are also bars that others' strokes lie across; without a colour, a series is in the data alone.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str | None
    errors: tuple[tuple[float, float], ...] | None = None
    figures: bool = True


@dataclass(frozen=True)
class Figures:
    """The figures at a series' bars: their number format, their size in points, and where they stand."""

    number_format: str
    points: int
    inside: bool


def style_series(element: Any, series: Series, figures: Figures, point_colours: Sequence[str]) -> None:  # noqa: ANN401
    """Give python-pptx's plain `c:ser` its looks. Parts of a stack are set apart by white lines."""
    values = element.find(f"{_C}cat")
    if series.colour is None:
        values.addprevious(_xml("<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"))
        values.addprevious(_xml('<c:invertIfNegative val="0"/>'))
        return
    line = f'<a:ln w="19050">{fill_xml(tokens.PAPER)}</a:ln>' if figures.inside else ""
    values.addprevious(_xml(f"<c:spPr>{fill_xml(series.colour)}{line}</c:spPr>"))
    values.addprevious(_xml('<c:invertIfNegative val="0"/>'))
    for index, colour in enumerate(point_colours):
        point = f'<c:idx val="{index}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        values.addprevious(_xml(f"<c:dPt>{point}<c:spPr>{fill_xml(colour)}</c:spPr></c:dPt>"))
    if series.errors:
        values.addprevious(_error_bars(series.errors))
    elif series.figures:
        values.addprevious(_labels(series, figures))


def _labels(series: Series, figures: Figures) -> Any:  # noqa: ANN401
    colour = tokens.text_on(series.colour) if figures.inside and series.colour else tokens.INK
    place: Literal["ctr", "outEnd"] = "ctr" if figures.inside else "outEnd"
    number_format = figures.number_format.replace("&", "&amp;").replace(">", "&gt;").replace('"', "&quot;")
    shown = "".join(
        f'<c:{what} val="{int(what == "showVal")}"/>'
        for what in ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
    )
    return _xml(
        f'<c:dLbls><c:numFmt formatCode="{number_format}" sourceLinked="0"/>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        '<c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="{figures.points * 100}" b="1">{fill_xml(colour)}</a:defRPr>'
        f'</a:pPr><a:endParaRPr/></a:p></c:txPr><c:dLblPos val="{place}"/>{shown}</c:dLbls>'
    )


def _error_bars(errors: Sequence[tuple[float, float]]) -> Any:  # noqa: ANN401
    def side(name: str, values: list[float]) -> str:
        points = "".join(f'<c:pt idx="{i}"><c:v>{round(v, 6)}</c:v></c:pt>' for i, v in enumerate(values) if v > 0)
        count = f'<c:ptCount val="{len(values)}"/>'
        return f"<c:{name}><c:numLit><c:formatCode>General</c:formatCode>{count}{points}</c:numLit></c:{name}>"

    return _xml(
        '<c:errBars><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"{side('plus', [up for _, up in errors])}{side('minus', [down for down, _ in errors])}"
        f'<c:spPr><a:ln w="25400">{fill_xml(tokens.INK)}</a:ln></c:spPr></c:errBars>'
    )


def _xml(text: str) -> Any:  # noqa: ANN401
    end = min(text.index(sign) for sign in " />" if sign in text)
    return etree.fromstring(f'{text[:end]} xmlns:c="{C}" xmlns:a="{A}"{text[end:]}')
