"""The office's logo: whole and in its own shape on the front of a deck; what is no picture is refused in one line."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from reporting import logo, template
from reporting.deck import make_deck
from reporting.logo import LogoError, read_logo
from tests.reporting.clusters import a_baseline
from tests.reporting.slides import slides_of
from tests.the_packages import TRIVSEL


def a_picture(file: Path, size: tuple[int, int], kind: str = "PNG") -> Path:
    Image.new("RGB", size, "#0b4f4a").save(file, kind)
    return file


@pytest.mark.parametrize(("size", "kind"), [((400, 100), "PNG"), ((90, 300), "JPEG"), ((50, 50), "PNG")])
def test_it_stands_whole_in_its_place_and_has_a_name(tmp_path: Path, size: tuple[int, int], kind: str) -> None:
    read = read_logo(a_picture(tmp_path / "logo", size, kind), "KiAP")
    front = slides_of(make_deck(replace(a_baseline(TRIVSEL, 12), logo=read)))[0]
    (shape,) = [shape for shape in front.shapes if shape.name == "Logo"]
    (spot,) = [spot for spot in template.LAYOUTS[template.FRONT].spots if spot.idx == template.LOGO]
    x, y, across, down = (value * 914400 for value in spot.box)
    assert (shape.left, shape.top) == (pytest.approx(x, abs=2), pytest.approx(y, abs=2))
    assert shape.width <= across + 2
    assert shape.height <= down + 2
    assert shape.width / shape.height == pytest.approx(size[0] / size[1], rel=0.01)
    assert shape.image.blob == read.content
    assert shape._element.xpath(".//p:cNvPr")[0].get("descr") == "KiAP"


def test_without_one_its_place_is_not_left_empty() -> None:
    front = slides_of(make_deck(a_baseline(TRIVSEL, 12)))[0]
    assert template.LOGO not in {shape.placeholder_format.idx for shape in front.placeholders}


def test_what_is_no_picture_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, large, gif = tmp_path / "logo.txt", tmp_path / "logo.png", BytesIO()
    text.write_text("KiAP")
    with pytest.raises(LogoError, match="is no picture"):
        read_logo(text, "KiAP")
    with pytest.raises(LogoError, match="can't be read"):
        read_logo(tmp_path / "nowhere.png", "KiAP")
    Image.new("RGB", (9, 9)).save(gif, "GIF")
    (tmp_path / "logo.gif").write_bytes(gif.getvalue())
    with pytest.raises(LogoError, match="is GIF; PNG and JPEG"):
        read_logo(tmp_path / "logo.gif", "KiAP")
    monkeypatch.setattr(logo, "LARGEST", 10)
    with pytest.raises(LogoError, match="at most 10 are taken"):
        read_logo(a_picture(large, (9, 9)), "KiAP")
