"""An order whose deck and results are delivered: real files, as a worker would have made them."""

import datetime as dt
from io import BytesIO
from typing import Any

import httpx
from docx import Document

from domain import commands as do
from domain.model import DocumentId, OrderId, Round
from reporting.document import make_document
from reporting.papers.making import DOCX
from storage import documents
from storage.documents import PPTX, NewDocument
from storage.order_links import meeting_link
from tests.reporting.clusters import a_baseline
from tests.reporting.papers.meetings import a_deck
from tests.the_packages import TRIVSEL
from tests.web.application import Web


def agreed(web: Web, **changes: Any) -> str:
    order = web.place(**changes)
    web.plan(order)
    return order


def delivered(web: Web, deck: bytes | None = None) -> str:
    """An order with deck and results released before its meeting; the deck may be one of ours or these bytes."""
    order = agreed(web)
    web.answered_by_all(order)
    web.orders.give(order, do.RecordResults(round=Round.BASELINE, answers=8, free_texts=0))
    deliver(web, order, deck)
    web.orders.give(order, do.ReleaseDeck())
    return order


def deliver(web: Web, order: str, deck: bytes | None = None) -> None:
    """The round's next version, in review."""
    survey = web.order(order).survey(Round.BASELINE)
    assert survey is not None
    version = survey.deck_version + 1
    new = [
        NewDocument("deck", version, "Resultater – oplæg.pptx", PPTX, deck or a_deck(TRIVSEL.slug)),
        NewDocument("document", version, "Resultater.docx", DOCX, make_document(a_baseline(TRIVSEL, 8))),
    ]
    with web.database.write() as connection:
        keys, now = web.services.keys, web.clock.instant
        ids = tuple(
            DocumentId(documents.put(connection, keys, OrderId(order), Round.BASELINE, each, now).id) for each in new
        )
    web.orders.give(order, do.RecordDeck(round=Round.BASELINE, version=version, documents=ids))


def member_page(web: Web, order: str) -> str:
    """The path of a member's page of the meeting, of one who is not the coordinator."""
    found = web.order(order)
    member = next(person for person in found.active_members if person != found.coordinator)
    return f"/moede/{meeting_link(web.services.keys, found.id, member)}"


def words_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    document = Document(BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells]).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def the_morning_after(web: Web, order: str) -> None:
    meeting = web.order(order).meeting
    assert meeting is not None
    web.clock.instant = meeting.ends_at + dt.timedelta(hours=14)
