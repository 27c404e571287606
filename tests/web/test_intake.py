"""Orders come in whole or not at all, once each, and say clearly what is wrong."""

import copy
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from domain.by import Scope
from domain.events import OrderPlaced
from domain.model import OrderId, Role
from storage import clusters
from storage.clusters import cluster_table, practice_table
from storage.database import Database
from storage.people import membership_table, person_table
from storage.recorded import event_table
from storage.requests import request_table
from storage.texts import text_table
from tests.web.application import TRIVSEL, Web, order_json


def post(web: Web, body: Any, key: str = "bestilling-0001", bearer: str | None = None) -> httpx.Response:
    with web.client(web.site_key if bearer is None else bearer) as http:
        return http.post("/api/v1/orders", json=body, headers={"Idempotency-Key": key} if key else {})


def rows(database: Database) -> dict[str, int]:
    tables = (
        event_table, person_table, membership_table, practice_table, text_table, request_table, cluster_table,
    )  # fmt: skip
    with database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        }


def errors(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {error["field"]: error["detail"] for error in answer.json()["errors"]}


def with_member(number: int, **changes: Any) -> dict[str, Any]:
    body = copy.deepcopy(order_json())
    body["members"][number].update(changes)
    return body


def test_an_order_is_written_started_and_answered_with_its_links(web_on_both: Web) -> None:
    web = web_on_both
    answer = post(web, order_json())
    assert answer.status_code == 201
    placed = answer.json()
    assert web.orders.started == [placed["order"]]
    assert answer.headers["location"] == placed["links"]["self"]
    assert rows(web.database) == {
        "event": 1, "person": 9, "membership": 8, "practice": 4, "text": 0, "request": 1, "cluster": 1,
    }  # fmt: skip
    with web.client(web.site_key) as http:
        assert http.get(placed["links"]["self"]).json()["coordinator"]["phone"] == "20 30 40 50"
    with web.client() as http:
        assert "Aalborg Øst" in http.get(placed["links"]["page"]).text


def test_the_first_event_names_nobody(web: Web) -> None:
    order = web.place()
    (event,) = web.services.store.load(OrderId(order))
    assert isinstance(event, OrderPlaced)
    told = event.model_dump_json()
    assert not any(secret in told for secret in ("Mette", "Holm", "example.dk", "20 30", "Praksis", "Aalborg"))


def test_the_same_request_again_is_the_same_order(web_on_both: Web) -> None:
    web = web_on_both
    first, again = post(web, order_json()), post(web, order_json())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert rows(web.database)["event"] == 1
    assert rows(web.database)["person"] == 9


def test_the_same_key_with_another_body_is_refused_and_writes_nothing(web: Web) -> None:
    web.place()
    before = rows(web.database)
    answer = post(web, order_json(cluster={"name": "Hjørring", "region": "nordjylland"}))
    assert answer.status_code == 409
    assert answer.json()["code"] == "key_reused"
    assert rows(web.database) == before


def test_a_second_open_order_for_the_cluster_and_package_is_refused_with_the_first_ones_id(web_on_both: Web) -> None:
    web = web_on_both
    order = web.place()
    before = rows(web.database)
    answer = post(web, order_json(cluster={"name": "AALBORG  øst", "region": "Region Nordjylland"}), "bestilling-0002")
    assert answer.status_code == 409
    assert answer.json()["facts"] == {"order": order}
    assert rows(web.database) == before


def test_once_the_first_is_cancelled_the_cluster_can_order_again_and_is_the_same_cluster(web: Web) -> None:
    first = web.place()
    web.command(first, type="cancel_order", reason="ordered_by_mistake")
    second = web.place("bestilling-0002")
    assert web.order(first).cluster == web.order(second).cluster


def test_another_systems_cluster_id_stays_the_clusters_when_its_name_changes(web: Web) -> None:
    first = web.place(cluster={"id": "klynge-17", "name": "Aalborg Øst", "region": "nordjylland"})
    web.command(first, type="cancel_order")
    second = web.place("bestilling-0002", cluster={"id": "klynge-17", "name": "Aalborg by", "region": "nordjylland"})
    assert web.order(first).cluster == web.order(second).cluster
    with web.database.read() as connection:
        found = clusters.cluster(connection, web.order(second).cluster)
    assert (found.name, found.external_id) == ("Aalborg by", "klynge-17")


def test_the_order_stands_when_the_workflow_cannot_be_reached(web: Web) -> None:
    web.orders.reachable = False
    answer = post(web, order_json())
    assert answer.status_code == 201
    assert web.orders.started == []
    assert web.order(answer.json()["order"]).version == 1


def test_roles_that_the_package_does_not_survey_are_left_out(web: Web) -> None:
    answer = post(web, with_member(7, role="Praksispersonale"))
    assert answer.status_code == 201
    assert answer.json()["left_out"] == 1
    members = web.order(answer.json()["order"]).members.values()
    assert [member.role for member in members] == [Role.OWNER] * 7
    assert post(web, with_member(7, role="Praksispersonale")).json() == answer.json()


@pytest.mark.parametrize(("given", "role"), [("Ansat læge", Role.EMPLOYED), ("uddannelseslaege", Role.TRAINEE)])
def test_roles_are_taken_by_id_and_by_danish_label(web: Web, given: str, role: Role) -> None:
    order = post(web, with_member(0, role=given)).json()["order"]
    assert role in {member.role for member in web.order(order).members.values()}


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        (with_member(2, email="ikke en adresse"), "members[2].email", "Mailadressen er ikke gyldig."),
        (with_member(2, email="a@b.dk\nBcc: c@d.dk"), "members[2].email", "skal stå på én linje"),
        (with_member(3, name="Krogh, Jens", email="LAEGE1@example.dk"), "members[3].email", "members[1]"),
        (with_member(1, role="overlæge"), "members[1].role", "ejerlæge"),
        (with_member(1, name="  "), "members[1].name", "tom"),
        (with_member(1, skostoerrelse=43), "members[1].skostoerrelse", "ikke et felt"),
        (order_json(members=order_json()["members"][:4]), "members", "mindst 5"),
        (order_json(package="ukendt"), "package", TRIVSEL),
        (order_json(cluster={"name": "X", "region": "Jylland"}), "cluster.region", "Region Nordjylland"),
        (order_json(cluster={"name": "X", "region": "Region Østdanmark"}), "cluster.region", "Region Hovedstaden"),
        (order_json(coordinator={"name": "Mette Holm"}), "coordinator.email", "mangler"),
    ],
)
def test_a_wrong_field_is_named_in_danish_and_nothing_is_written(
    web: Web, body: dict[str, Any], field: str, says: str
) -> None:
    found = errors(post(web, body))
    assert list(found) == [field]
    assert says in found[field]
    assert set(rows(web.database).values()) == {0}
    assert web.orders.started == []


