"""A secret is shown once, to whoever had it made, where its form leads; to load that again makes no other."""

import base64
import datetime as dt
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from storage import api_keys, subscriptions
from storage.staff import StaffRole
from tests.web.application import Web
from tests.web.conftest import browser
from tests.web.console.office import Colleague, add, signed_in
from tests.web.console.test_console_in_a_browser import enter
from web.console.cookie import COOKIE
from web.console.shown_once import ONCE, WITHIN

__all__ = ["browser"]

RECEIVERS, KEYS = "/drift/modtagere", "/drift/noegler"
RECEIVER = {"adresse": "https://modtager.example/haendelser"}


@pytest.fixture
def asta(web: Web) -> Iterator[Colleague]:
    with signed_in(web, StaffRole.ADMINISTRATOR) as asta:
        yield asta


def once(answer: httpx.Response) -> str:
    """The cookie that an answer gave for the page it leads to."""
    (header,) = answer.headers.get_list("set-cookie")
    assert header.startswith(f"{ONCE}=")
    for word in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=120"):
        assert word in header
    return str(header.partition(";")[0])


def shown(colleague: Colleague, path: str, cookie: str, method: str = "GET") -> httpx.Response:
    return colleague.http.request(method, path, headers={"Cookie": f"{colleague.http.headers['Cookie']}; {cookie}"})


def has_secret(answer: httpx.Response) -> bool:
    return '<code class="secret">' in answer.text


@pytest.mark.parametrize("what", ["receiver", "rotated", "key", "link"])
def test_it_is_in_no_address_and_in_nothing_that_can_be_read_on_the_way(web: Web, asta: Colleague, what: str) -> None:
    with web.database.write() as connection:
        receiver, _ = subscriptions.add(connection, web.services.keys, RECEIVER["adresse"], (), web.clock.instant)
    path, fields = {
        "receiver": (RECEIVERS, {"adresse": "https://modtager.example/2"}),
        "rotated": (f"{RECEIVERS}/{receiver}/hemmelighed", {}),
        "key": (KEYS, {"navn": "journal", "maa": "read_orders"}),
        "link": (f"/drift/kolleger/{add(web)}/link", {}),
    }[what]
    answer = asta.post(path, fields)
    assert answer.status_code == 303
    page = shown(asta, answer.headers["location"], once(answer))
    secret = page.text.partition('<code class="secret">')[2].partition("</code>")[0]
    assert secret
    sealed = base64.urlsafe_b64decode(once(answer).partition("=")[2] + "==")
    assert secret not in answer.headers["location"] + answer.text
    assert secret.encode() not in sealed
    assert "Max-Age=0" in page.headers["set-cookie"], "shown once"
    assert page.headers["cache-control"] == "no-store"
    assert not has_secret(asta.get(answer.headers["location"]))


def test_it_is_for_that_page_that_session_and_that_moment_alone(web: Web, asta: Colleague) -> None:
    answer = asta.post(KEYS, navn="journal", maa="read_orders")
    cookie, page = once(answer), answer.headers["location"]
    assert not has_secret(shown(asta, f"/drift/kolleger/{asta.id}", cookie))
    assert not has_secret(shown(asta, page, f"{cookie}x"))
    assert not has_secret(shown(asta, page, f"{ONCE}=ikke-vores"))
    assert not has_secret(shown(asta, page, f"{ONCE}=%C3%A6"))
    looked = shown(asta, page, cookie, "HEAD")
    assert "set-cookie" not in looked.headers, "looked at by a program, it is still to be shown"
    with signed_in(web, StaffRole.ADMINISTRATOR, asta.id) as elsewhere:
        assert not has_secret(shown(elsewhere, page, cookie))
    assert has_secret(shown(asta, page, cookie))
    web.wall.instant += WITHIN + dt.timedelta(seconds=1)
    assert not has_secret(shown(asta, page, cookie))


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_page_loaded_again_makes_nothing_again(web: Web, asta: Colleague, browser: Browser) -> None:
    """In Chromium, where loading a form's own answer again would send the form again."""
    context = browser.new_context(locale="da-DK")
    enter(context, asta)
    page = context.new_page()
    page.goto(f"{web.address}{RECEIVERS}")
    page.get_by_label("Webadresse").fill(RECEIVER["adresse"])
    page.get_by_role("button", name="Tilføj").click()
    secret = page.inner_text("code.secret")
    assert secret.startswith("whsec_")
    assert page.get_by_text("Modtageren er tilføjet.").is_visible()
    page.reload()
    assert page.locator("code.secret").count() == 0
    page.goto(f"{web.address}{KEYS}")
    page.get_by_role("textbox", name="Navn").fill("journal")
    page.get_by_label("Læse forløb").check()
    page.get_by_role("button", name="Lav nøglen").click()
    assert page.inner_text("code.secret")
    page.reload()
    assert page.locator("code.secret").count() == 0
    assert page.inner_text("h1") == "Nøgler"
    assert secret not in page.content()
    kept = {each["name"] for each in context.cookies(web.address.replace("http:", "https:"))}
    assert kept == {COOKIE}
    context.close()
    with web.database.read() as connection:
        assert len(subscriptions.subscriptions(connection)) == 1
        assert [key.name for key in api_keys.api_keys(connection) if not key.revoked_at].count("journal") == 1
