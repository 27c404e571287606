"""In real Chromium: an open page says that something has changed, and what is being read and written stays."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from storage.staff import StaffRole
from tests.web.application import Web
from tests.web.console.office import signed_in
from tests.web.console.test_console_in_a_browser import enter

pytestmark = pytest.mark.browser

NEWS = "#nyt-besked"


def place_of(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("width", [320, 1280])
def test_a_change_is_told_without_moving_what_is_read_and_shown_when_asked_for(
    web: Web, browser: Browser, width: int
) -> None:
    order = web.place()
    for number in range(2, 9):
        web.place(f"bestilling-000{number}", cluster={"name": f"Klynge {number}", "region": "syddanmark"})
    context = browser.new_context(viewport=ViewportSize(width=width, height=600), locale="da-DK")
    refused = list[str]()
    with signed_in(web, StaffRole.OPERATIONS) as ole:
        enter(context, ole)
        page = context.new_page()
        page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
        page.goto(f"{web.address}/drift?gjort=taget")
        page.locator(".need summary").nth(4).click()
        page.locator(".need input[name='why_text']").nth(4).fill("Ferie til uge 30")
        before = place_of(page, ".need:nth-child(5) .line")
        expect(page.locator(NEWS)).to_be_hidden()
        web.plan(order)
        expect(page.locator(NEWS)).to_be_visible(timeout=20_000)
        assert place_of(page, ".need:nth-child(5) .line") == before
        assert page.locator(".need input[name='why_text']").nth(4).input_value() == "Ferie til uge 30"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        tasks = page.locator(".need").count()
        page.locator(f"{NEWS} a").click()
        page.wait_for_load_state()
        assert page.locator(".need").count() == tasks - 1
        expect(page.locator(NEWS)).to_be_hidden()
        assert "Forløbet er dit." not in page.inner_text("main"), "what was done before is not told once more"
    assert refused == []
    context.close()


def test_a_page_nobody_looks_at_does_not_listen(web: Web, browser: Browser) -> None:
    context = browser.new_context(locale="da-DK")
    page = context.new_page()
    with signed_in(web, StaffRole.OPERATIONS) as ole:
        enter(context, ole)
        page.add_init_script("Object.defineProperty(document, 'visibilityState', {get: () => window.seen || 'hidden'})")
        page.goto(f"{web.address}/drift")
        page.wait_for_load_state("networkidle")
        assert web.services.watch.pages == 0
        web.place()
        page.evaluate("window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator(NEWS)).to_be_visible(timeout=20_000)
    context.close()


def test_without_scripts_nothing_is_said_and_nothing_is_missing(web: Web, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="da-DK")
    with signed_in(web, StaffRole.OPERATIONS) as ole:
        enter(context, ole)
        page = context.new_page()
        page.goto(f"{web.address}/drift")
        assert page.inner_text("h1") == "Kræver handling"
        assert "Der er sket noget nyt" not in page.inner_text("body")
    context.close()
