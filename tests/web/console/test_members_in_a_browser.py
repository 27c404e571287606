"""The list of members looked through, in Chromium: it fits every width, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.web.application import Web
from tests.web.browsing import axe_finds_nothing
from tests.web.conftest import browser
from tests.web.console.office import signed_in
from tests.web.console.test_console_in_a_browser import enter
from tests.web.console.test_members_in import LIST

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_list_looked_through_fits_and_axe_finds_nothing(web: Web, browser: Browser) -> None:
    order = web.place()
    context = browser.new_context(locale="da-DK")
    page = context.new_page()
    with signed_in(web) as ole:
        enter(context, ole)
        page.goto(f"{web.address}/drift/forloeb/{order}/medlemmer")
        page.fill("#liste", f"Ribe\n\n{LIST};uden@x.dk;1;")
        page.get_by_role("button", name="Vis, hvad der vil ske").click()
        assert page.inner_text("h1") == "Se listen igennem"
        assert page.get_by_text("linje 4", exact=True).is_visible()
        for width in (320, 360, 768, 1280):
            page.set_viewport_size(ViewportSize(width=width, height=800))
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            axe_finds_nothing(page, f"{width} wide")
    context.close()
