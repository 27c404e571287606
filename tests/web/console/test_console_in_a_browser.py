"""The way in, in real Chromium: by keyboard alone, without scripts, on a phone, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from domain.by import By, Capacity
from storage import account_links, audit
from storage.audit import Deed, Edge, Origin, Subject
from storage.outbox import MailState
from storage.staff import StaffRole
from tests.web.application import TRIVSEL, Web
from tests.web.browsing import axe_finds_nothing, fits, focus_shows, nothing_sideways, tab_to
from tests.web.console.office import PASSWORD, Colleague, log_of, signed_in
from tests.web.console.outgoing import put
from tests.web.console.test_receivers import with_receiver
from web.console.cookie import COOKIE

pytestmark = pytest.mark.browser


def press(page: Page, selector: str) -> None:
    """Tab to it, see that it is seen, and press Enter."""
    tab_to(page, selector)
    assert focus_shows(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    assert focus_shows(page)
    page.keyboard.type(text)


def first_link(web: Web) -> str:
    with web.database.write() as connection:
        return f"{web.address}/drift/velkommen/{account_links.make_link(connection, None, web.wall.instant)}"


def test_from_the_first_link_to_signing_out_by_keyboard_alone_and_without_scripts(web: Web, page: Page) -> None:
    order = web.place()
    page.goto(first_link(web))
    fits(page, "welcome")
    write(page, "#navn", "Asta Krog")
    write(page, "#mail", "asta@kiap.example")
    write(page, "#ny", "for kort")
    press(page, "button.primary")
    assert page.locator(".problems:focus").count() == 1
    fits(page, "welcome refused")
    assert page.input_value("#navn") == "Asta Krog"
    write(page, "#ny", PASSWORD)
    write(page, "#igen", PASSWORD)
    press(page, "button.primary")
    assert (page.url, page.inner_text("h1")) == (f"{web.address}/drift", "Kræver handling")
    fits(page, "needs")
    (cookie,) = [each for each in page.context.cookies() if each["name"] == COOKIE]
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")

    press(page, ".need .line a")
    assert page.url == f"{web.address}/drift/forloeb/{order}"
    fits(page, "order")
    press(page, ".menu a[href='/drift/log']")
    fits(page, "log")
    press(page, ".me a")
    fits(page, "my page")
    press(page, "button.out")
    assert "Du er logget ud." in page.inner_text("main")
    fits(page, "sign in")

    page.goto(f"{web.address}/drift/log")
    assert page.inner_text("h1") == "Log ind"
    write(page, "#mail", "asta@kiap.example")
    write(page, "#adgangskode", "noget andet forkert")
    press(page, "button.primary")
    fits(page, "sign in refused")
    write(page, "#adgangskode", PASSWORD)
    press(page, "button.primary")
    assert page.url == f"{web.address}/drift/log"
    fits(page, "log")
    assert [line.deed for line in log_of(web)][-2:] == [Deed.SIGNED_OUT, Deed.SIGNED_IN]


def test_the_keyboard_gets_past_the_menu_in_one_press(web: Web, page: Page) -> None:
    with signed_in(web) as ole:
        enter(page.context, ole)
        page.goto(f"{web.address}/drift")
        page.keyboard.press("Tab")
        assert page.inner_text(":focus") == "Gå til indholdet"
        page.keyboard.press("Enter")
        assert page.locator("main:focus").count() == 1


def test_axe_finds_nothing_on_any_page(web: Web, browser: Browser) -> None:
    order = web.place()
    web.plan(order)
    mails = [put(web, order, state, number=number) for number, state in enumerate(MailState)]
    receiver = with_receiver(web)
    context = browser.new_context(viewport=ViewportSize(width=1280, height=800), locale="da-DK")
    page = context.new_page()
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta, signed_in(web, staff_id=asta.id):
        by = By(role=Capacity.ADMINISTRATOR, who=asta.id)
        with web.database.write() as connection:
            subject = Subject(about=asta.id, why="glemt kode")
            audit.note(connection, by, Deed.LINK_MADE, Origin(Edge.PAGE, "192.0.2.7"), web.clock.instant, subject)
            own = account_links.make_link(connection, asta.id, web.wall.instant)
        for path, heading in (
            ("/drift/log-ind", "Log ind"),
            (f"/drift/velkommen/{own}", "Velkommen, Asta Krog"),
            ("/drift/velkommen/x", "Linket virker ikke mere"),
            ("/drift/nej", "Siden findes ikke"),
        ):
            clean(page, web, path, heading)
        enter(context, asta)
        for path, heading in (
            ("/drift", "Kræver handling"),
            ("/drift?hvis=ingens", "Kræver handling"),
            ("/drift/forloeb", "Forløb"),
            ("/drift/landet", "Landet"),
            (f"/drift/landet?pakke={TRIVSEL}", "Landet"),
            (f"/drift/forloeb/{order}", "Trivsel og arbejdsglæde – Aalborg Øst"),
            ("/drift/mails", "Mails"),
            *((f"/drift/mails/{mail}", "Medlemmerne får invitation til spørgeskemaet") for mail in mails),
            ("/drift/drift", "Drift"),
            ("/drift/kolleger", "Kolleger"),
            (f"/drift/kolleger/{asta.id}", "Asta Krog"),
            ("/drift/modtagere", "Modtagere"),
            (f"/drift/modtagere/{receiver}", "Modtager"),
            ("/drift/noegler", "Nøgler"),
            ("/drift/log", "Log"),
            ("/drift/log?siden=x", "Log"),
            ("/drift/min-side", "Asta Krog"),
        ):
            clean(page, web, path, heading)
    context.close()


def enter(context: BrowserContext, colleague: Colleague) -> None:
    """Give the browser a session that is there: Chromium takes a `Secure` cookie on loopback for as good."""
    host = colleague.web.address.replace("http:", "https:")
    context.add_cookies([{"name": COOKIE, "value": colleague.token, "url": host, "secure": True}])


def clean(page: Page, web: Web, path: str, heading: str) -> None:
    page.goto(web.address + path)
    assert page.inner_text("h1") == heading
    for width in (1280, 360):
        nothing_sideways(page, path, width)
        axe_finds_nothing(page, path)


def test_axe_is_one_that_finds_something(web: Web, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{web.address}/drift/log-ind")
    page.evaluate("document.querySelector('label').remove()")
    assert Axe().run(page).violations_count == 1
    page.close()


def test_text_twice_as_big_still_fits(web: Web, browser: Browser) -> None:
    web.place()
    context = browser.new_context(viewport=ViewportSize(width=640, height=640), locale="da-DK")
    page = context.new_page()
    with signed_in(web) as ole:
        enter(context, ole)
        for path, heading in (
            ("/drift", "Kræver handling"),
            ("/drift?hvis=ingens", "Kræver handling"),
            ("/drift/forloeb", "Forløb"),
            ("/drift/landet", "Landet"),
            ("/drift/log", "Log"),
            ("/drift/min-side", "Ole Bach"),
        ):
            page.goto(web.address + path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.inner_text("h1") == heading
            assert page.evaluate("document.documentElement.scrollWidth") <= 640, path
    context.close()
