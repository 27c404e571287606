"""Tasks put off: until when, by whom, and that nothing but KiAP's own list hears of it."""

import datetime as dt
from collections.abc import Callable
from datetime import date

import pytest

from demo.clockwork import Clockwork
from domain import commands as do
from domain import events as ev
from domain.calendar import end_of_work, is_working_day
from domain.clock import next_step
from domain.details import details_of
from domain.letters import Letter, Occasion
from domain.look import outlook_of
from domain.mailings import next_letter
from domain.meeting import PlannedPart, danish
from domain.model import DocumentId, PartId, TextId
from domain.postponing import latest_day, task_of
from domain.stages import ENDED, Stage
from domain.task_kinds import Postponement, TaskKind
from domain.tasks import Task, tasks_of
from tests.domain.register_story import extract_awaited
from tests.domain.story import (
    BASELINE,
    CALLED,
    DECK,
    FOLLOW_UP,
    LENE,
    PAST,
    PLACED,
    THE_MEETING,
    Life,
    five_on,
    given,
    life_at,
    morning_of,
    noon,
)

WHY = TextId("tekst-hvorfor")
ONE_DAY = dt.timedelta(days=1)


def put_off(kind: TaskKind, until: date) -> do.PostponeTask:
    return do.PostponeTask(task=kind, until=until, why=WHY)


def tomorrow(life: Life) -> date:
    return danish(life.now).date() + ONE_DAY


def the_task(life: Life, kind: TaskKind) -> Task:
    return next(task for task in tasks_of(life.order) if task.kind is kind)


def read_through() -> Life:
    """In review, the free texts read and the deck made anew."""
    life = life_at(Stage.IN_REVIEW).does(do.ReadFreeTexts())
    return life.does(do.RecordDeck(round=BASELINE, version=2, documents=(DECK,)))


def every_request_gone() -> Life:
    life = life_at(Stage.AWAITING_RECORD)
    for number, day in ((2, date(2026, 3, 31)), (3, date(2026, 4, 14))):
        life.got(Letter(Occasion.RECORD_REQUEST, number=f"1.{number}"), when=morning_of(day))
    return life


def asked_of_a_follow_up() -> Life:
    return life_at(Stage.QUIET).got(Letter(Occasion.FOLLOW_UP_QUESTION, number="1"), when=noon(date(2026, 11, 25)))


def withheld() -> Life:
    return life_at(Stage.IN_REVIEW).does(do.HoldDeck()).does(do.WithholdDeck(), THE_MEETING.starts_at)


def programme_outgrown() -> Life:
    own = do.ChangeProgramme(parts=(PlannedPart(part=PartId("a"), minutes=150),))
    return life_at(Stage.PLANNED).does(own).does(do.ChangeMeeting(minutes=180))


def deck_outdated() -> Life:
    """Delivered, corrected by hand, and then the meeting was moved."""
    life = life_at(Stage.READY).does(do.ReplaceDeck(document=DocumentId("dokument-rettet"), why=WHY))
    return life.does(do.MoveMeeting(to=five_on(date(2026, 4, 14))))


