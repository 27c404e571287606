"""What every chart has: Danish, the theme's font, no title or legend of its own, a plot that stays in place."""

from typing import Any

from lxml import etree
from pptx.util import Pt

from reporting import tokens

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_C = f"{{{C}}}"


def quiet(chart: Any) -> None:  # noqa: ANN401
    """No title, no legend, Danish, the theme's font; axes numbered as the standard has it."""
    _number_axes(chart)
    chart.has_title = False
    chart.has_legend = False
    chart.font.size = Pt(tokens.SMALLEST_PT)
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


def _number_axes(chart: Any) -> None:  # noqa: ANN401
    """Ids from one: python-pptx writes negative ones, which ECMA-376 (part 1, 21.2.2.9, CT_UnsignedInt) has not."""
    numbers: dict[str, str] = {}
    for element in chart._chartSpace.iter(f"{_C}axId", f"{_C}crossAx"):  # noqa: SLF001
        element.set("val", numbers.setdefault(element.get("val"), str(len(numbers) + 1)))


def fix_plot(chart: Any, inner: tuple[float, float, float, float], *, tinted: bool = False) -> None:  # noqa: ANN401
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
