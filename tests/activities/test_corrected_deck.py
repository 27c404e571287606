"""A corrected deck beside what the system makes: kept with its event or not at all, and never made over."""

import base64
import io
from typing import Any

import pytest
from pptx import Presentation
from sqlalchemy import event

from domain import commands as do
from domain.letters import Letter, Occasion
from domain.model import DocumentId, Round
from domain.order import Survey
from reporting.given_deck import mark_of
from storage import documents
from storage.documents import Document
from storage.enclosures import enclosure_table
from tests.activities.desk import CONSULTANT, MEETING, Desk
from tests.reporting.reading import deck_text, document_text
from web.problems import Problem
from web.requests.catalogue import REQUESTS

TITLE = "Rettet i hånden"


@pytest.fixture
def in_review(desk: Desk) -> Desk:
    """A deck and a results document made as production makes them, what doctors wrote read."""
    desk.members = 10
    desk.analysed()
    desk.make_deck(1)
    desk.do(do.ReadFreeTexts(), by=CONSULTANT)
    desk.make_deck(2)
    return desk


def survey_of(desk: Desk) -> Survey:
    survey = desk.order.baseline
    assert survey is not None
    return survey


def standing(desk: Desk) -> list[Document]:
    """Deck and document as they stand."""
    with desk.stack.database.read() as connection:
        found = [documents.document(connection, each) for each in survey_of(desk).documents]
    return [each for each in found if each is not None]


def by_hand(content: bytes) -> bytes:
    """The deck with another title on its second slide, as somebody saves it."""
    deck = Presentation(io.BytesIO(content))
    deck.slides[1].shapes.title.text = TITLE
    saved = io.BytesIO()
    deck.save(saved)
    return saved.getvalue()


def lay_in(desk: Desk, content: bytes) -> None:
    sent = {"type": "replace_deck", "deck": base64.b64encode(content).decode(), "why_text": "Overskriften var forkert"}
    desk.ask(REQUESTS["replace_deck"].model_validate(sent))


def left_enclosed(desk: Desk) -> int:
    with desk.stack.database.read() as connection:
        return len(connection.execute(enclosure_table.select()).all())


def test_our_own_deck_corrected_is_taken_and_named_as_ours_was(in_review: Desk) -> None:
    ours, word = standing(in_review)
    lay_in(in_review, by_hand(ours.content))
    deck, same_word = standing(in_review)
    assert TITLE in deck_text(deck.content)
    assert (deck.info.version, deck.info.filename, deck.info.made_at) == (3, ours.info.filename, in_review.now)
    assert same_word.info.id == word.info.id
    assert left_enclosed(in_review) == 0


def test_a_moved_meeting_renews_the_document_and_leaves_the_deck_and_ours_is_there_to_start_from(
    in_review: Desk,
) -> None:
    lay_in(in_review, by_hand(standing(in_review)[0].content))
    own = survey_of(in_review).documents[0]
    in_review.do(do.MoveMeeting(to=MEETING.replace(day=28)), by=CONSULTANT)
    made = in_review.make_deck(survey_of(in_review).deck_wanted)
    deck, word = standing(in_review)
    assert deck.info.id == own
    assert TITLE in deck_text(deck.content)
    assert "28. maj" in document_text(word.content)
    with in_review.stack.database.read() as connection:
        ours = documents.document(connection, made[0])
    assert ours is not None
    assert "28. maj" in deck_text(ours.content)


def test_the_coordinator_is_not_told_that_a_corrected_deck_was_made_anew_for_a_moved_meeting(in_review: Desk) -> None:
    lay_in(in_review, by_hand(standing(in_review)[0].content))
    in_review.do(do.ReleaseDeck(), do.MoveMeeting(to=MEETING.replace(day=28)), by=CONSULTANT)
    in_review.make_deck(survey_of(in_review).deck_wanted)
    plan = Letter(Occasion.PLAN_AGREED, number=str(in_review.order.meeting_edition))
    mail = in_review.written(plan).mail
    assert "Præsentationen har vi rettet i hånden" in mail.text
    assert "Materialet er lavet på ny" not in mail.text


def test_asked_for_ours_is_back(in_review: Desk) -> None:
    lay_in(in_review, by_hand(standing(in_review)[0].content))
    in_review.do(do.RemakeDeck(), by=CONSULTANT)
    in_review.make_deck(survey_of(in_review).deck_wanted)
    assert TITLE not in deck_text(standing(in_review)[0].content)
    assert survey_of(in_review).own_deck is None


def test_a_deck_of_another_order_is_known_by_its_mark_whatever_stands_on_its_slides(in_review: Desk) -> None:
    ours = standing(in_review)[0].content
    deck = Presentation(io.BytesIO(ours))
    assert mark_of(in_review.order_id, Round.BASELINE) in deck.core_properties.keywords
    deck.core_properties.keywords = f"trivsel; {mark_of(in_review.order_id, Round.FOLLOW_UP)}"
    saved = io.BytesIO()
    deck.save(saved)
    with pytest.raises(Problem):
        lay_in(in_review, saved.getvalue())
    assert survey_of(in_review).own_deck is None


@pytest.mark.parametrize("table", ["document", "text"])
def test_a_full_disk_in_the_middle_leaves_neither_event_nor_deck_and_a_second_try_has_both(
    in_review: Desk, table: str
) -> None:
    content, before = by_hand(standing(in_review)[0].content), in_review.order.version

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(f"INSERT INTO {table.upper()}"):
            raise OSError("the disk is full")

    engine = in_review.stack.database._quick
    event.listen(engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(OSError, match="full"):
            lay_in(in_review, content)
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    assert in_review.order.version == before
    assert decks(in_review) == [1, 2]
    lay_in(in_review, content)
    assert decks(in_review) == [1, 2, 3]


def decks(desk: Desk) -> list[int]:
    with desk.stack.database.read() as connection:
        return [info.version for info in documents.documents(connection, desk.order_id) if info.kind == "deck"]


def test_of_two_corrections_the_last_stands_and_the_first_is_still_there(in_review: Desk) -> None:
    content = by_hand(standing(in_review)[0].content)
    lay_in(in_review, content)
    first = survey_of(in_review).own_deck
    lay_in(in_review, content)
    assert survey_of(in_review).own_deck not in (first, None)
    assert decks(in_review) == [1, 2, 3, 4]
    with in_review.stack.database.read() as connection:
        assert documents.document(connection, DocumentId(str(first))) is not None
