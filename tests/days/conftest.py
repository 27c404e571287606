"""A whole system, and people of it at their browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from tests.days.hands import Hands
from tests.days.portal import Portal, a_portal
from tests.web.conftest import browser

__all__ = ["browser"]

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
MOUSE, KEYBOARD, WITHOUT_SCRIPTS = "mouse", "keyboard", "without scripts"

Somebody = Callable[[ViewportSize, str], Hands]


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """A whole system at work, without an order."""
    with a_portal(tmp_path / "data") as portal:
        yield portal


@pytest.fixture
def somebody(portal: Portal, browser: Browser) -> Iterator[Somebody]:
    """Gives a person with a browser of their own, of a size, who works in one of the three ways."""
    contexts = list[BrowserContext]()

    def sat_down(size: ViewportSize, how: str) -> Hands:
        context = browser.new_context(viewport=size, locale="da-DK", java_script_enabled=how != WITHOUT_SCRIPTS)
        contexts.append(context)
        return Hands(context.new_page(), portal.address, keyboard=how == KEYBOARD)

    yield sat_down
    for context in contexts:
        context.close()
