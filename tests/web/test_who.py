"""Who acted stands in every event, and every edge asks whether they may: a key by its scopes, a person by the link."""

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select

from domain.by import Capacity, Scope
from domain.commands import AssignConsultant
from domain.model import OrderId, StaffId
from storage import api_keys
from storage.api_keys import api_key_table
from storage.order_links import order_link
from storage.staff import OFFICE, StaffRole, add_staff, staff_left
from tests.web.application import OPERATIONS, Web, order_json
from tests.web.reading import Visitor
from web.order_page import pages
from web.requests.catalogue import FOR_PEOPLE


def who_did(web: Web, order: str) -> list[tuple[str, str, str]]:
    """Every event of the order with its actor's role and id."""
    recorded = web.services.store.load_recorded(OrderId(order))
    return [(each.event.type, each.by.role, each.by.who) for each in recorded]


def staff_link(web: Web, order: str, staff: StaffId) -> str:
    return f"/bestilling/{order_link(web.services.keys, OrderId(order), staff)}"


def test_every_edge_says_in_the_event_who_acted(web: Web) -> None:
    order = web.place()
    consultant = web.consultant(order)
    regions_key = web.new_key("region-nord", Scope.GIVE_COMMANDS)
    with web.client() as http:
        Visitor(http, f"{consultant}/aftale").send(
            **{"meeting-starts-dato": "2026-03-25", "meeting-starts-tid": "17:00", "place_text": "Lægehuset"}
        )
        Visitor(http, f"{web.page_of(order)}/rammer").send(minutes="180")
        office = Visitor(http, f"{staff_link(web, order, OFFICE)}/flyt")
        office.send(**{"to-dato": "2026-04-15", "to-tid": "17:00"})
    web.command(order, regions_key, type="cancel_order")
    found = web.order(order)
    assert found.consultant is not None
    assert who_did(web, order) == [
        ("order_placed", Capacity.API, "kiap-dk"),
        ("consultant_assigned", Capacity.OPERATIONS, OFFICE),
        ("plan_agreed", Capacity.CONSULTANT, found.consultant),
        ("meeting_changed", Capacity.COORDINATOR, found.coordinator),
        ("meeting_moved", Capacity.OPERATIONS, OFFICE),
        ("order_cancelled", Capacity.API, "region-nord"),
    ]


def test_what_time_does_is_the_systems(web: Web) -> None:
    order = web.place()
    web.plan(order)
    web.open_survey(order)
    assert who_did(web, order)[-1] == ("survey_opened", Capacity.SYSTEM, "clock")


def test_a_new_coordinator_and_a_new_consultant_act_in_their_own_names_and_the_old_ones_links_are_dead(
    web: Web,
) -> None:
    order = web.place()
    web.plan(order)
    old_page, old_consultant = web.page_of(order), web.consultant(order)
    with web.database.write() as connection:
        lis = add_staff(connection, "Lis Bro", "lis@kiap.dk", StaffRole.CONSULTANT)
    web.orders.give(order, AssignConsultant(consultant=lis), by=OPERATIONS)
    web.command(order, type="replace_coordinator", name="Ny Koordinator", email="ny@example.dk")
    with web.client() as http:
        assert [http.get(path).status_code for path in (old_page, old_consultant)] == [404, 404]
        assert http.post(f"{old_page}/aflys", data={"reason": "other"}).status_code == 404
        Visitor(http, f"{web.page_of(order)}/rammer").send(minutes="180")
        Visitor(http, f"{staff_link(web, order, lis)}/rammer").send(minutes="150")
    assert [(role, who) for _, role, who in who_did(web, order)[-2:]] == [
        (Capacity.COORDINATOR, web.order(order).coordinator),
        (Capacity.CONSULTANT, lis),
    ]


