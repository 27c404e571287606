"""The template: KiAP may restyle it, but layouts, places and theme colours have to be there."""

from itertools import pairwise
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT

from reporting import template, tokens

COMMITTED = template.TEMPLATE.read_bytes()


@pytest.fixture(scope="module")
def deck() -> Any:
    return Presentation(str(template.TEMPLATE))


def test_the_committed_template_is_the_one_the_code_builds() -> None:
    assert template.build_template() == COMMITTED


def test_every_layout_is_there_by_name_and_in_order(deck: Any) -> None:
    assert [layout.name for layout in deck.slide_layouts] == [layout.name for layout in template.LAYOUTS]


@pytest.mark.parametrize("number", range(len(template.LAYOUTS)))
def test_every_place_is_found_by_its_idx(deck: Any, number: int) -> None:
    found = {shape.placeholder_format.idx for shape in deck.slide_layouts[number].placeholders}
    assert found == {spot.idx for spot in template.LAYOUTS[number].spots}


@pytest.mark.parametrize("number", range(len(template.LAYOUTS)))
def test_every_place_stays_on_the_slide_and_clear_of_the_others(number: int) -> None:
    spots = template.LAYOUTS[number].spots
    for spot in spots:
        x, y, w, h = spot.box
        assert x >= 0
        assert y >= 0
        assert x + w <= template.WIDTH
        assert y + h <= template.HEIGHT
    for one, other in ((a, b) for a in spots for b in spots if a is not b):
        (x, y, w, h), (x2, y2, w2, h2) = one.box, other.box
        assert x + w <= x2 + 0.001 or x2 + w2 <= x + 0.001 or y + h <= y2 + 0.001 or y2 + h2 <= y + 0.001


def test_it_is_wide_and_has_no_trace_of_four_to_three(deck: Any) -> None:
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=0.001)
    assert b"screen4x3" not in etree.tostring(deck.element)


def test_the_theme_has_our_colours_and_a_font_every_office_has(deck: Any) -> None:
    theme = etree.fromstring(deck.slide_master.part.part_related_by(RT.THEME).blob)
    colours = [element.get("val") for element in theme.iter("{*}srgbClr")][:12]
    assert tuple(colours[4:10]) == tokens.ACCENTS
    assert {latin.get("typeface") for latin in theme.find(".//{*}fontScheme").iter("{*}latin")} == {"Calibri"}


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (tokens.INK, tokens.PAPER),
        (tokens.INK, tokens.SAND),
        (tokens.MUTED, tokens.PAPER),
        (tokens.MUTED, tokens.SAND),
        (tokens.DEEP, tokens.PAPER),
        (tokens.TEAL, tokens.PAPER),
        (tokens.TEAL, tokens.SAND),
        (tokens.PAPER, tokens.DEEP),
        (tokens.MINT, tokens.DEEP),
        (tokens.BLUE, tokens.PAPER),
    ],
)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    assert tokens.contrast(text, ground) >= 4.5


@pytest.mark.parametrize("colour", sorted({*tokens.FIVE, *tokens.OFTEN_TO_NEVER}))
def test_labels_inside_bars_can_be_read(colour: str) -> None:
    assert tokens.contrast(tokens.text_on(colour), colour) >= 4.5


@pytest.mark.parametrize("options", range(2, 8))
def test_a_scale_has_as_many_colours_as_options_all_different(options: int) -> None:
    assert len(set(tokens.palette(options))) == options


def _as_seen(colour: str, sees: str) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour as a colour-blind eye sees it (Machado, Oliveira and Fernandes 2009, severity 1)."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    seen = [max(0.0, sum(w * c for w, c in zip(row, linear, strict=True))) for row in MACHADO[sees]]
    x, y, z = (
        sum(w * c for w, c in zip(row, seen, strict=True)) / white
        for row, white in zip(TO_XYZ, (0.95047, 1.0, 1.08883), strict=True)
    )
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
MACHADO = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


@pytest.mark.parametrize("sees", MACHADO)
@pytest.mark.parametrize("options", range(2, 8))
def test_neighbours_of_a_scale_can_be_told_apart_by_every_eye(options: int, sees: str) -> None:
    seen = [_as_seen(colour, sees) for colour in tokens.palette(options)]
    apart = [sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 for one, other in pairwise(seen)]
    assert min(apart) >= 10, apart  # a difference in L*a*b* of 2 can be seen, of 10 at a glance


@pytest.mark.parametrize("bar", [tokens.OURS, tokens.OURS_LOW])
def test_a_line_of_uncertainty_stands_out_from_its_bar_and_the_bar_from_its_ground(bar: str) -> None:
    assert tokens.contrast(tokens.INK, bar) >= 3
    assert tokens.contrast(bar, tokens.SAND) >= 3


@pytest.mark.parametrize("bar", [tokens.TEAL, tokens.REFERENCE, tokens.BROWN, tokens.BLUE])
def test_bars_of_one_colour_stand_out_from_white(bar: str) -> None:
    assert tokens.contrast(bar, tokens.PAPER) >= 3


def test_the_middle_of_five_is_grey() -> None:
    middle = tokens.palette(5)[2]
    channels = [int(middle[place : place + 2], 16) for place in (0, 2, 4)]
    assert max(channels) - min(channels) <= 8


def test_a_scale_of_eight_is_refused() -> None:
    with pytest.raises(ValueError, match="8 options"):
        tokens.palette(8)
