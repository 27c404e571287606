"""KiAP's own work by the API: calls, tasks put off and notes; and that no coordinator sees a word of it."""

import datetime as dt

import httpx
import pytest

from domain.meeting import danish
from storage.order_links import order_link
from storage.staff import OFFICE
from storage.texts import text_table
from tests.web.application import Web
from tests.web.order_api import count, told_to_temporal
from tests.web.order_page import order_page
from tests.web.reading import Shown
from web.forms.fields import Kind, fields_of
from web.requests.catalogue import REQUESTS

SECRET = "Koordinatoren er ved at holde op."


def put_off(web: Web, order: str, days: int = 3, **also: str) -> httpx.Response:
    until = (danish(web.clock.instant).date() + dt.timedelta(days=days)).isoformat()
    asked = {"task": "hold_the_call", "until": until, "why_text": SECRET, **also}
    return web.command(order, type="postpone_task", **asked)


def test_a_call_a_task_put_off_and_a_note_are_taken_with_their_words_in_rows_of_their_own(web: Web) -> None:
    order = web.place()
    assert web.command(order, type="note_call", outcome="no_answer", note_text=SECRET).status_code == 200
    assert put_off(web, order).status_code == 200
    assert web.command(order, type="add_note", note_text=SECRET).status_code == 200
    assert web.command(order, type="resume_task", task="hold_the_call").status_code == 200
    with web.database.read() as connection:
        kept = {(row.kind, row.content) for row in connection.execute(text_table.select())}
    assert kept == {("call_note", SECRET), ("postponed_because", SECRET), ("note", SECRET)}
    assert SECRET not in told_to_temporal(web)
    found = web.order(order)
    assert (found.calls.count, found.postponements) == (1, {})


def test_a_call_that_nobody_answered_is_noted_by_its_outcome_alone(web: Web) -> None:
    order = web.place()
    assert web.command(order, type="note_call", outcome="no_answer").status_code == 200
    assert count(web, text_table) == 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"type": "add_note"}, "note_text"),
        ({"type": "add_note", "note_text": " "}, "note_text"),
        ({"type": "note_call"}, "outcome"),
        ({"type": "note_call", "outcome": "perhaps"}, "outcome"),
        ({"type": "postpone_task", "task": "hold_the_call", "until": "2026-01-07"}, "why_text"),
        ({"type": "postpone_task", "task": "make_coffee", "until": "2026-01-07", "why_text": "x"}, "task"),
        ({"type": "postpone_task", "task": "hold_the_call", "until": "7. januar", "why_text": "x"}, "until"),
    ],
)
def test_what_lacks_its_words_or_is_no_choice_is_refused_beside_its_field(
    web: Web, asked: dict[str, str], field: str
) -> None:
    order = web.place()
    answer = web.command(order, **asked)
    assert answer.status_code == 422
    assert field in answer.text
    assert len(web.services.store.load(web.order(order).id)) == 1


def test_what_cannot_be_put_off_is_refused_with_the_day_and_its_reason_is_not_kept(web: Web) -> None:
    order = web.place()
    refused = put_off(web, order, days=0)
    assert refused.status_code == 409
    assert (refused.json()["code"], "6. januar 2026" in refused.json()["detail"]) == ("postponed_too_briefly", True)
    assert count(web, text_table) == 0


def test_the_orders_view_tells_until_when_a_task_is_put_off(web: Web) -> None:
    order = web.place()
    put_off(web, order)
    with web.client(web.site_key) as http:
        view = http.get(f"/api/v1/orders/{order}").json()
    tasks = {task["kind"]: task for task in view["tasks"]}
    assert tasks["hold_the_call"]["postponed_until"] == "2026-01-08"
    assert tasks["hold_the_call"]["due"].startswith("2026-01-08")
    assert tasks["assign_consultant"]["postponed_until"] is None
    assert view["call_due"] == "2026-01-12"


def test_the_coordinators_page_has_no_word_of_kiaps_own_work(web: Web, http: httpx.Client) -> None:
    order = web.place()
    before = order_page(web, http, order).words
    put_off(web, order)
    web.command(order, type="add_note", note_text=SECRET)
    web.command(order, type="resume_task", task="hold_the_call")
    assert order_page(web, http, order).words == before
    office = f"/bestilling/{order_link(web.services.keys, web.order(order).id, OFFICE)}"
    staffs = Shown(http.get(office)).words
    assert "blev udsat til torsdag den 8. januar 2026" in staffs
    assert "Der blev skrevet en note til KiAP selv" in staffs
    assert SECRET not in staffs


def test_the_coordinator_is_told_of_calls_that_missed_them(web: Web, http: httpx.Client) -> None:
    order = web.place()
    web.command(order, type="note_call", outcome="no_answer", note_text=SECRET)
    page = order_page(web, http, order).words
    assert (
        "ringede mandag den 5. januar 2026, men fik ikke fat i dig. Vi prøver igen senest mandag den 12. januar" in page
    )
    assert "KiAP ringede uden at træffe koordinatoren" in page
    assert SECRET not in page
    web.clock.set("2026-01-13")
    late = order_page(web, http, order).words
    assert "fik ikke fat i dig. Ring gerne selv til KiAP, så aftaler I mødet." in late
    assert "skulle have ringet" not in late


def test_the_coordinator_who_was_spoken_with_is_not_promised_a_call(web: Web, http: httpx.Client) -> None:
    order = web.place()
    web.command(order, type="note_call", outcome="spoke")
    web.clock.set("2026-01-13")
    page = order_page(web, http, order).words
    assert "talte med dig mandag den 5. januar 2026. Når mødet er aftalt, står det her." in page
    assert "skulle have ringet" not in page


def test_the_coordinators_own_deadline_is_not_moved_by_what_kiap_puts_off(web: Web, http: httpx.Client) -> None:
    order = web.place()
    web.plan(order)
    web.open_survey(order)
    web.hold_meeting(order)
    web.ask_for_the_record(order)
    before = order_page(web, http, order).words
    assert "Gerne senest" in before
    assert put_off(web, order, days=5, task="record_the_meeting").status_code == 200
    assert order_page(web, http, order).words == before


def test_forms_can_be_made_of_all_of_them(web: Web) -> None:
    assert web
    kinds = {
        name: {field.name: (field.kind, field.required) for field in fields_of(REQUESTS[name])}
        for name in ("note_call", "postpone_task", "resume_task", "add_note")
    }
    assert kinds == {
        "note_call": {"outcome": (Kind.CHOICE, True), "note_text": (Kind.TEXT, False)},
        "postpone_task": {
            "task": (Kind.CHOICE, True),
            "until": (Kind.DATE, True),
            "why_text": (Kind.TEXT, True),
        },
        "resume_task": {"task": (Kind.CHOICE, True)},
        "add_note": {"note_text": (Kind.TEXT, True)},
    }
