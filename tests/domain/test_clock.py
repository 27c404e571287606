"""What the clock does, and when: one pure function says it, and the order takes every step it says in time."""

import ast
import datetime as dt
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from demo.clockwork import Clockwork, everybody
from domain import commands as do
from domain.by import SYSTEM
from domain.clock import next_step, steps_to_come
from domain.commands import CLOCK, COMMANDS, AnyCommand, Command
from domain.decisions import decide, decide_for
from domain.limits import record_given_up_at
from domain.look import outlook_of
from domain.model import Rejected, Round
from domain.order import Order
from domain.stages import ENDED, Stage
from domain.steps import Action, Step
from tests.domain.story import (
    BASELINE,
    DECK,
    FOLLOW_UP,
    FOLLOW_UP_OPENS,
    OPENS,
    RECORDED,
    THE_MEETING,
    Life,
    five_on,
    life_at,
    morning_of,
    noon,
)

ROOT = Path(__file__).resolve().parents[2]
CLOSE = do.CloseSurvey(round=BASELINE, why="due")
CLOSE_THE_SECOND = do.CloseSurvey(round=FOLLOW_UP, why="due")
GO_ON = do.GoOnWithoutResults(automatic=True)
ROOMS = ("domain", "workflows", "activities", "reporting", "mail", "storage", "web", "worker", "cli", "demo")


def step_of(life: Life) -> Step:
    step = next_step(life.order, life.now)
    assert step is not None
    return step


# --- each stage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "action", "day", "round_", "command"),
    [
        (Stage.ORDERED, Action.LAPSE_ORDER, date(2026, 4, 7), None, do.CancelOrder(reason="never_called")),
        (Stage.PLANNED, Action.OPEN_SURVEY, OPENS, BASELINE, do.OpenSurvey(round=BASELINE)),
        (Stage.SURVEY_OPEN, Action.CLOSE_SURVEY, date(2026, 3, 16), BASELINE, CLOSE),
        (Stage.TOO_FEW_ANSWERS, Action.GO_ON_WITHOUT_RESULTS, date(2026, 3, 18), BASELINE, GO_ON),
        (Stage.ANALYSING, Action.TABULATE, None, BASELINE, None),
        (Stage.IN_REVIEW, Action.RELEASE_DECK, date(2026, 3, 18), BASELINE, do.ReleaseDeck(automatic=True)),
        (Stage.READY, Action.DESTROY_BALLOTS, None, BASELINE, None),
        (Stage.AWAITING_RECORD, Action.LEAVE_UNRECORDED, date(2026, 4, 27), None, do.LeaveMeetingUnrecorded()),
        # The window ends on Maundy Thursday.
        (Stage.QUIET, Action.LAPSE_FOLLOW_UP, date(2027, 3, 30), None, do.LapseFollowUp()),
        (Stage.FOLLOW_UP_OPEN, Action.CLOSE_SURVEY, date(2027, 1, 27), FOLLOW_UP, CLOSE_THE_SECOND),
        (Stage.FOLLOW_UP_TOO_FEW, Action.GO_ON_WITHOUT_RESULTS, date(2027, 2, 2), FOLLOW_UP, GO_ON),
        (Stage.FOLLOW_UP_ANALYSING, Action.TABULATE, None, FOLLOW_UP, None),
        (Stage.FOLLOW_UP_IN_REVIEW, Action.RELEASE_DECK, date(2027, 1, 29), FOLLOW_UP, do.ReleaseDeck(automatic=True)),
    ],
)
def test_every_stage_has_its_next_step_in_a_working_morning_or_now(
    stage: Stage, action: Action, day: date | None, round_: Round | None, command: AnyCommand | None
) -> None:
    life = life_at(stage)
    at = life.now if day is None else morning_of(day)
    assert step_of(life) == Step(action=action, at=at, round=round_, command=command)


def test_before_a_meeting_is_agreed_there_is_no_record_to_give_up() -> None:
    with pytest.raises(ValueError, match=r"^no meeting, no record$"):
        record_given_up_at(life_at(Stage.ORDERED).order)


def test_an_order_that_has_ended_has_no_step_but_to_clear_its_ballots() -> None:
    assert next_step(life_at(Stage.COMPLETED).order, noon(date(2030, 1, 1))) is None
    assert next_step(life_at(Stage.CANCELLED).order, noon(date(2030, 1, 1))) is None
    life = life_at(Stage.FOLLOW_UP_OPEN).does(do.CancelOrder())
    assert [(step.action, step.round, step.at) for step in steps_to_come(life.order, life.now)] == [
        (Action.DESTROY_BALLOTS, FOLLOW_UP, life.now)
    ]
    assert next_step(life.does(do.RecordDestruction(round=FOLLOW_UP)).order, life.now) is None


