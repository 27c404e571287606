"""`/bestil`: a coordinator's order is kiap.dk's, comes once, and neither tells nor changes anything for a stranger."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select

from domain.by import Capacity
from domain.danish import duration
from domain.events import NoteAdded, OrderPlaced
from domain.letters import Letter, Occasion
from domain.model import OrderId
from storage import clusters, people
from storage.audit import audit_table
from storage.clusters import cluster_table, practice_table
from storage.database import Database
from storage.people import membership_table, person_table
from storage.recorded import event_table
from storage.sign_in_pauses import attempt_table
from storage.texts import text_table, words_of
from tests.a_register import REGISTER
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import NAMES, SAMARBEJDE, TRIVSEL, Web, order_json, running_web
from tests.web.reading import Shown
from web.order_form.which_cluster import NEW

METTE = {"navn": "Mette Holm", "mail": "mette.holm@example.dk", "telefon": "20 30 40 50"}
LIST = "\n".join(f"{name};laege{number}@example.dk;Praksis {number // 2};Ejerlæge" for number, name in enumerate(NAMES))
KNOWN = {"pakke": SAMARBEJDE, "klynge": "Aalborg Øst", **METTE}
NEW_CLUSTER = {"pakke": TRIVSEL, "klynge": "Aalborg Øst", "region": "nordjylland", "medlemmer": LIST, **METTE}


def send(http: httpx.Client, fields: dict[str, str], **changes: str) -> httpx.Response:
    """Open the form, fill it in and press its button."""
    given = {name: values[0] for name, values in Shown(http.get("/bestil")).fields().items() if name}
    return http.post("/bestil", data={**given, **fields, **changes})


def problem(answer: httpx.Response, field: str) -> str:
    assert answer.status_code == 422, answer.text
    page = Shown(answer)
    (element,) = page.tree.xpath(f"//*[@id='fejl-{field}']")
    return " ".join(element.text_content().split()).removeprefix("Fejl: ")


def test_an_order_comes_in_and_the_way_to_it_goes_by_mail_alone(web_on_both: Web) -> None:
    web = web_on_both
    with web.client() as http:
        answer = send(http, NEW_CLUSTER, oensker="Helst en onsdag i marts.")
        assert (answer.status_code, answer.headers["location"], answer.text) == (303, "/bestil?bestilt=1", "")
        told = http.get("/bestil?bestilt=1")
    assert Shown(told).heading == "Tak for bestillingen"
    (order,) = web.orders.started
    assert order not in told.text
    assert list(web.order(order).pending_letters) == [Letter(Occasion.ORDER_RECEIVED).key]
    placed, note = web.services.store.load_recorded(OrderId(order))
    assert isinstance(placed.event, OrderPlaced)
    assert isinstance(note.event, NoteAdded)
    assert {(each.by.role, each.by.who) for each in (placed, note)} == {
        (Capacity.COORDINATOR, placed.event.coordinator)
    }
    with web.database.read() as connection:
        coordinator = people.person(connection, placed.event.coordinator)
        assert (coordinator.name, coordinator.email, coordinator.phone) == tuple(METTE.values())
        assert words_of(connection, note.event.note) == f"Helst en onsdag i marts.\n\n{NEW}"
    with web.client() as http:
        assert "onsdag i marts" not in http.get(web.page_of(order)).text


def test_of_a_package_of_a_register_nobody_is_told_of_a_questionnaire(tmp_path: Path) -> None:
    database = Database(sqlite_url(new_sqlite(tmp_path / "register.db")))
    with running_web(database, packages=[REGISTER]) as web, web.client() as http:
        told = http.get("/bestil").text
    database.close()
    assert "spørgeskema" not in told.lower()
    assert "Et udtræk af et register med hver praksis’ tal. Ingen skal svare på noget." in told
    assert "Et nyt udtræk 6–12 måneder efter mødet" in told
    assert "Jeres egne ser kun I selv." in told


def test_the_form_and_kiap_dk_place_the_same_order(tmp_path: Path) -> None:
    """In two like systems: the same events and rows, but for ids, and for who it came by."""
    found = []
    for way in ("form", "api"):
        database = Database(sqlite_url(new_sqlite(tmp_path / f"{way}.db")))
        with running_web(database) as web, web.client() as http:
            web.place(cluster={"id": "klynge-17", "name": "Aalborg Øst", "region": "nordjylland"})
            if way == "form":
                assert send(http, KNOWN, oensker="Helst i marts.").status_code == 303
            else:
                body = order_json(
                    SAMARBEJDE, cluster={"id": "klynge-17", "name": "Aalborg Øst", "region": "nordjylland"}
                )
                del body["members"]
                http.headers["Authorization"] = f"Bearer {web.site_key}"
                answer = http.post(
                    "/api/v1/orders", json=body | {"wishes": "Helst i marts."}, headers={"Idempotency-Key": "ordre-002"}
                )
                assert answer.status_code == 201, answer.text
            with database.read() as connection:
                found.append(everything(connection))
        database.close()
    assert found[0] == found[1]


def everything(connection: Connection) -> dict[str, list[Any]]:
    """All that the orders left, with ids numbered as they come, and without who gave it."""
    ids: dict[str, str] = {}

    def numbered(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: numbered(each) for key, each in value.items() if key != "by"}
        if isinstance(value, list):
            return (
                sorted((numbered(each) for each in value), key=str) if value and isinstance(value[0], dict) else value
            )
        return ids.get(value, value) if isinstance(value, str) else value

    told: dict[str, list[Any]] = {}
    for name, table in (("person", person_table), ("cluster", cluster_table), ("practice", practice_table)):
        rows = [dict(row) for row in connection.execute(select(table)).mappings()]
        rows.sort(key=lambda row: str({key: value for key, value in row.items() if key not in ("id", "cluster_id")}))
        for number, row in enumerate(rows):
            ids[row["id"]] = f"{name}-{number}"
        told[name] = [numbered(row) for row in rows]
    texts = [dict(row) for row in connection.execute(select(text_table)).mappings()]
    events = [(row.type, row.version, row.data) for row in connection.execute(select(event_table).order_by("position"))]
    told["text"] = [(row["kind"], row["content"]) for row in texts]
    told["membership"] = sorted(
        (numbered(dict(row)) for row in connection.execute(select(membership_table)).mappings()), key=str
    )
    told["event"] = [(kind, version, shape(data, ids)) for kind, version, data in events]
    return told


def shape(data: Any, ids: dict[str, str]) -> Any:
    """An event's data with people and practices numbered; the order's and the text's ids are new each time."""
    content = json.loads(data) if isinstance(data, str | bytes) else data
    for name in ("order", "note", "at", "by"):
        content.pop(name, None)
    for name in ("cluster", "coordinator"):
        if name in content:
            content[name] = ids[content[name]]
    if "members" in content:
        content["members"] = sorted(
            ({**each, "person": ids[each["person"]], "practice": ids[each["practice"]]} for each in content["members"]),
            key=str,
        )
    return content


