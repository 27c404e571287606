"""The API's description is valid OpenAPI 3.1, and tells subscribers exactly what they are sent."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from activities.webhook_lanes import message
from domain.by import SYSTEM, By, operations
from domain.events import Event
from domain.model import StaffId
from storage.event_store import EventStore
from storage.upcasters import EVENT_CLASSES
from tests.storage.event_log import NOW
from tests.storage.lives import whole_life
from tests.web.application import Web


@pytest.fixture
def document(web: Web) -> dict[str, Any]:
    with web.client() as http:
        answer = http.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_event_is_a_webhook_with_its_own_data(document: dict[str, Any]) -> None:
    assert set(document["webhooks"]) == set(EVENT_CLASSES)
    for name, path in document["webhooks"].items():
        (post,) = path.values()
        shape = schema_of(document, name)
        assert shape["properties"]["type"]["const"] == name
        assert {"id", "type", "timestamp", "order", "version", "position", "by", "data"} <= set(shape["required"])
        headers = {each["name"] for each in post["parameters"] if each["in"] == "header" and each["required"]}
        assert headers == {"webhook-id", "webhook-timestamp", "webhook-signature"}
        assert {"204", "410", "default"} <= set(post["responses"])


def test_the_webhooks_are_no_addresses_of_ours(document: dict[str, Any], web: Web) -> None:
    assert not any("order_placed" in path for path in document["paths"])
    with web.client() as http:
        assert http.post("/order_placed", json={}).status_code == 404


@pytest.mark.parametrize("by", [SYSTEM, operations(StaffId("drift"))], ids=str)
def test_what_is_sent_is_as_it_is_described(document: dict[str, Any], web: Web, by: By) -> None:
    store, life = EventStore(web.database), whole_life()
    store.append("o-1", 0, life, by=by, now=NOW)
    seen = set[str]()
    for recorded in store.load_recorded("o-1"):
        sent = message(recorded)
        validator = Draft202012Validator(
            {**schema_of(document, sent.type), "components": document["components"]},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        assert [error.message for error in validator.iter_errors(sent.model_dump(mode="json"))] == []
        seen.add(sent.type)
    assert len(seen) > 15


def test_a_field_that_comes_later_is_no_reason_to_refuse_an_event(document: dict[str, Any], web: Web) -> None:
    store = EventStore(web.database)
    first: list[Event] = whole_life()[:1]
    store.append("o-1", 0, first, by=SYSTEM, now=NOW)
    (recorded,) = store.load_recorded("o-1")
    sent = message(recorded).model_dump(mode="json")
    sent["senere"] = sent["data"]["senere"] = 1
    shape = {**schema_of(document, "order_placed"), "components": document["components"]}
    assert list(Draft202012Validator(shape).iter_errors(sent)) == []


def schema_of(document: dict[str, Any], name: str) -> dict[str, Any]:
    (reference,) = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"].values()
    found: dict[str, Any] = document["components"]["schemas"][reference.rpartition("/")[2]]
    return found
