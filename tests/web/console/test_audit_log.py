"""The log page: who did what, filters that are addresses, and a table that no spreadsheet reckons with."""

import csv
import datetime as dt
import io

import httpx
import pytest

from cli.acting import UNNAMED
from domain.by import coordinator, operations
from domain.model import OrderId, PersonId, StaffId
from storage import accounts, audit
from storage.audit import TERMINAL, Deed, Edge, Origin, Subject
from storage.staff import OFFICE, StaffRole
from tests.web.application import Web
from tests.web.console.office import Colleague, add, log_of, signed_in
from tests.web.reading import Shown, Visitor

HERE = Origin(Edge.PAGE, "192.0.2.7")


def rows(answer: httpx.Response) -> list[list[str]]:
    """The cells of the log's rows as they are read, without the time."""
    tree = Shown(answer).tree
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./td")] for row in tree.xpath("//tbody/tr")]


def table(colleague: Colleague, query: str = "") -> list[list[str]]:
    answer = colleague.get(f"/drift/log.csv{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="log.csv"'
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


def test_commands_by_every_way_in_stand_there_with_what_came_of_them(web_on_both: Web) -> None:
    web = web_on_both
    order = web.place()
    web.plan(order)
    with web.client() as http:
        Visitor(http, f"{web.page_of(order)}/rammer").send(minutes="180")
    with signed_in(web) as ole:
        found = rows(ole.get(f"/drift/log?forloeb={order}"))
    assert found == [
        ["Mette Holm koordinator", found[0][1], order, "siden 127.0.0.1"],
        ["kiap-dk API-nøgle", found[1][1], order, "API 127.0.0.1"],
        ["kiap-dk API-nøgle", "Bestillingen kom ind", order, "API 127.0.0.1"],
    ]
    assert "ramme" in found[0][1].lower() or "møde" in found[0][1].lower()
    assert "aftalt" in found[1][1].lower()


def test_a_refused_command_leaves_no_line_and_one_without_effect_says_so(web: Web) -> None:
    order = web.place()
    web.plan(order)
    before = len(log_of(web))
    assert web.command(order, type="release_deck").status_code == 409
    assert web.command(order, type="move_meeting", to="2026-01-01T17:00").status_code == 409
    assert len(log_of(web)) == before
    with web.database.write() as connection:
        audit.note_command(connection, operations(OFFICE), HERE, web.clock.instant, OrderId(order), "close_survey", "x")
    with signed_in(web) as ole:
        (newest, *_) = rows(ole.get("/drift/log"))
    assert newest[0] == "KiAP’s postkasse drift"
    assert newest[1].endswith("– ændrede ikke noget")


def test_a_form_sent_twice_is_one_line(web: Web) -> None:
    order = web.place()
    web.plan(order)
    before = len(log_of(web))
    with web.client() as http:
        visitor = Visitor(http, f"{web.page_of(order)}/rammer")
        fields = {**visitor.page.fields(), "minutes": "180"}
        for _ in range(2):
            assert http.post(visitor.path, data=fields).status_code == 303
    assert len(log_of(web)) == before + 1


@pytest.fixture
def a_history(web: Web) -> tuple[Web, StaffId]:
    """Three days: Asta gives Karen another role, Karen is written a link, somebody at the terminal makes a key."""
    karen, asta = add(web, StaffRole.CONSULTANT), add(web, StaffRole.ADMINISTRATOR)
    with web.database.write() as connection:
        facts = {"from": "operations", "to": "consultant"}
        subject = Subject(about=karen, facts=facts, why="tilbage fra barsel")
        audit.note(connection, operations(asta), Deed.ROLE_CHANGED, HERE, web.clock.instant, subject)
        day = web.clock.instant + dt.timedelta(days=1)
        audit.note(connection, operations(karen), Deed.SIGNED_IN, HERE, day)
        subject = Subject(about="region-nord", facts={"scopes": "give_commands read_orders"})
        audit.note(connection, UNNAMED, Deed.KEY_MADE, TERMINAL, day + dt.timedelta(days=1), subject)
    return web, karen


def test_a_file_of_clusters_that_was_put_in_is_told_with_how_many(web: Web) -> None:
    add(web, StaffRole.OPERATIONS)
    with web.database.write() as connection:
        facts = {"new": "3", "changed": "1"}
        audit.note(connection, UNNAMED, Deed.CLUSTERS_IMPORTED, TERMINAL, web.clock.instant, Subject(facts=facts))
    with signed_in(web) as ole:
        told = rows(ole.get("/drift/log"))
    assert "Lagde klynger ind fra en fil: 3 nye, 1 rettet" in [row[1].strip() for row in told]


def test_the_log_is_found_by_person_and_by_day(a_history: tuple[Web, StaffId]) -> None:
    web, karen = a_history
    with signed_in(web) as ole:
        everything = rows(ole.get("/drift/log"))
        hers = Shown(ole.get(f"/drift/log?person={karen}"))
        later = rows(ole.get("/drift/log?siden=2026-01-06"))
        as_danes_write = rows(ole.get("/drift/log?siden=6.1.2026"))
        neither = Shown(ole.get(f"/drift/log?person={karen}&siden=2026-02-01"))
    assert everything == [
        ["Terminalen terminal", "Lavede en API-nøgle: give_commands og read_orders region-nord", "–", "terminal"],
        ["Karen Lund drift", "Loggede ind", "–", "siden 192.0.2.7"],
        [
            "Asta Krog drift",
            "Ændrede en rolle: fra drift til konsulent Karen Lund tilbage fra barsel",
            "–",
            "siden 192.0.2.7",
        ],
    ]
    assert len(hers.tree.xpath("//tbody/tr")) == 2
    assert hers.tree.xpath("//option[@selected]/text()") == ["Karen Lund"]
    assert later == as_danes_write == everything[:2]
    assert "Her er ingen linjer, der passer." in neither.words


def test_a_day_that_is_none_is_refused_beside_its_field(a_history: tuple[Web, StaffId]) -> None:
    web, _ = a_history
    with signed_in(web) as ole:
        answer = ole.get("/drift/log?siden=igår")
    shown = Shown(answer)
    assert answer.status_code == 422
    assert shown.described_by("siden").startswith("Fejl: ")
    assert 'value="igår"' in shown.text


@pytest.mark.parametrize("query", ["foer=x", "foer=-1", f"foer={'9' * 30}", "foer=²", "person=%00", "forloeb='", "x=1"])
def test_an_address_that_was_tampered_with_breaks_nothing(shared_web: Web, query: str) -> None:
    with signed_in(shared_web) as ole:
        assert ole.get(f"/drift/log?{query}").status_code in (200, 422)
        assert ole.get(f"/drift/log.csv?{query}").status_code == 200


def test_earlier_lines_are_a_page_away_and_the_filters_stay(web: Web) -> None:
    karen = add(web, StaffRole.CONSULTANT)
    with web.database.write() as connection:
        for number in range(120):
            at = web.clock.instant + dt.timedelta(minutes=number)
            audit.note(connection, operations(karen), Deed.MAIL_STOPPED, HERE, at, Subject(about=f"laege-{number}"))
    seen, path = list[str](), f"/drift/log?person={karen}"
    with signed_in(web) as ole:
        while path:
            shown = Shown(ole.get(path))
            seen += [cell[1] for cell in rows(ole.get(path))]
            path = next((link for link in shown.links() if "foer=" in link), "")
            assert not path or f"person={karen}" in path
        exported = table(ole, f"?person={karen}")
    assert len(seen) == len(set(seen)) == 120
    assert len(exported) == 121


def test_the_table_has_every_line_and_every_column(a_history: tuple[Web, StaffId]) -> None:
    web, karen = a_history
    with signed_in(web) as ole:
        head, *lines = table(ole, f"?person={karen}")
    assert head == ["Dato", "Tid", "Hvem", "Som", "Hvad", "Om", "Bestilling", "Hvorfor", "Hvorfra", "Netværk"]
    assert lines[-1] == [
        "05.01.2026", "10.00", "Asta Krog", "drift", "Ændrede en rolle: fra drift til konsulent", "Karen Lund", "",
        "tilbage fra barsel", "siden", "192.0.2.7",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1 Krog", "+45 Krog", "-Krog", "@SUM(A1) Krog", "=HYPERLINK('x') Krog"])
def test_no_cell_of_the_table_is_a_formula(web: Web, name: str) -> None:
    asta = add(web, StaffRole.ADMINISTRATOR, name=name)
    with web.database.write() as connection:
        subject = Subject(about="x", why="=cmd|' /C calc'!A0")
        audit.note(connection, operations(asta), Deed.LINK_MADE, HERE, web.clock.instant, subject)
    with signed_in(web) as ole:
        (_, line) = table(ole)
    assert line[2] == f"'{name}"
    assert line[7] == "'=cmd|' /C calc'!A0"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)


def test_names_that_are_erased_are_said_to_be(a_history: tuple[Web, StaffId]) -> None:
    web, karen = a_history
    with web.database.write() as connection:
        accounts.colleague_left(connection, karen, web.clock.instant)
        audit.note(connection, coordinator(PersonId("ukendt")), Deed.COMMAND, HERE, web.clock.instant,
                   Subject(order_id="o", request_id="r", facts={"command": "cancel_order"}))  # fmt: skip
    with signed_in(web) as ole:
        found = rows(ole.get(f"/drift/log?person={karen}"))
        shown = Shown(ole.get("/drift/log"))
    assert found[0][0] == "navnet er slettet drift"
    assert "Karen" not in shown.text
    assert "ukendt" in shown.text


def test_nothing_in_the_log_tells_who_has_answered(web: Web) -> None:
    order = web.place()
    web.plan(order)
    before = log_of(web)
    web.answered_by_all(order)
    baseline = web.order(order).baseline
    assert baseline is not None
    assert baseline.answers == 8
    assert log_of(web) == before