LIVES: dict[str, tuple[Callable[[], Life], TaskKind]] = {
    "assign_consultant": (lambda: life_at(Stage.ORDERED), TaskKind.ASSIGN_CONSULTANT),
    "hold_the_call": (lambda: life_at(Stage.ORDERED), TaskKind.HOLD_THE_CALL),
    "get_extract": (extract_awaited, TaskKind.GET_EXTRACT),
    "decide_too_few": (lambda: life_at(Stage.TOO_FEW_ANSWERS), TaskKind.DECIDE_TOO_FEW),
    "decide_too_few, follow-up": (lambda: life_at(Stage.FOLLOW_UP_TOO_FEW), TaskKind.DECIDE_TOO_FEW),
    "read_free_texts": (lambda: life_at(Stage.IN_REVIEW), TaskKind.READ_FREE_TEXTS),
    "read_free_texts, held": (lambda: life_at(Stage.IN_REVIEW).does(do.HoldDeck()), TaskKind.READ_FREE_TEXTS),
    "look_at_deck": (read_through, TaskKind.LOOK_AT_DECK),
    "release_deck": (lambda: life_at(Stage.IN_REVIEW).does(do.HoldDeck()), TaskKind.RELEASE_DECK),
    "release_deck, follow-up": (lambda: life_at(Stage.FOLLOW_UP_IN_REVIEW).does(do.HoldDeck()), TaskKind.RELEASE_DECK),
    "correct_deck": (deck_outdated, TaskKind.CORRECT_DECK),
    "look_at_programme": (programme_outgrown, TaskKind.LOOK_AT_PROGRAMME),
    "record_the_meeting": (lambda: life_at(Stage.AWAITING_RECORD), TaskKind.RECORD_THE_MEETING),
    "get_the_record": (every_request_gone, TaskKind.GET_THE_RECORD),
    "decide_follow_up": (asked_of_a_follow_up, TaskKind.DECIDE_FOLLOW_UP),
    "share_comparison": (lambda: life_at(Stage.FOLLOW_UP_DELIVERED), TaskKind.SHARE_COMPARISON),
}


@pytest.mark.parametrize("case", LIVES)
def test_a_task_put_off_to_the_last_day_is_back_before_the_system_acts_without_us(case: str) -> None:
    """Whatever the clock does until the end of that day, the task is still there to be done."""
    make, kind = LIVES[case]
    life = make()
    task = task_of(life.order, kind)
    assert task is not None
    latest = latest_day(life.order, task, life.now)
    assert latest > danish(life.now).date()
    if kind is not TaskKind.ASSIGN_CONSULTANT:
        given(life).when(put_off(kind, latest + ONE_DAY)).then_rejected("postponed_too_long", latest=latest)
    life.does(put_off(kind, latest))
    clock = Clockwork(life.order, life.now)
    clock.run(end_of_work(latest))
    kinds = {each.kind for each in tasks_of(clock.order)}
    if kind is TaskKind.RECORD_THE_MEETING:
        assert kinds & {kind, TaskKind.GET_THE_RECORD}, "the same thing, by then KiAP's own to get"
    else:
        assert kind in kinds


@pytest.mark.parametrize("case", LIVES)
def test_a_limit_that_the_system_sets_is_the_last_working_day_before_it_acts(case: str) -> None:
    make, kind = LIVES[case]
    life = make()
    task = task_of(life.order, kind)
    assert task is not None
    latest = latest_day(life.order, task, life.now)
    longest = danish(life.now).date() + dt.timedelta(days=60)
    assert latest <= longest
    assert latest == longest or is_working_day(latest)


def test_every_kind_of_task_can_be_put_off() -> None:
    assert {kind for _, kind in LIVES.values()} == set(TaskKind)


def test_a_call_is_put_off_until_a_day_and_counts_as_due_then() -> None:
    life = (
        given(Stage.ORDERED)
        .when(put_off(TaskKind.HOLD_THE_CALL, date(2026, 1, 20)), PLACED)
        .then(ev.TaskPostponed(at=PAST, task=TaskKind.HOLD_THE_CALL, until=date(2026, 1, 20), why=WHY))
    )
    task = the_task(life, TaskKind.HOLD_THE_CALL)
    assert (task.postponed_until, task.due) == (date(2026, 1, 20), end_of_work(date(2026, 1, 20)))
    assert task.promised == end_of_work(date(2026, 1, 12)), "what the coordinator was promised stays"
    assert (task.is_put_off(date(2026, 1, 19)), task.is_put_off(date(2026, 1, 20))) == (True, False)
    assert life.order.call_due == date(2026, 1, 12)
    assert [each.kind for each in tasks_of(life.order)] == [TaskKind.ASSIGN_CONSULTANT, TaskKind.HOLD_THE_CALL]


