"""An order over the API: where it stands, and commands whose words stay out of Temporal."""

import pytest

from domain.by import Scope
from domain.commands import AssignConsultant, GoOnWithoutResults
from domain.model import OrderId, Round, StaffId
from domain.results import Results
from storage import texts
from storage.clusters import practice_table
from storage.enclosures import enclosure_table
from storage.people import membership_table, order_person_table, person_table
from storage.result_repository import free_texts, store
from storage.texts import text_table
from tests.web.application import OPERATIONS, SAMARBEJDE, Web, fill_in
from tests.web.order_api import count, standing, told_to_temporal

# --- where it stands ------------------------------------------------------------------------------------------------


def test_a_new_order_shows_what_it_waits_for_and_what_comes_next(web: Web) -> None:
    found = standing(web, web.place())
    assert (found["stage"], found["stage_text"]) == ("ordered", "Bestilt – afventer opkald")
    assert [task["kind"] for task in found["tasks"]] == ["assign_consultant", "hold_the_call"]
    assert found["timeline"]["past"][0]["text"] == "Pakken blev bestilt til 8 medlemmer"
    assert found["timeline"]["next"]


def test_an_open_round_is_told_in_counts_and_never_by_member(web_on_both: Web) -> None:
    web = web_on_both
    order = web.place()
    web.plan(order)
    links = web.open_survey(order)
    with web.client() as http:
        fill_in(http, links[0], arbejdsglaede="hoej")
    found = standing(web, order)
    (survey,) = found["surveys"]
    assert (survey["state"], survey["answers"], survey["invited"]) == ("open", 1, 8)
    assert set(found["members"][0]) == {"member", "practice", "role", "active"}


def test_an_order_of_the_other_package_has_its_own_length(web: Web) -> None:
    order = web.place(package=SAMARBEJDE)
    web.plan(order)
    assert standing(web, order)["meeting"]["minutes"] == 150


def test_an_order_whose_people_and_words_are_nowhere_is_still_shown(web: Web, planned: str) -> None:
    web.orders.give(planned, AssignConsultant(consultant=StaffId("nobody")), by=OPERATIONS)
    with web.database.write() as connection:
        for table in (text_table, order_person_table, membership_table, person_table):
            connection.execute(table.delete())
    found = standing(web, planned)
    assert (found["coordinator"]["name"], found["meeting"]["place_text"]) == ("", None)
    with web.client() as http:
        page = web.page_of(planned)
        for each in (page, f"{page}/flyt", f"{page}/rammer"):
            assert http.get(each).status_code == 200, each


# --- commands -------------------------------------------------------------------------------------------------------


def test_the_plan_is_agreed_with_a_place_in_words_that_only_the_directory_has(web: Web, planned: str) -> None:
    found = standing(web, planned)
    assert found["stage"] == "planned"
    assert found["meeting"]["place_text"] == "Lægehuset Torvet, mødelokale 2"
    assert found["meeting"]["minutes"] == 120
    assert "Torvet" not in told_to_temporal(web)


def test_a_time_with_an_offset_is_read_on_danish_clocks(web: Web, planned: str) -> None:
    assert web.command(planned, type="move_meeting", to="2026-04-15T15:00:00Z").status_code == 200
    assert standing(web, planned)["meeting"]["starts"] == "2026-04-15T17:00:00"


def test_the_record_of_the_meeting_keeps_ideas_and_attendance_in_rows(web: Web, planned: str) -> None:
    web.open_survey(planned)
    web.hold_meeting(planned)
    members = list(web.order(planned).members)
    lines = [{"member": member, "attended": number < 6} for number, member in enumerate(members)]
    answer = web.command(
        planned,
        type="record_meeting",
        attendance=lines,
        ideas_text="Fælles frokost.\nSupervision.",
        follow_up="agreed",
        follow_up_opens="2027-01-18",
    )
    assert answer.json()["stage"] == "quiet"
    record = web.order(planned).record
    assert record is not None
    assert (record.attended, record.absent) == (6, 2)
    with web.database.read() as connection:
        assert sum(texts.attendance(connection, OrderId(planned)).values()) == 6
    assert "frokost" not in told_to_temporal(web)


def test_the_consultant_reads_the_free_texts_and_strikes_one(web: Web, planned: str) -> None:
    web.open_survey(planned)
    web.close_survey(planned)
    web.orders.give(planned, GoOnWithoutResults())
    found = web.order(planned)
    results = Results(
        package=found.package, package_version=1, round=Round.BASELINE, n=12, members=12, suppressed=False
    )
    written = [("gode_erfaringer", "Kaffe klokken ti."), ("gode_erfaringer", "Spørg Lis.")]
    with web.database.write() as connection:
        store(connection, found.id, results, written, web.clock.instant)
    web.make_deck(planned, free_texts=2)
    with web.client(web.new_key("opgoerelser", Scope.READ_ORDERS)) as http:
        assert http.get(f"/api/v1/orders/{planned}/free-texts").status_code == 403
    with web.client(web.site_key) as http:
        shown = http.get(f"/api/v1/orders/{planned}/free-texts").json()["texts"]
    strike = [text["id"] for text in shown if "Lis" in text["text"]]
    assert web.command(planned, type="read_free_texts", strike=strike).status_code == 200
    with web.database.read() as connection:
        kept = free_texts(connection, found.id, Round.BASELINE, struck=strike)
    assert [text.text for text in kept] == ["Kaffe klokken ti."]
    assert "Kaffe" not in told_to_temporal(web)


