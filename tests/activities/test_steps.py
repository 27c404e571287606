"""What is due by the clock and takes no time: all of it at once, each step once, up to the deck."""

import datetime as dt
from collections.abc import Callable

import pytest
from temporalio.exceptions import ApplicationError

import activities.orders
import activities.steps
from activities.orders import STEP_REFUSED, STREAM_CUT, CarriedOut
from activities.steps import DueSteps, StepActivities
from domain import commands as do
from domain.meeting import Meeting
from domain.model import Round
from domain.steps import Action
from storage import result_repository
from tests.activities.desk import MEETING, MEMBERS, Desk, run
from tests.workflows import people

BASELINE = Round.BASELINE


def take(desk: Desk, known: int | None = None) -> CarriedOut:
    """As the order's workflow asks, at the desk's time."""
    ask = DueSteps(order=desk.order_id, known=desk.order.version if known is None else known, now=desk.now)
    done: CarriedOut = run(StepActivities(desk.at).take_due_steps, ask)
    return done


def types_after(desk: Desk, version: int) -> list[str]:
    return [event.type for event in desk.stack.store.load(desk.order_id)[version:]]


@pytest.fixture
def to_close(desk: Desk) -> Desk:
    """A round that everybody has answered, at the instant it is to close."""
    desk.open_survey()
    people.answer(desk.stack, desk.order_id, desk.package, MEMBERS, BASELINE)
    step = desk.next_step
    assert step.action is Action.CLOSE_SURVEY
    desk.now = step.at
    return desk


AFTER_CLOSING = ["survey_closed", "turnout_counted", "results_tabulated"]


def test_a_round_is_closed_counted_and_tabulated_at_once_and_then_a_deck_is_to_be_made(to_close: Desk) -> None:
    before = to_close.order.version
    told = take(to_close).outlook
    assert types_after(to_close, before) == AFTER_CLOSING
    assert told.step is not None
    assert (told.version, told.step.action, told.step.version) == (before + 3, Action.MAKE_DECK, 1)


def test_asked_again_nothing_is_done_twice(to_close: Desk) -> None:
    before = to_close.order.version
    assert take(to_close) == take(to_close, known=before)
    assert types_after(to_close, before) == AFTER_CLOSING


def test_what_is_not_due_is_told_and_left(desk: Desk) -> None:
    desk.place()
    desk.do(do.AgreePlan(meeting=Meeting(starts=MEETING)))
    before, due = desk.order.version, desk.next_step
    desk.now = due.at - dt.timedelta(seconds=1)
    told = take(desk).outlook.step
    assert told is not None
    assert (told.action, told.at, desk.order.version) == (due.action, due.at, before)
    desk.now = due.at
    take(desk)
    assert types_after(desk, before) == ["survey_opened"]


def fails_once(works: Callable[..., object]) -> Callable[..., object]:
    failed = list[bool]()

    def one(*given: object, **named: object) -> object:
        if not failed:
            failed.append(True)
            raise ZeroDivisionError("a name and what she answered")
        return works(*given, **named)

    return one


def test_after_a_crash_in_the_middle_the_rest_is_done(to_close: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = to_close.order.version
    monkeypatch.setattr(result_repository, "store", fails_once(result_repository.store))
    with pytest.raises(ApplicationError) as failed:
        take(to_close)
    assert types_after(to_close, before) == AFTER_CLOSING[:2]
    assert failed.value.type == "ZeroDivisionError in answers_tabulated"
    assert "what she answered" not in str(failed.value)
    take(to_close, known=before)
    assert types_after(to_close, before) == AFTER_CLOSING


def test_a_step_that_changes_nothing_is_a_fault_and_not_taken_for_ever(
    to_close: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities.orders, "decide_for", lambda *_given: [])
    with pytest.raises(ApplicationError, match="survey_closes is due and changes nothing") as failed:
        take(to_close)
    assert (failed.value.type, failed.value.non_retryable) == (STEP_REFUSED, False)


def test_no_step_is_taken_on_a_stream_that_was_cut(to_close: Desk) -> None:
    before = to_close.order.version
    with pytest.raises(ApplicationError) as failed:
        take(to_close, known=before + 1)
    assert (failed.value.type, to_close.order.version) == (STREAM_CUT, before)


def test_ballots_of_a_cancelled_order_are_destroyed_at_once(to_close: Desk) -> None:
    to_close.do(do.CancelOrder(reason="cluster_withdrew"))
    before = to_close.order.version
    assert take(to_close).outlook.step is None
    assert types_after(to_close, before) == ["ballots_destroyed"]
