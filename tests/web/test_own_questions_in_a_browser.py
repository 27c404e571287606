"""A cluster's own questions on a phone: given and looked at in the console, read by the coordinator, answered."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.web.application import Web
from tests.web.browsing import PHONE, axe_finds_nothing, fits
from tests.web.console.office import signed_in
from tests.web.console.test_console_in_a_browser import enter
from tests.web.test_own_questions_in import FORM, PAUSE, TALK, TIME, the_form

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def on_a_phone(browser: Browser, *, script: bool = True) -> BrowserContext:
    return browser.new_context(viewport=PHONE, locale="da-DK", java_script_enabled=script)


def write_two(page: Page) -> None:
    page.fill("#questions-1-text", TIME)
    page.check("input[name=questions-1-kind][value=degree]")
    page.select_option("#questions-1-scale", "grad")
    page.locator("details.own").nth(1).locator("summary").click()
    page.fill("#questions-2-text", TALK)
    page.check("input[name=questions-2-kind][value=choice]")
    page.fill("#questions-2-options", "Telefonen\nVagterne")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_given_and_looked_at_as_the_doctor_sees_them_then_answered(
    web: Web, browser: Browser, planned: str, script: bool
) -> None:
    context = on_a_phone(browser, script=script)
    page = context.new_page()
    with signed_in(web) as me:
        enter(context, me)
        page.goto(web.address + the_form(planned))
        assert not page.locator("#questions-1-scale").is_visible(), "asked of those on a scale alone"
        write_two(page)
        assert page.locator("#questions-1-scale").is_visible()
        assert not page.locator("#questions-1-options").is_visible()
        page.get_by_role("button", name="Se dem, som lægen ser dem").click()
        seen = page.locator(".seen")
        assert seen.locator("legend", has_text=TALK).is_visible()
        assert seen.locator("label", has_text="Vagterne").is_visible()
        assert not seen.get_by_text("Ikke besvaret").first.is_visible()
        fits(page, "looked at")
        assert web.order(planned).own_questions == ()
        page.get_by_role("button", name="Gem spørgsmålene").click()
        assert page.locator(".done").inner_text() == "Spørgsmålene er gemt. De er med, når spørgeskemaet sendes ud."
        assert page.get_by_text(TIME).is_visible()
    assert [each.kind for each in web.order(planned).own_questions] == ["degree", "choice"]
    page.goto(web.address + web.page_of(planned))
    assert page.get_by_text(TIME).is_visible()
    fits(page, "coordinator")
    link, *_ = web.open_survey(planned)
    page.goto(f"{web.address}{link}")
    own = page.locator("section.questions:has(#egen_1)")
    page.goto(f"{web.address}{link}#{own.get_attribute('id')}")
    own.locator("label", has_text="I høj grad").check()
    own.locator("label", has_text="Vagterne").check()
    fits(page, "questionnaire")
    page.get_by_role("link", name="Se dine svar igennem").locator("visible=true").first.click()
    page.locator("button[value=send]:visible").first.click()
    assert "Tak" in page.inner_text("h1")
    context.close()


def test_axe_finds_nothing_and_letters_twice_as_big_fit(web: Web, browser: Browser, planned: str) -> None:
    context = on_a_phone(browser)
    page = context.new_page()
    with signed_in(web) as me:
        enter(context, me)
        page.goto(web.address + the_form(planned))
        clean(page, "empty")
        page.get_by_role("button", name="Gem spørgsmålene").click()
        clean(page, "refused")
        write_two(page)
        page.get_by_role("button", name="Se dem, som lægen ser dem").click()
        clean(page, "looked at")
        me.post(the_form(planned), FORM)
        page.goto(f"{web.address}/drift/forloeb/{planned}")
        clean(page, "order")
    page.goto(web.address + web.page_of(planned))
    clean(page, "coordinator")
    link, *_ = web.open_survey(planned)
    for language in ("", "?lang=en"):
        page.goto(f"{web.address}{link}{language}")
        last = page.locator("section.questions").last.get_attribute("id")
        page.goto(f"{web.address}{link}{language}#{last}")
        clean(page, f"questionnaire {language}")
    assert PAUSE in page.content()
    context.close()


def clean(page: Page, at: str) -> None:
    axe_finds_nothing(page, at, runOnly=TAGS)
    page.set_viewport_size(ViewportSize(width=640, height=740))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{at}, twice as big"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(PHONE)
