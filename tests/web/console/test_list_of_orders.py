"""The console's list of orders: filters that are addresses, a board, pages, saved views, and what can't be read."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.stages import Stage
from storage.staff import StaffRole
from tests.web.application import SAMARBEJDE, Web
from tests.web.console.office import add, signed_in
from tests.web.console.orders import assign, listed, order_of
from tests.web.reading import Shown
from web.access_log import redacted
from web.console.orders import listing
from web.console.orders.filters import NAMES, filters_from


def test_filters_stand_in_the_address_so_that_a_view_can_be_shared(web: Web) -> None:
    karen = add(web, StaffRole.CONSULTANT)
    hers = order_of(web, "Ærø")
    web.clock.instant += dt.timedelta(minutes=1)
    other = order_of(web, "Ribe", package=SAMARBEJDE)
    assign(web, hers, karen)
    web.plan(hers)
    with signed_in(web) as me:

        def found(query: str) -> list[str]:
            return listed(Shown(me.get(f"/drift/forloeb?{query}")))

        assert set(found("")) == {"Ærø", "Ribe"}
        assert found("soeg=%C3%A6R") == ["Ærø"]
        assert found(f"soeg={other}") == ["Ribe"]
        assert set(found("soeg=Praksis+1")) == {"Ribe", "Ærø"}
        assert found("orden=bestilt") == ["Ribe", "Ærø"]
        assert found(f"konsulent={karen}") == ["Ærø"]
        assert found("konsulent=ingen") == ["Ribe"]
        assert found(f"pakke={SAMARBEJDE}") == ["Ribe"]
        assert found("venter=operations") == ["Ribe"]
        assert found("trin=planned") == ["Ærø"]
        assert found("fra=25.3.2026&til=25.3.2026") == ["Ærø"]
        assert found("fra=2026-03-26") == []
        assert found("orden=klynge") == ["Ribe", "Ærø"]
        assert found("trin=nej&venter=nej&orden=nej&side=x&noget=andet&orden=klynge") == ["Ribe", "Ærø"]
        assert found("afsluttet=ja") == []
        web.command(hers, type="cancel_order")
        assert found("") == ["Ribe"]
        assert found("afsluttet=ja") == found("trin=cancelled") == ["Ærø"]
        assert set(found("afsluttet=alle")) == {"Ærø", "Ribe"}


def test_what_is_late_is_found_and_says_so(web: Web) -> None:
    order_of(web, "Ribe")
    with signed_in(web) as me:
        assert listed(Shown(me.get("/drift/forloeb?forsinket=ja"))) == []
        web.clock.instant += dt.timedelta(days=30)
        shown = Shown(me.get("/drift/forloeb?forsinket=ja"))
    assert listed(shown) == ["Ribe"]
    assert "– overskredet" in shown.words


def test_the_form_shows_the_filters_and_sends_them_again(web: Web) -> None:
    order_of(web, "Ribe")
    with signed_in(web) as me:
        shown = Shown(me.get("/drift/forloeb?soeg=ribe&trin=ordered&konsulent=ingen&fra=1.3.2026&forsinket=ja"))
    form = {name: values[0] for name, values in shown.fields().items() if name in NAMES}
    assert (form["soeg"], form["trin"], form["konsulent"]) == ("ribe", "ordered", "ingen")
    assert (form["fra"], form["forsinket"]) == ("2026-03-01", "ja")
    assert shown.tree.xpath("//details[@open]"), "a filter in use is not folded away"


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("fra=32.1.2026", "I januar 2026 er der 31 dage."),
        ("fra=2.1.2026&til=1.1.2026", "Den sidste dag ligger før den første."),
        ("til=snart", "Skriv en dato"),
    ],
)
def test_a_date_that_is_none_shows_no_orders_rather_than_others(web: Web, query: str, line: str) -> None:
    order_of(web, "Ribe")
    with signed_in(web) as me:
        shown = Shown(me.get(f"/drift/forloeb?{query}"))
        sheet = me.get(f"/drift/forloeb.csv?{query}")
    assert (shown.status, listed(shown)) == (422, [])
    assert line in shown.words
    assert shown.tree.xpath("//input[@aria-invalid='true']")
    assert (sheet.status_code, sheet.headers["location"].partition("?")[0]) == (303, "/drift/forloeb")


def test_the_board_has_a_column_for_each_stage_with_its_count(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "ON_THE_BOARD", 1)
    for name in ("Ribe", "Vejle", "Ærø"):
        order_of(web, name)
    web.plan(order_of(web, "Køge"))
    with signed_in(web) as me:
        shown = Shown(me.get("/drift/forloeb?vis=tavle"))
        narrowed = Shown(me.get("/drift/forloeb?vis=tavle&trin=planned"))
        (address,) = [link for link in shown.links() if "trin=ordered" in link]
        rest = Shown(me.get(address))
    columns = [" ".join(each.text_content().split()) for each in shown.tree.xpath("//div[@class='board']//h2")]
    assert columns == ["Bestilt – afventer opkald 3", "Aftalt – undersøgelsen er ikke begyndt 1"]
    assert len(shown.tree.xpath("//li[@class='card']")) == 2
    assert len(narrowed.tree.xpath("//div[@class='board']//h2")) == 1
    assert len(listed(rest)) == 3


def test_a_page_has_so_many_lines_and_keeps_the_filters(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "LINES", 2)
    for name in ("Ribe", "Vejle", "Ærø"):
        order_of(web, name)
    with signed_in(web) as me:
        first = Shown(me.get("/drift/forloeb?orden=klynge&konsulent=ingen"))
        (later,) = first.tree.xpath("//a[text()='Næste']/@href")
        second = Shown(me.get(later))
        beyond = Shown(me.get("/drift/forloeb?side=99"))
    assert (listed(first), listed(second), listed(beyond)) == (["Ribe", "Vejle"], ["Ærø"], [])
    assert parse_qs(urlsplit(later).query) == {"orden": ["klynge"], "konsulent": ["ingen"], "side": ["2"]}
    assert second.tree.xpath("//a[text()='Forrige']")
    assert "3 forløb" in second.words


def test_a_view_is_saved_found_again_and_done_away_with(web: Web) -> None:
    order_of(web, "Ribe")
    query = "soeg=ribe&konsulent=ingen"
    with signed_in(web) as me, signed_in(web, StaffRole.CONSULTANT) as karen:
        saved = me.post("/drift/visninger", filtre=query, navn="  Mine   nye ")
        shown = Shown(me.get("/drift/forloeb"))
        assert saved.headers["location"] == f"/drift/forloeb?{query}"
        assert shown.tree.xpath("//ul[@class='chips']//a[text()='Mine nye']/@href") == [f"/drift/forloeb?{query}"]
        assert "Mine nye" not in Shown(karen.get("/drift/forloeb")).words
        (away,) = Shown(me.get(f"/drift/forloeb?{query}")).tree.xpath("//form[contains(@action, '/slet')]/@action")
        karen.post(away)
        assert "Mine nye" in Shown(me.get("/drift/forloeb")).words
        me.post(away)
        assert "Mine nye" not in Shown(me.get("/drift/forloeb")).words


@pytest.mark.parametrize(
    ("name", "line"), [("", "Feltet må ikke være tomt."), ("x" * 61, "1 tegn for lang"), ("a\u202eb", "usynlig")]
)
def test_a_name_that_is_none_is_refused_beside_its_field(web: Web, name: str, line: str) -> None:
    with signed_in(web) as me:
        shown = Shown(me.post("/drift/visninger", filtre="soeg=ribe", navn=name))
    assert shown.status == 422
    assert line in shown.described_by("navn")
    assert shown.fields()["navn"] == [name]
    assert shown.fields()["filtre"][0] == "soeg=ribe"


def test_an_address_is_the_same_after_it_was_read(web: Web) -> None:
    for stage in (*Stage, ""):
        given = {"soeg": "Æ & ø", "trin": str(stage), "fra": "2026-03-01", "forsinket": "ja", "vis": "tavle"}
        filters = filters_from(given, web.clock.instant)
        again = filters_from(dict.fromkeys(NAMES, "") | {n: v[0] for n, v in parse_qs(filters.query).items()},
                             web.clock.instant)  # fmt: skip
        assert (again.query, again.wanted) == (filters.query, filters.wanted)


def test_what_was_looked_for_is_in_no_log() -> None:
    """It may be a doctor's name."""
    assert redacted("/drift/forloeb?soeg=Mette+Holm") == "/drift/forloeb"
    assert redacted("/drift/log?person=1\n2") == "/drift/log"
    assert redacted("/api/v1/orders?x=1") == "/api/v1/orders?x=1"


def test_an_erased_coordinator_is_said_to_be_so(web: Web) -> None:
    order = order_of(web, "Ribe")
    with web.database.write() as connection:
        from storage import people

        people.release_from_order(connection, order, web.clock.instant)
    with signed_in(web) as me:
        shown = Shown(me.get("/drift/forloeb"))
    assert re.search(r"Koordinator:\s+navnet er slettet", shown.words)
