"""A meeting's programme edited in real Chromium: on a phone without scripts, by axe in light and dark."""

import pytest
from playwright.sync_api import Browser, Page

from tests.web.application import Web
from tests.web.browsing import axe_finds_nothing, fits
from tests.web.console.office import signed_in
from tests.web.console.orders import order_of
from tests.web.console.test_orders_in_a_browser import enter

pytestmark = pytest.mark.browser


def test_a_consultant_edits_it_is_told_what_does_not_add_up_and_takes_it_back(web: Web, page: Page) -> None:
    order = order_of(web, "Ærø")
    web.plan(order)
    with signed_in(web) as me:
        enter(page.context, me)
        page.goto(f"{web.address}/drift/forloeb/{order}")
        page.click("text=Ret mødets program >> nth=0")
        fits(page, "programme")
        page.fill("#parts-1-title", "Kaffe og velkomst")
        page.fill("#parts-1-minutes", "15")
        page.click("button.primary")
        fits(page, "refused")
        assert "minutter i alt, men mødet er aftalt til" in page.inner_text("#fejl-parts")
        page.fill("#parts-7-minutes", "5")
        page.click("button.primary")
        assert "Programmet er rettet." in page.inner_text(".done")
        assert web.order(order).programme[0].minutes == 15
        page.click("text=Ret mødets program >> nth=0")
        fits(page, "once more")
        page.check("text=Brug pakkens eget program igen")
        page.click("button.primary")
        assert "Mødet har pakkens eget program igen." in page.inner_text(".done")
    assert web.order(order).programme == ()


def test_axe_finds_nothing_on_the_form(web: Web, browser: Browser) -> None:
    order = order_of(web, "Ærø")
    web.plan(order)
    context = browser.new_context(locale="da-DK")
    shown = context.new_page()
    with signed_in(web) as me:
        enter(context, me)
        shown.goto(f"{web.address}/drift/forloeb/{order}/ret-program")
        axe_finds_nothing(shown, shown.url)
    context.close()
