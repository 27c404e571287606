"""Deck and document of a round: of the stored results, with what was read and not struck, each version once."""

import datetime as dt

import pytest

from activities.analysis import Analysis
from activities.survey import SurveySteps
from domain import commands as do
from domain.first_rounds import batch_of_first_rounds
from domain.meeting import at
from domain.model import DocumentId, Rejected, Round, TextId
from storage import documents, result_repository
from storage.first_round_figures import publish_first_rounds
from storage.result_repository import FreeText
from storage.texts import erase_texts
from tests.activities.desk import CONSULTANT, MEETING, Desk, run
from tests.domain.test_first_rounds import a_first_round
from tests.reporting.reading import deck_text, document_text
from tests.workflows import people
from web.requests.catalogue import REQUESTS

MEMBERS = 10
"""As many as must answer before anybody's words are shown."""


def texts(desk: Desk) -> list[FreeText]:
    with desk.stack.database.read() as connection:
        return result_repository.free_texts(connection, desk.order_id, Round.BASELINE)


def printed(desk: Desk, made: list[DocumentId]) -> str:
    """All that stands in deck and document."""
    with desk.stack.database.read() as connection:
        deck, document = (documents.document(connection, each) for each in made)
    assert deck is not None
    assert document is not None
    return deck_text(deck.content) + document_text(document.content)


def said_in(desk: Desk, made: list[DocumentId]) -> set[str]:
    everything = printed(desk, made)
    return {each.text for each in texts(desk) if each.text in everything}


def read(desk: Desk, *struck: FreeText) -> None:
    desk.do(do.ReadFreeTexts(struck_texts=tuple(TextId(each.id) for each in struck)), by=CONSULTANT)


@pytest.fixture
def analysed(desk: Desk) -> Desk:
    """A round whose results wait for their deck."""
    desk.members = MEMBERS
    desk.analysed()
    assert len(texts(desk)) == MEMBERS
    return desk


def test_no_text_is_in_the_deck_that_the_consultant_has_not_read(analysed: Desk) -> None:
    assert said_in(analysed, analysed.make_deck(1)) == set()


def test_what_was_read_is_in_the_deck_but_for_what_was_struck(analysed: Desk) -> None:
    analysed.make_deck(1)
    struck, *kept = texts(analysed)
    read(analysed, struck)
    assert said_in(analysed, analysed.make_deck(2)) == {each.text for each in kept}


def test_a_struck_text_stays_struck_whatever_is_asked_and_refused_afterwards(analysed: Desk) -> None:
    """The deck prints by what the stream says: a request that was refused or came twice changes nothing."""
    analysed.make_deck(1)
    struck, *kept = texts(analysed)
    read(analysed, struck)
    made = analysed.make_deck(2)
    analysed.do(do.ReleaseDeck(), by=CONSULTANT)
    with pytest.raises(Rejected):
        read(analysed)
    analysed.do(do.ChangeMeeting(minutes=180), by=CONSULTANT)
    again = analysed.make_deck(3)
    assert said_in(analysed, made) == said_in(analysed, again) == {each.text for each in kept}


def test_a_reading_that_is_repeated_changes_nothing_and_another_is_the_one_that_counts(analysed: Desk) -> None:
    analysed.make_deck(1)
    first, second, *others = texts(analysed)
    read(analysed, first)
    version = analysed.order.version
    read(analysed, first)
    assert analysed.order.version == version
    read(analysed, second)
    assert said_in(analysed, analysed.make_deck(2)) == {each.text for each in (first, *others)}


def test_a_version_is_made_once_and_given_back_as_it_stands(analysed: Desk) -> None:
    made = analysed.make_deck(1)
    first = printed(analysed, made)
    analysed.now += dt.timedelta(days=1)
    assert analysed.make_deck(1) == made
    assert printed(analysed, made) == first
    with analysed.stack.database.read() as connection:
        assert len(documents.documents(connection, analysed.order_id)) == 2


