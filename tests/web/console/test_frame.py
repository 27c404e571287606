"""The console's frame: menu, names, titles and errors; the list of orders and one order."""

import datetime as dt
import re

import pytest

from domain.authority import Right, has_right
from domain.by import By, Capacity
from storage.database import Database
from storage.outage import DatabaseUnavailable, Outage
from storage.staff import StaffRole
from tests.web.application import Web
from tests.web.console.office import browser, signed_in
from tests.web.reading import Shown
from web.console.device import device_of
from web.console.frame import console_page
from web.console.navigation import MENU
from web.templating import TEMPLATES


@pytest.mark.parametrize("role", StaffRole)
def test_the_menu_leads_to_pages_that_are_there(shared_web: Web, role: StaffRole) -> None:
    with signed_in(shared_web, role) as colleague:
        shown = Shown(colleague.get("/drift"))
        entries = shown.tree.xpath("//header//nav//a/@href")
        assert entries == [
            entry.path for entry in MENU if has_right(By(role=Capacity(role.value), who="x"), entry.needs)
        ]
        for path in entries:
            page = Shown(colleague.get(path))
            assert page.status == 200
            assert page.tree.xpath("//header//nav//a[@aria-current='page']/@href") == [path]
            assert page.tree.xpath("//title/text()")[0] == f"{page.heading} – KiAP drift"
    assert shown.tree.xpath("//header//form/@action") == ["/drift/log-ud"]


def test_open_orders_stand_with_what_is_due_and_late_ones_say_so(web: Web) -> None:
    order = web.place()
    with signed_in(web) as ole:
        early = Shown(ole.get("/drift/forloeb"))
        web.clock.instant += dt.timedelta(days=30)
        late = Shown(ole.get("/drift/forloeb"))
        web.command(order, type="cancel_order")
        empty = Shown(ole.get("/drift/forloeb"))
    assert f"/drift/forloeb/{order}" in early.links()
    assert "1 forløb, alle åbne." in early.words
    assert "Bestilt – afventer opkald ingen KiAP" in early.words
    assert "– overskredet" not in early.words
    assert "– overskredet" in late.words
    assert "Der er ingen åbne forløb." in empty.words


def test_an_order_shows_its_stage_what_we_wait_for_and_both_ways_in_time(web: Web) -> None:
    order = web.place()
    web.plan(order)
    with signed_in(web) as ole:
        shown = Shown(ole.get(f"/drift/forloeb/{order}"))
        unknown = ole.get("/drift/forloeb/findes-ikke")
    assert shown.heading == "Trivsel og arbejdsglæde – Aalborg Øst"
    assert "Aftalt – undersøgelsen er ikke begyndt" in shown.words
    assert len(shown.tree.xpath("//ol[@class='steps']")) == 2
    assert f"/drift/log?forloeb={order}" in shown.links()
    assert (unknown.status_code, Shown(unknown).heading) == (404, "Forløbet findes ikke")


def test_an_unknown_address_is_answered_inside_the_frame(shared_web: Web) -> None:
    with signed_in(shared_web) as ole:
        shown = Shown(ole.get("/drift/nej"))
        wrong_method = Shown(ole.http.request("DELETE", "/drift/log"))
    assert (shown.status, shown.heading) == (404, "Siden findes ikke")
    assert shown.tree.xpath("//nav//a/@href") == [entry.path for entry in MENU if entry.needs is not Right.ADMINISTER]
    assert "mail" not in shown.words
    assert (wrong_method.status, wrong_method.heading) == (405, "Det kan man ikke her")
    with browser(shared_web) as http:
        assert Shown(http.get("/drift/nej")).tree.xpath("//nav") == []


def test_while_the_database_is_out_of_reach_no_password_is_sent_back(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(_self: Database) -> None:
        raise DatabaseUnavailable(Outage.OUT_OF_REACH, "nowhere")

    with signed_in(web) as ole:
        monkeypatch.setattr(Database, "read", unreachable)
        monkeypatch.setattr(Database, "write", unreachable)
        page = ole.get("/drift")
        password = "en hemmelig sætning"
        signing_in = ole.http.post("/drift/log-ind", data={"mail": "ole@kiap.example", "adgangskode": password})
        form = ole.post("/drift/min-side/afslut", session="abc")
    assert [each.status_code for each in (page, signing_in, form)] == [503] * 3
    assert [each.headers["retry-after"] for each in (page, signing_in, form)] == ["10"] * 3
    assert password not in signing_in.text
    assert Shown(form).fields()["session"] == ["abc"]
    assert "no-referrer" not in form.text
    assert all(each.headers["referrer-policy"] == "same-origin" for each in (page, signing_in, form))


def test_code_that_breaks_apologises_in_the_consoles_own_words(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.console.orders import listing

    def breaks(*_given: object) -> None:
        raise RuntimeError("Karen Lund")

    monkeypatch.setattr(listing, "_facts", breaks)
    with signed_in(web) as ole:
        answer = ole.get("/drift/forloeb")
    assert (answer.status_code, Shown(answer).heading) == (500, "Noget gik galt")
    assert "Karen" not in answer.text


def test_every_form_of_a_signed_in_page_has_the_token() -> None:
    for file in (TEMPLATES / "console").glob("*.html"):
        for form in re.findall(r"<form method=\"post\".*?</form>", file.read_text(), re.DOTALL):
            is_open = file.name in ("sign_in.html", "welcome.html", "again.html")
            assert is_open or "form_token" in form, file.name


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox på Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140.0", "Edge på Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari på iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome på Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36", "Chrome på Mac"),
        ("<script>alert(1)</script>", "En browser"),
        ("", "En browser"),
    ],
)
def test_a_browser_is_named_in_a_few_words(user_agent: str, said: str) -> None:
    assert device_of(user_agent) == said


def test_a_page_without_anybody_has_neither_menu_nor_way_out() -> None:
    text = bytes(console_page("console/message.html", None, title="Hej", paragraphs=()).body).decode()
    assert "<nav" not in text
    assert "Log ud" not in text
