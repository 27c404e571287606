"""A corrected deck laid in with real Chromium: a file chosen, a wrong one told, by axe in light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.application import Web
from tests.web.browsing import axe_finds_nothing, fits
from tests.web.console.decks import deck_with, order_in_review
from tests.web.console.office import signed_in
from tests.web.console.test_orders_in_a_browser import enter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CLUSTER = "Aalborg Øst"


@pytest.fixture
def order(web: Web) -> str:
    return order_in_review(web)


def test_a_consultant_lays_one_in_and_sees_it(web: Web, page: Page, order: str, tmp_path: Path) -> None:
    wrong, right = tmp_path / "anden.pptx", tmp_path / "rettet.pptx"
    wrong.write_bytes(deck_with("Klynge Vest"))
    right.write_bytes(deck_with(CLUSTER, "Rettet"))
    with signed_in(web) as me:
        enter(page.context, me)
        page.goto(f"{web.address}/drift/forloeb/{order}")
        page.click("text=Læg en rettet præsentation ind >> nth=0")
        fits(page, "corrected deck")
        page.fill("#why_text", "Overskriften på side 2")
        page.set_input_files("#deck", wrong)
        page.click("button.primary")
        fits(page, "refused")
        assert "skal stå på en slide" in page.inner_text("#fejl-deck")
        assert page.input_value("#why_text") == "Overskriften på side 2"
        page.set_input_files("#deck", right)
        page.click("button.primary")
        assert "Den rettede præsentation er lagt ind." in page.inner_text(".done")
        page.click("text=Gennemgå præsentationen >> nth=0")
        assert "2 sider" in page.inner_text("main")
    assert web.order(order).baseline.own_deck is not None  # type: ignore[union-attr]


def test_axe_finds_nothing_on_the_form(web: Web, browser: Browser, order: str) -> None:
    context = browser.new_context(locale="da-DK")
    shown = context.new_page()
    with signed_in(web) as me:
        enter(context, me)
        shown.goto(f"{web.address}/drift/forloeb/{order}/ret-praesentation")
        axe_finds_nothing(shown, shown.url)
    context.close()
