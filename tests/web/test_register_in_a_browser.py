"""A register's numbers in a browser, given in the console and read by a doctor; axe finds nothing, light or dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from domain import commands as do
from storage.database import Database
from tests.a_register import EXTRACT
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import OPERATIONS, Web
from tests.web.browsing import axe_finds_nothing
from tests.web.console.office import signed_in
from tests.web.console.test_console_in_a_browser import enter
from tests.web.register_orders import awaited, by_practice, page_of_member, placed, register_web, tabulated

pytestmark = pytest.mark.browser


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with register_web(database) as running:
        yield running
    database.close()


def clean(page: Page, heading: str) -> None:
    """The page of this heading, without anything that axe finds, at 320 pixels and with letters twice as big."""
    assert page.inner_text("h1") == heading
    axe_finds_nothing(page, heading)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), heading
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{heading}, twice as big"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 320, "height": 800})


def test_an_extract_is_corrected_looked_through_given_and_read_by_its_own_practice(
    web: Web, browser: Browser, tmp_path: Path
) -> None:
    order = placed(web)
    awaited(web, order)
    right, wrong = tmp_path / "udtraek.csv", tmp_path / "forkert.csv"
    right.write_text(EXTRACT)
    wrong.write_text(EXTRACT.replace("31,4", "mange"))
    context = browser.new_context(viewport=ViewportSize(width=320, height=800), locale="da-DK")
    page = context.new_page()
    with signed_in(web) as ole:
        enter(context, ole)
        page.goto(f"{web.address}/drift/forloeb/{order}")
        clean(page, "Opdigtet register – Aalborg Øst")
        page.click("text=Giv klyngens tal fra registret >> nth=0")
        clean(page, "Giv klyngens tal fra registret")
        for file, heading in ((wrong, "Giv klyngens tal fra registret"), (right, "Se udtrækket igennem")):
            page.set_input_files("input[type=file]", str(file))
            page.click("button.primary")
            clean(page, heading)
        page.click("text=Giv klyngens tal")
        assert "Tallene er gemt, og opgørelsen laves nu." in page.inner_text("main")
        tabulated(web, order)
        web.make_deck(order, kinds=("deck", "document"))
        web.orders.give(order, do.ReleaseDeck(), by=OPERATIONS)
    page.goto(web.address + page_of_member(web, order, by_practice(web, order)["012345"][0]))
    clean(page, "Klyngemøde: Opdigtet register")
    assert "31,4" in page.inner_text("main")
    page.goto(web.address + web.page_of(order))
    clean(page, "Opdigtet register – Aalborg Øst")
    assert "31,4" not in page.inner_text("main")
    context.close()
