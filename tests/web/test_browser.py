"""In a real browser, as a tired doctor has it: a small phone, no script, nothing but a keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.web.application import SAMARBEJDE, Web

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """320 pixels wide, JavaScript off."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="da-DK")
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    """A page whose console must stay silent and who talks to nobody but us."""
    page = phone.new_page()
    said: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))
    yield page
    # Chromium itself notes every answer that is not 2xx; those are ours on purpose.
    assert [line for line in said if "Failed to load resource" not in line] == []
    assert hosts <= {"127.0.0.1"}


def fits(page: Page, at: str) -> None:
    """Nothing to scroll sideways for, every field labelled, every target big enough, one heading, one language."""
    measured = page.locator("html").evaluate(
        """html => ({
            wide: html.scrollWidth,
            lang: html.lang,
            h1: document.querySelectorAll('h1').length,
            main: document.querySelectorAll('main').length,
            unnamed: [...document.querySelectorAll('input:not([type=hidden]), textarea, select')]
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
    assert (measured["lang"], measured["h1"], measured["main"]) == ("da", 1, 1), at
    assert measured["unnamed"] == [], at
    assert measured["small"] == [], at
    assert measured["lost"] == [], at
    assert measured["skipped"] == [], at
    assert len(set(measured["ids"])) == len(measured["ids"]), at


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


def invited(web: Web, package: str = "trivsel-og-arbejdsglaede") -> tuple[str, list[str]]:
    order = web.place(package=package)
    web.plan(order)
    return order, web.open_survey(order)


def enter(page: Page) -> None:
    """Press Enter and wait for the next page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_doctor_answers_with_the_keyboard_alone(web: Web, page: Page) -> None:
    _, (link, *_) = invited(web)
    page.goto(web.address + link)
    tab_to(page, "button.primary")
    enter(page)
    tab_to(page, "#who5_1-1")
    assert focus_shows(page)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("#who5_1-2")
    enter(page)
    assert page.inner_text("h1") == "Trivsel"
    assert page.locator("legend").first.inner_text().startswith("Spørgsmål 4 af 22")
    while page.inner_text("h1") != "Se dine svar igennem":
        tab_to(page, "button.primary")
        assert focus_shows(page)
        enter(page)
    assert "Det meste af tiden" in page.inner_text("main")
    tab_to(page, "button[value=send]")
    enter(page)
    assert page.inner_text("h1") == "Tak for dit svar"


@pytest.mark.parametrize("package", ["trivsel-og-arbejdsglaede", SAMARBEJDE])
def test_every_page_of_the_questionnaire_fits_a_small_phone(web: Web, page: Page, package: str) -> None:
    _, (link, *_) = invited(web, package)
    page.goto(web.address + link)
    fits(page, "welcome")
    page.click("button.primary")
    while page.inner_text("h1") != "Se dine svar igennem":
        fits(page, page.inner_text("h1"))
        if page.locator("fieldset input").count():
            page.locator("fieldset input").first.check()
        page.click("button[value=videre]")
    fits(page, "review")
    page.locator("button[value=send]").first.click()
    fits(page, "thanks")
    page.goto(web.address + link)
    fits(page, "answered")
    page.goto(web.address + "/svar/forkert")
    fits(page, "unknown")


def test_an_error_takes_the_focus_and_leads_to_its_field(web: Web, page: Page) -> None:
    _, (link, *_) = invited(web)
    page.goto(web.address + link)
    page.click("button.primary")
    for _ in range(3):
        page.click("button[value=videre]")
    for number in (1, 2, 3, 4):
        page.check(f"#positive-{number}")
    page.click("button[value=videre]")
    fits(page, "error")
    assert page.locator(".problems:focus").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#positive-1")
    page.uncheck("#positive-1")
    page.click("button[value=videre]")
    assert page.inner_text("h1") == "Det, der tager arbejdsglæde"


def test_the_coordinators_pages_fit_a_small_phone_at_every_stage(web: Web, page: Page) -> None:
    order = web.place()

    def look(*slugs: str) -> None:
        page.goto(web.address + web.page_of(order))
        fits(page, f"order page, {web.order(order).stage}")
        for slug in slugs:
            page.goto(f"{web.address}{web.page_of(order)}/{slug}")
            assert page.url.endswith(slug)
            fits(page, slug)

    look("aflys")
    web.plan(order)
    look("flyt", "rammer")
    page.fill("#minutes", "9")
    page.click("button.primary")
    fits(page, "refused")
    web.open_survey(order)
    look("forlaeng")
    web.close_survey(order)
    look("uden-resultater", "forlaeng")
    web.command(order, type="go_on_without_results")
    web.make_deck(order)
    web.command(order, type="release_deck")
    look()
    meeting = web.order(order).meeting
    assert meeting is not None
    web.clock.instant = meeting.ends_at
    web.ask_for_the_record(order)
    look("referat", "opfoelgning")
    page.goto(f"{web.address}{web.page_of(order)}/referat")
    page.click("summary")
    fits(page, "attendance")
    page.click("button.primary")
    fits(page, "record refused")
    page.fill("#attended", "6")
    page.check("input[name=follow_up][value=later]")
    page.click("button.primary")
    fits(page, "recorded")


def test_text_twice_as_big_still_fits(web: Web, browser: Browser) -> None:
    """200 % zoom on a 640 pixel window is a 320 pixel one; here the letters alone are doubled."""
    _, (link, *_) = invited(web)
    context = browser.new_context(viewport=ViewportSize(width=640, height=900), locale="da-DK")
    page = context.new_page()
    page.goto(web.address + link)
    page.click("button.primary")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    context.close()


def test_reduced_colours_and_forced_contrast_keep_the_choice_visible(web: Web, browser: Browser) -> None:
    _, (link, *_) = invited(web)
    context = browser.new_context(viewport=PHONE, forced_colors="active", locale="da-DK")
    page = context.new_page()
    page.goto(web.address + link)
    page.click("button.primary")
    page.check("#who5_1-1")
    row = page.locator(".row", has=page.locator("#who5_1-1"))
    assert row.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    context.close()
