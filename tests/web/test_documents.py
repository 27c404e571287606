"""Documents behind links nobody can guess."""

import pytest

from domain.model import OrderId
from storage import documents
from storage.documents import NewDocument
from tests.web.application import PPTX, Web
from web.documents import disposition


def test_a_document_comes_with_its_type_and_danish_name_and_is_kept_nowhere(web_on_both: Web) -> None:
    web = web_on_both
    order = OrderId(web.place())
    new = NewDocument("deck", 1, "Trivsel og arbejdsglæde – Aalborg Øst.pptx", PPTX, b"PK" * 1000)
    with web.database.write() as connection:
        info = documents.put(connection, web.services.keys, order, None, new, web.clock.instant)
    with web.client() as http:
        answer = http.get(f"/d/{info.token(web.services.keys)}")
        assert http.head(f"/d/{info.token(web.services.keys)}").status_code == 200
        assert http.get(f"/d/{info.id}").status_code == 404
    assert answer.content == b"PK" * 1000
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