def test_every_wrong_field_has_its_line(web: Web) -> None:
    body = with_member(0, email="x")
    body["members"][4]["role"] = "?"
    assert set(errors(post(web, body))) == {"members[0].email", "members[4].role"}


def test_a_region_that_has_begun_by_then_is_taken(web: Web) -> None:
    web.clock.set("2027-01-04")
    assert post(web, order_json(cluster={"name": "Roskilde", "region": "Region Østdanmark"})).status_code == 201
    assert "cluster.region" in errors(
        post(web, order_json(cluster={"name": "Køge", "region": "Region Sjælland"}), "bestilling-0002")
    )


def test_a_request_without_idempotency_key_is_refused(web: Web) -> None:
    assert "Idempotency-Key" in next(iter(errors(post(web, order_json(), key=""))))


def test_an_idempotency_key_that_is_too_short_is_told_how_long_it_must_be(web: Web) -> None:
    found = errors(post(web, order_json(), key="second"))
    assert found == {"Idempotency-Key": "Feltet skal have mindst 8 tegn."}


def test_without_a_key_or_with_a_wrong_one_nobody_gets_in(web: Web) -> None:
    for bearer in ("", "forkert", web.site_key[:-1]):
        answer = post(web, order_json(), bearer=bearer)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert set(rows(web.database).values()) == {0}


def test_a_key_that_is_not_for_orders_places_none_and_leaves_nothing(web: Web) -> None:
    key = web.new_key("opgoerelser", Scope.READ_ORDERS, Scope.READ_PEOPLE, Scope.GIVE_COMMANDS)
    answer = post(web, order_json(), bearer=key)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert set(rows(web.database).values()) == {0}


def test_broken_json_is_one_clear_line(web: Web) -> None:
    with web.client(web.site_key) as http:
        answer = http.post(
            "/api/v1/orders",
            content=b'{"cluster": ',
            headers={"Idempotency-Key": "bestilling-0001", "Content-Type": "application/json"},
        )
    assert errors(answer) == {"": "Indholdet er ikke gyldig JSON."}
