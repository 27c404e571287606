"""Orders in real Chromium: a consultant's way from the list to the released deck; every page by axe, at four widths."""

import datetime as dt

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from storage.outbox import MailState
from storage.staff import StaffRole
from tests.web.application import SAMARBEJDE, Web
from tests.web.browsing import axe_finds_nothing, fits, nothing_sideways
from tests.web.console.decks import in_review
from tests.web.console.office import Colleague, add, signed_in
from tests.web.console.orders import assign, order_of
from tests.web.console.outgoing import INVITATION, put
from tests.web.console.test_members_in import LIST
from web.console.cookie import COOKIE

pytestmark = pytest.mark.browser

BROKEN_WORDS = """
() => [...document.querySelectorAll('.list :is(th, td):not(.address)')].flatMap(cell => {
    const broken = [], texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) broken.push(word[0]);
    }
    return broken;
})
"""
"""The words of a table that begin on one line and end on the next; mail addresses may."""
TRAINED = [
    {
        "name": f"Camilla Clemmensen {letter}",
        "email": f"camilla{letter.lower()}@frederiksberg-nord.example",
        "practice": "Lægerne Clemmensen",
        "role": "uddannelseslæge",
    }
    for letter in "ABCDE"
]


def enter(context: BrowserContext, colleague: Colleague) -> None:
    host = colleague.web.address.replace("http:", "https:")
    context.add_cookies([{"name": COOKIE, "value": colleague.token, "url": host, "secure": True}])


def test_a_consultant_finds_the_order_gives_the_plan_looks_at_the_deck_and_releases_it(web: Web, page: Page) -> None:
    """Without scripts, on a phone."""
    karen = add(web, StaffRole.CONSULTANT)
    order = order_of(web, "Ærø")
    order_of(web, "Ribe")
    assign(web, order, karen)
    with signed_in(web, staff_id=karen) as me:
        enter(page.context, me)
        page.goto(f"{web.address}/drift/forloeb")
        fits(page, "list")
        page.fill("#soeg", "ærø")
        page.click("text=Vis >> nth=0")
        assert page.locator("tbody tr").count() == 1
        page.click("th a")
        fits(page, "new order")
        page.click("text=Notér et opkald >> nth=0")
        fits(page, "call")
        page.check("text=Der blev ikke svaret")
        page.click("text=Gem opkaldet")
        assert "Ringet 1 gang" in page.inner_text("main")

        page.click("text=Skriv aftalen fra opkaldet >> nth=0")
        fits(page, "plan")
        page.fill("#meeting-starts-dato", "2026-01-06")
        page.fill("#meeting-starts-tid", "17:00")
        page.click("text=Gem aftalen")
        fits(page, "plan refused")
        assert page.locator(".problems:focus").count() == 1
        page.fill("#meeting-starts-dato", "2026-03-25")
        page.click("text=Gem aftalen")
        assert "Aftalen er gemt" in page.inner_text(".done")
        assert "Klyngemødet er onsdag den 25. marts kl. 17.00" in " ".join(page.inner_text("main").split())

        web.answered_by_all(order)
        in_review(web, order)
        page.goto(f"{web.address}/drift/forloeb/{order}")
        page.click("text=Gennemgå præsentationen >> nth=0")
        fits(page, "review")
        assert "Sig velkommen." in (page.locator("details p").first.text_content() or "")
        page.check("text=Hold materialet tilbage")
        page.fill("#reason_text", "Et tal ser skævt ud")
        page.click("button.primary")
        assert "Et tal ser skævt ud" in page.inner_text("main")
        page.click("text=Gennemgå præsentationen >> nth=0")
        page.check("text=Frigiv materialet til koordinatoren nu")
        page.click("button.primary")
        assert "Materialet er på vej til koordinatoren." in page.inner_text(".done")
        fits(page, "delivered")
    survey = web.order(order).baseline
    assert survey is not None
    assert survey.released_at is not None


@pytest.mark.office
def test_the_decks_pictures_are_seen_in_the_page(web: Web, browser: Browser) -> None:
    order = order_of(web, "Ærø")
    web.plan(order)
    web.answered_by_all(order)
    document = in_review(web, order)
    context = browser.new_context(viewport=ViewportSize(width=1280, height=900), locale="da-DK")
    page = context.new_page()
    with signed_in(web) as me:
        enter(context, me)
        page.goto(f"{web.address}/drift/forloeb/{order}/dokumenter/{document}/sider", timeout=120_000)
        pictures = page.locator(".slides img")
        expect(pictures).to_have_count(2)
        for number in range(2):
            assert pictures.nth(number).evaluate("image => image.complete && image.naturalWidth") == 1280
    context.close()


