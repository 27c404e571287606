"""A key for one request: sent again it is the same one, and it never answers for another."""

from typing import Any

from domain.by import Scope
from storage.enclosures import enclosure_table
from storage.requests import request_table
from storage.texts import text_table
from tests.web.application import Web, order_json
from tests.web.order_api import count, give


def test_the_same_command_sent_again_leaves_no_second_text(web: Web) -> None:
    order = web.place()
    asked: dict[str, Any] = {"type": "agree_plan", "meeting": {"starts": "2026-03-25T17:00"}, "place_text": "Her"}
    for _ in range(2):
        assert give(web, order, "aftale-0001", **asked).json()["version"] == 2
    assert (count(web, text_table), count(web, enclosure_table)) == (1, 0)


def test_a_key_used_again_for_another_command_is_refused_and_changes_nothing(web_on_both: Web) -> None:
    web = web_on_both
    order = web.place()
    web.plan(order)
    other = web.place("bestilling-0002", cluster={"name": "Hjørring", "region": "nordjylland"})
    assert give(web, order, "kommando-0001", type="change_meeting", minutes=180).status_code == 200
    before = web.order(order)
    again = [
        give(web, order, "kommando-0001", type="change_meeting", minutes=150),
        give(web, order, "kommando-0001", type="cancel_order"),
        give(web, other, "kommando-0001", type="change_meeting", minutes=180),
        give(web, other, "kommando-0001", type="cancel_order"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in again] == [(409, "key_reused")] * 4
    assert web.order(order) == before
    assert web.order(other).version == 1
    assert count(web, enclosure_table) == 0
    assert give(web, order, "kommando-0001", type="change_meeting", minutes=180).json()["version"] == before.version


def test_a_key_that_placed_an_order_gives_no_command_and_the_other_way_round(web: Web) -> None:
    order = web.place("noeglen-0001")
    assert give(web, order, "noeglen-0001", type="cancel_order").json()["code"] == "key_reused"
    assert give(web, order, "noeglen-0002", type="cancel_order").status_code == 200
    with web.client(web.site_key) as http:
        answer = http.post("/api/v1/orders", json=order_json(), headers={"Idempotency-Key": "noeglen-0002"})
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")


def test_a_key_forgotten_by_then_never_answers_for_what_it_was_used_for_first(web: Web, planned: str) -> None:
    assert give(web, planned, "kommando-0001", type="change_meeting", minutes=180).status_code == 200
    with web.database.write() as connection:
        connection.execute(request_table.delete())
    assert give(web, planned, "kommando-0001", type="change_meeting", minutes=150).status_code == 200
    meeting = web.order(planned).meeting
    assert meeting is not None
    assert meeting.minutes == 150


def test_another_systems_keys_are_its_own(web: Web, planned: str) -> None:
    other = web.new_key("region-nord", Scope.GIVE_COMMANDS)
    assert give(web, planned, "kommando-0001", type="change_meeting", minutes=180).status_code == 200
    assert give(web, planned, "kommando-0001", other, type="change_meeting", minutes=150).status_code == 200


def test_a_refused_command_leaves_its_key_free_for_the_corrected_one(web: Web, planned: str) -> None:
    assert give(web, planned, "kommando-0001", type="move_meeting", to="2026-01-09T17:00").status_code == 409
    assert give(web, planned, "kommando-0001", type="move_meeting", to="2026-04-15T17:00").status_code == 200
