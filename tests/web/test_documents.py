"""Documents behind links nobody can guess."""

import pytest

from domain import commands as do
from domain.model import OrderId
from storage import documents
from tests.web.application import OPERATIONS, PPTX, Web
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


@pytest.mark.parametrize(
    "name", ['a"; filename=b.exe', "a\r\nSet-Cookie: x=1", "../../etc/passwd", "Åben ørefigen.docx"]
)
def test_no_filename_breaks_out_of_its_header(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.count('"') == 2
    assert not any(sign in header for sign in "\r\n/")
