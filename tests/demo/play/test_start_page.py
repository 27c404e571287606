"""The demonstration's first page: time moves by a press, and whoever comes becomes whom they want to be."""

import re
from html import unescape

import httpx
import pytest

from demo.play.place import START
from demo.play.start_page import FOLLOW, NO_SUCH_ROLE, NO_SUCH_STEP, ON_ITS_WAY
from demo.play.steps import LABELS, Leap
from storage.audit import Deed, Wanted, entries
from storage.staff import StaffRole
from tests.demo.play.stage import WITHIN, Stage
from tests.web.console.office import cookie_of
from web.console.cookie import COOKIE
from web.console.principal import ROLES

pytestmark = pytest.mark.temporal


def links(page: str, beginning: str) -> list[str]:
    return re.findall(rf'href="({beginning}[^"]+)"', page)


def test_the_page_says_what_time_it_is_and_has_a_button_for_each_step(browser_at: httpx.Client, stage: Stage) -> None:
    page = browser_at.get(START)
    assert page.status_code == 200
    assert "Klokken er" in page.text
    assert all(label in page.text for label in (*LABELS.values(), *ROLES.values()))


def test_a_press_moves_time_and_the_page_tells_what_happened(browser_at: httpx.Client, stage: Stage) -> None:
    before = stage.now
    answer = browser_at.post(f"{START}/tid", data={"skridt": "haendelse"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{START}#flyt")
    stage.wait_for(stage.playground.journey.arrive())
    assert stage.now > before
    page = browser_at.get(START).text
    assert "Det skete fra" in page
    assert links(page, "/drift/forloeb/"), "with a way to the orders"


@pytest.mark.parametrize("fields", [{"skridt": "aar"}, {"skridt": ""}, {}, {"skridt": "-1"}], ids=str)
def test_a_step_that_does_not_exist_is_refused_in_one_danish_line(
    browser_at: httpx.Client, stage: Stage, fields: dict[str, str]
) -> None:
    last = stage.playground.journey.last
    answer = browser_at.post(f"{START}/tid", data=fields)
    assert answer.status_code == 422
    assert NO_SUCH_STEP in unescape(answer.text)
    assert stage.playground.journey.last is last, "time stands"


def test_while_time_moves_another_press_is_refused_and_one_can_wait_for_it(
    browser_at: httpx.Client, stage: Stage
) -> None:
    stage.wait_for(stage.playground.journey.begin(Leap.WEEK))
    refused = browser_at.post(f"{START}/tid", data={"skridt": "dag"})
    assert (refused.status_code, ON_ITS_WAY in unescape(refused.text)) == (409, True)
    assert 'http-equiv="refresh"' not in refused.text, "no page moves by itself"
    assert links(refused.text, re.escape(FOLLOW)[:-1]), "one may wait"
    arrived = browser_at.get(FOLLOW).text
    assert "Tiden går stadig" not in arrived
    assert "Det skete fra" in arrived


@pytest.mark.parametrize("path", ["tid", "log-ind"])
def test_another_sites_page_moves_no_time_and_signs_nobody_in(stage: Stage, path: str) -> None:
    last = stage.playground.journey.last
    with stage.browser() as browser:
        for sender in ({"Origin": "https://andre.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = browser.post(f"{START}/{path}", data={"skridt": "dag", "rolle": "operations"}, headers=sender)
            assert (answer.status_code, cookie_of(answer)) == (403, "")
    assert stage.playground.journey.last is last


@pytest.mark.parametrize("role", StaffRole)
def test_one_press_signs_in_as_each_of_kiaps_own(browser_at: httpx.Client, stage: Stage, role: StaffRole) -> None:
    answer = browser_at.post(f"{START}/log-ind", data={"rolle": role.value})
    assert (answer.status_code, answer.headers["location"]) == (303, "/drift")
    me = browser_at.get("/drift/min-side", headers={"Cookie": f"{COOKIE}={cookie_of(answer)}"})
    assert (me.status_code, ROLES[role] in me.text) == (200, True)
    with stage.database.read() as connection:
        newest, *_ = entries(connection, Wanted(), 1)
    assert (newest.deed, newest.by.role.value) == (Deed.SIGNED_IN, role.value), "the audit log has it"


@pytest.mark.parametrize("role", ["", "coordinator", "direktør"])
def test_a_role_that_does_not_exist_is_refused_in_one_danish_line(browser_at: httpx.Client, role: str) -> None:
    answer = browser_at.post(f"{START}/log-ind", data={"rolle": role})
    assert (answer.status_code, cookie_of(answer)) == (422, "")
    assert NO_SUCH_ROLE in answer.text


def test_a_session_outlives_a_moved_clock(browser_at: httpx.Client, stage: Stage) -> None:
    session = cookie_of(browser_at.post(f"{START}/log-ind", data={"rolle": "operations"}))
    for _ in range(2):
        stage.travel(Leap.WEEK)
    assert browser_at.get("/drift/forloeb", headers={"Cookie": f"{COOKIE}={session}"}).status_code == 200


def test_coordinators_pages_are_a_press_away(browser_at: httpx.Client, stage: Stage) -> None:
    found = links(browser_at.get(START).text, f"{START}/koordinator/")
    assert found
    for link in found:
        page = browser_at.get(link, follow_redirects=True)
        assert (page.status_code, page.url.path.startswith("/bestilling/")) == (200, True)


def test_the_coordinator_of_no_order_is_not_found(browser_at: httpx.Client, stage: Stage) -> None:
    answer = browser_at.get(f"{START}/koordinator/findesikke")
    assert (answer.status_code, "Bestillingen findes ikke." in answer.text) == (404, True)


def test_time_that_cannot_go_on_is_told(stage: Stage, browser_at: httpx.Client) -> None:
    """A job that is not there stops the journey, and the page says so."""
    journey, chores = stage.playground.journey, stage.playground.chores
    queue, chores.queue = chores.queue, ""
    try:
        stage.wait_for(journey.begin(Leap.DAY, WITHIN))
    finally:
        chores.queue = queue
    assert "Tiden stoppede undervejs" in browser_at.get(START).text
    stage.travel(Leap.DAY)


@pytest.mark.parametrize(
    ("wanted", "comes_to"),
    [
        ("/drift", "/drift"),
        ("/drift/landet?pakke=x", "/drift/landet?pakke=x"),
        ("/drift/log-ind", "/drift"),
        ("/drift/log-ind?ud=1", "/drift"),
        ("/drift/log-ind?naeste=https://andre.example/", "/drift"),
        ("/drift/log-ind?naeste=%ff", "/drift"),
    ],
)
def test_a_lone_visitor_of_the_console_is_led_to_one_press_and_then_to_the_page_they_wanted(
    stage: Stage, wanted: str, comes_to: str
) -> None:
    with stage.browser() as browser:
        answer = browser.get(wanted, follow_redirects=True)
        assert answer.url.path == START
        assert "her er ingen adgangskoder" in answer.text
        assert 'type="password"' not in answer.text
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
        pressed = browser.post(f"{START}/log-ind", data={**fields, "rolle": "operations"})
        assert pressed.headers["location"] == comes_to
        shown = browser.get(comes_to, headers={"Cookie": f"{COOKIE}={cookie_of(pressed)}"})
    assert shown.status_code == 200
    assert "Drift" in shown.text
    assert "her er ingen adgangskoder" not in browser_text(stage), "who comes by themselves is told nothing of it"


def browser_text(stage: Stage) -> str:
    with stage.browser() as browser:
        return browser.get(START).text


def test_whoever_leads_the_visitor_on_leads_them_nowhere_else(browser_at: httpx.Client) -> None:
    for wanted in ("https://andre.example/", "//andre.example", "/drift/../bestil", "/drift/log-ud"):
        pressed = browser_at.post(f"{START}/log-ind", data={"rolle": "operations", "naeste": wanted})
        assert pressed.headers["location"] == "/drift"
