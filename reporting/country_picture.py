"""The tile map of the country as a PNG to paste: the same regions, tiles and words as the page has."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from domain.country import STANDINGS, CountryMap, RegionOfTiles, Standing, Tile
from domain.danish import count
from reporting.tokens import DEEP, INK, LINE, MUTED, PAPER, TEAL

WIDTH, MARGIN, GAP = 1600, 64, 56
COLUMN = (WIDTH - 2 * MARGIN - GAP) // 2
TILE, BETWEEN = 48, 8
PER_ROW = (COLUMN + BETWEEN) // (TILE + BETWEEN)
TITLE, HEADING, TEXT = 40, 28, 22
LINES = 1.35
"""Of a text's size from one line to the next."""
FILLS: dict[Standing, tuple[str, str]] = {
    Standing.USED: (TEAL, TEAL),
    Standing.UNDER_WAY: ("E6F1EF", TEAL),
    Standing.NOT_USED: (PAPER, "6B7A82"),
}
"""Fill and edge; a tick and a dot tell them apart without colours."""
_FONTS = Path(__file__).parent / "fonts"


def country_picture(country: CountryMap) -> bytes:
    """The map as a PNG of 1,600 pixels' width; as high as its regions need."""
    columns = [[region for region in country.regions if region.is_east is east] for east in (False, True)]
    top = MARGIN + _down(TITLE) + _down(TEXT) + _down(TEXT) + 32
    height = top + max(_height_of(side) for side in columns) + _down(TEXT) + MARGIN
    image = Image.new("RGB", (WIDTH, height), f"#{PAPER}")
    draw = ImageDraw.Draw(image)
    _words(draw, (MARGIN, MARGIN), _fitting(country.title, WIDTH - 2 * MARGIN), TITLE, DEEP, bold=True)
    _words(draw, (MARGIN, MARGIN + _down(TITLE)), _summary(country), TEXT, INK)
    _legend(draw, MARGIN, MARGIN + _down(TITLE) + _down(TEXT) + 8)
    for number, side in enumerate(columns):
        _side(draw, MARGIN + number * (COLUMN + GAP), top, side)
    draw.line((MARGIN, height - MARGIN - _down(TEXT), WIDTH - MARGIN, height - MARGIN - _down(TEXT)), f"#{LINE}", 2)
    _words(draw, (MARGIN, height - MARGIN - _down(TEXT) + 10), country.as_of, TEXT, MUTED)
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


def _summary(country: CountryMap) -> str:
    told = f"{country.used} af {count(country.clusters, 'klynge', 'klynger')}"
    return told + (f", og {count(country.under_way, 'anden', 'andre')} er i gang" if country.under_way else "")


def _legend(draw: ImageDraw.ImageDraw, left: int, top: int) -> None:
    for standing, word in STANDINGS.items():
        _tile(draw, left, top, standing, TEXT + 4)
        _words(draw, (left + TEXT + 14, top - 1), word, TEXT, INK)
        left += TEXT + 14 + round(_font(TEXT).getlength(word)) + 40


def _side(draw: ImageDraw.ImageDraw, left: int, top: int, regions: Sequence[RegionOfTiles]) -> None:
    for region in regions:
        _words(draw, (left, top), region.name, HEADING, DEEP, bold=True)
        told = f"{region.used} af {len(region.tiles)}"
        right = left + COLUMN - round(_font(TEXT).getlength(told))
        _words(draw, (right, top + 6), told, TEXT, MUTED)
        _tiles(draw, left, top + _down(HEADING) + 8, region.tiles)
        top += _height_of([region])


def _tiles(draw: ImageDraw.ImageDraw, left: int, top: int, tiles: Sequence[Tile]) -> None:
    for number, tile in enumerate(tiles):
        row, place = divmod(number, PER_ROW)
        _tile(draw, left + place * (TILE + BETWEEN), top + row * (TILE + BETWEEN), tile.standing, TILE)


def _tile(draw: ImageDraw.ImageDraw, left: int, top: int, standing: Standing, size: int) -> None:
    fill, edge = FILLS[standing]
    box = (left, top, left + size, top + size)
    draw.rounded_rectangle(box, size // 7, f"#{fill}", f"#{edge}", 2 if size < TILE else 3)
    if standing is Standing.USED:
        points = [(left + size * x, top + size * y) for x, y in ((0.25, 0.53), (0.43, 0.71), (0.76, 0.31))]
        draw.line(points, f"#{PAPER}", max(3, size // 10), joint="curve")
    elif standing is Standing.UNDER_WAY:
        half = size // 2
        draw.ellipse(
            (left + half - size // 7, top + half - size // 7, left + half + size // 7, top + half + size // 7),
            f"#{TEAL}",
        )


def _height_of(regions: Sequence[RegionOfTiles]) -> int:
    rows = [max(1, -(-len(region.tiles) // PER_ROW)) for region in regions]
    return sum(_down(HEADING) + 8 + each * (TILE + BETWEEN) + 36 for each in rows)


def _down(size: int) -> int:
    """From one line of this size to the next, in pixels."""
    return round(size * LINES)


def _fitting(text: str, width: int) -> str:
    font = _font(TITLE, bold=True)
    while font.getlength(text) > width:
        text = f"{text.rstrip('…')[:-1].rstrip()}…"
    return text


def _words(
    draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, colour: str, *, bold: bool = False
) -> None:
    draw.text(place, text, f"#{colour}", _font(size, bold=bold))


@cache
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"DejaVuSans{'-Bold' if bold else ''}.ttf", size)
