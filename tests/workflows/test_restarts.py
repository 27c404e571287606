"""The worker is killed (SIGKILL) at each of its side effects; another takes over, and it all ends the same."""

import pytest

from domain import commands as do
from domain.model import Actor
from domain.stages import Stage
from storage.outbox import MailState
from tests.workflows import past
from tests.workflows.crashing_worker import Crash
from tests.workflows.yard import Place, Scene, Yard, live_all

pytestmark = pytest.mark.temporal


async def release_the_deck(place: Place) -> None:
    await place.until(Stage.IN_REVIEW, Stage.FOLLOW_UP_IN_REVIEW)
    await place.do(do.ReleaseDeck(), Actor.CONSULTANT, "released")


async def record_the_meeting(place: Place) -> None:
    await place.until(Stage.AWAITING_RECORD)
    await place.do(do.RecordMeeting(attended=10, absent=2), Actor.COORDINATOR, "recorded")


async def cancel(place: Place) -> None:
    await place.do(do.CancelOrder(reason="cluster_withdrew"), Actor.COORDINATOR, "cancelled")


SCENES = {
    "a survey opens": (
        Scene(past.about_to_open, Stage.SURVEY_OPEN),
        [
            Crash("before", "append", "survey_opened"),
            Crash("after", "append", "survey_opened"),
            Crash("after", "send", "invitation", 5),
            Crash("after", "send", "invitation", 12),
            Crash("before", "append", "letters_sent"),
            Crash("after", "append", "letters_sent"),
        ],
    ),
    "a survey becomes a deck": (
        Scene(past.about_to_close, Stage.IN_REVIEW),
        [
            Crash("after", "close the box"),
            Crash("after", "append", "survey_closed"),
            Crash("after", "shelve"),
            Crash("before", "answer that it is tabulated"),
            Crash("after", "keep the file", "deck"),
            Crash("before", "answer that the deck is made"),
            Crash("after", "append", "deck_made"),
            Crash("after", "send", "deck_review"),
        ],
    ),
    "a deck is delivered": (
        Scene(past.about_to_close, Stage.READY, release_the_deck),
        [
            Crash("after", "append", "deck_released"),
            Crash("before", "destroy"),
            Crash("after", "destroy"),
            Crash("after", "send", "deck_delivered"),
            Crash("after", "send", "programme", 6),
        ],
    ),
    "the page is turned": (
        Scene(past.unrecorded, Stage.QUIET, record_the_meeting),
        [
            Crash("after", "append", "meeting_recorded"),
            Crash("after", "send", "after_meeting", 6),
            Crash("before", "load", nth=2),
            Crash("after", "send", "follow_up_question"),
        ],
    ),
    "an order is completed": (
        Scene(past.about_to_compare, Stage.COMPLETED, release_the_deck),
        [
            Crash("after", "append", "deck_made"),
            Crash("after", "send", "comparison_delivered"),
            Crash("after", "append", "order_completed"),
        ],
    ),
    "an order is cancelled": (
        Scene(past.half_answered, Stage.CANCELLED, cancel),
        [
            Crash("before", "append", "order_cancelled"),
            Crash("after", "append", "order_cancelled"),
            Crash("after", "destroy"),
            Crash("before", "append", "ballots_destroyed"),
        ],
    ),
}


@pytest.mark.parametrize("name", SCENES)
async def test_a_killed_worker_loses_nothing_and_repeats_nothing(yard: Yard, name: str) -> None:
    scene, crashes = SCENES[name]
    undisturbed, *others = await live_all(yard, scene, crashes)
    differing = {
        str(crash): {field: (now[field], expected[field]) for field in expected if now[field] != expected[field]}
        for crash, other in zip(crashes, others, strict=True)
        if (now := vars(other)) != (expected := vars(undisturbed))
    }
    assert differing == {}
    assert set(undisturbed.mails.values()) <= {1}
    assert {state for _, state in undisturbed.outbox} <= {MailState.SENT}
    assert all(undisturbed.known)
    assert len(set(undisturbed.documents)) == len(undisturbed.documents)
