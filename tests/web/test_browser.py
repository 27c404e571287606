"""The coordinator's pages in a real browser: a small phone, no script."""

import pytest
from playwright.sync_api import Page

from domain.commands import ReleaseDeck
from domain.model import Round
from tests.web.application import Web, fill_in
from tests.web.browsing import fits
from tests.web.papers.deliveries import member_page

pytestmark = pytest.mark.browser


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
    fits(page, "looked through")
    page.click("button.secondary")
    fits(page, "to be corrected")
    page.click("button.primary")
    page.click("button.primary")
    fits(page, "recorded")
    assert web.order(order).record is not None
    web.command(order, type="agree_follow_up", opens="2027-01-18")
    with web.client() as http:
        for link in web.open_survey(order, Round.FOLLOW_UP):
            fill_in(http, link, arbejdsglaede="hoej")
    web.close_survey(order, Round.FOLLOW_UP)
    web.make_deck(order, Round.FOLLOW_UP, kinds=("deck", "document"))
    web.orders.give(order, ReleaseDeck())
    look("send-resultat")
    page.check("#sikker")
    page.click("button.primary")
    fits(page, "sent on")
    page.goto(web.address + member_page(web, order))
    fits(page, "a member's page of both rounds")
