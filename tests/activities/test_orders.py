"""The one door into an order's stream: decided by what the stream says, once, or refused in one clear word."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

import activities.orders
from activities.analysis import Analysis
from activities.deck import DeckActivities
from activities.notify import LetterActivities, SendLetters
from activities.orders import (
    NO_SUCH_ORDER,
    STEP_REFUSED,
    STREAM_CUT,
    TRIES,
    CarriedOut,
    CarryOut,
    OrderActivities,
    TakeStep,
)
from activities.survey import SurveySteps
from domain import commands as do
from domain.by import SYSTEM, By, Capacity, Scope, coordinator
from domain.clock import next_step
from domain.commands import AnyCommand
from domain.events import Event
from domain.meeting import Meeting
from domain.model import OrderId, PersonId, Rejected, Round, StaffId
from storage import ballot_box, documents, result_repository
from storage.event_store import EventStore
from storage.refusals import Conflict
from tests.activities.desk import CONSULTANT, MEETING, MEMBERS, OPERATIONS, START, Desk, run
from tests.workflows import people

MOVE = do.MoveMeeting(to=MEETING + dt.timedelta(days=14))
CANCEL = do.CancelOrder(reason="cluster_withdrew")
OPEN = do.OpenSurvey(round=Round.BASELINE)


def carry_out(
    desk: Desk,
    *commands: AnyCommand,
    by: By = CONSULTANT,
    known: int | None = None,
    cause: str | None = "request-1",
    order: OrderId | None = None,
) -> CarriedOut:
    known = desk.order.version if known is None else known
    ask = CarryOut(
        order=order or desk.order_id,
        known=known,
        now=desk.now,
        commands=commands,
        by=by,
        cause=cause if commands else None,
    )
    return OrderActivities(desk.at).carry_out(ask)


def refusal_of(done: CarriedOut) -> str | None:
    return done.refusal.code if done.refusal else None


@pytest.fixture
def planned(desk: Desk) -> Desk:
    """An order with a meeting."""
    desk.place()
    desk.do(do.AgreePlan(meeting=Meeting(starts=MEETING)))
    return desk


# --- what a stream must be ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("commands", [(), (MOVE,), (CANCEL,)], ids=["looking", "moving", "cancelling"])
def test_a_stream_shorter_than_the_workflow_knows_is_one_clear_failure_and_nothing_is_appended(
    planned: Desk, commands: tuple[AnyCommand, ...]
) -> None:
    before = planned.order.version
    with pytest.raises(ApplicationError, match=r"ends at version 3, and the workflow has seen 4") as failed:
        carry_out(planned, *commands, known=before + 1)
    assert failed.value.type == STREAM_CUT
    assert failed.value.non_retryable
    assert "recover --replace --all" in str(failed.value)
    assert planned.order.version == before


@pytest.mark.parametrize("work", ["tabulating", "making a deck", "destroying ballots", "sending letters"])
def test_nothing_is_done_for_a_stream_that_was_cut_which_could_not_be_undone(desk: Desk, work: str) -> None:
    """A back-up restored: what the workflow was told next is not what this order needs next."""
    desk.open_survey()
    people.answer(desk.stack, desk.order_id, desk.package, MEMBERS, Round.BASELINE)
    desk.do(do.CloseSurvey(round=Round.BASELINE, why="by_hand"))
    known = desk.order.version + 1
    step = TakeStep(order=desk.order_id, round=Round.BASELINE, version=1, known=known, now=desk.now)
    letters = SendLetters(order=desk.order_id, keys=("order_received//",), known=known, now=desk.now)
    works: dict[str, tuple[Callable[..., Any], Any]] = {
        "tabulating": (Analysis(desk.at).tabulate_round, step),
        "making a deck": (DeckActivities(desk.at).make_deck, step),
        "destroying ballots": (SurveySteps(desk.at).destroy_box, step),
        "sending letters": (LetterActivities(desk.at).send_letters, letters),
    }
    with pytest.raises(ApplicationError) as failed:
        run(*works[work])
    assert (failed.value.type, failed.value.non_retryable) == (STREAM_CUT, True)
    assert (desk.post.sent, desk.mails()) == ([], [])
    with desk.stack.database.read() as connection:
        assert result_repository.stored(connection, desk.order_id, Round.BASELINE) is None
        assert documents.documents(connection, desk.order_id) == []
        assert len(ballot_box.open_box(connection, desk.stack.keys, desk.order_id, Round.BASELINE)) == MEMBERS


def test_a_longer_stream_is_what_the_workflow_has_yet_to_see(planned: Desk) -> None:
    done = carry_out(planned, known=1)
    assert (done.outlook.version, done.refusal) == (3, None)
    assert done.outlook.plan_agreed


def test_an_order_nobody_placed_is_never_tried_again(planned: Desk) -> None:
    with pytest.raises(ApplicationError) as failed:
        carry_out(planned, order=OrderId("o-404"), known=0)
    assert (failed.value.type, failed.value.non_retryable) == (NO_SUCH_ORDER, True)


# --- a person's command ---------------------------------------------------------------------------------------------


def test_a_command_is_recorded_with_who_gave_it_and_why(planned: Desk) -> None:
    done = carry_out(planned, MOVE)
    assert (done.outlook.version, done.refusal) == (4, None)
    recorded = planned.stack.store.load_recorded(planned.order_id)[-1]
    assert (recorded.event.type, recorded.causation_id) == ("meeting_moved", "request-1")
    assert (recorded.by.role, recorded.by.who) == (CONSULTANT.role, CONSULTANT.who)


def test_several_commands_are_carried_out_together_or_not_at_all(planned: Desk) -> None:
    assert carry_out(planned, MOVE, CANCEL).outlook.version == 5
    assert planned.order.cancelled
    assert refusal_of(carry_out(planned, do.HoldDeck(), MOVE, cause="request-2"))
    assert planned.order.version == 5


def test_all_of_it_is_refused_where_one_command_is(planned: Desk) -> None:
    done = carry_out(planned, MOVE, do.HoldDeck())
    assert refusal_of(done) == "no_deck_yet"
    assert done.outlook.version == planned.order.version == 3


def test_a_refusal_comes_with_what_is_so(planned: Desk) -> None:
    done = carry_out(planned, do.MoveMeeting(to=START.replace(tzinfo=None)))
    assert done.refusal is not None
    assert done.refusal.message.endswith(".")
    assert done.outlook.version == 3


@pytest.mark.parametrize(
    "by",
    [
        coordinator(PersonId("somebody-else")),
        By(role=Capacity.MEMBER, who="medlem"),
        By(role=Capacity.API, who="kiap-dk", scopes=frozenset({Scope.PLACE_ORDERS})),
        By(role=Capacity.API, who="kiap-dk"),
    ],
)
def test_who_may_not_is_refused_and_nothing_is_recorded(planned: Desk, by: By) -> None:
    assert refusal_of(carry_out(planned, MOVE, by=by)) == "not_yours"
    assert planned.order.version == 3


def test_the_orders_own_coordinator_may(planned: Desk) -> None:
    assert refusal_of(carry_out(planned, MOVE, by=coordinator(planned.order.coordinator))) is None


def test_a_request_whose_answer_was_lost_is_not_carried_out_again(planned: Desk) -> None:
    """Killed after its append: the retry finds its own events, though much has happened since."""
    first = carry_out(planned, do.ChangeMeeting(minutes=180))
    carry_out(planned, do.ChangeMeeting(minutes=120), cause="request-2")
    again = carry_out(planned, do.ChangeMeeting(minutes=180), known=first.outlook.version - 1)
    assert (again.outlook.version, again.refusal) == (5, None)
    assert planned.order.meeting is not None
    assert planned.order.meeting.minutes == 120


@pytest.mark.parametrize(
    "other", [{"by": OPERATIONS}, {"by": By(role=CONSULTANT.role, who=StaffId("another"))}, {"cause": "request-2"}]
)
def test_the_same_word_from_somebody_else_is_another_request(planned: Desk, other: dict[str, Any]) -> None:
    carry_out(planned, do.ChangeMeeting(minutes=180))
    carry_out(planned, do.ChangeMeeting(minutes=120), cause="in between")
    assert carry_out(planned, do.ChangeMeeting(minutes=180), **other).outlook.version == 6


# --- the clock's own step -------------------------------------------------------------------------------------------


def test_a_step_that_the_rules_call_for_and_refuse_is_a_fault_of_ours(
    planned: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = next_step(planned.order, planned.now)
    assert step is not None
    assert step.command is not None
    planned.now = step.at

    def refuses(*_asked: object) -> list[Event]:
        raise Rejected("never", "Aldrig.")

    monkeypatch.setattr(activities.orders, "decide_for", refuses)
    with pytest.raises(ApplicationError, match=f"{planned.order_id}: never to open_survey") as failed:
        carry_out(planned, step.command, by=SYSTEM)
    assert failed.value.type == STEP_REFUSED
    assert not failed.value.non_retryable
    assert planned.order.version == 3


def test_a_step_told_by_other_rules_gives_what_is_so_by_these(planned: Desk) -> None:
    turnout = do.RecordTurnout(round=Round.BASELINE, answers=1, invited=6)
    told = carry_out(planned, turnout, by=SYSTEM)
    assert told.refusal is not None
    step = next_step(planned.order, planned.now)
    assert step is not None
    assert told.outlook.step is not None
    assert (told.outlook.step.action, told.outlook.step.at) == (step.action, step.at)
    assert planned.order.version == 3


def test_a_step_refused_because_something_has_happened_meanwhile_is_looked_at_anew(planned: Desk) -> None:
    told = planned.order.version
    carry_out(planned, CANCEL)
    done = carry_out(planned, OPEN, by=SYSTEM, known=told, cause="step")
    assert done.refusal is not None
    assert done.outlook.ended


# --- others at the same time ----------------------------------------------------------------------------------------


def test_of_two_commands_at_once_both_are_decided_by_what_the_stream_says_then(planned: Desk) -> None:
    start = threading.Barrier(2)

    def cancel(number: int) -> CarriedOut:
        start.wait()
        return carry_out(planned, CANCEL, cause=f"request-{number}", known=3)

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(cancel, range(2)))
    assert planned.order.version == 4
    assert all(each.outlook.ended for each in done)


def test_one_who_is_always_overtaken_gives_up_without_alarm_and_leaves_nothing(
    planned: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    def overtaken(_store: EventStore, stream: str, expected: int, _events: list[Event], **_named: Any) -> int:
        nonlocal tries
        tries += 1
        raise Conflict(stream, expected=expected, actual=expected + 1)

    monkeypatch.setattr(EventStore, "append", overtaken)
    with pytest.raises(ApplicationError, match="others were first") as failed:
        carry_out(planned, MOVE)
    assert failed.value.category is ApplicationErrorCategory.BENIGN
    assert not failed.value.non_retryable
    assert tries == TRIES


def test_looking_reads_and_never_writes(planned: Desk) -> None:
    with planned.stack.database.read() as connection:
        before = connection.execute(text("PRAGMA data_version")).scalar_one()
    carry_out(planned)
    with planned.stack.database.read() as connection:
        assert connection.execute(text("PRAGMA data_version")).scalar_one() == before
    assert planned.order.version == 3
