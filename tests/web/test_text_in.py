"""Texts as programs and people send them: what nobody can see or nothing can hold is refused in one clear line."""

import json
import re
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storage.clusters import practice_table
from storage.people import person_table
from tests.web.application import Web, fill_in, order_json
from tests.web.console.office import signed_in
from tests.web.reading import Shown, Visitor
from web.app import create_app


def post_json(web: Web, path: str, content: bytes, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": "bestilling-0001", "Content-Type": "application/json"}
    with web.client(key or web.site_key) as http:
        return http.post(path, content=content, headers=headers)


def place(web: Web, body: dict[str, Any]) -> httpx.Response:
    """As ASCII: what JSON can say of a sign, this says."""
    return post_json(web, "/api/v1/orders", json.dumps(body).encode())


def with_first_member(**changes: str) -> dict[str, Any]:
    body = order_json()
    body["members"][0].update(changes)
    return body


def problems(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["detail"] for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("sign", "named"),
    [
        ("\u200b", "ZERO WIDTH SPACE"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE"),
        ("\u00ad", "SOFT HYPHEN"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE"),
        ("\u3164", "HANGUL FILLER"),
        ("\ufe0f", "VARIATION SELECTOR-16"),
        ("\U000e0041", "TAG LATIN CAPITAL LETTER A"),
        ("\uffff", "U+FFFF"),
        ("\ue000", "U+E000"),
        ("\x00", "U+0000"),
        ("\x85", "linjeskift"),
        ("\ud800", "U+D800"),
    ],
)
def test_a_sign_that_cannot_be_seen_or_held_is_named_at_its_field(shared_web: Web, sign: str, named: str) -> None:
    sent = f"bo{sign}holm@example.dk"
    found = problems(place(shared_web, with_first_member(name=sent, email=sent, practice=sent)))
    assert list(found) == ["members[0].name", "members[0].email", "members[0].practice"]
    for said in found.values():
        assert named in said
        assert "holm" not in said


def test_what_cannot_be_seen_at_the_ends_falls_away(web: Web) -> None:
    name, email, practice = "\ufeff\u202aBo\u00a0 Holm\u202c \u200b", "\u200bbo@Læge.dk\u00ad", " 012345\ufeff"
    answer = place(web, with_first_member(name=name, email=email, practice=practice))
    assert answer.status_code == 201, answer.text
    with web.database.read() as connection:
        persons = connection.execute(select(person_table)).all()
        practices = connection.execute(select(practice_table)).all()
    assert ("Bo Holm", "bo@læge.dk") in {(row.name, row.email) for row in persons}
    assert "012345" in {row.name for row in practices}


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("bo@klinik", "Skriv den som navn@klinik.dk."),
        ("bo.klinik.dk", "Skriv den som navn@klinik.dk."),
        ("Bo Holm <bo@klinik.dk>", "Skriv kun adressen, uden navn og vinkler."),
        ("bo@klinik.dk, lis@klinik.dk", "Skriv én adresse."),
        ("bo holm@klinik.dk", "Der må ikke være mellemrum i den."),
        ("bo@-klinik.dk", "Skriv den som navn@klinik.dk."),
        ("bo@klinik.invalid", "Skriv den som navn@klinik.dk."),
        ("b" * 65 + "@klinik.dk", "Skriv den som navn@klinik.dk."),
        ("=?bo@klinik.dk", "Skriv den som navn@klinik.dk."),
        ("bo@klinik\u2024dk", "Skriv den som navn@klinik.dk."),
    ],
)
def test_an_address_nobody_could_write_to_is_told_how_it_is_written(shared_web: Web, address: str, says: str) -> None:
    found = problems(place(shared_web, with_first_member(email=address)))
    assert found == {"members[0].email": f"Mailadressen er ikke gyldig. {says}"}


@pytest.mark.parametrize("phone", ["12 34", "ring mig", "20 30 40 50 \U0001f4de", "<20304050>"])
def test_a_phone_number_has_digits_enough_to_be_called(shared_web: Web, phone: str) -> None:
    body = order_json(coordinator={"name": "Mette Holm", "email": "mette@example.dk", "phone": phone})
    said = "Skriv telefonnummeret med mindst 8 cifre, fx 20 30 40 50."
    assert problems(place(shared_web, body)) == {"coordinator.phone": said}


def test_a_clusters_name_is_no_longer_than_slides_have_room_for(shared_web: Web) -> None:
    body = order_json(cluster={"name": "A" * 81, "region": "nordjylland"})
    said = "Teksten må højst fylde 80 tegn. Den er 1 tegn for lang."
    assert problems(place(shared_web, body)) == {"cluster.name": said}


def test_words_on_a_form_are_read_by_the_same_door(web: Web) -> None:
    order = web.place()
    web.plan(order)
    with web.client() as http:
        visitor = Visitor(http, f"{web.page_of(order)}/rammer")
        page = visitor.send(place_text="Lo\u200bkale 4")
        assert page.status == 422
        said = "Der er et usynligt tegn (ZERO WIDTH SPACE) efter tegn 2. Slet det, eller skriv ordet igen."
        assert said in page.described_by("place_text")
        visitor.send(place_text="\ufeffLo\u00a0kale 4\u200b")
        assert "Lo kale 4" in Shown(http.get(web.page_of(order))).words


def test_a_free_text_on_the_questionnaire_is_read_by_the_same_door(web: Web) -> None:
    order = web.place()
    web.plan(order)
    link = web.open_survey(order)[0]
    with web.client() as http:
        sent = {"arbejdsglaede": "hoej", "gode_erfaringer": "Frokost.\nGå\u200btur \U0001fae8"}
        page = Shown(fill_in(http, link, **sent))
        assert page.status == 422
        assert "(ZERO WIDTH SPACE) efter tegn 2 i linje 2" in page.words
        assert page.fields()["gode_erfaringer"] == [sent["gode_erfaringer"]]
        sent["gode_erfaringer"] = "Frokost.\nGåtur \U0001fae8"
        assert fill_in(http, link, **sent).status_code == 303


# --- what is no text at all ---

COMMANDS = "/api/v1/orders/findes-ikke/commands"


@pytest.mark.parametrize("path", ["/api/v1/orders", COMMANDS])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "mac-roman", "utf-16", "utf-16-le", "utf-32"])
def test_json_that_is_not_utf8_is_told_so(shared_web: Web, path: str, encoding: str) -> None:
    body = json.dumps({**order_json(), "type": "læs"}, ensure_ascii=False).encode(encoding)
    assert problems(post_json(shared_web, path, body)) == {"": "Indholdet skal være UTF-8."}


