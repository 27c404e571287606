"""People over the API and the pages: by name for who may see them, and two who share an address remain two."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from domain.by import Scope
from domain.model import OrderId, Round
from storage import people, survey_roll
from storage.people import person_table
from tests.web.application import NAMES, Web, fill_in, order_json
from tests.web.reading import Shown, Visitor

COUPLE = ("Åse Ærø", "Bo Ågesen")
SHARED = "klinikken@example.dk"


@pytest.fixture
def http(web: Web) -> Iterator[httpx.Client]:
    with web.client(web.site_key) as client:
        yield client


def people_of(http: httpx.Client, order: str) -> dict[str, dict[str, Any]]:
    answer = http.get(f"/api/v1/orders/{order}/people")
    assert answer.status_code == 200, answer.text
    return {each["name"]: each for each in answer.json()}


def with_a_couple() -> dict[str, Any]:
    body = order_json()
    for member in body["members"]:
        if member["name"] in COUPLE:
            member["email"] = SHARED
    return body


def place(http: httpx.Client, body: dict[str, Any], key: str = "bestilling-0001") -> dict[str, Any]:
    answer = http.post("/api/v1/orders", json=body, headers={"Idempotency-Key": key})
    assert answer.status_code in (200, 201), answer.text
    placed: dict[str, Any] = answer.json()
    return placed


# --- by name --------------------------------------------------------------------------------------------------------


def test_people_are_listed_by_name_with_the_id_that_commands_take(web: Web, http: httpx.Client) -> None:
    order = web.place()
    answer = http.get(f"/api/v1/orders/{order}/people").json()
    assert [each["name"] for each in answer] == [
        "Aisha Nour", "Bo Ågesen", "Jens Krogh", "Lis Frost", "Mette Holm", "Ole Bach", "Søren Øst", "Åse Ærø",
    ]  # fmt: skip
    jens = people_of(http, order)["Jens Krogh"]
    assert (jens["email"], jens["practice"], jens["role"], jens["active"]) == (
        "laege1@example.dk", "Praksis 0", "ejerlaege", True,
    )  # fmt: skip
    web.command(order, type="readdress_member", member=jens["person"], email="jens@example.dk", name="Jens Krogh Berg")
    web.command(order, type="remove_member", member=people_of(http, order)["Ole Bach"]["person"])
    after = people_of(http, order)
    assert (after["Jens Krogh Berg"]["email"], after["Jens Krogh Berg"]["person"]) == (
        "jens@example.dk",
        jens["person"],
    )
    assert {name: each["active"] for name, each in after.items() if not each["active"]} == {"Ole Bach": False}


def test_the_list_is_the_same_whoever_has_answered(web: Web, http: httpx.Client) -> None:
    order = web.place()
    web.plan(order)
    link, *_ = web.open_survey(order)
    before = http.get(f"/api/v1/orders/{order}/people").json()
    fill_in(http, link, arbejdsglaede="hoej")
    assert http.get(f"/api/v1/orders/{order}/people").json() == before


def test_the_order_itself_names_nobody_but_the_coordinator(web: Web) -> None:
    order = web.place()
    with web.client(web.new_key("opgoerelser", Scope.READ_ORDERS)) as http:
        told = http.get(f"/api/v1/orders/{order}").text
    assert "Mette Holm" in told
    assert not any(name in told for name in NAMES if name != "Mette Holm")


def test_who_is_erased_is_not_listed(web: Web, http: httpx.Client) -> None:
    order = web.place()
    gone = people_of(http, order)["Ole Bach"]["person"]
    with web.database.write() as connection:
        erased = {"name": "", "email": "", "phone": "", "erased_at": web.clock.instant}
        connection.execute(person_table.update().where(person_table.c.id == gone).values(erased))
    assert "Ole Bach" not in people_of(http, order)
    assert "" not in people_of(http, order)


# --- two who share an address ---------------------------------------------------------------------------------------


def test_two_doctors_who_share_an_address_remain_two_and_the_caller_is_told(web: Web, http: httpx.Client) -> None:
    placed = place(http, with_a_couple())
    listed = people_of(http, placed["order"])
    assert len(placed["members"]) == len(listed) == 8
    assert [set(those) for those in placed["shared_addresses"]] == [{listed[name]["person"] for name in COUPLE}]
    assert place(http, with_a_couple()) == placed, "the same request again is told the same"


def test_the_coordinator_is_told_and_each_of_the_two_has_a_link_and_a_vote_of_their_own(
    web: Web, http: httpx.Client
) -> None:
    order = place(http, with_a_couple())["order"]
    assert "2 af medlemmerne deler mailadresse" in Shown(http.get(web.page_of(order))).words
    web.plan(order)
    web.open_survey(order)
    couple = [people_of(http, order)[name]["person"] for name in COUPLE]
    with web.database.read() as connection:
        roll = survey_roll.invitations(connection, OrderId(order), Round.BASELINE)
    links = [f"/svar/{each.token(web.services.keys)}" for each in roll if each.person in couple]
    assert len(set(links)) == 2
    for link in links:
        assert fill_in(http, link, arbejdsglaede="hoej").status_code == 303
    assert "2 af 8 har svaret" in Shown(http.get(web.page_of(order))).words


def test_nobody_shares_an_address_where_nobody_does(web: Web, http: httpx.Client) -> None:
    placed = place(http, order_json())
    assert placed["shared_addresses"] == []
    assert "deler mailadresse" not in Shown(http.get(web.page_of(placed["order"]))).words


def test_a_colleague_who_joins_with_a_known_address_is_one_more(web: Web, http: httpx.Client) -> None:
    order = web.place()
    page = Visitor(http, f"{web.page_of(order)}/nyt-medlem").send(
        name="Ida Skov", email="LAEGE3@example.dk", practice="Praksis 1", role="ansat_laege"
    )
    assert "Medlemmet er med." in page.words
    assert "2 af medlemmerne deler mailadresse" in page.words
    assert len(web.order(order).active_members) == 9


def test_after_the_address_is_corrected_nobody_shares_it(web: Web, http: httpx.Client) -> None:
    order = place(http, with_a_couple())["order"]
    bo = people_of(http, order)["Bo Ågesen"]["person"]
    page = Visitor(http, f"{web.page_of(order)}/ret-medlem").send(member=bo, email="bo@example.dk")
    assert "deler mailadresse" not in page.words
    with web.database.read() as connection:
        assert people.person(connection, bo).name == "Bo Ågesen"


def test_a_doctor_who_left_and_comes_back_is_the_same_person(web: Web, http: httpx.Client) -> None:
    order = web.place()
    ole = people_of(http, order)["Ole Bach"]
    web.command(order, type="remove_member", member=ole["person"])
    joins = {"type": "add_member", "name": "læge Ole Bach", "email": "ny@example.dk", "practice": ole["practice"]}
    assert web.command(order, **joins, role="ejerlæge").status_code == 200
    found = people_of(http, order)
    assert (found["læge Ole Bach"]["person"], found["læge Ole Bach"]["active"]) == (ole["person"], True)


def test_the_same_cluster_with_and_without_kiaps_id_is_one_and_so_is_a_practice_with_a_zero_in_front(
    web: Web, http: httpx.Client
) -> None:
    first = order_json(cluster={"id": "klynge-17", "name": "Aalborg Øst", "region": "nordjylland"})
    first["members"][0]["practice"] = "012345"
    placed = place(http, first)
    order = placed["order"]
    again = http.post("/api/v1/orders", json=order_json(), headers={"Idempotency-Key": "bestilling-0002"})
    assert (again.status_code, again.json()["facts"]) == (409, {"order": order})
    joins = {"type": "add_member", "name": "Ida Skov", "email": "ida@example.dk", "practice": "12345"}
    assert web.command(order, **joins, role="ansat læge").status_code == 200
    members = web.order(order).members
    listed = people_of(http, order)
    mette, ida = (members[listed[name]["person"]] for name in ("Mette Holm", "Ida Skov"))
    assert mette.practice == ida.practice


def test_a_coordinator_who_is_none_of_the_doctors_is_one_person_in_all_of_the_clusters_orders(
    web: Web, http: httpx.Client
) -> None:
    karla = {"name": "Karla Holt", "email": "karla@example.dk"}
    orders = [
        web.order(place(http, order_json(package, coordinator=karla), f"bestilling-000{number}")["order"])
        for number, package in enumerate(("trivsel-og-arbejdsglaede", "samarbejde-og-faellesskab"))
    ]
    first, second = (order.coordinator for order in orders)
    assert first == second
    assert first not in orders[0].members