def test_a_form_sent_twice_is_one_order(web_on_both: Web) -> None:
    web = web_on_both
    with web.client() as http:
        form = {"engang": "en-og-samme-form", **NEW_CLUSTER}
        assert [http.post("/bestil", data=form).status_code for _ in range(2)] == [303, 303]
    with web.database.read() as connection:
        assert len(connection.execute(select(event_table)).all()) == 2


def test_a_form_that_was_corrected_is_another_request(web: Web, http: httpx.Client) -> None:
    form = {"engang": "en-og-samme-form", **NEW_CLUSTER}
    assert http.post("/bestil", data=form).status_code == 303
    assert http.post("/bestil", data=form | {"klynge": "Skagen"}).status_code == 303
    assert len(set(web.orders.started)) == 2


def test_a_second_order_of_the_package_is_refused_with_the_way_to_the_first(web: Web, http: httpx.Client) -> None:
    order = web.place()
    answer = send(http, KNOWN, pakke=TRIVSEL)
    assert problem(answer, "pakke").startswith("Klyngen har allerede en bestilling af denne pakke i gang.")
    assert order not in answer.text


@pytest.mark.parametrize("who", [{"navn": "Karen Fremmed"}, {"mail": "karen@example.dk"}])
def test_a_stranger_gets_nothing_of_a_cluster_that_we_know_and_changes_nothing_of_it(
    web: Web, http: httpx.Client, who: dict[str, str]
) -> None:
    web.place()
    before = written(web)
    for list_ in ("", LIST):
        answer = send(http, KNOWN | who, medlemmer=list_)
        assert "ikke dig med det navn og den mailadresse" in problem(answer, "mail")
        assert "7196 8844" in problem(answer, "mail")
    assert written(web) == before


def test_nobody_changes_a_known_clusters_list_by_the_form(web: Web, http: httpx.Client) -> None:
    web.place()
    before = written(web)
    moved = LIST.replace("laege2@example.dk", "fremmed@example.dk")
    assert problem(send(http, KNOWN, medlemmer=moved), "medlemmer").startswith("Vi har allerede klyngens liste.")
    assert written(web) == before


def written(web: Web) -> list[Any]:
    with web.database.read() as connection:
        tables = (event_table, person_table, membership_table, practice_table, cluster_table, text_table, audit_table)
        return [sorted(map(str, connection.execute(select(table)).all())) for table in tables]


def test_a_cluster_is_found_by_its_name_in_any_case_or_by_its_number(web: Web, http: httpx.Client) -> None:
    first = web.place(cluster={"id": "klynge-17", "name": "Aalborg Øst", "region": "nordjylland"})
    for name, package in (("AALBORG øst", SAMARBEJDE), ("Klynge-17", TRIVSEL)):
        web.command(first, type="cancel_order")
        assert send(http, KNOWN, klynge=name, pakke=package).status_code == 303
    with web.database.read() as connection:
        assert len(clusters.clusters(connection)) == 1


def test_of_two_clusters_of_one_name_the_region_tells_which(web: Web, http: httpx.Client) -> None:
    one, two = (
        web.place(f"bestilling-{region}", cluster={"name": "Nord", "region": region})
        for region in ("nordjylland", "syddanmark")
    )
    assert "flere klynger med det navn" in problem(send(http, KNOWN, klynge="Nord"), "region")
    assert send(http, KNOWN, klynge="Nord", region="syddanmark").status_code == 303
    assert web.order(web.orders.started[-1]).cluster == web.order(two).cluster != web.order(one).cluster


