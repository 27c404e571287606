"""What the stream can answer by itself is answered without the workflow: a no, what is done, a repetition."""

from dataclasses import replace

import httpx
import pytest
from temporalio.client import Client

from domain.by import Capacity
from domain.model import OrderId
from storage.enclosures import enclosure_table
from tests.web.application import Web
from web.app import create_app
from web.requests.catalogue import REQUESTS
from web.submitting import fingerprint_of
from worker.codec import data_converter
from worker.orders_client import TemporalOrders
from worker.servers import free_port

KEY = "kommando-0001"


async def asked_without_temporal(web: Web, order: str, **command: object) -> httpx.Response:
    """The same web, with production's door to the orders and nobody at the other end of it."""
    nobody = await Client.connect(
        f"127.0.0.1:{free_port()}", data_converter=data_converter(web.services.keys.codec_key), lazy=True
    )
    services = replace(
        web.services, orders=TemporalOrders(nobody, web.services.database, web.services.store, web.clock)
    )
    headers = {"Authorization": f"Bearer {web.site_key}", "Idempotency-Key": KEY}
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url=web.address, headers=headers) as http:
        return await http.post(f"/api/v1/orders/{order}/commands", json=command)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"type": "move_meeting", "to": "2026-01-09T17:00"}, "meeting_too_early"),
        ({"type": "release_deck"}, "no_deck_yet"),
        ({"type": "change_meeting", "minutes": 1, "place_text": "Et andet sted"}, "meeting_length"),
        ({"type": "add_member", "name": "Mette Holm", "email": "laege0@example.dk", "practice": "Praksis 0",
          "role": "ejerlæge"}, "member_already_there"),
    ],
)  # fmt: skip
async def test_a_refusal_costs_no_history_and_leaves_nothing(web: Web, command: dict[str, object], code: str) -> None:
    order = web.place()
    web.plan(order)
    before = web.order(order)
    answer = await asked_without_temporal(web, order, **command)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert web.order(order) == before
    with web.database.read() as connection:
        assert connection.execute(enclosure_table.select()).all() == []


async def test_what_is_so_already_needs_no_workflow(web: Web) -> None:
    order = web.place()
    web.plan(order)
    answer = await asked_without_temporal(web, order, type="move_meeting", to="2026-03-25T17:00")
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


async def test_a_request_that_was_carried_out_is_answered_as_the_first_time(web: Web) -> None:
    order = web.place()
    web.plan(order)
    asked = {"type": "move_meeting", "to": "2026-04-15T17:00"}
    with web.client(web.site_key) as http:
        first = http.post(f"/api/v1/orders/{order}/commands", json=asked, headers={"Idempotency-Key": KEY})
    web.command(order, type="cancel_order")
    again = await asked_without_temporal(web, order, **asked)
    assert (again.status_code, again.json()) == (200, first.json())
    recorded = web.services.store.load_recorded(OrderId(order))
    cause = f"kiap-dk/{order}/{KEY}/{fingerprint_of(REQUESTS['move_meeting'].model_validate(asked))}"
    assert [(each.causation_id, each.by.role) for each in recorded if each.event.type == "meeting_moved"] == [
        (cause, Capacity.API)
    ]


async def test_a_command_that_may_be_carried_out_does_need_it(web: Web) -> None:
    order = web.place()
    answer = await asked_without_temporal(web, order, type="cancel_order")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
