"""A package may ask something that must be answered; then nobody is told that everything may be skipped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from storage.database import Database
from storage.package_repository import keep_all
from tests.databases import new_sqlite, sqlite_url
from tests.the_packages import TRIVSEL
from tests.web.application import Web, fill_in, running_web
from tests.web.browsing import PHONE
from tests.web.reading import Shown

STRICT = TRIVSEL.model_copy(
    update={
        "version": 99,
        "items": tuple(
            item.model_copy(update={"required": item.id in ("arbejdsglaede", "gode_erfaringer")})
            for item in TRIVSEL.items
        ),
    }
)


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Web]:
    database = Database(sqlite_url(new_sqlite(tmp_path / "strict.db")))
    keep_all(database, [STRICT])
    with running_web(database, packages=[STRICT]) as running:
        yield running
    database.close()


def link_to(web: Web) -> str:
    order = web.place()
    web.plan(order)
    return web.open_survey(order)[0]


def test_nothing_is_said_of_skipping_where_something_must_be_answered(strict: Web, web: Web) -> None:
    for running, free in ((strict, False), (web, True)):
        link = link_to(running)
        with running.client() as http:
            for language, skipping in (("", "Spring over, hvad du vil"), ("?lang=en", "Skip what you like")):
                words = Shown(http.get(link + language)).words
                assert (skipping in words) == free
                assert ("helt i orden at springe over" in words or "all right to skip" in words) == free
            assert ("Du kan lade feltet stå tomt." in Shown(http.get(link)).words) == free


def test_what_must_be_answered_is_asked_for_before_anything_is_stored(strict: Web) -> None:
    link = link_to(strict)
    with strict.client() as http:
        page = Shown(fill_in(http, link, who5_1="lidt", gode_erfaringer="Kaffe"))
        assert page.status == 422
        assert page.tree.xpath("//*[@role='alert'][@autofocus]//a/@href") == ["#arbejdsglaede-1"]
        assert fill_in(http, link, arbejdsglaede="hoej", gode_erfaringer="Kaffe").status_code == 303


@pytest.mark.browser
def test_with_a_script_it_is_asked_for_without_the_server(strict: Web, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    posted: list[str] = []
    page.on("request", lambda request: posted.extend([request.url] if request.method == "POST" else []))
    page.goto(strict.address + link_to(strict) + "#side-1")
    page.check("#who5_1-1")
    assert page.locator(".problem:visible").count() == 0
    page.goto(page.url.partition("#")[0] + "#gennemsyn")
    page.locator("button[value=send]:visible").first.click()
    assert page.inner_text(".problems:focus h3") == "Der er 2 ting at rette"
    assert posted == []
    context.close()
