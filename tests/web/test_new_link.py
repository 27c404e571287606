"""`/nyt-link`: the link goes to the address we know and nowhere else; the page tells nobody which those are."""

import time
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select

from domain.by import Capacity
from domain.commands import RevokeLink, SendLink
from domain.model import OrderId
from storage.sign_in_pauses import attempt_table
from tests.web.application import OPERATIONS, Web
from tests.web.reading import Shown

COORDINATOR = "mette.holm@example.dk"
MEMBER = "laege2@example.dk"


def ask(http: httpx.Client, mail: str) -> httpx.Response:
    return http.post("/nyt-link", data={"mail": mail})


def asked(web: Web, many: int) -> list[tuple[str, str]]:
    """Each order that was asked to send a link, with whose; waits for so many to have been answered."""
    wait_for(lambda: answered(web) >= many)
    return [(request, command.holder) for request, command in web.orders.seen if isinstance(command, SendLink)]


def answered(web: Web) -> int:
    return sum(isinstance(command, SendLink) for command in web.orders.answered)


def wait_for(condition: Callable[[], bool]) -> None:
    """The page answers before anything is asked: nobody shall see by the time it takes what we know."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("nothing came of it")


def test_the_same_is_said_whether_the_address_is_known_or_not(web: Web, http: httpx.Client, planned: str) -> None:
    answers = [ask(http, mail) for mail in (COORDINATOR, "fremmed@example.dk")]
    told = {(answer.status_code, answer.headers["location"], answer.text) for answer in answers}
    assert told == {(303, "/nyt-link?sendt=1", "")}
    page = Shown(http.get("/nyt-link?sendt=1"))
    assert page.heading == "Se i din mail"
    assert "Kender vi adressen" in page.words
    assert "Ring til KiAP på 7196 8844" in page.words
    assert [holder for _, holder in asked(web, 1)] == [web.order(planned).coordinator]


@pytest.mark.parametrize("written", ["", "  "])
def test_who_writes_no_address_is_asked_for_it(http: httpx.Client, written: str) -> None:
    answer = ask(http, written)
    assert answer.status_code == 422
    assert "Skriv din mailadresse." in Shown(answer).words


def test_the_link_of_each_order_in_progress_is_sent_to_its_coordinator_or_member(web: Web, http: httpx.Client) -> None:
    one, two, over = (
        web.place(f"bestilling-000{number}", cluster={"name": name, "region": "nordjylland"})
        for number, name in enumerate(("Aalborg Øst", "Hjørring", "Skagen"), 1)
    )
    web.command(over, type="cancel_order")
    assert ask(http, COORDINATOR.upper()).status_code == 303
    asked(web, 2)
    assert {order for order in (one, two, over) if web.order(order).links} == {one, two}
    assert ask(http, MEMBER).status_code == 303
    asked(web, 4)
    for order in (one, two):
        held = web.order(order).links
        assert held.keys() - {web.order(order).coordinator} <= set(web.order(order).active_members)
        assert len(held) == 2
    by = {each.by for each in web.services.store.load_recorded(OrderId(one)) if each.event.type == "link_asked_for"}
    assert {(each.role, each.who) for each in by} == {(Capacity.SYSTEM, "portal")}


def test_a_good_link_stays_good_and_a_revoked_one_is_replaced(web: Web, http: httpx.Client, planned: str) -> None:
    coordinator, page = web.order(planned).coordinator, web.page_of(planned)
    ask(http, COORDINATOR)
    asked(web, 1)
    assert http.get(page).status_code == 200
    web.clock.set("2026-01-06")
    web.orders.give(planned, RevokeLink(holder=coordinator), by=OPERATIONS)
    ask(http, COORDINATOR)
    asked(web, 2)
    link = web.order(planned).link_of(coordinator)
    assert (link.issue, link.revoked) == (2, False)
    assert http.get(page).status_code == 404


def test_who_is_no_longer_on_the_order_is_sent_nothing(web: Web, http: httpx.Client, planned: str) -> None:
    web.command(planned, type="replace_coordinator", name="Ny Koordinator", email="ny@example.dk")
    assert ask(http, COORDINATOR).status_code == 303
    assert ask(http, "ny@example.dk").status_code == 303
    assert [holder for _, holder in asked(web, 1)] == [web.order(planned).coordinator]


@pytest.mark.parametrize("written", ["", "  ", "mette", "a@b\r\nBcc: x@y.dk", "x" * 400 + "@example.dk"])
def test_what_is_no_address_is_said_beside_the_field_and_kept(web: Web, http: httpx.Client, written: str) -> None:
    answer = ask(http, written)
    page = Shown(answer)
    assert (answer.status_code, bool(page.described_by("mail"))) == (422, True)
    assert web.orders.seen == []


def test_asking_many_times_is_held_back_alike_for_every_address(web: Web, http: httpx.Client, planned: str) -> None:
    for mail in (COORDINATOR, "fremmed@example.dk"):
        answers = [ask(http, mail) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [303, 303, 303, 303, 429]
        page = Shown(answers[-1])
        assert page.heading == "Vent lidt"
        assert "Prøv igen om et minut." in page.words
        assert answers[-1].headers["retry-after"] == "1"
    asked(web, 4)
    assert len([event for event in web.services.store.load(OrderId(planned)) if event.type == "link_asked_for"]) == 1
    with web.database.read() as connection:
        rows = [tuple(row) for row in connection.execute(select(attempt_table))]
    assert len(rows) == 3, "two addresses and a network"
    assert not any("example.dk" in str(row) or "127.0.0.1" in str(row) for row in rows)


def test_one_network_that_tries_many_addresses_is_held_back_too(web: Web, http: httpx.Client) -> None:
    answers = [ask(http, f"nogen{number}@example.dk").status_code for number in range(22)]
    assert answers == [303] * 21 + [429]


def test_orders_that_cannot_be_reached_are_none_of_the_askers_business(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.orders.reachable = False
    assert [ask(http, mail).status_code for mail in (COORDINATOR, "fremmed@example.dk")] == [303, 303]
    wait_for(lambda: answered(web) == 1)
    web.orders.reachable = True
    assert not web.order(planned).links


def test_the_front_page_leads_there(http: httpx.Client) -> None:
    assert "/nyt-link" in Shown(http.get("/")).links()
