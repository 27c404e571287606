"""A tired doctor with a telephone: goes back and forward, has no script, or nothing but a keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, ViewportSize

from tests.web.application import SAMARBEJDE, Web
from tests.web.browsing import PHONE, fits, focus_shows, tab_to, wait_until
from web.templating import STATIC

pytestmark = pytest.mark.browser

WITH_AND_WITHOUT_SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])


@pytest.fixture
def device(browser: Browser, script: bool) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="da-DK", java_script_enabled=script)
    yield context
    context.close()


def link_to(web: Web, package: str = "trivsel-og-arbejdsglaede") -> str:
    """The address in a doctor's mail."""
    order = web.place(package=package)
    web.plan(order)
    return web.address + web.open_survey(order)[0]


def opened(device: BrowserContext, link: str) -> Page:
    """From the mail, which the browser could go back to."""
    page = device.new_page()
    page.goto("about:blank")
    page.goto(link)
    return page


def press(page: Page, text: str) -> None:
    page.locator(".button:visible, button:visible, a:visible, summary:visible").get_by_text(
        text, exact=True
    ).first.click()


def heading(page: Page) -> str:
    """The heading of the side that is shown."""
    return page.locator("h2:visible").first.inner_text().partition("\n")[0]


@WITH_AND_WITHOUT_SCRIPT
def test_back_and_forward_turn_the_sides_and_keep_what_was_chosen(web: Web, device: BrowserContext) -> None:
    page = opened(device, link_to(web))
    press(page, "Begynd")
    page.check("#who5_1-1")
    press(page, "Næste")
    page.check("#who5_4-2")
    press(page, "Næste")
    assert heading(page) == "Arbejdsglæde"
    page.go_back()
    assert (heading(page), page.is_checked("#who5_4-2")) == ("Trivsel", True)
    page.go_back()
    assert page.is_checked("#who5_1-1")
    assert page.is_visible("#who5_1-1")
    page.go_back()
    assert page.get_by_text("Hvem ser hvad?").is_visible()
    for _ in range(3):
        page.go_forward()
    assert heading(page) == "Arbejdsglæde"
    press(page, "Tilbage")
    assert page.is_checked("#who5_4-2")


@WITH_AND_WITHOUT_SCRIPT
def test_nothing_leaves_the_browser_before_the_last_button_and_then_no_address_holds_it(
    web: Web, device: BrowserContext
) -> None:
    page = opened(device, link_to(web))
    asked: list[tuple[str, str]] = []
    page.on(
        "request",
        lambda request: asked.append((request.method, request.url)) if "/static/" not in request.url else None,
    )
    press(page, "Begynd")
    page.check("#who5_1-1")
    while page.locator("[href='#gennemsyn'].primary:visible").count() == 0:
        press(page, "Næste")
    page.fill("textarea", "Vi holder pause.")
    press(page, "Se dine svar igennem")
    assert "Hele tiden" in page.inner_text("main")
    assert page.input_value("textarea") == "Vi holder pause."
    assert page.locator(".unanswered:visible").count() == 20
    assert asked == []
    press(page, "Send mine svar")
    assert page.inner_text("h1") == "Tak for dit svar"
    assert [method for method, _ in asked if method != "GET"] == ["POST"]
    assert not any("hele_tiden" in url or "pause" in url for _, url in asked)
    page.go_back()
    assert page.inner_text("h1") == "Du har svaret. Tak!"
    page.go_forward()
    assert page.inner_text("h1") == "Tak for dit svar"
    page.reload()
    assert page.inner_text("h1") == "Tak for dit svar"


