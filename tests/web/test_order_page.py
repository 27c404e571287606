"""The coordinator's page: where the order stands, in counts and without names, and what can be done now."""

import httpx
import pytest

from domain.commands import RecordLetters
from domain.model import Round
from storage.staff import change_staff
from tests.web.application import NAMES, Web, fill_in
from tests.web.order_page import offered, order_page
from tests.web.reading import Shown
from web.order_page.view import COMING
from web.words import document_title


@pytest.mark.parametrize(
    ("kind", "round_", "title"),
    [
        ("deck", Round.BASELINE, "PowerPoint til mødet"),
        ("deck", Round.FOLLOW_UP, "PowerPoint med før og efter"),
        ("document", Round.FOLLOW_UP, "Før og efter i Word"),
        ("document", Round.BASELINE, "Resultater og program i Word"),
    ],
)
def test_a_document_is_called_by_what_it_is_for(kind: str, round_: Round | None, title: str) -> None:
    assert document_title(kind, round_) == title


def test_a_new_order_says_who_calls_by_when(web: Web, http: httpx.Client) -> None:
    page = order_page(web, http, web.place())
    assert page.heading == "Trivsel og arbejdsglæde – Aalborg Øst"
    assert "Bestilt – afventer opkald" in page.words
    assert "ringer til dig senest mandag den 12. januar 2026" in page.words


def test_a_call_that_is_late_is_not_promised_for_a_day_that_has_passed(web: Web, http: httpx.Client) -> None:
    order = web.place()
    web.clock.set("2026-01-12", "20:00")
    assert "ringer til dig senest mandag den 12. januar 2026" in order_page(web, http, order).words
    web.clock.set("2026-01-13")
    page = order_page(web, http, order)
    assert "skulle have ringet til dig senest mandag den 12. januar 2026" in page.words
    assert "ringer til dig senest" not in page.words


def test_answers_are_told_in_counts_and_no_member_is_named(web_on_both: Web) -> None:
    web = web_on_both
    order = web.place()
    web.plan(order)
    links = web.open_survey(order)
    with web.client() as http:
        for link in links[:3]:
            fill_in(http, link, arbejdsglaede="hoej")
        page = order_page(web, http, order)
    assert "3 af 8 har svaret" in page.words
    assert "kan ingen se" not in page.words
    assert "Kun den, der driver systemet og har nøglen, kan bryde seglet inden da." in page.words
    assert not any(name in page.text for name in NAMES)


