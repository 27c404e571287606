"""A corrected deck laid in through the console: kept, shown, delivered; or refused beside its field."""

import base64
import io

import httpx
import pytest
from pptx import Presentation

from domain import commands as do
from domain.model import OrderId
from domain.order import Survey
from storage import enclosures
from storage.staff import StaffRole
from tests.web.application import OPERATIONS, Web
from tests.web.console.decks import deck_with, in_review, order_in_review
from tests.web.console.office import Colleague, signed_in
from tests.web.reading import Shown
from web.console.guard import FORM_TOKEN
from web.console.order.corrected_deck import LARGEST_FORM

CLUSTER = "Aalborg Øst"


@pytest.fixture
def order(web: Web) -> str:
    return order_in_review(web)


def baseline(web: Web, order: str) -> Survey:
    survey = web.order(order).baseline
    assert survey is not None
    return survey


def lay_in(
    me: Colleague, order: str, content: bytes | None, why: str = "Et tal på side 2", **more: str
) -> httpx.Response:
    """Choose a file and press the button."""
    return me.post(f"/drift/forloeb/{order}/ret-praesentation", {"why_text": why, "deck": content or b"", **more})


def titles(content: bytes) -> list[str]:
    return [slide.shapes.title.text for slide in Presentation(io.BytesIO(content)).slides]


def test_a_corrected_deck_is_the_one_to_look_at_and_the_one_that_is_delivered(web_on_both: Web) -> None:
    web = web_on_both
    order = order_in_review(web)
    with signed_in(web, StaffRole.CONSULTANT) as karen:
        form = Shown(karen.get(f"/drift/forloeb/{order}/ret-praesentation"))
        laid_in = lay_in(karen, order, deck_with(CLUSTER, "Rettet"))
        assert (laid_in.status_code, laid_in.headers["location"]) == (303, f"/drift/forloeb/{order}?gjort=replace_deck")
        page = Shown(karen.get(laid_in.headers["location"]))
        review = Shown(karen.get(f"/drift/forloeb/{order}/gennemsyn"))
    assert form.tree.xpath("//form[@enctype='multipart/form-data']//input[@type='file' and @name='deck']")
    assert "Den rettede præsentation er lagt ind." in page.words
    assert "til gennemsyn, rettet i hånden" in page.words
    assert "tidligere udgave" in page.words
    assert "Konsulenten lagde en rettet præsentation ind" in page.words
    assert "Et tal på side 2" in page.words
    assert "Karen Lund" in page.words
    assert "2 sider" in review.words
    assert "Præsentationen er rettet i hånden." in review.words
    [coordinators] = baseline(web, order).documents
    web.orders.give(order, do.ReleaseDeck(), by=OPERATIONS)
    with web.client() as http:
        [link] = [each for each in Shown(http.get(web.page_of(order))).links() if each.startswith("/d/")]
        got = http.get(link)
        told = Shown(http.get(web.page_of(order))).words
    assert titles(got.content) == [CLUSTER, "Rettet"]
    assert "rettet præsentation" not in told, "what KiAP corrects before the delivery is KiAP's own"
    assert coordinators == baseline(web, order).own_deck


def test_the_first_link_to_a_delivered_deck_leads_to_the_corrected_one(web: Web, order: str) -> None:
    web.orders.give(order, do.ReleaseDeck(), by=OPERATIONS)
    with web.client() as http, signed_in(web) as me:
        [first] = [each for each in Shown(http.get(web.page_of(order))).links() if each.startswith("/d/")]
        assert lay_in(me, order, deck_with(CLUSTER, "Rettet")).status_code == 303
        assert titles(http.get(first).content) == [CLUSTER, "Rettet"]
        assert "deck_corrected/baseline/2" in web.order(order).pending_letters
        form = f"/drift/forloeb/{order}/lav-paa-ny"
        assert "er det igen vores egen" in Shown(me.get(form)).words
        assert me.post(form).status_code == 303
    assert baseline(web, order).remake


