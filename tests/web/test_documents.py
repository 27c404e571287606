"""Documents behind links nobody can guess."""

import pytest

from domain import commands as do
from domain.model import OrderId
from storage import documents
from tests.web.application import OPERATIONS, PPTX, Web
from tests.web.reading import Shown
from web.documents import disposition


@pytest.fixture
def delivered(web: Web) -> tuple[str, str]:
    """An order whose deck is delivered, and the deck's link."""
    order = web.place()
    web.plan(order)
    web.answered_by_all(order)
    (link,) = web.make_deck(order)
    web.orders.give(order, do.ReleaseDeck(), by=OPERATIONS)
    return order, link


def test_a_document_comes_with_its_type_and_danish_name_and_is_kept_nowhere(web_on_both: Web) -> None:
    web = web_on_both
    order = OrderId(web.place())
    web.plan(order)
    web.answered_by_all(order)
    (link,) = web.make_deck(order)
    web.orders.give(order, do.ReleaseDeck(), by=OPERATIONS)
    with web.database.read() as connection:
        (info,) = documents.documents(connection, order)
    with web.client() as http:
        answer = http.get(link)
        assert http.head(link).status_code == 200
        assert http.get(f"/d/{info.id}").status_code == 404
    assert answer.content == b"PK deck"
    assert answer.headers["content-type"] == PPTX
    assert answer.headers["cache-control"] == "no-store"
    assert "filename*=UTF-8''Trivsel%20og%20arbejdsgl%C3%A6de" in answer.headers["content-disposition"]


def test_every_earlier_link_leads_to_the_newest_version(web: Web, delivered: tuple[str, str]) -> None:
    order, first = delivered
    web.command(order, type="move_meeting", to="2026-04-15T17:00")
    with web.client() as http:
        assert http.get(first).content == b"PK deck", "until the next one is made"
        (second,) = web.make_deck(order)
        assert (http.get(first).content, http.get(second).content) == (b"PK deck 2", b"PK deck 2")
        web.command(order, type="change_meeting", minutes=180)
        (third,) = web.make_deck(order)
        assert {http.get(link).content for link in (first, second, third)} == {b"PK deck 3"}
        shown = [link for link in Shown(http.get(web.page_of(order))).links() if link.startswith("/d/")]
    assert shown == [third]


def test_a_version_that_was_replaced_in_review_is_nobodys_after_the_release(web: Web) -> None:
    order = web.place()
    web.plan(order)
    consultant = web.consultant(order)
    web.answered_by_all(order)
    (first,) = web.make_deck(order)
    with web.client() as http:
        (in_review,) = (link for link in Shown(http.get(consultant)).links() if link.startswith("/d/"))
        web.command(order, type="remake_deck")
        (second,) = web.make_deck(order)
        assert http.get(in_review).content == b"PK deck 2"
        assert [http.get(link).status_code for link in (first, second)] == [404, 404], "it is not released"
        web.command(order, type="release_deck")
        assert {http.get(link).content for link in (first, second, in_review)} == {b"PK deck 2"}


def test_a_link_leads_to_its_own_kind_and_its_own_round(web: Web) -> None:
    order = web.place()
    web.plan(order)
    web.answered_by_all(order)
    deck, document = web.make_deck(order, kinds=("deck", "document"))
    web.command(order, type="release_deck")
    with web.client() as http:
        assert [http.get(link).content for link in (deck, document)] == [b"PK deck", b"PK document"]


def test_what_was_delivered_can_still_be_fetched_after_a_cancellation(web: Web, delivered: tuple[str, str]) -> None:
    order, link = delivered
    web.command(order, type="cancel_order")
    with web.client() as http:
        assert http.get(link).content == b"PK deck"


@pytest.mark.parametrize(
    "name", ['a"; filename=b.exe', "a\r\nSet-Cookie: x=1", "../../etc/passwd", "Åben ørefigen.docx"]
)
def test_no_filename_breaks_out_of_its_header(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.count('"') == 2
    assert not any(sign in header for sign in "\r\n/")