def test_a_deck_in_review_is_not_the_coordinators_to_see_and_a_delivered_one_is(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.answered_by_all(planned)
    (document,) = web.make_deck(planned)
    assert not any(link.startswith(document) for link in order_page(web, http, planned).links())
    assert http.get(document).status_code == 404
    web.command(planned, type="release_deck")
    assert document in order_page(web, http, planned).links()
    assert http.get(document).content == b"PK deck"


def test_what_cannot_be_done_now_is_neither_offered_nor_shown(web: Web, http: httpx.Client) -> None:
    order = web.place()
    assert offered(order_page(web, http, order)) == [
        "Skift koordinator",
        "Giv et nyt link",
        "Aflys bestillingen",
    ]
    for slug in ("flyt", "referat", "opfoelgning", "forlaeng", "aftale", "egne-ord", "gennemsyn", "findes-ikke"):
        answer = http.get(f"{web.page_of(order)}/{slug}")
        assert (answer.status_code, answer.headers["location"]) == (303, web.page_of(order))


def test_a_cancellation_tells_of_the_answers_as_they_are(web: Web, http: httpx.Client, planned: str) -> None:
    web.open_survey(planned)
    web.command(planned, type="cancel_order")
    words = order_page(web, http, planned).words
    assert "Svar, der var kommet, bliver slettet uden at være læst." in words
    assert "Lukket, fordi bestillingen er aflyst." in words


def test_a_cancellation_after_the_delivery_says_nothing_of_answers_that_are_in_the_material(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.answered_by_all(planned)
    web.make_deck(planned)
    web.command(planned, type="release_deck")
    web.command(planned, type="cancel_order")
    words = order_page(web, http, planned).words
    assert "Bestillingen er aflyst." in words
    assert "slettet uden at være læst" not in words
    assert "Lukket. Svarfristen var fredag den 13. marts 2026." in words


@pytest.mark.parametrize("path", ["x", "x.y", "%00.y", "ææ.øø"])
def test_a_wrong_link_is_a_kind_404(http: httpx.Client, path: str) -> None:
    answer = http.get(f"/bestilling/{path}")
    assert (answer.status_code, Shown(answer).heading) == (404, "Linket virker ikke")


def test_another_orders_link_does_not_open_this_one(web: Web, http: httpx.Client) -> None:
    one = web.place()
    other = web.place("bestilling-0002", cluster={"name": "Hjørring", "region": "nordjylland"})
    secret = web.page_of(one).partition(".")[2]
    assert http.get(f"/bestilling/{other}.{secret}").status_code == 404


def turns(page: Shown) -> dict[str, str]:
    """Who, and what is theirs next."""
    (told,) = page.tree.xpath("//section[@aria-labelledby='tur']//dl")
    names = [each.text_content() for each in told.xpath("./dt")]
    return {name: " ".join(told.xpath(f"./dt[{number}]/following-sibling::dd[1]/text()"))
            for number, name in enumerate(names, 1)}  # fmt: skip


def test_whose_turn_it_is_and_when_is_told_in_plain_words(web: Web, http: httpx.Client) -> None:
    order = web.place()
    told = turns(order_page(web, http, order))
    assert told == {
        "KiAP": "Finder en konsulent til jer, senest tirsdag den 6. januar 2026.",
        "Medlemmerne": "Hører ikke fra os lige nu.",
    }
    web.consultant(order)
    assert list(turns(order_page(web, http, order))) == ["Medlemmerne"], "the promised call stands above"
    web.plan(order)
    told = turns(order_page(web, http, order))
    assert told["Medlemmerne"] == "Får spørgeskemaet fredag den 27. februar kl. 8.30."
    web.open_survey(order)
    web.orders.give(order, RecordLetters(key="invitation/baseline/", sent=8, seen=web.order(order).version))
    assert turns(order_page(web, http, order))["Medlemmerne"].endswith("til dem, der ikke har svaret.")


def test_what_kiap_has_not_done_in_time_is_told_with_whom_to_ring(web: Web, http: httpx.Client) -> None:
    order = web.place()
    web.clock.set("2026-01-14")
    said = turns(order_page(web, http, order))["KiAP"]
    assert said == "Finder en konsulent til jer. Det skulle være sket tirsdag den 6. januar 2026. Ring gerne."


def test_who_looks_at_the_deck_is_told_by_name(web: Web, http: httpx.Client, planned: str) -> None:
    web.consultant(planned)
    web.answered_by_all(planned)
    web.make_deck(planned)
    said = turns(order_page(web, http, planned))["Karen Lund, KiAP"]
    assert said.startswith("Ser præsentationen igennem, senest ")


def test_an_order_that_is_over_is_nobodys_turn(web: Web, http: httpx.Client, planned: str) -> None:
    web.command(planned, type="cancel_order")
    assert not order_page(web, http, planned).tree.xpath("//section[@aria-labelledby='tur']")


def test_the_consultant_can_be_rung_on_their_own_number_and_else_on_the_offices(web: Web, http: httpx.Client) -> None:
    order = web.place()
    assert "Spørgsmål? Ring til KiAP: 7196 8844" in order_page(web, http, order).words
    web.consultant(order)
    assert "Din konsulent er Karen Lund: 7196 8844, karen@kiap.dk." in order_page(web, http, order).words
    consultant = web.order(order).consultant
    assert consultant is not None
    with web.database.write() as connection:
        change_staff(connection, consultant, "Karen Lund", "karen@kiap.dk", "20 30 40 50")
    page = order_page(web, http, order)
    assert "Din konsulent er Karen Lund: 20 30 40 50, karen@kiap.dk." in page.words
    assert "tel:20304050" in page.links()


def test_the_meeting_stays_among_what_comes_with_the_way_there_however_much_comes_before(
    web: Web, http: httpx.Client, planned: str
) -> None:
    web.open_survey(planned)
    (coming,) = order_page(web, http, planned).tree.xpath("//section[@aria-labelledby='kommer']")
    lines = [" ".join(each.text_content().split()) for each in coming.xpath(".//li")]
    (meeting,) = [line for line in lines if "Klyngemødet" in line]
    assert meeting.endswith("Klyngemødet kl. 17.00: Lægehuset Torvet, mødelokale 2")
    assert len(lines) == COMING
