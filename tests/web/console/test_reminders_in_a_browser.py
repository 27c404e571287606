"""An extra reminder in real Chromium, on a phone: sent for one order, and refused in a line for many."""

import datetime as dt

import pytest
from playwright.sync_api import Browser, Page

from domain import commands as do
from domain.model import OrderId
from tests.web.application import Web
from tests.web.browsing import axe_finds_nothing, fits
from tests.web.console.office import signed_in
from tests.web.console.orders import order_of
from tests.web.console.test_orders_in_a_browser import enter

pytestmark = pytest.mark.browser


def open_order(web: Web) -> OrderId:
    """An order whose survey has been open for three days."""
    order = order_of(web, "Ærø")
    web.plan(order)
    web.open_survey(order)
    web.orders.give(order, do.RecordLetters(key="invitation/baseline/", sent=1, seen=web.order(order).version))
    web.clock.instant += dt.timedelta(days=3)
    return order


def test_axe_finds_nothing_on_its_form(web: Web, browser: Browser) -> None:
    order = open_order(web)
    context = browser.new_context(locale="da-DK")
    shown = context.new_page()
    with signed_in(web) as me:
        enter(context, me)
        shown.goto(f"{web.address}/drift/forloeb/{order}/paamindelse")
        assert "Send en ekstra påmindelse" in shown.inner_text("h1")
        axe_finds_nothing(shown, shown.url)
    context.close()


def test_a_consultant_sends_one_and_a_second_the_day_after_is_refused_in_a_line(web: Web, page: Page) -> None:
    order = open_order(web)
    with signed_in(web) as me:
        enter(page.context, me)
        page.goto(f"{web.address}/drift/forloeb/{order}")
        page.click("text=Send en ekstra påmindelse >> nth=0")
        fits(page, "reminder")
        assert "Hvem det er, får ingen at vide." in page.inner_text("main")
        page.click("button.primary")
        fits(page, "asked for")
        assert "Påmindelsen er på vej til dem, der ikke har svaret." in page.inner_text(".done")

        page.goto(f"{web.address}/drift/forloeb")
        page.check("[name=valgt]")
        page.click("text=Gå videre med de valgte")
        page.check("text=Send en ekstra påmindelse")
        page.click("text=Vis, hvad der vil ske")
        fits(page, "many")
        assert "lægerne får højst en påmindelse hver anden arbejdsdag" in page.inner_text("main")
    survey = web.order(order).baseline
    assert survey is not None
    assert survey.reminders_added == 1
