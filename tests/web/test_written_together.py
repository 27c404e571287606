"""What a command writes beside the stream is written with its event or not at all, whatever is refused or repeated."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from domain.model import OrderId, PersonId, Round
from domain.results import Results
from storage import people, texts
from storage.enclosures import enclosure_table
from storage.people import membership_table, person_table
from storage.result_repository import store
from storage.texts import attendance_table, text_table
from tests.local_orders import LocalOrders
from tests.web.application import Web
from tests.web.reading import Shown, Visitor
from web.orders_port import Accepted

BESIDE = (person_table, membership_table, text_table, attendance_table)


def rows(web: Web) -> dict[str, list[Any]]:
    """Everything that commands write beside the stream, and nothing left on its way."""
    with web.database.read() as connection:
        assert connection.execute(enclosure_table.select()).all() == []
        return {table.name: sorted(map(str, connection.execute(table.select()).mappings().all())) for table in BESIDE}


@pytest.fixture
def http(web: Web) -> Iterator[httpx.Client]:
    with web.client(web.site_key) as client:
        yield client


@pytest.fixture
def read(web: Web, planned: str) -> str:
    """An order in review, with two free texts that nobody has read."""
    web.answered_by_all(planned)
    found = web.order(planned)
    results = Results(package=found.package, package_version=1, round=Round.BASELINE, n=8, members=8, suppressed=False)
    written = [("gode_erfaringer", "Kaffe klokken ti."), ("gode_erfaringer", "Spørg Lis.")]
    with web.database.write() as connection:
        store(connection, found.id, results, written, web.clock.instant)
    web.make_deck(planned, free_texts=2)
    return planned


def free_texts(http: httpx.Client, order: str) -> dict[str, tuple[str, bool]]:
    """By its words: a text's id, and whether it is struck."""
    told = http.get(f"/api/v1/orders/{order}/free-texts").json()["texts"]
    return {text["text"]: (text["id"], text["struck"]) for text in told}


def struck(web: Web, order: str) -> frozenset[str]:
    survey = web.order(order).baseline
    assert survey is not None
    return survey.struck_texts


# --- struck texts ---------------------------------------------------------------------------------------------------


def test_what_is_struck_is_what_the_event_says_and_a_refused_request_changes_nothing_of_it(
    web: Web, http: httpx.Client, read: str
) -> None:
    lis, _ = free_texts(http, read)["Spørg Lis."]
    coffee, _ = free_texts(http, read)["Kaffe klokken ti."]
    assert web.command(read, type="read_free_texts", strike=[lis]).status_code == 200
    assert web.command(read, type="read_free_texts", strike=[coffee, "findes-ikke"]).status_code == 409
    assert struck(web, read) == {lis}
    web.make_deck(read)
    assert web.command(read, type="release_deck").status_code == 200
    for strike in ([], [coffee], [coffee, lis]):
        assert web.command(read, type="read_free_texts", strike=strike).status_code == 409
    assert struck(web, read) == {lis}
    assert {text: is_struck for text, (_, is_struck) in free_texts(http, read).items()} == {
        "Spørg Lis.": True, "Kaffe klokken ti.": False,
    }  # fmt: skip


def test_a_reading_that_is_sent_again_stands_and_another_takes_its_place(
    web: Web, http: httpx.Client, read: str
) -> None:
    lis, _ = free_texts(http, read)["Spørg Lis."]
    coffee, _ = free_texts(http, read)["Kaffe klokken ti."]
    for _ in range(2):
        assert web.command(read, type="read_free_texts", strike=[lis]).status_code == 200
    version = web.order(read).version
    assert web.command(read, type="read_free_texts", strike=[coffee]).status_code == 200
    assert struck(web, read) == {coffee}
    assert web.order(read).version == version + 1


def test_the_page_for_reading_shows_what_is_struck_and_strikes_what_is_ticked(
    web: Web, http: httpx.Client, read: str
) -> None:
    link = web.consultant(read)
    lis, _ = free_texts(http, read)["Spørg Lis."]
    form = Visitor(http, f"{link}/egne-ord")
    assert form.page.chosen() == []
    form.send(strike=[lis], sikker="ja")
    assert struck(web, read) == {lis}
    again = Visitor(http, f"{link}/egne-ord")
    assert [again.page.tree.xpath(f"//input[@id='{each}']/@value")[0] for each in again.page.chosen()] == [lis]


# --- everything else ------------------------------------------------------------------------------------------------