STAFFS_FORMS = {
    "aftale": {"meeting-starts-dato": "2026-03-25", "meeting-starts-tid": "17:00"},
    "egne-ord": {},
    "gennemsyn": {"kommando": "release_deck"},
    "konsulent": {"consultant": "-"},
    "paamindelse": {},
    "egne-spoergsmaal": {"kommando": "drop_own_questions"},
    "ret-program": {"kommando": "restore_programme"},
    "luk": {"round": "baseline"},
    "uden-referat": {},
}


@pytest.mark.parametrize("slug", sorted(STAFFS_FORMS))
def test_a_coordinator_who_forges_a_form_of_kiaps_changes_nothing(web: Web, slug: str) -> None:
    order = web.place()
    web.plan(order)
    web.open_survey(order)
    before = web.order(order)
    with web.client() as http:
        assert http.get(f"{web.page_of(order)}/{slug}").status_code == 303
        answer = http.post(f"{web.page_of(order)}/{slug}", data=STAFFS_FORMS[slug])
    assert (answer.status_code, answer.headers["location"]) == (303, web.page_of(order))
    assert web.order(order) == before
    assert web.orders.seen[-1][1].type == "agree_plan", "it was not even asked"


def test_a_coordinator_has_no_say_over_another_order(web: Web) -> None:
    one = web.place()
    other = web.place("bestilling-0002", cluster={"name": "Hjørring", "region": "nordjylland"})
    of_one = web.page_of(one).rpartition("/")[2].partition(".")[2]
    with web.client() as http:
        answer = http.post(f"/bestilling/{other}.{of_one}/aflys", data={"reason": "other"})
    assert answer.status_code == 404
    assert web.order(other).ended is None


# --- API keys -------------------------------------------------------------------------------------------------------


def places(http: httpx.Client, _order: str) -> httpx.Response:
    return http.post("/api/v1/orders", json=order_json(), headers={"Idempotency-Key": "bestilling-0009"})


def reads(http: httpx.Client, order: str) -> httpx.Response:
    return http.get(f"/api/v1/orders/{order}")


def reads_people(http: httpx.Client, order: str) -> httpx.Response:
    return http.get(f"/api/v1/orders/{order}/people")


def reads_texts(http: httpx.Client, order: str) -> httpx.Response:
    return http.get(f"/api/v1/orders/{order}/free-texts")


def commands(http: httpx.Client, order: str) -> httpx.Response:
    return http.post(f"/api/v1/orders/{order}/commands", json={"type": "cancel_order"})


Asks = Callable[[httpx.Client, str], httpx.Response]
NEEDS: dict[Asks, set[Scope]] = {
    places: {Scope.PLACE_ORDERS},
    reads: {Scope.READ_ORDERS},
    reads_people: {Scope.READ_PEOPLE},
    reads_texts: {Scope.READ_ORDERS, Scope.GIVE_COMMANDS},
    commands: {Scope.GIVE_COMMANDS},
}
"""Every endpoint, with the scopes that it takes."""


@pytest.mark.parametrize("asks", list(NEEDS), ids=[each.__name__ for each in NEEDS])
def test_a_key_without_the_scope_is_refused_and_with_it_is_not(web: Web, asks: Asks) -> None:
    order, needed = web.place(), NEEDS[asks]
    before = web.order(order)
    for number, missing in enumerate(sorted(needed)):
        key = web.new_key(f"uden-{number}", *(set(Scope) - {missing}))
        with web.client(key) as http:
            answer = asks(http, order)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours"), missing
    assert web.order(order) == before
    with web.client(web.new_key("netop", *needed)) as http:
        assert asks(http, order).status_code not in (401, 403)


def test_every_endpoint_asks_for_a_key(web: Web) -> None:
    with web.client() as http:
        api = http.get("/api/v1/openapi.json").json()["paths"]
        open_to_all = {"/healthz", "/readyz"}
        for path, methods in api.items():
            for method in methods:
                answer = http.request(method, path.replace("{order}", "x"), headers={"Idempotency-Key": "noget-00"})
                if path not in open_to_all:
                    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), path
        assert len(api) - len(open_to_all) == len(NEEDS)