def test_openapi_describes_every_command_with_examples(web: Web) -> None:
    with web.client() as http:
        api = http.get("/api/v1/openapi.json").json()
    commands = api["paths"]["/api/v1/orders/{order}/commands"]["post"]["requestBody"]["content"]["application/json"]
    assert len(commands["schema"]["discriminator"]["mapping"]) == 37
    assert {"agree_plan", "record_meeting"} <= set(commands["examples"])
    assert "open_survey" not in commands["schema"]["discriminator"]["mapping"]
    assert not any(path.startswith(("/svar", "/bestilling", "/d/")) for path in api["paths"])


# --- what is refused ------------------------------------------------------------------------------------------------


def test_the_domains_no_is_a_409_with_its_danish_words_and_facts(web: Web) -> None:
    order = web.place()
    answer = web.command(order, type="agree_plan", meeting={"starts": "2026-01-12T17:00"}, place_text="Sted")
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "meeting_too_early"
    assert problem["detail"].startswith("Mødet kan tidligst ligge")
    assert problem["facts"]["earliest"] > "2026-01-12"


def test_what_was_written_beside_a_refused_command_is_taken_back(web_on_both: Web) -> None:
    web = web_on_both
    order = web.place()
    tables = (text_table, person_table, practice_table, membership_table, enclosure_table)
    before = [count(web, table) for table in tables]
    web.command(order, type="agree_plan", meeting={"starts": "2026-01-12T17:00"}, place_text="Sted")
    web.command(order, type="cancel_order")
    web.command(order, type="replace_coordinator", name="Ny", email="ny@example.dk", phone="11 22 33 44")
    web.command(order, type="add_member", name="Ny", email="ny@example.dk", practice="Ny praksis", role="ejerlæge")
    assert [count(web, table) for table in tables] == before


def test_counts_that_disagree_with_the_names_are_refused(web: Web, planned: str) -> None:
    web.open_survey(planned)
    web.hold_meeting(planned)
    (member, *_) = web.order(planned).members
    answer = web.command(planned, type="record_meeting", attended=7, attendance=[{"member": member, "attended": True}])
    assert (answer.status_code, answer.json()["code"]) == (409, "counts_differ")


@pytest.mark.parametrize(
    ("content", "content_type", "said"),
    [
        ('{"type": "release_deck"}', None, "Send indholdet som JSON, med overskriften Content-Type: application/json."),
        ('{"type": "release_deck"}', "text/plain", "Send indholdet som JSON, med overskriften Content-Type: "),
        ("", "application/json", "Indholdet skal være et JSON-objekt."),
        ("[1]", "application/json", "Indholdet skal være et JSON-objekt."),
        ("{}", "application/json", "Feltet »type« mangler"),
    ],
)
def test_a_body_that_is_no_command_is_told_what_it_should_be(
    web: Web, content: str, content_type: str | None, said: str
) -> None:
    order = web.place()
    with web.client(web.site_key) as http:
        headers = {"Content-Type": content_type} if content_type else {}
        answer = http.post(f"/api/v1/orders/{order}/commands", content=content, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(said)


def test_a_field_is_named_as_it_stands_in_the_request(web: Web) -> None:
    answer = web.command(web.place(), type="agree_plan", meeting={"starts": "onsdag", "laengde": 1})
    assert [error["field"] for error in answer.json()["errors"]] == ["meeting.starts", "meeting.laengde"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_method_that_is_not_taken_is_told_to_a_program_and_not_to_a_doctor(web: Web, method: str) -> None:
    with web.client(web.site_key) as http:
        answer = http.request(method, "/api/v1/orders")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["detail"] == f"Adressen tager ikke imod {method}, kun POST."


def test_a_key_that_is_not_for_commands_gives_none_and_writes_nothing(web: Web) -> None:
    order = web.place()
    key = web.new_key("opgoerelser", Scope.PLACE_ORDERS, Scope.READ_ORDERS, Scope.READ_PEOPLE)
    asked = {"type": "agree_plan", "meeting": {"starts": "2026-03-25T17:00"}, "place_text": "Lægehuset"}
    answer = web.command(order, key, **asked)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert web.order(order).version == 1
    assert (count(web, text_table), count(web, enclosure_table)) == (0, 0)


def test_what_only_time_asks_cannot_be_asked_here(web: Web) -> None:
    answer = web.command(web.place(), type="open_survey", round="baseline")
    assert answer.status_code == 422
    assert "open_survey" in answer.json()["detail"]


def test_nobody_can_say_in_the_clocks_place_that_the_call_was_never_held(web: Web) -> None:
    order = web.place()
    answer = web.command(order, type="cancel_order", reason="never_called")
    assert answer.status_code == 422
    assert not web.order(order).cancelled


def test_when_the_workflow_is_out_of_reach_the_caller_is_told_to_try_again(web: Web) -> None:
    order = web.place()
    web.orders.reachable = False
    answer = web.command(order, type="cancel_order")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "retry-after" in answer.headers


def test_an_unknown_order_is_a_404(web: Web) -> None:
    assert web.command("findesikke", type="cancel_order").status_code == 404
    with web.client(web.site_key) as http:
        assert http.get("/api/v1/orders/findesikke").json()["code"] == "no_such_order"
