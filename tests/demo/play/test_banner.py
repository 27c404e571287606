"""Every page of the demonstration says that it is one: whichever route answers, and what is no page stays as it is."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from demo.play.place import START, STYLE
from domain.model import OrderId, PersonId
from storage.board import board
from storage.order_links import meeting_link, order_link
from storage.staff import StaffRole
from tests.demo.play.stage import Stage
from tests.web.console.office import cookie_of
from tests.web.test_who_sees_what import PARAMETERS
from web.console.cookie import COOKIE

pytestmark = pytest.mark.temporal

MARK = '<aside class="demonstration"'


@pytest.fixture
def administrator(stage: Stage) -> Iterator[httpx.Client]:
    with stage.browser() as browser:
        answer = browser.post(f"{START}/log-ind", data={"rolle": StaffRole.ADMINISTRATOR.value})
        browser.headers["Cookie"] = f"{COOKIE}={cookie_of(answer)}"
        yield browser


def addresses(stage: Stage) -> list[str]:
    """Every route that is read, with an order that is there wherever an order may stand."""
    order = board(stage.database)[0].order_id
    values = {name: value.replace("{order}", order) for name, value in PARAMETERS.items()}
    paths = {
        getattr(route, "path", "")
        for route in iter_route_contexts(stage.app.routes)
        if "GET" in (getattr(route, "methods", None) or ())
    }
    return sorted(re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values.get(found[1], "intet"), path) for path in paths)


def test_every_page_has_the_banner_once_whoever_asks(stage: Stage, administrator: httpx.Client) -> None:
    pages = 0
    for path in addresses(stage):
        for browser in (administrator, stage.browser()):
            if browser is administrator and path.endswith(("/log-ind/svar", "/haendelser")):
                continue
            with browser.stream("GET", path) as answer:
                if not answer.headers.get("content-type", "").startswith("text/html"):
                    continue
                answer.read()
            assert answer.text.count(MARK) == 1, path
            assert answer.text.count(STYLE) == 1, path
            assert int(answer.headers["content-length"]) == len(answer.content), path
            pages += 1
            if browser is not administrator:
                browser.close()
    assert pages > 30, "so many there are at least"


def test_doctors_and_coordinators_pages_have_it_and_so_has_what_is_not_there(stage: Stage) -> None:
    keys, row = stage.playground.services.keys, board(stage.database)[0]
    order, person = OrderId(row.order_id), PersonId(row.coordinator)
    coordinator, meeting = order_link(keys, order, person), meeting_link(keys, order, person)
    with stage.browser() as browser:
        for path in (f"/bestilling/{coordinator}", f"/moede/{meeting}", "/svar/intet", "/intet", "/drift/intet", "/"):
            assert MARK in browser.get(path).text, path
        assert MARK in browser.post("/").text, "what is refused is a page as well"


def test_what_is_no_page_passes_as_it_is(stage: Stage) -> None:
    with stage.browser() as browser:
        for path in ("/api/v1/openapi.json", "/static/style.css", STYLE):
            answer = browser.get(path)
            assert answer.status_code == 200
            assert MARK not in answer.text


def test_a_question_for_the_head_alone_gets_the_same_head(stage: Stage) -> None:
    with stage.browser() as browser:
        whole, head = browser.get("/"), browser.head("/")
    assert head.content == b""
    assert head.headers["content-type"] == whole.headers["content-type"]