@WITH_AND_WITHOUT_SCRIPT
def test_who_works_alone_is_led_round_what_is_for_partners(web: Web, device: BrowserContext, script: bool) -> None:
    page = opened(device, link_to(web, SAMARBEJDE) + "#side-1")
    page.check("#solo-1")
    for _ in range(2):
        press(page, "Næste")
    assert page.locator("fieldset:visible").count() == 4
    press(page, "Næste")
    assert heading(page) == "Struktur for samarbejdet i klinikken"
    number = page.locator("fieldset:visible .number").first.inner_text()
    assert number == ("Spørgsmål 7 af 29" if script else "Spørgsmål 10 af 32")
    press(page, "Tilbage")
    page.go_back()
    page.goto(page.url.partition("#")[0] + "#gennemsyn")
    assert not page.is_visible("#q3")
    page.goto(page.url.partition("#")[0] + "#side-1")
    page.check("#solo-2")
    page.goto(page.url.partition("#")[0] + "#gennemsyn")
    assert page.is_visible("#q3")


@WITH_AND_WITHOUT_SCRIPT
def test_enter_never_sends(web: Web, device: BrowserContext, script: bool) -> None:
    page = opened(device, link_to(web) + "#side-1")
    page.check("#who5_1-1")
    page.locator("#who5_1-1").press("Enter")
    if not script:
        press(page, "Næste")
    assert page.url.endswith("#side-2")
    assert page.is_visible("#who5_4-1")


