"""The deck held, released, withheld; the free texts read or not."""

import datetime as dt
import io

import pytest
from pptx import Presentation

from domain import commands as do
from domain.model import Rejected, Round
from domain.stages import Stage
from storage import documents, results_shelf
from storage.survey_rounds import RoundState
from tests.workflows.town import MEETING, Town

pytestmark = pytest.mark.temporal


def texts_of(town: Town) -> list[results_shelf.FreeText]:
    with town.stack.database.read() as connection:
        return results_shelf.free_texts(connection, town.order_id, Round.BASELINE)


def words_of_the_deck(town: Town) -> str:
    """All text on the slides of the newest deck."""
    with town.stack.database.read() as connection:
        info = documents.latest(connection, town.order_id, Round.BASELINE, "deck")
        assert info is not None
        deck = documents.document(connection, info.id)
    assert deck is not None
    slides = Presentation(io.BytesIO(deck.content)).slides
    return "\n".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)


async def test_a_deck_held_stays_until_the_consultant_lets_it_go(town: Town) -> None:
    await town.live_to(Stage.IN_REVIEW)
    await town.do(do.HoldDeck())
    await town.until_day(dt.date(2031, 5, 12))
    assert town.order.stage is Stage.IN_REVIEW
    assert town.mails("deck_delivered", "programme") == []
    assert town.box() is RoundState.TABULATED
    await town.do(do.ReleaseDeck())
    assert town.types()[-2:] == ["deck_released", "ballots_destroyed"]
    assert town.occasions()[-2:] == ["deck_delivered", "programme"]


async def test_a_deck_held_until_the_meeting_begins_is_withheld(town: Town) -> None:
    await town.live_to(Stage.IN_REVIEW)
    await town.do(do.HoldDeck())
    await town.until_day(MEETING, hour=18)
    assert town.types()[-3:] == ["deck_held", "deck_withheld", "ballots_destroyed"]
    assert town.mails("deck_delivered") == []
    await town.hold_the_meeting(follow_up="declined")
    await town.until(Stage.COMPLETED)
    assert town.mails("deck_delivered") == []


async def test_a_deck_withheld_as_the_meeting_began_can_still_be_handed_over(town: Town) -> None:
    await town.live_to(Stage.IN_REVIEW)
    await town.do(do.HoldDeck())
    await town.until_day(MEETING, hour=18)
    await town.do(do.ReleaseDeck())
    await town.until_day(MEETING + dt.timedelta(days=1), hour=9)
    assert len(town.mails("deck_delivered")) == 1
    assert town.types().count("ballots_destroyed") == 1


async def test_free_texts_nobody_reads_stay_out_of_the_deck(town: Town) -> None:
    await town.live_to(Stage.READY)
    texts = texts_of(town)
    assert texts
    words = words_of_the_deck(town)
    assert not [text for text in texts if text.text in words]
    assert town.order.baseline is not None
    assert town.order.baseline.deck_version == 1


async def test_free_texts_the_consultant_has_read_come_into_a_new_deck_but_for_those_struck(town: Town) -> None:
    await town.live_to(Stage.IN_REVIEW)
    texts = {text.text: text for text in texts_of(town)}
    struck, *kept = texts.values()
    with town.stack.database.write() as connection:
        results_shelf.strike(connection, town.order_id, Round.BASELINE, struck.id)
    alike = [text for text in texts_of(town) if text.text == struck.text and not text.struck]
    with town.stack.database.write() as connection:
        for text in alike:
            results_shelf.strike(connection, town.order_id, Round.BASELINE, text.id)
    remaining = [text for text in texts_of(town) if not text.struck]
    with pytest.raises(Rejected, match="free_texts_do_not_add_up"):
        await town.do(do.ReadFreeTexts(kept=99))
    await town.do(do.ReadFreeTexts(kept=len(remaining), struck=len(texts_of(town)) - len(remaining)))
    words = words_of_the_deck(town)
    assert [text.text for text in kept if text.text not in words] == []
    assert f"»{struck.text}«" not in words
    await town.until(Stage.READY)
    assert town.documents() == [
        (Round.BASELINE, "deck", 1),
        (Round.BASELINE, "document", 1),
        (Round.BASELINE, "deck", 2),
        (Round.BASELINE, "document", 2),
    ]
    assert len(town.mails("deck_review")) == 1


async def test_a_deck_can_be_made_again_while_the_ballots_stand_and_never_after(town: Town) -> None:
    await town.live_to(Stage.IN_REVIEW)
    await town.do(do.RemakeDeck())
    assert town.order.baseline is not None
    assert town.order.baseline.deck_version == 2
    await town.until(Stage.READY)
    with pytest.raises(Rejected, match="deck_delivered"):
        await town.do(do.RemakeDeck())
