"""The deck held, released, withheld; the free texts read or not."""

import datetime as dt
import io
from collections import Counter

import pytest
from pptx import Presentation

from domain import commands as do
from domain.model import Rejected, Round, TextId
from domain.stages import Stage
from storage import documents, result_repository
from storage.survey_rounds import RoundState
from tests.workflows.time_skipping import MEETING, MEMBERS, OrderSystem
from web.requests.meeting import ReadFreeTexts

pytestmark = pytest.mark.temporal


def texts_of(system: OrderSystem) -> list[result_repository.FreeText]:
    with system.stack.database.read() as connection:
        return result_repository.free_texts(connection, system.order_id, Round.BASELINE)


def words_of_the_deck(system: OrderSystem) -> str:
    """All text on the slides of the newest deck."""
    with system.stack.database.read() as connection:
        info = documents.latest(connection, system.order_id, Round.BASELINE, "deck")
        assert info is not None
        deck = documents.document(connection, info.id)
    assert deck is not None
    slides = Presentation(io.BytesIO(deck.content)).slides
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
