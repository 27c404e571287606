"""Colours of the tokens in Office's files: the theme's own, so that a restyled template carries through."""

from copy import deepcopy
from functools import cache
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR

from reporting import tokens

A = "http://schemas.openxmlformats.org/drawingml/2006/main"

_THEME = {
    tokens.INK: MSO_THEME_COLOR.TEXT_1,
    tokens.PAPER: MSO_THEME_COLOR.BACKGROUND_1,
    tokens.DEEP: MSO_THEME_COLOR.TEXT_2,
    tokens.SAND: MSO_THEME_COLOR.BACKGROUND_2,
    tokens.MUTED: MSO_THEME_COLOR.FOLLOWED_HYPERLINK,
    tokens.TEAL: MSO_THEME_COLOR.ACCENT_1,
    tokens.MINT: MSO_THEME_COLOR.ACCENT_2,
    tokens.NEUTRAL: MSO_THEME_COLOR.ACCENT_3,
    tokens.STRAW: MSO_THEME_COLOR.ACCENT_4,
    tokens.BROWN: MSO_THEME_COLOR.ACCENT_5,
    tokens.BLUE: MSO_THEME_COLOR.ACCENT_6,
}


_LIGHTER = {tokens.OURS: (tokens.TEAL, 0.06), tokens.OURS_LOW: (tokens.BROWN, 0.12)}


def fill_xml(token: str) -> str:
    """A fill in this colour as XML, the prefix `a` being DrawingML's."""
    base, by = _LIGHTER.get(token, (token, 0.0))
    if base not in _THEME:
        return f'<a:solidFill><a:srgbClr val="{token}"/></a:solidFill>'
    lighter = f'<a:lumMod val="{round(100_000 * (1 - by))}"/><a:lumOff val="{round(100_000 * by)}"/>' if by else ""
    return f'<a:solidFill><a:schemeClr val="{_THEME[base].xml_value}">{lighter}</a:schemeClr></a:solidFill>'


def solid_fill(token: str) -> Any:  # noqa: ANN401 - lxml's elements
    """A fill in this colour."""
    return deepcopy(_solid_fill(token))


@cache
def _solid_fill(token: str) -> Any:  # noqa: ANN401
    return etree.fromstring(fill_xml(token).replace("<a:solidFill>", f'<a:solidFill xmlns:a="{A}">', 1))


def tint(colour: Any, token: str) -> None:  # noqa: ANN401 - python-pptx has no types
    """Set one of python-pptx's colours."""
    if token in _THEME:
        colour.theme_color = _THEME[token]
    else:
        colour.rgb = RGBColor(*bytes.fromhex(token))  # type: ignore[no-untyped-call]


def paint(fill: Any, token: str) -> None:  # noqa: ANN401
    """Fill with this colour."""
    fill.solid()
    tint(fill.fore_color, token)
