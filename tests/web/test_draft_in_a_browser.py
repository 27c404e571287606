"""An interruption loses nothing on the same device, and the draft tells nobody anything."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.application import Web
from tests.web.browsing import PHONE, fits, wait_until
from web.questionnaire.visit import DRAFT_DAYS

pytestmark = pytest.mark.browser

WORDS = "Vi går en tur efter frokost."


@pytest.fixture
def device(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="da-DK")
    context.clock.set_fixed_time("2026-03-02T09:00:00Z")  # the round is open
    yield context
    context.close()


@pytest.fixture
def links(web: Web) -> list[str]:
    """The addresses in the doctors' mails."""
    order = web.place()
    web.plan(order)
    return [web.address + link for link in web.open_survey(order)]


def opened(device: BrowserContext, link: str) -> Page:
    """A new tab with the mail's link; the script has looked for a draft."""
    page = device.new_page()
    page.goto(link)
    wait_until(page, "!document.querySelector('[data-draft-not-kept]:not([hidden])')")
    return page


def kept(page: Page) -> dict[str, Any]:
    """What the browser keeps for our pages, by name."""
    found: dict[str, Any] = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    return found


def begun(device: BrowserContext, link: str, words: str = WORDS) -> Page:
    """Somebody who has answered a little, and is on the third side."""
    page = opened(device, link)
    page.click("text=Begynd")
    page.check("#who5_1-1")
    page.goto(link + "#side-10")
    page.fill("textarea", words)
    page.goto(link + "#side-3")
    page.check("#arbejdsglaede-2")
    settled(page)
    return page


def settled(page: Page) -> None:
    """What was to be kept or removed is."""
    page.evaluate("async () => { await ready; await keep(); }")


def offered(page: Page) -> bool:
    """Whether the page offers to go on with a draft."""
    return page.locator("[data-resume]:visible").count() == 1


def test_after_a_reload_and_after_a_closed_tab_everything_is_there(device: BrowserContext, links: list[str]) -> None:
    page = begun(device, links[0])
    page.reload()
    page.wait_for_selector("#arbejdsglaede-2:checked")
    assert page.is_visible("#arbejdsglaede-2")
    page.close()
    page = opened(device, links[0])
    assert offered(page)
    fits(page, "resume")
    page.click("text=Fortsæt, hvor du slap")
    assert page.url.endswith("#side-3")
    assert page.is_checked("#who5_1-1")
    assert page.input_value("textarea") == WORDS
    page.goto(links[0] + "#gennemsyn")
    assert "Du har svaret på 3 af 22" in page.inner_text("main")
    page.locator("button[value=send]:visible").first.click()
    assert page.inner_text("h1") == "Tak for dit svar"
    wait_until(page, "Object.keys(localStorage).length === 0")


def test_what_is_answered_while_the_draft_is_being_unlocked_stands(device: BrowserContext, links: list[str]) -> None:
    begun(device, links[0]).close()
    device.add_init_script("""
        const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
        crypto.subtle.decrypt = async (...all) => {
            await new Promise((go) => { window.goOn = go; });
            return decrypt(...all);
        };
    """)
    page = device.new_page()
    page.goto(links[0] + "#side-1")
    wait_until(page, "Boolean(window.goOn)")
    page.check("#who5_1-4")
    page.evaluate("goOn()")
    page.wait_for_selector("#arbejdsglaede-2:checked", state="attached")
    assert page.is_checked("#who5_1-4")
    settled(page)
    page.reload()
    wait_until(page, "Boolean(window.goOn)")
    page.evaluate("goOn()")
    page.wait_for_selector("#who5_1-4:checked")


def test_twice_interrupted_and_offline_in_between_loses_nothing(device: BrowserContext, links: list[str]) -> None:
    begun(device, links[0]).close()
    page = opened(device, links[0])
    page.click("text=Fortsæt, hvor du slap")
    device.set_offline(True)
    page.goto(links[0] + "#side-2")
    page.check("#who5_5-1")
    page.goto(links[0] + "#gennemsyn")
    with page.expect_event("requestfailed"):
        page.locator("button[value=send]:visible").first.click()
    device.set_offline(False)
    page.close()
    page = opened(device, links[0])
    assert offered(page)
    assert page.is_checked("#who5_5-1")
    assert page.input_value("textarea") == WORDS


def test_what_the_browser_keeps_tells_nothing_without_the_link(device: BrowserContext, links: list[str]) -> None:
    page = begun(device, links[0])
    ((name, content),) = kept(page).items()
    assert re.fullmatch(r"udkast\.[0-9a-f]{32}", name)
    token = links[0].rpartition("/")[2]
    for known in (token, WORDS[:8], "who5", "arbejds", "Aalborg", "side-3", "hele_tiden"):
        assert known not in name + content
    long = begun(device, links[1], "Et meget langt svar. " * 40)
    sizes = {len(each) for each in kept(long).values()}
    assert len(sizes) == 1, "nor does its size"


def test_the_link_alone_opens_nothing_without_the_half_key_that_only_an_open_round_gives(
    device: BrowserContext, links: list[str]
) -> None:
    page = begun(device, links[0])
    opened_with = """async ([token, half]) => {
        const before = Object.entries(localStorage);
        const found = await (await Draft.open(token, half, 30, null)).read();
        for (const [name, content] of before) localStorage.setItem(name, content);
        return found;
    }"""
    token, half = page.evaluate("[form.dataset.token, form.dataset.draftKey]")
    assert page.evaluate(opened_with, [token, half])["side"] == "#side-3"
    for wrong in ("", half[::-1], token):
        assert page.evaluate(opened_with, [token, wrong]) is None