REFUSED: dict[str, dict[str, Any]] = {
    "a place with an impossible length": {"type": "change_meeting", "minutes": 1, "place_text": "Et andet sted"},
    "a plan too early": {"type": "agree_plan", "meeting": {"starts": "2026-01-12T17:00"}, "place_text": "Sted"},
    "ideas of a meeting to come": {"type": "record_meeting", "attended": 5, "ideas_text": "Frokost"},
    "a member who is there, under a new address": {
        "type": "add_member", "name": "Jens Krogh", "email": "ny@example.dk", "practice": "Praksis 0",
        "role": "ejerlæge",
    },
    "a reason to hold a deck that is not there": {"type": "hold_deck", "reason_text": "Slide 8"},
}  # fmt: skip


@pytest.mark.parametrize("asked", REFUSED.values(), ids=REFUSED)
def test_of_a_refused_command_nothing_is_written(web: Web, planned: str, asked: dict[str, Any]) -> None:
    before = rows(web)
    answer = web.command(planned, **asked)
    assert answer.status_code == 409, answer.text
    assert rows(web) == before


def test_of_a_cancelled_order_nobody_is_corrected_replaced_or_added(web: Web, planned: str) -> None:
    web.command(planned, type="cancel_order")
    before = rows(web)
    member, *_ = web.order(planned).members
    for asked in (
        {"type": "readdress_member", "member": member, "email": "ny@example.dk", "name": "Et Andet Navn"},
        {"type": "replace_coordinator", "name": "Ny Koordinator", "email": "ny@example.dk", "phone": "11 22 33 44"},
        {"type": "add_member", "name": "Ida", "email": "i@example.dk", "practice": "Ny praksis", "role": "ejerlæge"},
    ):
        assert web.command(planned, **asked).status_code == 409
    assert rows(web) == before


def test_a_second_record_of_the_meeting_leaves_the_first_ones_ideas_and_attendance(web: Web, planned: str) -> None:
    web.open_survey(planned)
    web.hold_meeting(planned)
    members = list(web.order(planned).members)

    def record(came: int, ideas: str) -> httpx.Response:
        lines = [{"member": member, "attended": number < came} for number, member in enumerate(members)]
        return web.command(planned, type="record_meeting", attendance=lines, ideas_text=ideas)

    assert record(6, "Fælles frokost.").status_code == 200
    before = rows(web)
    assert record(2, "Noget helt andet.").json()["code"] == "already_recorded"
    assert rows(web) == before
    with web.database.read() as connection:
        assert sum(texts.attendance(connection, OrderId(planned)).values()) == 6


def test_while_nobody_can_say_whether_it_was_done_it_is_kept_and_sent_again_it_is_written_once(
    web: Web, planned: str
) -> None:
    asked = {"type": "change_meeting", "place_text": "Hos Åse & Bo"}
    with web.client(web.site_key) as http:
        path, key = f"/api/v1/orders/{planned}/commands", {"Idempotency-Key": "kommando-0001"}
        web.orders.reachable = False
        assert http.post(path, json=asked, headers=key).status_code == 503
        web.orders.reachable = True
        for _ in range(2):
            assert http.post(path, json=asked, headers=key).status_code == 200
        page = Shown(http.get(web.page_of(planned)))
    assert "Hos Åse & Bo" in page.words
    with web.database.read() as connection:
        contents = [row.content for row in connection.execute(text_table.select())]
    assert sorted(contents) == ["Hos Åse & Bo", "Lægehuset Torvet, mødelokale 2"]


def test_an_address_corrected_again_and_back_is_always_the_newest(web: Web, planned: str) -> None:
    member: PersonId = next(iter(web.order(planned).members))
    for email in ("en@example.dk", "to@example.dk", "en@example.dk"):
        assert web.command(planned, type="readdress_member", member=member, email=email).status_code == 200
    with web.database.read() as connection:
        found = people.person(connection, member)
    assert (found.email, found.address) == ("en@example.dk", 4)
    assert web.order(planned).members[member].address == 4


def test_a_name_corrected_while_somebody_else_corrects_the_address_is_asked_for_again(
    web: Web, planned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member: PersonId = next(iter(web.order(planned).members))
    carried_out = LocalOrders.execute

    async def after_another(orders: LocalOrders, *given: Any, **more: Any) -> Accepted:
        monkeypatch.setattr(LocalOrders, "execute", carried_out)
        await asyncio.to_thread(web.command, planned, type="readdress_member", member=member, email="ny@example.dk")
        return await carried_out(orders, *given, **more)

    monkeypatch.setattr(LocalOrders, "execute", after_another)
    answer = web.command(planned, type="readdress_member", member=member, name="Bodil Krogh")
    assert (answer.status_code, answer.json()["code"]) == (409, "person_changed_meanwhile")
    assert web.command(planned, type="readdress_member", member=member, name="Bodil Krogh").status_code == 200
    with web.database.read() as connection:
        found = people.person(connection, member)
    assert (found.name, found.email, found.address) == ("Bodil Krogh", "ny@example.dk", 2)
    assert rows(web)
