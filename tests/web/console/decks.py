"""Real decks, small ones, in tests of the console."""

import io

from pptx import Presentation

from domain import commands as do
from domain.model import DocumentId, OrderId, Round
from storage import documents
from storage.documents import NewDocument
from tests.web.application import PPTX, Web


def deck_with(*titles: str) -> bytes:
    """A deck with a slide for each title; the first has a note."""
    deck = Presentation()
    for number, title in enumerate(titles):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = title
        if number == 0:
            slide.notes_slide.notes_text_frame.text = "Sig velkommen."
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


def order_in_review(web: Web) -> str:
    """An order that is answered and counted, with its deck in review."""
    placed = web.place()
    web.plan(placed)
    web.answered_by_all(placed)
    in_review(web, placed)
    return placed


def in_review(web: Web, order: str, content: bytes | None = None, free_texts: int = 0) -> DocumentId:
    """The order's deck, waiting to be looked at; its id."""
    survey = web.order(order).baseline
    assert survey is not None
    if not survey.tabulated:
        results = do.RecordResults(round=Round.BASELINE, answers=survey.answers or 0, free_texts=free_texts)
        web.orders.give(order, results)
    version = survey.deck_version + 1
    new = NewDocument("deck", version, "Trivsel – Aalborg Øst.pptx", PPTX, content or deck_with("Trivsel", "Næste"))
    with web.database.write() as connection:
        info = documents.put(connection, web.services.keys, OrderId(order), Round.BASELINE, new, web.clock.instant)
    web.orders.give(order, do.RecordDeck(round=Round.BASELINE, version=version, documents=(DocumentId(info.id),)))
    return DocumentId(info.id)
