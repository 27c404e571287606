"""The deck held, released, withheld; the free texts read or not."""

import base64
import datetime as dt
import io
from collections import Counter
from typing import Literal

import pytest
from pptx import Presentation

from domain import commands as do
from domain.fitting import spread
from domain.model import Rejected, Round, TextId
from domain.programme import MeetingPart
from domain.stages import Stage
from storage import documents, result_repository
from storage.survey_rounds import RoundState
from tests.reporting.reading import document_text
from tests.reporting.slides import slides_of, words_of
from tests.workflows.time_skipping import MEETING, MEMBERS, OrderSystem
from web.requests.base import CommandRequest
from web.requests.catalogue import REQUESTS
from web.requests.meeting import ChangeProgramme, ReadFreeTexts

pytestmark = pytest.mark.temporal


def texts_of(system: OrderSystem) -> list[result_repository.FreeText]:
    with system.stack.database.read() as connection:
        return result_repository.free_texts(connection, system.order_id, Round.BASELINE)


def words_of_the_deck(system: OrderSystem) -> str:
    """All text on the slides of the newest deck."""
    slides = Presentation(io.BytesIO(newest_deck(system))).slides
    return "\n".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)


async def test_a_deck_held_stays_until_the_consultant_lets_it_go(system: OrderSystem) -> None:
    await system.live_to(Stage.IN_REVIEW)
    await system.do(do.HoldDeck())
    await system.until_day(dt.date(2031, 5, 12))
    assert system.order.stage is Stage.IN_REVIEW
    assert system.mails("deck_delivered") == []
    assert len(system.mails("programme")) == MEMBERS, "it goes by the meeting's date"
    assert system.box() is RoundState.TABULATED
    await system.do(do.ReleaseDeck())
    assert system.types()[-2:] == ["deck_released", "ballots_destroyed"]
    await system.until_day(MEETING, hour=9)
    assert Counter(system.occasions())["programme"] == 1
    assert {mail.occasion for mail in system.mails() if mail.at_home.date() >= dt.date(2031, 5, 12)} == {
        "deck_delivered",
        "results",
        "meeting_reminder",
    }


async def test_a_deck_held_until_the_meeting_begins_is_withheld(system: OrderSystem) -> None:
    await system.live_to(Stage.IN_REVIEW)
    await system.do(do.HoldDeck())
    await system.until_day(MEETING, hour=18)
    assert system.types()[-3:] == ["deck_held", "deck_withheld", "ballots_destroyed"]
    assert system.mails("deck_delivered") == []
    await system.hold_the_meeting(follow_up="declined")
    await system.until(Stage.COMPLETED)
    assert system.mails("deck_delivered") == []


async def test_a_deck_withheld_as_the_meeting_began_can_still_be_handed_over(system: OrderSystem) -> None:
    await system.live_to(Stage.IN_REVIEW)
    await system.do(do.HoldDeck())
    await system.until_day(MEETING, hour=18)
    await system.do(do.ReleaseDeck())
    await system.until_day(MEETING + dt.timedelta(days=1), hour=9)
    assert len(system.mails("deck_delivered")) == 1
    assert system.types().count("ballots_destroyed") == 1


async def test_free_texts_nobody_reads_stay_out_of_the_deck(system: OrderSystem) -> None:
    await system.live_to(Stage.IN_REVIEW)
    texts = texts_of(system)
    assert texts
    await system.until(Stage.READY)
    assert texts_of(system) == []
    words = words_of_the_deck(system)
    assert not [text for text in texts if text.text in words]
    assert system.order.baseline is not None
    assert system.order.baseline.deck_version == 1


async def test_free_texts_the_consultant_has_read_come_into_a_new_deck_but_for_those_struck(
    system: OrderSystem,
) -> None:
    await system.live_to(Stage.IN_REVIEW)
    struck, *kept = texts_of(system)
    with pytest.raises(Rejected, match="no_such_text"):
        await system.ask(ReadFreeTexts(type="read_free_texts", strike=(TextId("nobodys"),)))
    await system.ask(ReadFreeTexts(type="read_free_texts", strike=(struck.id,)))
    words = words_of_the_deck(system)
    assert [text.text for text in kept if text.text not in words] == []
    assert f"»{struck.text}«" not in words
    await system.until(Stage.READY)
    assert system.documents() == [
        (Round.BASELINE, "deck", 1),
        (Round.BASELINE, "document", 1),
        (Round.BASELINE, "deck", 2),
        (Round.BASELINE, "document", 2),
    ]
    assert len(system.mails("deck_review")) == 1


async def test_a_deck_can_be_made_again_while_the_ballots_stand_and_never_after(system: OrderSystem) -> None:
    await system.live_to(Stage.IN_REVIEW)
    await system.do(do.RemakeDeck())
    assert system.order.baseline is not None
    assert system.order.baseline.deck_version == 2
    await system.until(Stage.READY)
    with pytest.raises(Rejected, match="deck_delivered"):
        await system.do(do.RemakeDeck())


