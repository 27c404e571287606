"""A cluster's own questions from the call to deck and document: answered, counted, read, printed, erased."""

import datetime as dt
from typing import Any

import pytest

from domain import commands as do
from domain.meeting import Meeting
from domain.model import DocumentId, Round, TextId
from domain.own_questions import is_own
from domain.package import Package
from storage import documents, result_repository
from tests.activities.desk import CONSULTANT, MEETING, OPENED, Desk
from tests.reporting.reading import deck_text, document_text
from tests.reporting.slides import slides_of, title_of, titles_of, words_of
from web.requests.own_questions import AskOwnQuestions

ASKED: list[dict[str, Any]] = [
    {"kind": "degree", "text": "Har I tid nok til de unge?", "scale": "grad", "repeated": True},
    {"kind": "degree", "text": "Når du det, du vil nå?", "scale": "grad", "repeated": True},
    {"kind": "yes_no", "text": "Holder I pause sammen?", "repeated": True},
    {"kind": "choice", "text": "Hvad vil du helst tale om?", "options": ["Telefonen", "Vagterne"]},
    {"kind": "text", "text": "Hvad skal klyngen tage op?"},
]


def package_of(desk: Desk) -> Package:
    with desk.stack.database.read() as connection:
        return desk.at.package_of(connection, desk.order)


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """An order at the call, whose cluster asks five questions of its own; twelve members."""
    desk.members = 12
    desk.place()
    desk.ask(AskOwnQuestions.model_validate({"type": "ask_own_questions", "questions": ASKED}))
    return desk


def analysed(desk: Desk) -> None:
    desk.package = package_of(desk)
    desk.analysed()


def opened(desk: Desk) -> None:
    desk.do(do.AgreePlan(meeting=Meeting(starts=MEETING)))
    desk.do(do.OpenSurvey(round=Round.BASELINE), now=OPENED)


def test_the_package_of_the_order_has_them_until_they_are_taken_out(asked: Desk) -> None:
    own = [item.text for item in package_of(asked).items if is_own(item.id)]
    assert own == [each["text"] for each in ASKED]
    asked.do(do.DropOwnQuestions())
    assert package_of(asked) == asked.package, "what an order's package has is never kept for another"


def test_answered_counted_read_and_printed_like_any_item(asked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = asked
    monkeypatch.setattr(desk, "open_survey", lambda: opened(desk))
    analysed(desk)
    with desk.stack.database.read() as connection:
        stored = result_repository.stored(connection, desk.order_id, Round.BASELINE)
        written = result_repository.free_texts(connection, desk.order_id, Round.BASELINE)
    assert stored is not None
    assert {item for item in stored.results.items if is_own(item)} == {f"egen_{number}" for number in range(1, 6)}
    assert stored.results.items["egen_3"].n == 12
    own = [text for text in written if text.item == "egen_5"]
    assert len(own) == 12
    first = printed(desk, desk.make_deck(1))
    assert not any(text.text in first for text in own), "nobody has read them yet"
    struck, *kept = own
    desk.do(do.ReadFreeTexts(struck_texts=(TextId(struck.id),)), by=CONSULTANT)
    made = desk.make_deck(2)
    words = printed(desk, made)
    assert all(each["text"] in words for each in ASKED)
    assert all(text.text in words for text in kept)
    slides = slides_of(deck_of(desk, made))
    others = " ".join(words_of(slide) for slide in slides if title_of(slide) == "Gode erfaringer fra klyngen")
    theirs = [text.text for text in written if text.item == "gode_erfaringer"]
    assert [others.count(f"»{text}«") for text in theirs] == [1] * 12, "the others answer another question"
    titles = list(dict.fromkeys(titles_of(deck_of(desk, made))))
    place = titles.index("Det har I selv spurgt om")
    assert titles[place + 1 : place + 4] == [
        "Holder I pause sammen?", "Hvad vil du helst tale om?", "Hvad skal klyngen tage op?",
    ]  # fmt: skip
    assert titles[place + 4].startswith("Hjemmeopgave")


def printed(desk: Desk, made: list[DocumentId]) -> str:
    with desk.stack.database.read() as connection:
        deck, document = (documents.document(connection, each) for each in made)
    assert deck is not None
    assert document is not None
    return deck_text(deck.content) + document_text(document.content)


def deck_of(desk: Desk, made: list[DocumentId]) -> bytes:
    with desk.stack.database.read() as connection:
        deck = documents.document(connection, made[0])
    assert deck is not None
    return deck.content


def test_erased_with_the_order_they_are_nowhere_in_the_files(asked: Desk) -> None:
    from storage import texts

    with asked.stack.database.write() as connection:
        assert texts.erase_texts(connection, asked.order_id, asked.now + dt.timedelta(days=1)) >= 7
    assert [item.text for item in package_of(asked).items if is_own(item.id)] == [
        f"Klyngens eget spørgsmål {number} (slettet)" for number in range(1, 6)
    ]
