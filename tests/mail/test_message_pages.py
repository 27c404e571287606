"""A message's page: what mail programs and screen readers need of it, and that nothing is fetched."""

import re

import pytest

from domain.letters import Occasion
from mail.catalogue import MESSAGES, render
from mail.letter_data import LetterData
from tests.mail.reading import Page

READABLE = 4.5
"""The contrast that WCAG 2 asks for at level AA."""


def test_the_page_is_danish_has_one_heading_and_a_line_for_the_inbox(occasion: Occasion, a_letter: LetterData) -> None:
    page = Page(render(occasion, a_letter).html)
    assert page.language == "da"
    assert page.headings == 1
    assert 10 <= len(page.hidden) <= 110


def test_layout_tables_say_so_and_tables_of_facts_have_row_headers(occasion: Occasion, a_letter: LetterData) -> None:
    page = Page(render(occasion, a_letter).html)
    facts = [table for table in page.tables if table.get("role") != "presentation"]
    assert all(table.get("class") == "facts" for table in facts)
    assert bool(facts) == bool(page.row_headers)


def test_styles_stand_on_the_elements_and_only_the_conditional_ones_in_the_head(
    occasion: Occasion, a_letter: LetterData
) -> None:
    html = render(occasion, a_letter).html
    head = html[: html.index("</head>")]
    assert "prefers-color-scheme: dark" in head
    assert "max-width: 480px" in head
    assert "letter {" not in re.sub(r"@media.*", "", head, flags=re.DOTALL)
    buttons = re.findall(r'<a[^>]*class="button"[^>]*>', html)
    assert len(buttons) == len(Page(html).buttons)
    assert all("background" in button for button in buttons)
    assert "http" not in head


def test_no_picture_no_script_and_nothing_is_fetched(occasion: Occasion, a_letter: LetterData) -> None:
    html = render(occasion, a_letter).html
    assert not re.search(r"<(img|script|iframe|link|form)\b|url\(|@import", html)


def colours(rule: str, css: str) -> dict[str, str]:
    """What a rule sets of `color` and `background`, each as six hexadecimal digits."""
    found = re.search(rf"^\s*(?:[^{{}}]*,\s*)?{re.escape(rule)}(?:,[^{{}}]*)?\s*{{([^}}]*)}}", css, re.MULTILINE)
    assert found is not None, rule
    return dict(re.findall(r"(?:^|[;\s])(color|background):\s*#([0-9a-f]{6})", found.group(1)))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("rule", ["body", "h1", ".brand", ".foot", "a", ".button", ".late", ".quiet"])
def test_every_colour_can_be_read_in_daylight_and_at_night(rule: str, scheme: str) -> None:
    light, _, dark = (
        (MESSAGES / "style.css").read_text(encoding="utf-8").partition("@media (prefers-color-scheme: dark)")
    )
    css = light if scheme == "light" else dark
    paper = colours(".sheet", css)["background"]
    ink = colours(rule, css)
    behind = paper if rule == "body" else ink.get("background", paper)
    darker, lighter = sorted((luminance(ink["color"]), luminance(behind)))
    assert (lighter + 0.05) / (darker + 0.05) >= READABLE
