"""Pages of doctors and coordinators: axe-core finds nothing, in light and dark, and text twice as big fits."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from domain.commands import ReleaseDeck
from domain.model import OrderId, Round
from storage.order_links import meeting_link
from tests.web.application import SAMARBEJDE, Web, fill_in
from tests.web.browsing import axe_finds_nothing
from tests.web.papers.deliveries import member_page

pytestmark = pytest.mark.browser

EDGE = "field => getComputedStyle(field).borderTopColor"
IN_BOTH = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.fixture
def seen(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=ViewportSize(width=360, height=740), locale="da-DK")
    yield context.new_page()
    context.close()


def clean(page: Page, at: str) -> None:
    """Nothing that axe finds, and nothing to scroll sideways for, also with letters twice as big on a wider screen."""
    axe_finds_nothing(page, at, runOnly=["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), at
    page.set_viewport_size({"width": 640, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{at}, twice as big"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 360, "height": 740})


@pytest.mark.parametrize("package", ["trivsel-og-arbejdsglaede", SAMARBEJDE])
def test_every_side_of_the_questionnaire(web: Web, seen: Page, package: str) -> None:
    order = web.place(package=package)
    web.plan(order)
    link, *_ = web.open_survey(order)
    seen.goto(web.address + link)
    clean(seen, "welcome")
    seen.click("text=Begynd")
    while not seen.url.endswith("#gennemsyn"):
        clean(seen, seen.url)
        if seen.locator("fieldset:visible input").count():
            seen.locator("fieldset:visible input").first.check()
        seen.locator(".onwards .primary:visible").click()
    clean(seen, "review")
    seen.reload()
    seen.goto(web.address + link)
    seen.wait_for_selector("[data-resume]:visible")
    clean(seen, "resume")
    seen.click("[data-draft-delete] summary")
    clean(seen, "delete")


def test_what_is_wrong_and_what_comes_after(web: Web, seen: Page) -> None:
    order = web.place()
    web.plan(order)
    link, other, *_ = web.open_survey(order)
    seen.goto(web.address + link + "#gennemsyn")
    seen.locator("button[value=send]:visible").first.click()
    clean(seen, "nothing answered")
    seen.goto(web.address + link + "#side-4")
    for number in (1, 2, 3, 4):
        seen.check(f"#positive-{number}")
    clean(seen, "too many")
    with web.client() as http:
        fill_in(http, other, arbejdsglaede="hoej")
    for path in (
        other,
        other + "/tak",
        other + "/tak?lang=en",
        link + "?lang=en",
        "/svar/x",
        "/moede/x.y",
        "/bestilling/x.y",
        "/nyt-link",
        "/nyt-link?sendt=1",
        "/bestil",
        "/bestil?bestilt=1",
        "/nej",
        "/",
    ):
        seen.goto(web.address + path)
        clean(seen, path)


@IN_BOTH
@pytest.mark.parametrize(("path", "field"), [("/bestil", "#navn"), ("/nyt-link", "#mail")])
def test_a_field_with_something_wrong_has_the_edge_of_what_is_wrong(
    web: Web, seen: Page, path: str, field: str, scheme: Literal["light", "dark"]
) -> None:
    seen.emulate_media(color_scheme=scheme)
    seen.goto(web.address + path)
    before = seen.locator(field).evaluate(EDGE)
    seen.evaluate("document.querySelector('main form').noValidate = true")
    seen.locator("main form button").first.click()
    seen.wait_for_selector(f"{field}[aria-invalid=true]")
    assert seen.locator(field).evaluate(EDGE) == seen.locator(".problem").first.evaluate(
        "e => getComputedStyle(e).color"
    )
    assert seen.locator(field).evaluate(EDGE) != before


def test_notices_the_meeting_and_the_coordinators_page(web: Web, seen: Page) -> None:
    order = web.place()
    web.plan(order)
    web.open_survey(order)
    (member, *_) = web.order(order).active_members
    meeting = f"/moede/{meeting_link(web.services.keys, OrderId(order), member)}"
    mine = web.page_of(order)
    notices = ("/privatliv", "/privatliv?lang=en", "/tilgaengelighed", "/tilgaengelighed?lang=en")
    beside = (
        "/medlemmer", "/program", "/grupper", "/grupper?uden=" + member, "/flyt", "/aflys", "/nyt-link",
        "/fjern-medlem", f"/ret-medlem?medlem={member}",
    )  # fmt: skip
    for path in (*notices, meeting, mine, *(mine + each for each in beside)):
        seen.goto(web.address + path)
        clean(seen, path)


def test_the_record_and_what_it_would_lead_to(web: Web, seen: Page) -> None:
    order = web.place()
    web.plan(order)
    web.open_survey(order)
    web.hold_meeting(order)
    web.ask_for_the_record(order)
    seen.goto(f"{web.address}{web.page_of(order)}/referat")
    seen.click("summary")
    clean(seen, "record")
    seen.check("#attendance-1")
    seen.fill("#ideas_text", "Fælles frokost.\n\nSupervision hver måned.")
    seen.fill("#agreed_text", "Frokost kl. 12, alle, fra 1. maj\nSupervision, Mette, før sommer")
    seen.check("input[name=follow_up][value=later]")
    seen.click("button.primary")
    clean(seen, "looked through")
    seen.click("button.primary")
    record = web.order(order).record
    assert record is not None
    assert (record.attended, record.absent) == (1, 7), "what was looked through is what is sent"
    clean(seen, "what was agreed")
    web.command(order, type="agree_follow_up", opens="2027-01-18")
    with web.client() as http:
        for link in web.open_survey(order, Round.FOLLOW_UP):
            fill_in(http, link, arbejdsglaede="hoej")
    web.close_survey(order, Round.FOLLOW_UP)
    web.make_deck(order, Round.FOLLOW_UP, kinds=("deck", "document"))
    web.orders.give(order, ReleaseDeck())
    seen.goto(f"{web.address}{web.page_of(order)}/send-resultat")
    clean(seen, "sending the comparison on")
    seen.check("#sikker")
    seen.click("button.primary")
    seen.goto(web.address + member_page(web, order))
    assert "Før og efter i Word" in seen.inner_text("main")
    clean(seen, "a member's page of both rounds")