async def test_a_programme_changed_for_the_meeting_is_the_one_that_deck_document_and_mails_print(
    system_on_each: OrderSystem,
) -> None:
    system = system_on_each
    await system.live_to(Stage.IN_REVIEW)
    own = parts_of_the_meeting(system)
    parts: list[dict[str, object]] = [{"minutes": part.minutes} for part in own]
    parts[0]["minutes"], parts[6]["minutes"] = own[0].minutes + 5, own[6].minutes - 5
    parts[0] |= {"title": "Kaffe og velkomst hos os", "text": "Vi begynder med kaffe i frokoststuen."}
    request = ChangeProgramme.model_validate({"type": "change_programme", "parts": parts})
    await system.ask(request, request_id="once")
    await system.ask(request, request_id="once")
    assert system.types().count("programme_changed") == 1
    assert (system.types()[-1], system.order.baseline and system.order.baseline.deck_version) == ("deck_made", 2)
    printed = {kind: newest_words(system, kind) for kind in KINDS}
    assert all("Kaffe og velkomst hos os" in words for words in printed.values())
    assert not any(own[0].title in words for words in printed.values())
    assert "17.00–17.15" in printed["deck"].replace(" ", "")
    await system.until_day(MEETING, hour=9)
    (first, *_) = system.mails("programme")
    assert "Kaffe og velkomst hos os" in first.text
    assert own[1].block in first.text


async def test_after_delivery_a_changed_programme_is_in_a_new_version_and_restored_it_is_the_packages_again(
    system: OrderSystem,
) -> None:
    await system.live_to(Stage.READY)
    own = parts_of_the_meeting(system)
    parts: list[dict[str, object]] = [{"minutes": part.minutes} for part in own]
    parts[-1]["title"] = "Tak for i dag"
    await system.ask(ChangeProgramme.model_validate({"type": "change_programme", "parts": parts}))
    assert "Tak for i dag" in newest_words(system, "deck")
    letters = len(system.mails())
    await system.do(do.RestoreProgramme())
    assert own[-1].title in newest_words(system, "deck")
    assert "Tak for i dag" not in newest_words(system, "document")
    survey = system.order.baseline
    assert survey is not None
    assert (survey.deck_version, survey.released_at is not None) == (3, True)
    assert len(system.mails()) == letters, "nobody is written to about it"


def parts_of_the_meeting(system: OrderSystem) -> tuple[MeetingPart, ...]:
    """The package's parts, as long as the meeting."""
    meeting = system.order.meeting
    assert meeting is not None
    return spread(system.package.programme.of(meeting.format), meeting.minutes)


KINDS: tuple[Literal["deck", "document"], ...] = ("deck", "document")


def newest_words(system: OrderSystem, kind: Literal["deck", "document"]) -> str:
    """All that stands in the newest deck or document."""
    with system.stack.database.read() as connection:
        info = documents.latest(connection, system.order_id, Round.BASELINE, kind)
        assert info is not None
        found = documents.document(connection, info.id)
    assert found is not None
    if kind == "document":
        return document_text(found.content)
    return "\n".join(words_of(slide) for slide in slides_of(found.content))


async def test_a_corrected_deck_is_told_to_who_has_the_material_and_stays_as_the_meeting_moves(
    system_on_each: OrderSystem,
) -> None:
    system = system_on_each
    await system.live_to(Stage.READY)
    await system.ask(correction(newest_deck(system), "Rettet i hånden"))
    await system.until_day(dt.date(2031, 5, 9))
    assert [mail.at_home.date() for mail in system.mails("deck_corrected")] == [dt.date(2031, 5, 7)]
    await system.do(do.MoveMeeting(to=dt.datetime.combine(dt.date(2031, 5, 28), dt.time(17))))
    survey = system.order.baseline
    assert survey is not None
    assert (survey.own_deck, survey.own_deck_outdated) == (survey.documents[0], True)
    with system.stack.database.read() as connection:
        deck, word = (documents.document(connection, each) for each in survey.documents)
    assert deck is not None
    assert word is not None
    assert "Rettet i hånden" in words_of(slides_of(deck.content)[1])
    assert "28. maj" in document_text(word.content)
    await system.do(do.RemakeDeck())
    await system.until_day(dt.date(2031, 5, 12))
    assert len(system.mails("deck_corrected")) == 2
    assert "Rettet i hånden" not in words_of_the_deck(system)


def newest_deck(system: OrderSystem) -> bytes:
    with system.stack.database.read() as connection:
        info = documents.latest(connection, system.order_id, Round.BASELINE, "deck")
        assert info is not None
        deck = documents.document(connection, info.id)
    assert deck is not None
    return deck.content


def correction(content: bytes, title: str) -> CommandRequest:
    """The deck with another title on its second slide."""
    deck = Presentation(io.BytesIO(content))
    deck.slides[1].shapes.title.text = title
    saved = io.BytesIO()
    deck.save(saved)
    sent = {"type": "replace_deck", "deck": base64.b64encode(saved.getvalue()).decode(), "why_text": "En overskrift"}
    return REQUESTS["replace_deck"].model_validate(sent)
