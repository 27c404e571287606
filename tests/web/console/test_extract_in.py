"""A register's extract given in the console: looked through in counts, refused line by line, kept once it was seen."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from domain import commands as do
from domain.model import OrderId, Round
from storage import register_rows
from storage.database import Database
from storage.staff import StaffRole
from tests.a_register import EXTRACT
from tests.databases import new_sqlite, sqlite_url
from tests.hand_clock import MONDAY
from tests.web.application import OPERATIONS, Web
from tests.web.console.office import Colleague, signed_in
from tests.web.reading import Shown
from tests.web.register_orders import EXTRACT_ALL, awaited, give, placed, register_web, tabulated

A_NUMBER = re.compile(r"\b(31[.,]4|24,0|41[.,](25|3)|28[.,]6)\b")


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    database = Database(sqlite_url(new_sqlite(tmp_path / "klyngeflow.db")))
    with register_web(database) as running:
        yield running
    database.close()


@pytest.fixture
def order(web: Web) -> str:
    order = placed(web)
    awaited(web, order)
    return order


def look(me: Colleague, order: str, content: str | bytes) -> httpx.Response:
    """Choose a file and press the button."""
    raw = content.encode() if isinstance(content, str) else content
    return me.post(f"/drift/forloeb/{order}/registertal", {"extract": raw})


def agree(me: Colleague, order: str, looked: httpx.Response) -> httpx.Response:
    """Press the button beneath what was looked through."""
    page = Shown(looked)
    [sealed] = page.tree.xpath("//button[@name='set']/@value")
    [number] = page.tree.xpath("//input[@name='anmodning']/@value")
    return me.post(f"/drift/forloeb/{order}/registertal", {"set": str(sealed), "anmodning": str(number)})


def rows(web: Web, order: str) -> int:
    with web.database.read() as connection:
        return len(register_rows.extract_of(connection, web.services.keys, OrderId(order), Round.BASELINE).rows)


@pytest.mark.parametrize("role", StaffRole)
def test_an_extract_is_seen_in_counts_and_then_given(web: Web, order: str, role: StaffRole) -> None:
    with signed_in(web, role) as me:
        page = Shown(me.get(f"/drift/forloeb/{order}"))
        assert "Hent klyngens tal fra registret" in page.words
        looked = look(me, order, EXTRACT)
        shown = Shown(looked)
        assert "6 af 7 praksisser har tal." in shown.words
        assert "Klinikken ved Åen" in shown.words
        assert "Fem lægemidler eller flere" in shown.words
        assert not A_NUMBER.search(looked.text), "no practice's number is on a page of KiAP's"
        assert rows(web, order) == 0
        given = agree(me, order, looked)
        assert (given.status_code, given.headers["location"]) == (303, f"/drift/forloeb/{order}?gjort=give_extract")
        done = Shown(me.get(given.headers["location"]))
    assert "Tallene er gemt, og opgørelsen laves nu." in done.words
    assert "6 af 7 praksisser har tal." in done.words
    assert rows(web, order) == 6


def test_faults_stand_line_by_line_and_nothing_is_kept(web: Web, order: str) -> None:
    wrong = EXTRACT.replace("31,4", "mange").replace("067890", "999999")
    with signed_in(web) as me:
        answer = look(me, order, wrong)
    page = Shown(answer)
    assert answer.status_code == 422
    assert "Intet er gemt" in page.words
    faults = [" ".join(each.text_content().split()) for each in page.tree.xpath("//div[@class='problems']//li")]
    assert [fault.partition(":")[0] for fault in faults] == [
        "Linje 2, kolonnen »fem_midler«",
        "Linje 7, kolonnen »ydernummer«",
    ]
    assert rows(web, order) == 0
    survey = web.order(order).baseline
    assert survey is not None
    assert survey.awaits_extract


def test_a_file_that_is_none_or_of_too_few_practices_is_refused_in_a_line(web: Web, order: str) -> None:
    few = "\n".join(EXTRACT.splitlines()[:4])
    with signed_in(web) as me:
        assert "Vælg en fil." in Shown(look(me, order, b"")).words
        assert "Kun 3 af klyngens praksisser har tal i udtrækket." in Shown(look(me, order, few)).words
        assert "Filen er et regneark, ikke en CSV-fil." in Shown(look(me, order, b"PK\x03\x04...")).words
    assert rows(web, order) == 0


def test_what_was_looked_through_in_another_order_or_made_up_is_not_taken(web: Web, order: str) -> None:
    web.clock.instant = MONDAY
    other = placed(web, "bestilling-0009", cluster={"name": "Vejle", "region": "syddanmark"})
    awaited(web, other)
    with signed_in(web) as me:
        looked = Shown(look(me, order, EXTRACT))
        [sealed] = looked.tree.xpath("//button[@name='set']/@value")
        for forged in (str(sealed), "intet", "AAAA"):
            answer = me.post(f"/drift/forloeb/{other}/registertal", {"set": forged})
            assert "Vælg en fil." in Shown(answer).words
    assert rows(web, other) == 0


def test_another_extract_takes_its_place_and_the_form_says_so_until_the_release(web: Web, order: str) -> None:
    give(web, order)
    tabulated(web, order)
    web.make_deck(order, kinds=("deck", "document"))
    with signed_in(web) as me:
        form = Shown(me.get(f"/drift/forloeb/{order}/registertal"))
        assert "Der ligger allerede et udtræk." in form.words
        assert agree(me, order, look(me, order, EXTRACT_ALL)).status_code == 303
        assert rows(web, order) == 7
        tabulated(web, order)
        web.make_deck(order, kinds=("deck", "document"))
        web.orders.give(order, do.ReleaseDeck(), by=OPERATIONS)
        gone = me.get(f"/drift/forloeb/{order}/registertal")
        assert gone.status_code == 303
        assert look(me, order, EXTRACT).headers["location"] == f"/drift/forloeb/{order}"
    assert rows(web, order) == 7


def test_the_coordinator_has_no_such_form_and_reads_no_word_of_a_questionnaire(web: Web, order: str) -> None:
    with web.client() as http:
        page = Shown(http.get(web.page_of(order)))
        assert not [link for link in page.links() if "registertal" in link or "uden-resultater" in link]
        assert http.get(f"{web.page_of(order)}/registertal").status_code in (303, 404)
        assert http.post(f"{web.page_of(order)}/registertal", data={"set": "x"}).status_code in (303, 404, 422)
    assert "KiAP henter dem fra registret senest" in page.words
    assert "Henter klyngens tal fra registret, senest" in page.words
    assert "spørgeskema" not in page.words.casefold()
    assert "har svaret" not in page.words
    assert web.command(order, type="ask_own_questions", questions=[]).status_code == 422


def test_it_stands_on_the_list_of_what_needs_a_person_with_the_form_that_does_it(web: Web, order: str) -> None:
    with signed_in(web) as me:
        page = Shown(me.get("/drift"))
    assert "Tal fra registret mangler" in page.words
    assert f"/drift/forloeb/{order}/registertal" in page.links()
