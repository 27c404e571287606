"""The country as a picture: a PNG that opens, as wide as it should be, with every tile and every Danish letter."""

import io

import pytest
from PIL import Image, ImageFont

from domain.country import CountryMap, RegionOfTiles, Standing, Tile
from reporting import country_picture as drawn
from reporting.country_picture import PER_ROW, WIDTH, country_picture
from reporting.tokens import TEAL

LETTERS = "abcdefghijklmnopqrstuvwxyzæøåABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅéöü0123456789.,:;–’()/%&"


def region(name: str, tiles: int, used: int, *, is_east: bool = False) -> RegionOfTiles:
    standings = [Standing.USED if number < used else Standing.NOT_USED for number in range(tiles)]
    return RegionOfTiles(name, is_east, [Tile(f"Klynge {each}", standing) for each, standing in enumerate(standings)])


def opened(*regions: RegionOfTiles, title: str = "Klynger, der har brugt Trivsel") -> Image.Image:
    return Image.open(io.BytesIO(country_picture(CountryMap(title, "KiAP, 1. juni 2027", regions))))


def test_it_opens_as_a_png_and_grows_with_its_tiles() -> None:
    small, big = opened(region("Region Nord", 3, 1)), opened(region("Region Nord", 3 * PER_ROW, 1))
    assert (small.format, small.width, big.width) == ("PNG", WIDTH, WIDTH)
    assert small.height < big.height


def test_each_cluster_that_has_used_it_is_a_filled_tile() -> None:
    def teal(used: int) -> int:
        colours = opened(region("Region Nord", 8, used), region("Region Øst", 4, 0, is_east=True)).getcolors(1 << 20)
        assert colours is not None
        return next(count for count, colour in colours if colour == tuple(bytes.fromhex(TEAL)))

    one = teal(2) - teal(1)
    assert one > 1_500
    assert teal(7) - teal(2) == 5 * one


def test_a_country_without_clusters_is_a_picture_too() -> None:
    assert opened(region("Region Nord", 0, 0)).width == WIDTH


def test_a_title_too_long_is_cut_short_rather_than_run_out_of_the_picture() -> None:
    image = opened(region("Region Nord", 3, 1), title="En pakke med et meget langt navn " * 9)
    margin = image.crop((WIDTH - 60, 0, WIDTH, image.height))
    assert margin.getcolors() == [(60 * image.height, (255, 255, 255))]


@pytest.mark.parametrize("file", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
def test_the_fonts_have_every_letter_that_danish_is_written_with(file: str) -> None:
    font = ImageFont.truetype(drawn._FONTS / file, 22)
    lacking = bytes(font.getmask("\uffff"))
    assert [letter for letter in LETTERS if bytes(font.getmask(letter)) == lacking] == []


def test_the_fonts_come_with_their_licence() -> None:
    assert "Bitstream" in (drawn._FONTS / "LICENSE.txt").read_text()