def test_nothing_that_is_posted_anywhere_is_read_in_another_encoding(shared_web: Web) -> None:
    """Whatever the address: the body is looked at first, but where nobody is signed in: there it is not read at all."""
    included = [getattr(each, "original_router", each) for each in create_app(shared_web.services).routes]
    routes = [route for each in included for route in getattr(each, "routes", ()) if isinstance(route, APIRoute)]
    paths = sorted(re.sub(r"\{\w+\}", "x", each.path) for each in routes if "POST" in (each.methods or ()))
    assert len(paths) >= 4
    for path in paths:
        in_json = path.startswith("/api/")
        media_type = "application/json" if in_json else "application/x-www-form-urlencoded"
        with shared_web.client(shared_web.site_key) as http:
            headers = {"Content-Type": media_type, "Idempotency-Key": "bestilling-0001", "Origin": shared_web.address}
            answer = http.post(path, content=b'{"a": "\xe6"}' if in_json else b"a=%E6", headers=headers)
        if path.startswith("/drift/") and answer.headers.get("location", "").startswith("/drift/log-ind"):
            continue
        assert answer.status_code == 422, path
        assert "UTF-8" in answer.text


def test_utf16_of_plain_letters_alone_is_told_so_too(shared_web: Web) -> None:
    body = '{"type": "release_deck"}'.encode("utf-16-le")
    assert problems(post_json(shared_web, COMMANDS, body)) == {"": "Indholdet skal være UTF-8."}


def test_json_with_a_byte_order_mark_is_read(web: Web) -> None:
    body = json.dumps(order_json(), ensure_ascii=False).encode("utf-8-sig")
    assert post_json(web, "/api/v1/orders", body).status_code == 201


@pytest.mark.parametrize("content", ["[" * 100_000, "9" * 5_000, '{"type": NaN}', '{"type": "a"'])
def test_json_that_only_python_would_read_or_that_it_chokes_on_is_no_json(shared_web: Web, content: str) -> None:
    answer = post_json(shared_web, COMMANDS, content.encode())
    assert problems(answer) == {"": "Indholdet er ikke gyldig JSON."}


