"""A running web on a migrated database, a browser without a key, and orders that have come some way."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from storage.database import Database
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import Web, running_web
from tests.web.browsing import PHONE


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """On SQLite."""
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with running_web(database) as running:
        yield running
    database.close()


@pytest.fixture(scope="module")
def shared_web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One for a module's tests, on SQLite: for what is refused and changes nothing."""
    database = Database(sqlite_url(new_sqlite(tmp_path_factory.mktemp("web") / "klyngeflow.db")))
    with running_web(database) as running:
        yield running
    database.close()


@pytest.fixture
def web_on_both(database: Database) -> Iterator[Web]:
    """On each of the two databases."""
    with running_web(database) as running:
        yield running


@pytest.fixture
def http(web: Web) -> Iterator[httpx.Client]:
    """A browser without a key."""
    with web.client() as client:
        yield client


@pytest.fixture
def planned(web: Web) -> str:
    """An order whose plan is agreed."""
    order = web.place()
    web.plan(order)
    return order


@pytest.fixture
def met(web: Web, planned: str) -> str:
    """The morning after the meeting, the coordinator asked for the record."""
    web.open_survey(planned)
    web.hold_meeting(planned)
    web.ask_for_the_record(planned)
    return planned


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """320 pixels wide, JavaScript off."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="da-DK")
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    """A page whose console must stay silent and who talks to nobody but us."""
    page = phone.new_page()
    said: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))
    yield page
    # Chromium itself notes every answer that is not 2xx; those are ours on purpose.
    assert [line for line in said if "Failed to load resource" not in line] == []
    assert hosts <= {"127.0.0.1"}