def test_axe_finds_nothing_and_nothing_scrolls_sideways(web: Web, browser: Browser) -> None:
    context = browser.new_context(viewport=ViewportSize(width=1280, height=800), locale="da-DK")
    page = context.new_page()
    with signed_in(web, StaffRole.ADMINISTRATOR) as me:
        enter(context, me)
        for path in pages_of(web, me):
            page.goto(web.address + path, timeout=120_000)
            axe_finds_nothing(page, path)
            nothing_sideways(page, path, 1280, 768, 360, 320)
            axe_finds_nothing(page, path)
    context.close()


def test_wide_tables_hold_on_a_tablet(web: Web, browser: Browser) -> None:
    """With the long words that a country has: an overdue order, members in training, addresses of ordinary length."""
    order = order_of(web, "Frederiksberg Nord", package=SAMARBEJDE, members=TRAINED)
    late = order_of(web, "Frederikshavn Øst")
    web.plan(order)
    for number, letter in enumerate(("programme//", "meeting_reminder//", INVITATION)):
        for member in range(2):
            put(web, order, MailState.SENT, letter, member)
        web.clock.instant += dt.timedelta(days=number)
    web.clock.instant += dt.timedelta(days=20)
    context = browser.new_context(viewport=ViewportSize(width=768, height=1024), locale="da-DK")
    page = context.new_page()
    with signed_in(web) as me:
        enter(context, me)
        for path in ("/drift/forloeb", f"/drift/forloeb/{order}", f"/drift/forloeb/{late}"):
            page.goto(web.address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 768, path
            assert page.evaluate(BROKEN_WORDS) == [], path
    context.close()


def pages_of(web: Web, me: Colleague) -> list[str]:
    """Every page of orders, with something on it."""
    karen = add(web, StaffRole.CONSULTANT)
    new, under_way = order_of(web, "Ærø"), order_of(web, "Klyngen med det meget lange navn i Odense Nordøst")
    assign(web, under_way, karen)
    web.plan(under_way)
    web.answered_by_all(under_way)
    document = in_review(web, under_way)
    mail = put(web, under_way, MailState.SENT, INVITATION)
    put(web, under_way, MailState.BOUNCED, "programme//", 1)
    me.post(f"/drift/forloeb/{new}/note", note_text="Husk parkering")
    me.post("/drift/visninger", filtre="konsulent=ingen", navn="Uden konsulent")
    lists = []
    for _ in range(3):
        answer = me.post("/drift/flere", {"hvem": "valgte", "valgt": [new, under_way], "filtre": ""})
        lists.append(answer.headers["location"])
    for address in lists[1:]:
        me.post(f"{address}/vis", handling="extend_survey", dage="2")
    me.post(f"{lists[2]}/udfoer")
    order = f"/drift/forloeb/{under_way}"
    return [
        "/drift/forloeb",
        "/drift/forloeb?vis=tavle",
        "/drift/forloeb?konsulent=ingen",
        "/drift/forloeb?fra=x&soeg=intet",
        *lists,
        f"/drift/forloeb/{new}",
        order,
        *(f"/drift/forloeb/{new}/{form}" for form in ("aftale", "opkald", "note", "udsaet", "konsulent", "medlemmer")),
        f"{order}/gennemsyn",
        f"{order}/aflys",
        f"{order}/dokumenter/{document}/sider",
        f"{order}/mails/{mail}",
    ]


def test_the_preview_of_a_list_of_members_is_clean_on_a_phone(web: Web, page: Page) -> None:
    order = order_of(web, "Ærø")
    with signed_in(web) as me:
        enter(page.context, me)
        page.goto(f"{web.address}/drift/forloeb/{order}")
        page.click("text=Sæt en hel liste ind")
        fits(page, "list to paste")
        page.fill("#liste", LIST)
        page.click("text=Vis, hvad der vil ske")
        fits(page, "preview")
        page.click("text=Ja, gem 2 linjer")
        fits(page, "done")
        assert "3 linjer blev ikke til noget. Resten er på plads." in page.inner_text(".note")
