"""What we are waiting for people to do, with the facts they need for it; calls and notes."""

import datetime as dt
from datetime import date

import pytest

from domain import commands as do
from domain import events as ev
from domain.history import entry_of
from domain.letters import Letter, Occasion
from domain.model import TextId
from domain.stages import Stage
from domain.task_kinds import Calls, TaskKind
from domain.tasks import Task, tasks_of
from domain.words import is_housekeeping, past_line
from tests.domain.story import BASELINE, CALLED, DECK, PAST, PLACED, Life, given, life_at, noon

NOTE, LATER_NOTE = TextId("tekst-opkald-1"), TextId("tekst-opkald-2")
TUESDAY, WEDNESDAY = noon(date(2026, 1, 6)), noon(date(2026, 1, 7))


def kinds(life: Life) -> list[TaskKind]:
    return [task.kind for task in tasks_of(life.order)]


def task(life: Life, kind: TaskKind) -> Task:
    return next(each for each in tasks_of(life.order) if each.kind is kind)


# --- calls ----------------------------------------------------------------------------------------------------------


def test_a_call_is_noted_with_what_came_of_it() -> None:
    life = (
        given(Stage.ORDERED)
        .when(do.NoteCall(outcome="no_answer", note=NOTE), TUESDAY)
        .then(ev.CallNoted(at=PAST, outcome="no_answer", note=NOTE))
    )
    assert life.order.calls == Calls(1, TUESDAY, "no_answer", NOTE)
    assert task(life, TaskKind.HOLD_THE_CALL).facts == {
        "calls": 1,
        "last_at": TUESDAY.isoformat(),
        "last_outcome": "no_answer",
        "note": NOTE,
    }


def test_calls_are_counted_and_the_last_note_that_was_written_is_kept() -> None:
    life = life_at(Stage.ORDERED).does(do.NoteCall(outcome="no_answer", note=NOTE), TUESDAY)
    life.does(do.NoteCall(outcome="spoke"), WEDNESDAY)
    assert life.order.calls == Calls(2, WEDNESDAY, "spoke", NOTE)
    life.does(do.NoteCall(outcome="spoke", note=LATER_NOTE))
    assert (life.order.calls.count, life.order.calls.note) == (3, LATER_NOTE)


def test_a_call_that_nobody_has_tried_has_no_last_one() -> None:
    assert task(life_at(Stage.ORDERED), TaskKind.HOLD_THE_CALL).facts == {"calls": 0}


def test_a_call_noted_changes_no_promise() -> None:
    life = life_at(Stage.ORDERED)
    before = task(life, TaskKind.HOLD_THE_CALL)
    after = task(life.does(do.NoteCall(outcome="spoke"), TUESDAY), TaskKind.HOLD_THE_CALL)
    assert (after.due, after.promised, after.since) == (before.due, before.promised, before.since)


def test_once_the_plan_is_agreed_the_call_is_held() -> None:
    given(Stage.PLANNED).when(do.NoteCall(outcome="spoke")).then_rejected("call_was_held")


# --- notes ----------------------------------------------------------------------------------------------------------


def test_a_note_is_an_event_with_the_texts_id_and_changes_nothing_else() -> None:
    before = life_at(Stage.READY)
    life = given(before).when(do.AddNote(note=NOTE)).then(ev.NoteAdded(at=PAST, note=NOTE))
    assert tasks_of(life.order) == tasks_of(before.order)
    assert life.order.version == before.order.version + 1