@pytest.mark.parametrize("script", [True])
def test_a_doctor_answers_with_the_keyboard_alone(web: Web, device: BrowserContext) -> None:
    page = opened(device, link_to(web))
    tab_to(page, "a.primary")
    page.keyboard.press("Enter")
    tab_to(page, "#who5_1-1")
    assert focus_shows(page)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("#who5_1-2")
    page.keyboard.press("Enter")
    page.wait_for_url("**#side-2")
    assert page.title().startswith("Trivsel, spørgsmål 4–5")
    while not page.url.endswith("#gennemsyn"):
        before = page.url
        tab_to(page, f"#{before.partition('#')[2]} .primary")
        assert focus_shows(page)
        page.keyboard.press("Enter")
        wait_until(page, "(before) => location.href !== before", before)
    assert "Det meste af tiden" in page.inner_text("main")
    tab_to(page, "button[value=send]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("h1") == "Tak for dit svar"


@pytest.mark.parametrize("script", [True])
def test_what_cannot_be_sent_is_said_at_once_and_led_to_without_asking_the_server(
    web: Web, device: BrowserContext
) -> None:
    page = opened(device, link_to(web))
    posted: list[str] = []
    page.on("request", lambda request: posted.extend([request.url] if request.method == "POST" else []))
    page.goto(page.url + "#gennemsyn")
    press(page, "Send mine svar")
    assert page.inner_text(".problems:focus") == "Der er noget at rette\nDu har ikke svaret på noget endnu."
    page.goto(page.url.partition("#")[0] + "#side-4")
    for number in (1, 2, 3, 4):
        page.check(f"#positive-{number}")
    assert page.inner_text("#fejl-positive") == "Vælg højst 3. Du har valgt 4."
    page.goto(page.url.partition("#")[0] + "#side-10")
    page.fill("textarea", "å" * 1003)
    assert page.inner_text("#fejl-gode_erfaringer") == "Teksten er 3 tegn for lang."
    press(page, "Se dine svar igennem")
    press(page, "Send mine svar")
    assert page.inner_text(".problems:focus h3") == "Der er 2 ting at rette"
    fits(page, "problems")
    page.locator(".problems a").first.click()
    assert page.is_visible("#positive-1")
    page.uncheck("#positive-1")
    assert not page.is_visible("#fejl-positive")
    page.goto(page.url.partition("#")[0] + "#side-10")
    page.fill("textarea", "å" * 1000)
    press(page, "Se dine svar igennem")
    assert posted == []
    press(page, "Send mine svar")
    assert page.inner_text("h1") == "Tak for dit svar"


@pytest.mark.parametrize("script", [False])
def test_without_script_an_error_takes_the_focus_and_leads_to_its_field(web: Web, device: BrowserContext) -> None:
    page = opened(device, link_to(web) + "#side-4")
    for number in (1, 2, 3, 4):
        page.check(f"#positive-{number}")
    page.goto(page.url.partition("#")[0] + "#gennemsyn")
    press(page, "Send mine svar")
    fits(page, "error")
    assert page.locator(".problems:focus").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#positive-1")
    page.uncheck("#positive-1")
    page.goto(page.url.partition("#")[0] + "#gennemsyn")
    press(page, "Send mine svar")
    assert page.inner_text("h1") == "Tak for dit svar"


@WITH_AND_WITHOUT_SCRIPT
@pytest.mark.parametrize("package", ["trivsel-og-arbejdsglaede", SAMARBEJDE])
def test_every_side_fits_a_small_phone(web: Web, device: BrowserContext, package: str) -> None:
    link = link_to(web, package)
    page = opened(device, link)
    fits(page, "welcome")
    press(page, "Begynd")
    while not page.url.endswith("#gennemsyn"):
        fits(page, page.url)
        if page.locator("fieldset:visible input").count():
            page.locator("fieldset:visible input").first.check()
        page.locator(".onwards .primary:visible").click()
    fits(page, "review")
    press(page, "Send mine svar")
    fits(page, "thanks")
    page.goto(link)
    fits(page, "answered")
    page.goto(web.address + "/svar/forkert")
    fits(page, "unknown")


@pytest.mark.parametrize("script", [False])
def test_where_a_browser_knows_no_sides_everything_stands_on_one_page_and_can_be_sent(
    web: Web, device: BrowserContext
) -> None:
    page = device.new_page()

    style = (STATIC / "questionnaire.css").read_text(encoding="utf-8")
    older = style.replace("@supports selector(:has(a))", "@supports (unknown: x)")

    def as_an_older_browser_reads_it(route: Route) -> None:
        route.fulfill(body=older, content_type="text/css")

    page.route("**/questionnaire.css*", as_an_older_browser_reads_it)
    page.goto(link_to(web))
    assert page.locator("fieldset:visible").count() == 21
    page.check("#arbejdsglaede-2")
    page.locator("button[value=send]:visible").last.click()
    assert page.inner_text("h1") == "Tak for dit svar"


def test_text_twice_as_big_still_fits(web: Web, browser: Browser) -> None:
    """200 % zoom on a 640 pixel window is a 320 pixel one; here the letters alone are doubled."""
    context = browser.new_context(viewport=ViewportSize(width=640, height=900), locale="da-DK")
    page = context.new_page()
    link = link_to(web)
    for side in ("", "#side-1", "#side-4", "#side-5", "#gennemsyn"):
        page.goto(link + side)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, side
    context.close()


def test_forced_contrast_keeps_the_choice_visible(web: Web, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, forced_colors="active", locale="da-DK")
    page = context.new_page()
    page.goto(link_to(web) + "#side-1")
    page.check("#who5_1-1")
    row = page.locator(".row", has=page.locator("#who5_1-1"))
    assert row.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    context.close()


@WITH_AND_WITHOUT_SCRIPT
def test_a_half_answered_index_is_told_of_before_it_is_sent(web: Web, device: BrowserContext) -> None:
    page = opened(device, link_to(web))
    note = page.get_by_text("Du har ikke svaret på alle 5 spørgsmål, som WHO-5 er regnet ud af.")
    press(page, "Begynd")
    seen = []
    for number in range(1, 6):
        if not page.locator(f"#who5_{number}-1").is_visible():
            press(page, "Næste")
        seen.append(_told_at_the_end(page, note))
        page.check(f"#who5_{number}-1")
    seen.append(_told_at_the_end(page, note))
    assert seen == [False, True, True, True, True, False]


def _told_at_the_end(page: Page, note: Locator) -> bool:
    """Whether the last look says so; then back to where we were."""
    page.get_by_role("link", name="Se dine svar igennem").locator("visible=true").first.click()
    told = note.is_visible()
    page.go_back()
    return told