def test_a_task_put_off_again_has_the_newest_day() -> None:
    life = life_at(Stage.ORDERED).does(put_off(TaskKind.HOLD_THE_CALL, date(2026, 1, 20)))
    life.does(put_off(TaskKind.HOLD_THE_CALL, date(2026, 1, 9)))
    assert life.order.postponements == {TaskKind.HOLD_THE_CALL: Postponement(date(2026, 1, 9), WHY)}
    assert the_task(life, TaskKind.HOLD_THE_CALL).due == end_of_work(date(2026, 1, 9))


def test_a_task_taken_up_again_is_due_as_promised_and_only_once() -> None:
    past = life_at(Stage.ORDERED).does(put_off(TaskKind.HOLD_THE_CALL, date(2026, 1, 20)))
    life = (
        given(past)
        .when(do.ResumeTask(task=TaskKind.HOLD_THE_CALL))
        .then(ev.TaskResumed(at=PAST, task=TaskKind.HOLD_THE_CALL))
    )
    assert the_task(life, TaskKind.HOLD_THE_CALL).due == end_of_work(date(2026, 1, 12))
    given(life).when(do.ResumeTask(task=TaskKind.HOLD_THE_CALL)).then_nothing()


def test_only_the_task_that_is_taken_up_is() -> None:
    life = life_at(Stage.ORDERED)
    life.does(put_off(TaskKind.HOLD_THE_CALL, date(2026, 1, 20)))
    life.does(put_off(TaskKind.ASSIGN_CONSULTANT, date(2026, 1, 21)))
    life.does(do.ResumeTask(task=TaskKind.HOLD_THE_CALL))
    assert set(life.order.postponements) == {TaskKind.ASSIGN_CONSULTANT}


def test_a_task_done_is_not_put_off_when_it_comes_again() -> None:
    """Too few answered, it was put off, the survey was extended: what is to be decided then is another thing."""
    life = life_at(Stage.TOO_FEW_ANSWERS)
    life.does(put_off(TaskKind.DECIDE_TOO_FEW, tomorrow(life)))
    life.does(do.ExtendSurvey(closes=date(2026, 3, 20)))
    assert life.order.postponements == {}
    life.does(do.CloseSurvey(round=BASELINE)).does(do.RecordTurnout(round=BASELINE, answers=4, invited=42))
    assert the_task(life, TaskKind.DECIDE_TOO_FEW).postponed_until is None


def test_a_task_put_off_comes_back_where_the_systems_own_moment_has_come_nearer() -> None:
    life = life_at(Stage.TOO_FEW_ANSWERS)
    life.does(do.MoveMeeting(to=five_on(date(2026, 5, 20))))
    task = task_of(life.order, TaskKind.DECIDE_TOO_FEW)
    assert task is not None
    life.does(put_off(TaskKind.DECIDE_TOO_FEW, latest_day(life.order, task, life.now)))
    assert life.order.postponements
    life.does(do.MoveMeeting(to=five_on(date(2026, 4, 1))))
    assert life.order.postponements == {}


def test_another_order_of_things_leaves_what_is_put_off() -> None:
    life = life_at(Stage.ORDERED).does(put_off(TaskKind.HOLD_THE_CALL, date(2026, 1, 20)))
    life.does(do.AssignConsultant(consultant=LENE)).does(do.NoteCall(outcome="no_answer"))
    assert the_task(life, TaskKind.HOLD_THE_CALL).postponed_until == date(2026, 1, 20)
    life.does(do.AgreePlan(meeting=THE_MEETING), CALLED)
    assert life.order.postponements == {}


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", [date(2026, 1, 5), date(2026, 1, 4), date(2025, 12, 1)])
def test_a_task_is_put_off_at_least_until_tomorrow(until: date) -> None:
    asked = given(Stage.ORDERED).when(put_off(TaskKind.HOLD_THE_CALL, until), PLACED)
    refusal = asked.then_rejected("postponed_too_briefly", earliest=date(2026, 1, 6))
    assert "6. januar 2026" in refusal.message