def test_what_kiap_does_for_itself_is_spared_the_coordinator_and_a_call_is_not() -> None:
    own = (
        ev.NoteAdded(at=PLACED, note=NOTE),
        ev.TaskPostponed(at=PLACED, task=TaskKind.HOLD_THE_CALL, until=date(2026, 1, 20), why=NOTE),
        ev.TaskResumed(at=PLACED, task=TaskKind.HOLD_THE_CALL),
    )
    assert all(is_housekeeping(entry_of(event).code) for event in own)
    assert not is_housekeeping(entry_of(ev.CallNoted(at=PLACED, outcome="spoke")).code)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (ev.CallNoted(at=PLACED, outcome="no_answer", note=NOTE), "KiAP ringede uden at træffe koordinatoren"),
        (ev.CallNoted(at=PLACED, outcome="spoke"), "KiAP talte med koordinatoren"),
        (ev.NoteAdded(at=PLACED, note=NOTE), "Der blev skrevet en note til KiAP selv"),
        (
            ev.TaskPostponed(at=PLACED, task=TaskKind.HOLD_THE_CALL, until=date(2026, 1, 20), why=NOTE),
            "Opgaven ”Ring til koordinatoren, og aftal mødet” blev udsat til tirsdag den 20. januar 2026",
        ),
        (
            ev.TaskResumed(at=PLACED, task=TaskKind.HOLD_THE_CALL),
            "Den udsatte opgave ”Ring til koordinatoren, og aftal mødet” blev taget frem igen",
        ),
    ],
)
def test_the_history_tells_kiaps_own_work_in_words(event: ev.Event, line: str) -> None:
    entry = entry_of(event)
    assert past_line(entry.code, entry.facts) == line


def test_the_history_has_the_ids_of_what_was_written_for_those_who_may_read_it() -> None:
    assert entry_of(ev.NoteAdded(at=PLACED, note=NOTE)).facts == {"note": NOTE}
    assert entry_of(ev.CallNoted(at=PLACED, outcome="spoke", note=NOTE)).facts == {"outcome": "spoke", "note": NOTE}


# --- the deck -------------------------------------------------------------------------------------------------------


def test_free_texts_are_read_before_the_deck_is_looked_at() -> None:
    life = life_at(Stage.IN_REVIEW)
    assert TaskKind.READ_FREE_TEXTS in kinds(life)
    assert TaskKind.LOOK_AT_DECK not in kinds(life)
    assert task(life, TaskKind.READ_FREE_TEXTS).facts == {
        "round": "baseline",
        "answers": 38,
        "invited": 42,
        "free_texts": 12,
    }
    life.does(do.ReadFreeTexts()).does(do.RecordDeck(round=BASELINE, version=2, documents=(DECK,)))
    assert TaskKind.LOOK_AT_DECK in kinds(life)
    assert TaskKind.READ_FREE_TEXTS not in kinds(life)


def test_a_deck_without_free_texts_is_looked_at_at_once() -> None:
    life = life_at(Stage.ANALYSING).does(do.RecordResults(round=BASELINE, answers=38, free_texts=0))
    life.does(do.RecordDeck(round=BASELINE, version=1, documents=(DECK,)))
    assert TaskKind.LOOK_AT_DECK in kinds(life)
    assert "free_texts" not in task(life, TaskKind.LOOK_AT_DECK).facts


def test_a_held_deck_waits_to_be_released_and_its_texts_to_be_read_and_says_why_it_is_held() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.HoldDeck(reason=NOTE))
    assert {TaskKind.READ_FREE_TEXTS, TaskKind.RELEASE_DECK} <= set(kinds(life))
    assert TaskKind.LOOK_AT_DECK not in kinds(life)
    assert task(life, TaskKind.RELEASE_DECK).facts["held_why"] == NOTE
    assert task(life, TaskKind.READ_FREE_TEXTS).due == task(life, TaskKind.RELEASE_DECK).due


# --- the meeting and the follow-up ----------------------------------------------------------------------------------


def test_who_is_to_record_the_meeting_is_told_which_day_it_was() -> None:
    assert task(life_at(Stage.AWAITING_RECORD), TaskKind.RECORD_THE_MEETING).facts == {"meeting": "2026-03-25"}


def test_a_follow_up_to_be_decided_has_its_window() -> None:
    life = life_at(Stage.QUIET).got(Letter(Occasion.FOLLOW_UP_QUESTION, number="1"))
    assert task(life, TaskKind.DECIDE_FOLLOW_UP).facts == {"opens": "2026-11-25", "closes": "2027-03-25"}


def test_tasks_come_in_the_order_of_their_days() -> None:
    life = life_at(Stage.ORDERED)
    life.does(
        do.PostponeTask(task=TaskKind.ASSIGN_CONSULTANT, until=date(2026, 1, 15), why=NOTE), CALLED - dt.timedelta(1)
    )
    assert kinds(life) == [TaskKind.HOLD_THE_CALL, TaskKind.ASSIGN_CONSULTANT]