def test_a_key_that_only_reads_is_not_given_the_coordinators_page(web: Web) -> None:
    """Whoever has the page's address can cancel the order in the coordinator's name."""
    order = web.place()
    keys = {
        web.new_key("opgoerelser", Scope.READ_ORDERS, Scope.READ_PEOPLE): None,
        web.new_key("region-nord", Scope.READ_ORDERS, Scope.GIVE_COMMANDS): web.page_of(order),
    }
    for key, page in keys.items():
        with web.client(key) as http:
            told = http.get(f"/api/v1/orders/{order}")
        given = told.json()["links"]["page"]
        assert (given and given.removeprefix(web.address)) == (page and page.removeprefix(web.address))
        assert page is not None or "/bestilling/" not in told.text


def test_a_key_is_kept_as_a_hash_and_opens_nothing_once_it_is_revoked(web_on_both: Web) -> None:
    web = web_on_both
    order = web.place()
    key = web.new_key("journalsystem", Scope.READ_ORDERS)
    with web.database.read() as connection:
        rows = [tuple(row) for row in connection.execute(select(api_key_table))]
    assert not any(key in str(row) for row in rows)
    with web.client(key) as http:
        assert http.get(f"/api/v1/orders/{order}").status_code == 200
        with web.database.write() as connection:
            assert api_keys.revoke_key(connection, "journalsystem", web.clock.instant)
        answer = http.get(f"/api/v1/orders/{order}")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    with web.database.write() as connection:
        assert not api_keys.revoke_key(connection, "journalsystem", web.clock.instant)
        with pytest.raises(api_keys.NameTaken):
            api_keys.make_key(connection, "journalsystem", Scope, web.clock.instant)
        listed = {each.name: each.revoked_at for each in api_keys.api_keys(connection)}
    assert listed == {"kiap-dk": None, "journalsystem": web.clock.instant}


def test_a_key_without_the_right_learns_nothing_of_who_is_on_the_list(web: Web) -> None:
    order = web.place()
    known = next(iter(web.order(order).members))
    with web.client(web.new_key("laeser", Scope.READ_ORDERS)) as http:
        answers = [
            http.post(f"/api/v1/orders/{order}/commands", json={"type": "readdress_member", "member": who, "email": to})
            for who in (known, "nobody")
            for to in ("ny@example.dk", "laege1@example.dk")
        ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, answers[0].text)}


def test_a_consultant_who_has_left_kiap_opens_nothing(web: Web) -> None:
    order = web.place()
    page = web.consultant(order)
    consultant = web.order(order).consultant
    assert consultant is not None
    with web.client() as http:
        assert http.get(page).status_code == 200
        with web.database.write() as connection:
            staff_left(connection, consultant, web.clock.instant)
        assert http.get(page).status_code == 404
        assert http.get(staff_link(web, order, OFFICE)).status_code == 200


def test_every_command_that_people_have_has_a_page_of_its_own() -> None:
    on_pages = [name for each in pages.PAGES for name in each.commands]
    twice = ["remake_deck"]  # in review, and once more after the delivery
    assert sorted(on_pages) == sorted([*FOR_PEOPLE, *twice])


def test_kiaps_own_work_is_none_of_the_order_pages(web: Web) -> None:
    order = web.place()
    page = web.consultant(order)
    own = [each for each in pages.PAGES if each.group == pages.KIAPS_OWN]
    assert {name for each in own for name in each.commands} == {"note_call", "postpone_task", "resume_task", "add_note"}
    assert all(Capacity.COORDINATOR not in FOR_PEOPLE[name].BY for each in own for name in each.commands)
    with web.client() as http:
        for each in own:
            assert http.get(f"{page}/{each.slug}").status_code == 303
            assert http.post(f"{page}/{each.slug}", data={"note_text": "x"}).headers["location"] == page
    assert web.order(order).calls.count == 0