def test_an_unknown_cluster_is_asked_about_once(web: Web, http: httpx.Client) -> None:
    web.place()
    said = problem(send(http, NEW_CLUSTER, klynge="Aalborg Ost", region=""), "region")
    assert said.startswith("Vi kender ikke klyngen Aalborg Ost. Mente du Aalborg Øst?")
    assert send(http, NEW_CLUSTER, klynge="Skagen").status_code == 303


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("pakke", "", "Vælg en pakke."),
        ("pakke", "findes-ikke", "Vælg en pakke."),
        ("klynge", " ", "Skriv klyngens navn eller nummer."),
        ("klynge", "=", "Feltet skal have bogstaver"),
        ("region", "skåne", "Vælg en af mulighederne."),
        ("navn", "", "Skriv dit navn."),
        ("mail", "mette", ""),
        ("mail", "a@b.dk\r\nBcc: x@y.dk", ""),
        ("telefon", "", "Skriv dit telefonnummer"),
        ("telefon", "123", ""),
        ("oensker", "x" * 20_000, ""),
        ("medlemmer", "", "Der skal være mindst 5 medlemmer"),
        ("medlemmer", "Mette Holm;mette@example.dk;12345", "Der skal være mindst 5 medlemmer"),
        ("medlemmer", LIST + "\nOle Uden;;12345", "Linje 9: Mail: mangler."),
        ("medlemmer", LIST + "\n" + LIST, "Det samme navn og den samme mailadresse"),
        ("fax", "https://example.dk", "Feltet skal stå tomt."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_kept_and_nothing_is_written(
    web: Web, http: httpx.Client, field: str, given: str, said: str
) -> None:
    before = written(web)
    answer = send(http, NEW_CLUSTER, **{field: given})
    assert said in problem(answer, field)
    assert Shown(answer).fields()["telefon"] == ([given] if field == "telefon" else ["20 30 40 50"])
    assert (written(web), web.orders.started) == (before, [])


def test_a_form_with_nothing_chosen_is_answered_with_all_that_lacks(web: Web, http: httpx.Client) -> None:
    answer = http.post("/bestil", data={})
    assert answer.status_code == 422
    asked = [link for link in Shown(answer).links() if link.startswith("#")]
    assert asked == ["#pakke", "#klynge", "#navn", "#mail", "#telefon"]


def test_many_orders_from_one_network_are_held_back_and_neither_it_nor_the_address_is_kept(
    web: Web, http: httpx.Client
) -> None:
    sent = [
        send(http, NEW_CLUSTER, klynge=f"Klynge {number}", mail=f"nogen{number}@example.dk") for number in range(22)
    ]
    assert [answer.status_code for answer in sent] == [303] * 21 + [429]
    assert (Shown(sent[-1]).heading, sent[-1].headers["retry-after"]) == ("Vent lidt", "1")
    with web.database.read() as connection:
        rows = [str(row) for row in connection.execute(select(attempt_table))]
    assert rows
    assert not any("example.dk" in row or "127.0.0.1" in row for row in rows)


def test_one_address_cannot_be_filled_with_receipts(web: Web, http: httpx.Client) -> None:
    sent = [send(http, NEW_CLUSTER, klynge=f"Klynge {number}").status_code for number in range(7)]
    assert sent == [303] * 6 + [429]


def test_an_order_that_cannot_be_started_now_is_left_to_the_sweep(web: Web, http: httpx.Client) -> None:
    web.orders.reachable = False
    assert send(http, NEW_CLUSTER).status_code == 303


def test_each_package_is_told_by_its_own_data(web: Web, http: httpx.Client) -> None:
    page = Shown(http.get("/bestil"))
    for package in web.services.packages.today:
        for words in (package.title, package.summary, *(section.title for section in package.sections)):
            assert " ".join(words.split()) in page.words
    assert duration(150) in page.words
    assert Shown(http.get(f"/bestil?pakke={SAMARBEJDE}")).fields()["pakke"] == [SAMARBEJDE]


def test_the_front_page_leads_there(http: httpx.Client) -> None:
    assert "/bestil" in Shown(http.get("/")).links()


def test_a_cluster_that_kiap_put_in_is_found_by_its_number_and_anybody_of_it_may_order(
    web: Web, http: httpx.Client
) -> None:
    with web.database.write() as connection:
        put_in = clusters.recognise_cluster(connection, "Skagen", "nordjylland", "kiap-9")
    answer = send(http, {**NEW_CLUSTER, "klynge": "KIAP-9", "region": ""})
    assert answer.status_code < 400, answer.text
    with web.database.read() as connection:
        (known,) = clusters.clusters(connection)
        words = list(connection.execute(select(text_table.c.content)).scalars())
    assert (known.id, known.name, known.external_id) == (put_in, "Skagen", "kiap-9")
    assert not any(NEW in each for each in words), "nobody is told that it is new"