NOT_UTF8_FORMS = (b"antal=%E6", b"antal=\xc3\xa6", b"antal=\xe6", b"sted=%C3%A6%ED%A0%80", b"%FF=1")
IN_PARTS = b'--x\r\nContent-Disposition: form-data; name="sted"\r\n\r\nL\xe6gehuset\r\n--x--\r\n'


def test_a_form_in_another_encoding_is_told_so_and_changes_nothing(web: Web) -> None:
    order = web.place()
    web.plan(order)
    survey = web.open_survey(order)[0]
    before = web.order(order)
    forms = [(content, "application/x-www-form-urlencoded") for content in NOT_UTF8_FORMS]
    with web.client() as http:
        for content, media_type in [*forms, (IN_PARTS, "multipart/form-data; boundary=x")]:
            for path in (f"{web.page_of(order)}/rammer", survey):
                answer = http.post(path, content=content, headers={"Content-Type": media_type})
                assert answer.status_code == 422, content
                assert "UTF-8" in Shown(answer).words
    assert web.order(order) == before


UNSTORABLE: tuple[dict[str, Any], ...] = (
    {"type": "assign_consultant", "consultant": "\0"},
    {"type": "assign_consultant", "consultant": "\ud800"},
    {"type": "remove_member", "member": "\0"},
    {"type": "readdress_member", "member": "\ud800", "email": "bo@example.dk"},
    {"type": "record_meeting", "attendance": [{"member": "\0", "attended": True}]},
    {"type": "read_free_texts", "strike": ["\0"]},
    {"type": "agree_plan", "meeting": {"starts": "2026-04-15T17:00"}, "policies": {"\0": 1}},
    {"type": "\ud800"},
    {"type": "release_deck", "\ud800": 1},
    {"type": "cancel_order", "reason": "\0"},
)


def test_what_no_database_can_hold_is_refused_wherever_it_stands(web_on_both: Web) -> None:
    path = f"/api/v1/orders/{web_on_both.place()}/commands"
    for asked in UNSTORABLE:
        answer = post_json(web_on_both, path, json.dumps(asked).encode())
        assert answer.status_code == 422, answer.text
        assert "U+" in answer.json()["detail"]


NUL_PATHS = ("/api/v1/orders/%00", "/api/v1/orders/%00/free-texts", "/bestilling/%00.x", "/d/%00", "/svar/%00")


def test_an_address_with_a_nul_in_it_leads_nowhere(web_on_both: Web) -> None:
    with web_on_both.client(web_on_both.site_key) as http:
        assert {path: http.get(path).status_code for path in NUL_PATHS} == dict.fromkeys(NUL_PATHS, 404)


@pytest.mark.parametrize("query", ["forloeb", "soeg", "konsulent", "pakke", "hvis", "grund", "maerke", "trin", "aar"])
def test_a_nul_in_what_is_looked_for_is_a_lost_letter(web_on_both: Web, query: str) -> None:
    pages = ("/drift", "/drift/forloeb", "/drift/mails", "/drift/landet", "/drift/log", "/drift/forloeb.csv")
    with signed_in(web_on_both) as ole:
        assert {path: ole.get(f"{path}?{query}=%00x").status_code for path in pages} == dict.fromkeys(pages, 200)
        assert ole.get("/drift/live?maerke=%00&forloeb=%00").status_code == 200


def test_a_nul_in_a_form_is_refused(web_on_both: Web) -> None:
    with signed_in(web_on_both) as ole:
        answer = ole.post("/drift/landet/region", {"klynge": "\0", "region": "nordjylland"})
        assert answer.status_code == 422
        assert "%00" not in answer.text


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TYPES = st.text(max_size=5) | st.sampled_from(
    ["agree_plan", "move_meeting", "add_member", "record_meeting", "read_free_texts", "extend_survey"]
)
FIELDS = (
    "meeting", "to", "name", "email", "practice", "role", "strike", "attendance", "policies", "ideas_text", "closes",
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.fixed_dictionaries({"type": TYPES}, optional=dict.fromkeys(FIELDS, JSON_VALUES)))
def test_whatever_json_comes_the_answer_is_a_refusal_in_danish(shared_web: Web, body: dict[str, Any]) -> None:
    answer = post_json(shared_web, COMMANDS, json.dumps(body).encode())
    assert answer.status_code in (404, 409, 422), answer.text
    assert answer.json()["detail"].endswith((".", "?"))