def test_a_deck_made_again_for_a_moved_meeting_has_the_same_results_and_the_new_time(analysed: Desk) -> None:
    first = printed(analysed, analysed.make_deck(1))
    analysed.do(do.ReleaseDeck(), by=CONSULTANT)
    analysed.do(do.MoveMeeting(to=MEETING + dt.timedelta(days=14)), by=CONSULTANT)
    second = printed(analysed, analysed.make_deck(2))
    assert "14. maj" in first
    assert "14. maj" not in second
    assert "28. maj" in second


def test_where_the_meeting_is_stands_in_deck_and_document(analysed: Desk) -> None:
    where = "Skovby Kro, den store sal"
    analysed.ask(REQUESTS["change_meeting"].model_validate({"type": "change_meeting", "place_text": where}))
    assert where in printed(analysed, analysed.make_deck(1))


def test_a_round_without_results_has_no_deck(desk: Desk) -> None:
    desk.open_survey()
    with pytest.raises(LookupError, match="no results"):
        desk.make_deck(1)
    assert not [event for event in desk.stack.store.load(desk.order_id) if event.type == "deck_made"]


def test_what_other_clusters_said_is_as_it_was_published_when_the_first_deck_was_made(analysed: Desk) -> None:
    """Another quarter published before the meeting moves makes no other comparison of it."""
    quarters = [[a_first_round(f"k{quarter}-{number}", 25) for number in range(6)] for quarter in range(2)]
    package = analysed.package
    made = list[str]()
    for quarter, rounds in enumerate(quarters):
        batch = batch_of_first_rounds(rounds, package)
        assert batch is not None
        with analysed.stack.database.write() as connection:
            until = dt.date(2025, 1 + 3 * quarter, 1)
            publish_first_rounds(connection, package.slug, package.version, until, batch, analysed.now)
        made.append(printed(analysed, analysed.make_deck(1 + quarter)))
        if not quarter:
            analysed.do(do.RemakeDeck(), by=CONSULTANT)
    for words in made:
        assert "KiAP's klynger, 2027, 6 klynger, 150 svar" in words
        assert "12 klynger" not in words


def test_the_follow_up_shows_what_was_agreed_at_the_meeting_as_long_as_the_words_are_kept(analysed: Desk) -> None:
    analysed.make_deck(1)
    analysed.do(do.ReleaseDeck())
    analysed.now = at(MEETING.date() + dt.timedelta(days=1), dt.time(9))
    record = {
        "type": "record_meeting",
        "attended": 10,
        "absent": 0,
        "agreed_text": "Frokost kl. 12, alle\nEn stund i ro",
    }
    analysed.ask(REQUESTS["record_meeting"].model_validate(record))
    analysed.do(do.StartFollowUp(), now=analysed.now + dt.timedelta(days=250))
    analysed.do(do.RecordDestruction(round=Round.BASELINE))
    opens = analysed.next_step
    analysed.do(do.OpenSurvey(round=Round.FOLLOW_UP), now=opens.at)
    people.answer(analysed.stack, analysed.order_id, analysed.package, MEMBERS, Round.FOLLOW_UP)
    analysed.do(do.CloseSurvey(round=Round.FOLLOW_UP, why="by_hand"))
    run(SurveySteps(analysed.at).count_answers, analysed.step(Round.FOLLOW_UP))
    run(Analysis(analysed.at).tabulate_round, analysed.step(Round.FOLLOW_UP))
    words = printed(analysed, analysed.make_deck(1, Round.FOLLOW_UP))
    assert words.count("Frokost kl. 12, alle") >= 2, "in deck and document"
    assert "den 14. maj 2031" in words
    analysed.do(do.RemakeDeck(), by=CONSULTANT)
    with analysed.stack.database.write() as connection:
        erase_texts(connection, analysed.order_id, analysed.now)
    words = printed(analysed, analysed.make_deck(2, Round.FOLLOW_UP))
    assert "Frokost kl. 12" not in words
    assert "Hvad besluttede I at prøve" in words, "the slide says what to talk about instead"