@pytest.mark.parametrize(
    ("content", "why", "field", "said"),
    [
        (None, "Et tal", "deck", "Vælg en fil."),
        (b"%PDF-1.7 ikke en praesentation", "Et tal", "deck", "kan ikke læses som en præsentation"),
        (deck_with("En anden klynge"), "Et tal", "deck", f"»{CLUSTER}«, skal stå på en slide"),
        (deck_with(CLUSTER), "", "why_text", "Feltet må ikke være tomt."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_written_is_kept(
    web: Web, order: str, content: bytes | None, why: str, field: str, said: str
) -> None:
    with signed_in(web) as me:
        answer = lay_in(me, order, content, why)
    page = Shown(answer)
    assert answer.status_code == 422
    assert said in " ".join(page.tree.xpath(f"//*[@id='fejl-{field}']//text()"))
    assert page.tree.xpath("//*[@name='why_text']")[0].text_content().strip() == why
    assert baseline(web, order).own_deck is None
    assert left_over(web) == 0


def left_over(web: Web) -> int:
    with web.database.read() as connection:
        return len(connection.execute(enclosures.enclosure_table.select()).all())


def test_a_refused_correction_leaves_nothing_of_the_file(web: Web) -> None:
    order = web.place()
    web.plan(order)
    web.answered_by_all(order)
    in_review(web, order, free_texts=2)
    with signed_in(web) as me:
        answer = lay_in(me, order, deck_with(CLUSTER))
    assert answer.status_code == 409
    assert "Læs først, hvad lægerne har skrevet med egne ord." in Shown(answer).words
    assert left_over(web) == 0


def test_the_form_sent_twice_lays_in_one(web: Web, order: str) -> None:
    with signed_in(web) as me:
        number = {"anmodning": "a" * 32}
        content = deck_with(CLUSTER)
        assert [lay_in(me, order, content, **number).status_code for _ in range(2)] == [303, 303]
    assert baseline(web, order).deck_version == 2
    assert left_over(web) == 0


def test_a_deck_larger_than_any_other_body_is_taken_here_and_one_beyond_reason_is_not(web: Web, order: str) -> None:
    def padded(size: int) -> bytes:
        return deck_with(CLUSTER) + bytes(size)

    with signed_in(web) as me:
        too_large = lay_in(me, order, padded(16_000_000))
        beyond = lay_in(me, order, padded(LARGEST_FORM))
        elsewhere = me.http.post(
            f"/drift/forloeb/{order}/note", data={FORM_TOKEN: me.form_token}, files={"x": ("x", bytes(2_000_000))}
        )
    assert (too_large.status_code, "mere end 15 MB" in Shown(too_large).words) == (422, True)
    assert (beyond.status_code, elsewhere.status_code) == (413, 413)


def test_before_there_is_a_deck_the_form_leads_back_and_what_is_sent_is_refused(web: Web) -> None:
    order = web.place()
    with signed_in(web) as me:
        assert me.get(f"/drift/forloeb/{order}/ret-praesentation").headers["location"] == f"/drift/forloeb/{order}"
        assert lay_in(me, order, deck_with(CLUSTER)).status_code == 409


def test_the_form_is_not_on_the_page_that_a_link_opens(web: Web, order: str) -> None:
    page = web.consultant(order)
    with web.client() as http:
        assert not [
            each for each in Shown(http.get(page)).links() if each.endswith(("ret-praesentation", "lav-paa-ny"))
        ]
        assert http.get(f"{page}/ret-praesentation").headers["location"] == page
        assert http.post(f"{page}/ret-praesentation", data={"why_text": "x"}).headers["location"] == page
    assert baseline(web, order).own_deck is None


def test_a_changed_meeting_asks_somebody_to_look_at_the_corrected_deck(web: Web, order: str) -> None:
    with signed_in(web) as me:
        assert lay_in(me, order, deck_with(CLUSTER)).status_code == 303
        assert web.command(order, type="release_deck").status_code == 200
        assert web.command(order, type="move_meeting", to="2026-04-15T17:00").status_code == 200
        survey = baseline(web, order)
        again = do.RecordDeck(round=survey.round, version=survey.deck_wanted, documents=survey.documents)
        web.orders.give(order, again)
        listed = Shown(me.get("/drift?hvis=alle"))
        form = Shown(me.get(f"/drift/forloeb/{order}/ret-praesentation"))
        assert f"/drift/forloeb/{order}/behold-praesentation" in form.links()
        assert me.post(f"/drift/forloeb/{order}/behold-praesentation").status_code == 303
        assert "Præsentation passer ikke til mødet" not in Shown(me.get("/drift?hvis=alle")).words
    assert "Præsentation passer ikke til mødet" in listed.words
    assert "Mødet er ændret, efter at præsentationen blev rettet i hånden." in form.words


def test_by_the_api_it_is_the_same(web: Web, order: str) -> None:
    with web.client() as http:
        answer = http.post(
            f"/api/v1/orders/{OrderId(order)}/commands",
            json={
                "type": "replace_deck",
                "deck": base64.b64encode(deck_with("Fremmed")).decode(),
                "why_text": "Et tal",
            },
            headers={"Authorization": f"Bearer {web.site_key}"},
        )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "deck"