def test_of_several_steps_the_soonest_is_taken() -> None:
    """With the deck in review the record can be given up too, weeks later."""
    life = life_at(Stage.IN_REVIEW)
    assert {step.action for step in steps_to_come(life.order, life.now)} == {
        Action.RELEASE_DECK,
        Action.LEAVE_UNRECORDED,
    }
    assert step_of(life).action is Action.RELEASE_DECK


def test_after_an_outage_what_was_due_first_is_done_first() -> None:
    """A year and more: the round opens all the same, for a day, and the meeting's record is given up meanwhile."""
    life = life_at(Stage.PLANNED)
    wakes = noon(date(2027, 5, 3))
    clock = Clockwork(life.order, wakes)
    clock.run(wakes)
    happened = [event.type for event in clock.events if event.type != "letters_sent"]
    assert happened == ["survey_opened", "meeting_left_unrecorded"]
    assert all(event.at == wakes for event in clock.events)
    clock.run(wakes + dt.timedelta(days=30))
    assert clock.order.baseline is not None
    assert clock.order.baseline.over


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in ENDED])
def test_what_is_due_now_is_due_now_and_not_before(stage: Stage) -> None:
    """A step of work is due the instant it is asked for, whenever that is; one with a moment keeps it."""
    life = life_at(stage).with_letters_gone()
    later = life.now + dt.timedelta(minutes=7)
    now, then = next_step(life.order, life.now), next_step(life.order, later)
    assert now is not None
    assert then is not None
    assert then.at == (later if now.at == life.now else now.at)


# --- the deck -------------------------------------------------------------------------------------------------------


def test_a_deck_is_made_and_made_again_in_the_version_wanted() -> None:
    life = life_at(Stage.ANALYSING).does(do.RecordResults(round=BASELINE, answers=38, free_texts=0))
    assert (step_of(life).action, step_of(life).version) == (Action.MAKE_DECK, 1)
    life.does(do.RecordDeck(round=BASELINE, version=1, documents=(DECK,)))
    life.does(do.RemakeDeck())
    assert (step_of(life).action, step_of(life).version, step_of(life).at) == (Action.MAKE_DECK, 2, life.now)


def test_a_held_deck_waits_for_the_meeting_and_not_for_its_review() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.HoldDeck())
    assert step_of(life) == Step(
        action=Action.WITHHOLD_DECK, at=THE_MEETING.starts_at, round=BASELINE, command=do.WithholdDeck()
    )


def test_ballots_are_destroyed_as_soon_as_nothing_more_is_made_of_them() -> None:
    life = life_at(Stage.READY)
    assert (step_of(life).action, step_of(life).at) == (Action.DESTROY_BALLOTS, life.now)
    life.does(do.ChangeMeeting(minutes=180))
    assert step_of(life).action is Action.MAKE_DECK
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(DECK,)))
    assert step_of(life).action is Action.DESTROY_BALLOTS


# --- the follow-up and the end --------------------------------------------------------------------------------------


def test_an_agreed_follow_up_opens_in_the_morning_of_its_day() -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    assert step_of(life) == Step(
        action=Action.OPEN_SURVEY,
        at=morning_of(FOLLOW_UP_OPENS),
        round=FOLLOW_UP,
        command=do.OpenSurvey(round=FOLLOW_UP),
    )


def test_a_follow_up_does_not_open_while_the_meeting_is_not_settled_or_the_first_round_not_over() -> None:
    life = life_at(Stage.READY).does(do.RecordDestruction(round=BASELINE))
    life.does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    assert step_of(life).action is Action.LEAVE_UNRECORDED
    held = life_at(Stage.IN_REVIEW).does(do.HoldDeck()).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    held.does(do.RecordMeeting(attended=30, absent=4), RECORDED)
    assert step_of(held).action is Action.WITHHOLD_DECK


def test_the_order_is_completed_when_nothing_is_agreed_nothing_pending_and_no_ballot_left() -> None:
    life = life_at(Stage.QUIET).does(do.DeclineFollowUp())
    assert next_step(life.order, life.now) is None, "letters are still to go"
    life.with_letters_gone()
    assert (step_of(life).action, step_of(life).at) == (Action.COMPLETE, life.now)


def test_a_follow_up_nobody_agreed_on_is_given_up_the_day_after_the_window() -> None:
    life = life_at(Stage.READY).does(do.MoveMeeting(to=five_on(date(2026, 4, 14))))
    life.does(do.RecordDestruction(round=BASELINE)).does(
        do.RecordMeeting(attended=30, absent=4), noon(date(2026, 4, 15))
    )
    life.does(do.RecordDeck(round=BASELINE, version=2, documents=(DECK,)))
    steps = {step.action: step.at for step in steps_to_come(life.order, life.now)}
    assert steps[Action.LAPSE_FOLLOW_UP] == morning_of(date(2027, 4, 15))


