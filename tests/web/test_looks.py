"""The pages' colours: the deck's own, and readable."""

import re

import pytest

from reporting import tokens
from reporting.tokens import contrast
from web.templating import STATIC

CSS = (STATIC / "tokens.css").read_text(encoding="utf-8")


def colours(css: str) -> dict[str, str]:
    return {name: value.upper() for name, value in re.findall(r"--([a-z-]+): #([0-9a-f]{6});", css)}


COLOURS = colours(CSS.partition("@media (prefers-color-scheme: dark)")[0])
DARK = colours(CSS.partition("@media (prefers-color-scheme: dark)")[2])
IN_BOTH = pytest.mark.parametrize("scheme", [COLOURS, COLOURS | DARK], ids=["light", "dark"])


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
        ("wrong", "wrong-tint"), ("muted", "tint"), ("ink", "wrong-tint"), ("on-bar", "bar"), ("bar-quiet", "bar"),
        ("paper", "deep-pressed"), ("paper", "wrong-pressed"),
    ],
)  # fmt: skip
@IN_BOTH
def test_text_reads_well_on_its_ground(text: str, on: str, scheme: dict[str, str]) -> None:
    assert contrast(scheme[text], scheme[on]) >= 4.5


@pytest.mark.parametrize(("edge", "on"), [("edge", "paper"), ("edge", "tint"), ("teal", "paper"), ("teal", "line")])
@IN_BOTH
def test_what_can_be_pressed_or_read_off_stands_out(edge: str, on: str, scheme: dict[str, str]) -> None:
    assert contrast(scheme[edge], scheme[on]) >= 3


def test_every_colour_that_is_light_has_a_dark_one() -> None:
    same = {"mint", "focus", "on-bar", "bar-quiet"}
    assert set(COLOURS) - set(DARK) == same


@pytest.mark.parametrize("style", ["style.css", "questionnaire.css", "console.css"])
def test_a_style_takes_its_colours_from_the_tokens(style: str) -> None:
    assert re.findall(r"#[0-9a-f]{3,6}\b", (STATIC / style).read_text(encoding="utf-8")) == []
