"""Looking at pages in a real browser: what fits, what has a name, where the focus is."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 320, "height": 640}


def fits(page: Page, at: str, language: str = "da") -> None:
    """Nothing to scroll sideways for, every field labelled, every target big enough, one heading, one language."""
    measured = page.locator("html").evaluate(
        """html => ({
            wide: html.scrollWidth,
            lang: html.lang,
            h1: document.querySelectorAll('h1').length,
            main: document.querySelectorAll('main').length,
            unnamed: [...document.querySelectorAll('input:not([type=hidden], [hidden]), textarea, select')]
                .filter(e => !e.labels.length).map(e => e.id),
            small: [...document.querySelectorAll('button, .row, .cell, .button, .actions a, textarea, summary')]
                .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML),
            ids: [...document.querySelectorAll('[id]')].map(e => e.id),
            lost: [...document.querySelectorAll('[aria-describedby]')]
                .flatMap(e => e.getAttribute('aria-describedby').split(' '))
                .filter(id => !document.getElementById(id)),
            skipped: [...document.querySelectorAll('h1, h2, h3')].map(e => +e.tagName[1])
                .filter((level, i, all) => i && level > all[i - 1] + 1),
        })"""
    )
    assert measured["wide"] <= 320, at
    assert (measured["lang"], measured["h1"], measured["main"]) == (language, 1, 1), at
    assert measured["unnamed"] == [], at
    assert measured["small"] == [], at
    assert measured["lost"] == [], at
    assert measured["skipped"] == [], at
    assert len(set(measured["ids"])) == len(measured["ids"]), at


def axe_finds_nothing(page: Page, at: str, **options: Any) -> None:
    """By all of axe's rules in light; in dark, where colours alone are others, by that of contrast."""
    for scheme, rules in (("light", options), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page, options=rules or None)
        assert found.violations_count == 0, f"{at}, {scheme}: {found.generate_report()}"
    page.emulate_media(color_scheme="light")


def nothing_sideways(page: Page, at: str, *widths: int) -> None:
    """Nothing to scroll sideways for at any of these widths, in pixels."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{at}, {width} wide"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, which must show."""
    for _ in range(80):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached with Tab")


def focus_shows(page: Page) -> bool:
    """Whether what has the focus, or the row around it, is outlined."""
    return bool(
        page.locator(":focus").evaluate(
            """e => [e, e.closest('label')].some(x => x && parseFloat(getComputedStyle(x).outlineWidth) >= 2
                    && getComputedStyle(x).outlineStyle !== 'none')"""
        )
    )


def wait_until(page: Page, expression: str, given: object = None) -> None:
    """Ask until it is so, from outside: Playwright's own waiting needs `eval`, which our pages' policy forbids."""
    for _ in range(500):
        if page.evaluate(expression, given):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"it never came to {expression}")