def test_another_doctors_link_on_the_same_device_opens_nothing(device: BrowserContext, links: list[str]) -> None:
    page = begun(device, links[0])
    ((mine, content),) = kept(page).items()
    other = opened(device, links[1])
    assert not offered(other)
    other.goto(links[1] + "#side-1")
    other.check("#who5_1-3")
    (theirs,) = [name for name in wait_for_drafts(other, 2) if name != mine]
    other.evaluate("([name, content]) => localStorage.setItem(name, content)", [theirs, content])
    other.reload()
    wait_until(other, "(name) => localStorage.getItem(name) === null", theirs)
    assert other.locator("input:checked").count() == 0
    again = opened(device, links[0])
    assert again.is_checked("#who5_1-1")


def wait_for_drafts(page: Page, how_many: int) -> list[str]:
    wait_until(page, "(many) => Object.keys(localStorage).length === many", how_many)
    return list(kept(page))


def test_the_draft_is_gone_once_the_round_is_closed(web: Web, device: BrowserContext, links: list[str]) -> None:
    page = begun(device, links[0])
    (order,) = web.orders.started
    web.close_survey(order)
    page.goto(links[0] + "?x")
    assert page.inner_text("h1") == "Spørgeskemaet er lukket"
    wait_until(page, "Object.keys(localStorage).length === 0")


def test_the_draft_of_a_closed_round_goes_when_any_of_our_questionnaires_is_opened(
    web: Web, device: BrowserContext, links: list[str]
) -> None:
    page = begun(device, links[0])
    page.clock.set_fixed_time("2026-03-13T20:00:00Z")  # the round's last day
    page.goto(web.address + "/svar/forkert")
    wait_until(page, "document.documentElement.dataset.drafts === 'looked-at'")
    assert len(kept(page)) == 1
    page.clock.set_fixed_time("2026-03-14T09:00:00Z")
    page.goto(web.address + "/svar/forkert")
    wait_until(page, "Object.keys(localStorage).length === 0")


def test_after_its_days_a_draft_is_removed_and_not_before(device: BrowserContext, links: list[str]) -> None:
    page = device.new_page()
    page.goto(links[0] + "#side-1")
    page.check("#who5_1-1")
    wait_for_drafts(page, 1)
    page.clock.set_fixed_time(f"2026-04-{DRAFT_DAYS + 2 - 31:02}T20:00:00Z")
    page.reload()
    page.wait_for_selector("#who5_1-1:checked")
    page.close()
    later = device.new_page()
    later.clock.set_fixed_time(f"2026-05-{DRAFT_DAYS + 2 - 30:02}T09:00:00Z")
    later.goto(links[0])
    wait_until(later, "Object.keys(localStorage).length === 0")
    assert not offered(later)


def test_the_draft_can_be_deleted_on_this_device_and_the_page_is_empty_then(
    device: BrowserContext, links: list[str]
) -> None:
    page = begun(device, links[0])
    page.click("text=Slet mit udkast på denne enhed")
    fits(page, "delete")
    page.click("text=Ja, slet udkastet")
    assert kept(page) == {}
    assert page.inner_text("[role=status]:visible") == "Udkastet er slettet på denne enhed."
    assert page.locator("input:checked").count() == 0
    assert page.input_value("textarea") == ""
    page.reload()
    settled(page)
    assert kept(page) == {}
    assert not offered(page)


@pytest.mark.parametrize("told", [True, False], ids=["told", "not_told_yet"])
def test_sent_in_one_tab_it_does_not_come_back_from_another(
    device: BrowserContext, links: list[str], told: bool
) -> None:
    if not told:
        device.add_init_script("addEventListener('storage', (event) => event.stopImmediatePropagation(), true)")
    page, other = begun(device, links[0]), opened(device, links[0])
    page.goto(links[0] + "#gennemsyn")
    page.locator("button[value=send]:visible").first.click()
    wait_until(page, "Object.keys(localStorage).length === 0")
    other.goto(links[0] + "#side-1")
    other.check("#who5_2-1")
    settled(other)
    assert kept(other) == {}


def test_each_sentence_about_the_draft_is_shown_where_it_is_true(browser: Browser, links: list[str]) -> None:
    where: list[tuple[dict[str, Any], str, bool]] = [
        ({"java_script_enabled": True}, "", True),
        ({"java_script_enabled": False}, "", False),
        ({"java_script_enabled": True}, "Storage.prototype.setItem = () => { throw new Error('full') }", False),
        ({"java_script_enabled": True}, "Object.defineProperty(crypto, 'subtle', {value: undefined})", False),
    ]
    for settings, before, keeps in where:
        context = browser.new_context(viewport=PHONE, **settings)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.goto(links[0])
        if settings["java_script_enabled"]:
            settled(page)
        assert page.get_by_text("ligger dine svar som udkast i denne browser").is_visible() == keeps
        assert page.get_by_text("begynder du forfra").is_visible() != keeps
        page.goto(links[0] + "#side-1")
        page.check("#who5_1-1")
        if settings["java_script_enabled"]:
            settled(page)
        assert page.locator("[data-draft-delete]:visible").count() == keeps
        context.close()


def test_what_came_back_from_the_server_is_newer_than_the_draft(device: BrowserContext, links: list[str]) -> None:
    page = begun(device, links[0])
    page.evaluate("document.querySelector('[name=skema]').value = 'gammel'")
    page.goto(links[0] + "#gennemsyn")
    page.locator("button[value=send]:visible").first.click()
    assert "Siden var for gammel" in page.inner_text("main")
    assert page.is_checked("#arbejdsglaede-2")
    page.locator(".primary:visible").first.click()
    page.locator("button[value=send]:visible").first.click()
    assert page.inner_text("h1") == "Tak for dit svar"
