"""The pages' colours: the deck's own, and readable."""

import re

import pytest

from reporting import tokens
from reporting.tokens import contrast
from web.templating import STATIC

CSS = (STATIC / "tokens.css").read_text(encoding="utf-8")
COLOURS = {name: value.upper() for name, value in re.findall(r"--([a-z-]+): #([0-9a-f]{6});", CSS)}


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("ink", tokens.INK), ("muted", tokens.MUTED), ("paper", tokens.PAPER), ("ground", tokens.SAND),
        ("deep", tokens.DEEP), ("teal", tokens.TEAL), ("mint", tokens.MINT), ("line", tokens.LINE),
    ],
)  # fmt: skip
def test_pages_and_deck_share_their_colours(name: str, colour: str) -> None:
    assert COLOURS[name] == colour


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("ink", "paper"), ("ink", "ground"), ("ink", "tint"), ("ink", "note"), ("muted", "paper"), ("muted", "ground"),
        ("deep", "paper"), ("deep", "tint"), ("paper", "deep"), ("paper", "wrong"), ("wrong", "paper"),
        ("wrong", "wrong-tint"), ("muted", "tint"),
    ],
)  # fmt: skip
def test_text_reads_well_on_its_ground(text: str, on: str) -> None:
    assert contrast(COLOURS[text], COLOURS[on]) >= 4.5


@pytest.mark.parametrize(("edge", "on"), [("edge", "paper"), ("edge", "tint"), ("teal", "paper"), ("teal", "line")])
def test_what_can_be_pressed_or_read_off_stands_out(edge: str, on: str) -> None:
    assert contrast(COLOURS[edge], COLOURS[on]) >= 3


def test_the_style_takes_its_colours_from_the_tokens() -> None:
    style = (STATIC / "style.css").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", style)) <= {"#d5ebe7", "#083d39", "#7d1914"}
