"""The demonstration's own pages in Chromium: axe finds nothing, in light and dark, and the day of a newcomer works."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from demo.play.place import START
from demo.play.steps import Leap
from tests.demo.play.stage import Stage
from tests.web.browsing import fits
from tests.web.test_accessible_in_a_browser import clean

pytestmark = [pytest.mark.temporal, pytest.mark.browser]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def seen(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=ViewportSize(width=360, height=740), locale="da-DK")
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """320 pixels wide, JavaScript off."""
    context = browser.new_context(viewport=ViewportSize(width=320, height=640), java_script_enabled=False)
    yield context.new_page()
    context.close()


def own_pages(stage: Stage) -> list[str]:
    mail = stage.mails()[-1].file
    return [START, f"{START}/mails", f"{START}/mails/{mail}", f"{START}/mails/intet", "/", "/drift/log-ind", "/svar/x"]


def test_axe_finds_nothing_and_text_twice_as_big_fits(stage: Stage, seen: Page) -> None:
    stage.travel(Leap.EVENT)
    for path in own_pages(stage):
        seen.goto(stage.address + path)
        clean(seen, path)


def test_what_is_wrong_is_told_accessibly(stage: Stage, seen: Page) -> None:
    seen.goto(stage.address + START)
    seen.locator("button[name=skridt]").first.evaluate("button => button.value = 'aar'")
    seen.locator("button[name=skridt]").first.click()
    expect(seen.get_by_role("alert")).to_contain_text("Vælg, hvor langt tiden skal gå")
    clean(seen, "a bad step")


def test_a_page_that_says_that_time_goes_is_no_worse(stage: Stage, seen: Page) -> None:
    stage.wait_for(stage.playground.journey.begin(Leap.WEEK))
    seen.goto(stage.address + START)
    going = seen.get_by_role("link", name="Vent, til den er nået frem")
    if going.count():  # it may be there already
        clean(seen, "time goes")
        going.click()
    stage.wait_for(stage.playground.journey.arrive())
    seen.goto(stage.address + START)
    expect(seen.get_by_role("button", name="En uge")).to_be_visible()


def test_it_fits_a_narrow_screen_without_scripts(stage: Stage, plain: Page) -> None:
    for path in own_pages(stage)[:3]:
        plain.goto(stage.address + path)
        fits(plain, path)


def test_a_newcomer_moves_time_and_becomes_each_of_those_who_take_part(stage: Stage, plain: Page) -> None:
    """Without a script: one press each."""
    plain.goto(stage.address + START)
    before = plain.locator(".now").inner_text()
    plain.get_by_role("button", name="En dag").click()
    stage.wait_for(stage.playground.journey.arrive())
    plain.goto(stage.address + START)
    assert plain.locator(".now").inner_text() != before
    plain.locator(f"a[href^='{START}/koordinator/']").first.click()
    expect(plain).to_have_url(re.compile("/bestilling/"))
    plain.get_by_role("complementary", name="Demonstration").get_by_role("link").click()
    plain.get_by_role("button", name="Konsulent").click()
    expect(plain).to_have_url(re.compile("/drift$"))
    expect(plain.get_by_role("link", name="Kirsten Dam")).to_be_visible()