# --- one function decides -------------------------------------------------------------------------------------------


def nobody(_order: Order, _round: Round) -> int:
    return 0


def due_steps() -> Iterator[tuple[Life, Step]]:
    """Steps as they come in the lives of the clock's, from every stage: everybody answers, or nobody."""
    for stage in (stage for stage in Stage if stage not in ENDED):
        for answering in (everybody, nobody):
            life = life_at(stage)
            clock = Clockwork(life.order, life.now, answering)
            step = next_step(clock.order, clock.now)
            while step is not None or clock.order.pending_letters:
                if step is not None:
                    yield Life(life.events + clock.events), step
                clock.tick(clock.now + dt.timedelta(days=1500))
                step = next_step(clock.order, clock.now)


@pytest.fixture(scope="module")
def steps() -> list[tuple[Life, Step]]:
    held = life_at(Stage.IN_REVIEW).does(do.HoldDeck())
    return [*due_steps(), (held, step_of(held))]


def test_every_action_comes_in_some_life(steps: list[tuple[Life, Step]]) -> None:
    assert {step.action for _, step in steps} == {*Action}


def test_a_step_with_a_command_of_its_own_is_taken_when_due_and_leads_to_something(
    steps: list[tuple[Life, Step]],
) -> None:
    for life, step in steps:
        if step.command is not None:
            assert decide_for(life.order, step.command, SYSTEM, max(step.at, life.now)), step


def test_a_step_that_waits_for_its_time_is_refused_before_it(steps: list[tuple[Life, Step]]) -> None:
    """So that a workflow whose clock is ahead does nothing too early. Only what may happen at any time is not."""
    at_any_time = {Action.LAPSE_ORDER, Action.LEAVE_UNRECORDED}
    for life, step in steps:
        early = step.at - dt.timedelta(seconds=1)
        if step.command is None or early < life.now or step.action in at_any_time:
            continue
        if step.action is Action.LAPSE_FOLLOW_UP:
            early = noon(date(2027, 3, 25))  # the window's last day; the next morning is that after Easter
        if early > life.now:
            with pytest.raises(Rejected):
                decide(life.order, step.command, early)


def test_the_workflow_is_told_the_very_same_step(steps: list[tuple[Life, Step]]) -> None:
    for life, _ in steps:
        told, now = outlook_of(life.order, life.now).step, next_step(life.order, life.now)
        assert now is not None
        assert told is not None
        assert told.model_dump() == now.model_dump(exclude={"command"})


def test_a_command_that_only_the_clock_gives_is_a_step_or_what_came_of_one(steps: list[tuple[Life, Step]]) -> None:
    of_work = {do.RecordTurnout, do.RecordResults, do.RecordDeck, do.RecordDestruction}
    of_mail = {do.RecordLetters}
    of_pages = {do.SendLink}
    given_with_a_step = {type(step.command) for _, step in steps if step.command is not None}
    assert {command for command in COMMANDS if command.BY == CLOCK} - of_work - of_mail - of_pages <= given_with_a_step
    works = {step.action for _, step in steps if step.command is None}
    assert works == {Action.COUNT_ANSWERS, Action.TABULATE, Action.MAKE_DECK, Action.DESTROY_BALLOTS}


def test_nothing_but_the_clock_makes_a_step_or_says_which_is_next() -> None:
    assert set(_calls_of("Step")) == {"domain/clock.py"}
    assert list(_definitions_of({"next_step", "steps_to_come"})) == ["domain/clock.py"] * 2


LOOP = "demo/clockwork.py"
"""The plain loop says itself what came of a step's work and of mail."""
GIVES: dict[type[Command], set[str]] = {
    do.RecordTurnout: {"activities/survey.py", LOOP},
    do.RecordResults: {"activities/analysis.py", LOOP},
    do.RecordDeck: {"activities/deck.py", LOOP},
    do.RecordDestruction: {"activities/survey.py", LOOP},
    do.RecordLetters: {"activities/notify.py", LOOP, "demo/country/past.py"},
    do.SendLink: {"web/new_link.py"},
}
"""Where the work is done that a command tells of, or the page the system gives it for; others come with the step."""


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.BY == CLOCK])
def test_no_other_module_gives_the_clocks_commands(command: type[Command]) -> None:
    assert set(_calls_of(command.__name__)) == GIVES.get(command, {"domain/clock.py"})


@cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    files = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return tuple((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())) for path in files)


def _calls_of(name: str) -> Iterator[str]:
    for file, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
                yield file


def _definitions_of(names: set[str]) -> Iterator[str]:
    for file, tree in _trees():
        yield from (file for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in names)