def test_a_task_is_put_off_for_sixty_days_at_the_most() -> None:
    planned = life_at(Stage.PLANNED)
    latest = danish(planned.now).date() + dt.timedelta(days=60)
    given(planned).when(put_off(TaskKind.ASSIGN_CONSULTANT, latest + ONE_DAY)).then_rejected(
        "postponed_too_long", latest=latest
    )
    assert planned.ask(put_off(TaskKind.ASSIGN_CONSULTANT, latest))


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in ENDED])
@pytest.mark.parametrize("kind", TaskKind)
def test_only_what_waits_can_be_put_off(stage: Stage, kind: TaskKind) -> None:
    life = life_at(stage)
    asked = given(life).when(put_off(kind, tomorrow(life)))
    if kind in {task.kind for task in tasks_of(life.order)}:
        assert asked.events
    else:
        asked.then_rejected("no_such_task", task=kind)


def test_what_the_system_does_tomorrow_morning_cannot_be_put_off() -> None:
    life = read_through()
    until = life.order.baseline.review_until if life.order.baseline else None
    assert until is not None
    the_day_before = until - ONE_DAY
    given(life).when(put_off(TaskKind.LOOK_AT_DECK, danish(until).date()), the_day_before).then_rejected(
        "cannot_be_postponed", task="look_at_deck"
    )


def test_a_deck_for_a_meeting_that_has_begun_cannot_be_put_off() -> None:
    life = withheld()
    given(life).when(put_off(TaskKind.RELEASE_DECK, tomorrow(life))).then_rejected("cannot_be_postponed")


# --- what hears of it -----------------------------------------------------------------------------------------------


def own_work(life: Life) -> Life:
    """The same life, with all that KiAP's own do beside it."""
    busy = life.once_more().does(do.AddNote(note=TextId("tekst-note")))
    if busy.order.meeting is None:
        busy.does(do.NoteCall(outcome="no_answer", note=TextId("tekst-opkald")))
    for task in tasks_of(busy.order):
        latest = latest_day(busy.order, task, busy.now)
        if latest > danish(busy.now).date():
            busy.does(put_off(task.kind, latest))
    return busy


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in ENDED])
def test_no_step_letter_or_date_of_the_order_changes_by_kiaps_own_work(stage: Stage) -> None:
    life = life_at(stage)
    busy = own_work(life)
    assert next_step(busy.order, busy.now) == next_step(life.order, life.now)
    assert next_letter(busy.order, busy.now) == next_letter(life.order, life.now)
    before, after = outlook_of(life.order, life.now), outlook_of(busy.order, busy.now)
    same = {"version": 0, "shown": None}
    assert after.model_copy(update=same) == before.model_copy(update=same)
    kept = {"due": None, "details": ""}
    assert after.shown.model_copy(update=kept) == before.shown.model_copy(update=kept)


def test_no_task_is_left_out_where_all_are_put_off() -> None:
    life = life_at(Stage.ORDERED)
    busy = own_work(life)
    assert {task.kind for task in tasks_of(busy.order)} == {task.kind for task in tasks_of(life.order)}
    assert all(task.postponed_until for task in tasks_of(busy.order))


def test_temporals_own_page_says_until_when_a_task_is_put_off() -> None:
    life = life_at(Stage.ORDERED).does(put_off(TaskKind.HOLD_THE_CALL, date(2026, 1, 20)))
    told = details_of(life.order, life.now)
    assert "Konsulent: Ring til koordinatoren, og aftal mødet (udsat til tirsdag den 20. januar 2026)" in told
    assert WHY not in told


def test_the_follow_ups_own_tasks_are_put_off_as_well() -> None:
    life = life_at(Stage.FOLLOW_UP_TOO_FEW)
    life.does(put_off(TaskKind.DECIDE_TOO_FEW, tomorrow(life)))
    assert the_task(life, TaskKind.DECIDE_TOO_FEW).facts["round"] == FOLLOW_UP


def test_on_the_day_it_is_due_there_as_any_other_task() -> None:
    life = life_at(Stage.ORDERED).does(put_off(TaskKind.HOLD_THE_CALL, date(2026, 1, 20)))
    told = details_of(life.order, morning_of(date(2026, 1, 20)))
    assert "aftal mødet (senest tirsdag den 20. januar 2026 kl. 15.00)" in told
