"""The words of the stream: every event has a meaning and a line in the history; none can hold what people wrote."""

import datetime as dt
import enum
import types
import typing
from datetime import date
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from pydantic import AwareDatetime

from demo.clockwork import Clockwork
from domain import commands as do
from domain import events as ev
from domain.agenda import comes_next, due_of, lies_ahead
from domain.calendar import end_of_work
from domain.commands import COMMAND, COMMANDS, PEOPLE, Command, name_of
from domain.events import EVENT, Event, Happened
from domain.evolution import evolve
from domain.history import entry_of
from domain.letters import Occasion
from domain.mailings import letters_to_come
from domain.meeting import PlannedPart, danish
from domain.model import Frozen, PartId, Rejected, TextId
from domain.own_questions import OwnQuestion
from domain.policies import Disclosure, Policies
from domain.stages import DANISH, ENDED, Stage
from domain.task_kinds import TaskKind
from domain.tasks import tasks_of
from domain.words import past_line
from tests.domain.register_story import register_life
from tests.domain.story import BASELINE, KAREN, LENE, PLACE, life_at, morning_of, noon
from tests.domain.test_every_command import commands_at

EVENT_TYPES: tuple[type[Happened], ...] = get_args(get_args(Event)[0])
PACKAGE_DATA = (Policies, Disclosure)


@pytest.fixture(scope="module")
def happened() -> list[Event]:
    """Events of every type: each stage's past, what every command leads to there, and what comes of the rest."""
    events: list[Event] = []
    for stage in Stage:
        life = life_at(stage)
        events += life.events
        for command in commands_at(stage).values():
            try:
                events += life.once_more().ask(command)
            except Rejected:
                continue
        clock = Clockwork(life.order, life.now)
        clock.run(life.now + dt.timedelta(days=900))
        events += clock.events
    reminded = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    events += reminded.does(do.SendReminder(), noon(date(2026, 3, 10))).events
    changed = life_at(Stage.PLANNED).does(do.ChangeProgramme(parts=(PlannedPart(part=PartId("a"), minutes=150),)))
    events += changed.does(do.RestoreProgramme()).events
    asked = life_at(Stage.ORDERED).does(do.AskOwnQuestions(questions=(OwnQuestion(kind="text", text=TextId("t-1")),)))
    events += asked.does(do.DropOwnQuestions()).events
    held = life_at(Stage.IN_REVIEW).does(do.HoldDeck())
    events += held.does(do.WithholdDeck(), noon(date(2026, 3, 26))).events
    corrected = life_at(Stage.READY).does(commands_at(Stage.READY)["ReplaceDeck"])
    events += corrected.does(do.ChangeMeeting(minutes=180)).does(do.KeepDeck()).events
    events += life_at(Stage.READY).does(do.AgreeFollowUp(opens=date(2026, 12, 1))).events
    taken_up = life_at(Stage.ORDERED).does(commands_at(Stage.ORDERED)["PostponeTask"])
    events += taken_up.does(do.ResumeTask(task=TaskKind.ASSIGN_CONSULTANT)).events
    agreed = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=date(2026, 12, 1)))
    events += agreed.once_more().does(do.MoveFollowUp(opens=date(2026, 12, 2))).events
    events += agreed.does(do.StartFollowUp(), noon(date(2026, 11, 26))).events
    return events + register_life().events


def test_the_lives_told_here_have_an_event_of_every_type(happened: list[Event]) -> None:
    assert {type(event) for event in happened} == set(EVENT_TYPES)


def test_every_event_is_told_in_danish_with_the_facts_its_line_needs(happened: list[Event]) -> None:
    told = {event.type: past_line(entry.code, entry.facts) for event in happened if (entry := entry_of(event))}
    assert all(line and line != type_ for type_, line in told.items())
    assert told["reminder_added"] == "KiAP bad om en ekstra påmindelse tirsdag den 10. marts 2026"


def test_every_type_of_event_is_in_the_union_under_a_name_of_its_own() -> None:
    defined = {value for value in vars(ev).values() if isinstance(value, type) and issubclass(value, Happened)}
    assert defined - {Happened} == set(EVENT_TYPES)
    assert len({event_type.model_fields["type"].default for event_type in EVENT_TYPES}) == len(EVENT_TYPES)


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_event_comes_back_from_json_as_it_was(happened: list[Event], event_type: type[Happened]) -> None:
    for event in (event for event in happened if type(event) is event_type):
        assert EVENT.validate_json(event.model_dump_json()) == event
        assert EVENT.validate_python(event.model_dump(mode="json")) == event


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_event_is_a_line_of_the_history_in_ids_dates_counts_and_choices(
    happened: list[Event], event_type: type[Happened]
) -> None:
    for event in (event for event in happened if type(event) is event_type):
        entry = entry_of(event)
        assert entry.at == event.at
        assert entry.code == event.type or entry.code.startswith("letter.")
        assert all(isinstance(fact, str | int | bool) for fact in entry.facts.values())


def test_a_letters_line_says_which_and_how_many() -> None:
    sent = ev.LettersSent(at=noon(date(2026, 3, 6)), key="reminder/baseline/2026-03-06", sent=17, failed=1, seen=9)
    entry = entry_of(sent)
    assert (entry.code, entry.facts) == ("letter.reminder", {"sent": 17, "failed": 1, "round": "baseline"})


def test_a_stream_begins_with_an_order() -> None:
    with pytest.raises(ValueError, match="order_placed"):
        evolve(None, ev.ConsultantAssigned(at=noon(date(2026, 1, 6)), consultant=LENE))


# --- nothing personal -----------------------------------------------------------------------------------------------


def leaves(annotation: Any) -> list[Any]:
    """The plain types an annotation is made of, models opened up."""
    if annotation is AwareDatetime or annotation in PACKAGE_DATA:
        return [annotation]
    origin = get_origin(annotation)
    if origin is Annotated:
        return leaves(get_args(annotation)[0])
    if origin in (tuple, typing.Union, types.UnionType):
        return [leaf for part in get_args(annotation) if part is not Ellipsis for leaf in leaves(part)]
    if isinstance(annotation, type) and issubclass(annotation, Frozen):
        return [leaf for field in annotation.model_fields.values() for leaf in leaves(field.annotation)]
    return [annotation]


def is_impersonal(leaf: Any) -> bool:
    """An id, a date, a count or a choice; the agreed numbers of the package."""
    if leaf in (AwareDatetime, dt.datetime, dt.date, int, bool, types.NoneType, *PACKAGE_DATA):
        return True
    if get_origin(leaf) is Literal or (isinstance(leaf, type) and issubclass(leaf, enum.Enum)):
        return True
    return isinstance(leaf, typing.NewType)


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_no_event_has_room_for_a_name_an_address_or_a_free_text(event_type: type[Happened]) -> None:
    for name, field in event_type.model_fields.items():
        if (event_type, name) == (ev.LettersSent, "key"):
            continue  # checked when it is recorded: see below
        assert all(is_impersonal(leaf) for leaf in leaves(field.annotation)), f"{event_type.__name__}.{name}"


@pytest.mark.parametrize("key", ["karen@laegehus.dk", "reminder/baseline/Karen", "programme//\n"])
def test_the_one_text_in_an_event_is_a_letters_key_and_nothing_else(key: str) -> None:
    with pytest.raises(Rejected) as refusal:
        life_at(Stage.READY).ask(do.RecordLetters(key=key, sent=1, seen=1))
    assert refusal.value.code == "no_such_letter"
    assert key not in str(refusal.value)


# --- commands -------------------------------------------------------------------------------------------------------


def test_every_command_is_in_the_union_under_a_name_of_its_own_and_has_somebody_to_give_it() -> None:
    defined = {value for value in vars(do).values() if isinstance(value, type) and issubclass(value, Command)}
    assert defined - {Command} == {do.PlaceOrder, *COMMANDS}
    assert len({name_of(command) for command in defined - {Command}}) == len(COMMANDS) + 1
    assert all(command.BY for command in defined - {Command})


@pytest.mark.parametrize("command", COMMANDS)
def test_what_people_may_give_has_danish_words_and_points_at_fields_it_has(command: type[Command]) -> None:
    assert bool(command.LABEL) is bool(command.BY & PEOPLE)
    for field in command.POINTS_AT.values():
        assert field.split(".")[0] in command.model_fields


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_carries_a_name_an_address_or_a_free_text(command: type[Command]) -> None:
    """They go through Temporal. A letter's key and an order's policies by name are checked when they are decided on."""
    for name, field in command.model_fields.items():
        if (command, name) in {(do.RecordLetters, "key"), (do.AgreePlan, "policies")}:
            continue
        assert all(is_impersonal(leaf) for leaf in leaves(field.annotation)), f"{command.__name__}.{name}"


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.QUIET])
def test_every_command_comes_back_from_json_as_it_was(stage: Stage) -> None:
    for command in commands_at(stage).values():
        assert type(command).model_validate_json(command.model_dump_json()) == command
        assert COMMAND.validate_json(command.model_dump_json()) == command
    assert do.PlaceOrder.model_validate_json(PLACE.model_dump_json()) == PLACE


def test_a_command_with_a_field_too_many_is_not_read() -> None:
    with pytest.raises(ValueError, match="coordinator_name"):
        COMMAND.validate_python(
            {"type": "replace_coordinator", "coordinator": KAREN, "coordinator_name": "Karen Blixen"}
        )


# --- what the screens are told --------------------------------------------------------------------------------------


def test_every_stage_has_a_danish_name() -> None:
    assert set(DANISH) == set(Stage)
    assert len(set(DANISH.values())) == len(Stage)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in ENDED])
def test_the_agenda_of_every_stage_says_what_comes_next_in_order_of_time(stage: Stage) -> None:
    life = life_at(stage)
    times = [upcoming.at for upcoming in comes_next(life.order, life.now)]
    assert times == sorted(times)
    assert times or tasks_of(life.order)
    assert due_of(life.order, life.now) == min([*times, *(task.due for task in tasks_of(life.order))])


@pytest.mark.parametrize(
    ("stage", "kind", "owner", "due"),
    [
        (Stage.ORDERED, "assign_consultant", "operations", date(2026, 1, 6)),
        (Stage.ORDERED, "hold_the_call", "consultant", date(2026, 1, 12)),
        (Stage.TOO_FEW_ANSWERS, "decide_too_few", "consultant", date(2026, 3, 18)),
        (Stage.IN_REVIEW, "read_free_texts", "consultant", date(2026, 3, 18)),
        (Stage.AWAITING_RECORD, "record_the_meeting", "coordinator", date(2026, 4, 14)),
        (Stage.FOLLOW_UP_TOO_FEW, "decide_too_few", "consultant", date(2027, 2, 2)),
    ],
)
def test_people_are_waited_for_where_they_are_needed(stage: Stage, kind: str, owner: str, due: date) -> None:
    tasks = {str(task.kind): task for task in tasks_of(life_at(stage).order)}
    assert (tasks[kind].owner, danish(tasks[kind].due).date()) == (owner, due)
    assert tasks[kind].since <= tasks[kind].due


def test_the_consultants_deadline_is_the_day_the_coordinator_was_promised() -> None:
    """Until the end of that day; operations hear of it the next morning."""
    order = life_at(Stage.ORDERED).order
    [call] = [task for task in tasks_of(order) if task.kind == "hold_the_call"]
    assert danish(call.due).date() == order.call_due
    assert call.due == end_of_work(order.call_due)
    [overdue] = [due for due in letters_to_come(order, call.due) if due.letter.occasion is Occasion.CALL_OVERDUE]
    assert overdue.at == morning_of(date(2026, 1, 13)) > call.due


def test_nobody_is_waited_for_to_record_a_meeting_before_they_are_asked() -> None:
    assert not {task.kind for task in tasks_of(life_at(Stage.READY).order)} & {"record_the_meeting", "get_the_record"}


def test_a_meeting_that_has_begun_no_longer_lies_ahead() -> None:
    life = life_at(Stage.AWAITING_RECORD)
    assert "meeting" in [each.code for each in comes_next(life.order, life.now)]
    assert "meeting" not in [each.code for each in lies_ahead(life.order, life.now)]
    assert "meeting" in [each.code for each in lies_ahead(life_at(Stage.READY).order, life_at(Stage.READY).now)]


def test_a_held_deck_is_the_consultants_to_release_before_the_meeting() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.HoldDeck())
    [task] = [task for task in tasks_of(life.order) if task.kind == "release_deck"]
    assert life.order.meeting is not None
    assert task.due == life.order.meeting.starts_at
    assert life.order.survey(BASELINE) is not None


def test_the_coordinator_is_waited_for_once_asked_about_the_follow_up() -> None:
    life = life_at(Stage.QUIET)
    assert "decide_follow_up" not in {task.kind for task in tasks_of(life.order)}
    life.does(do.RecordLetters(key="follow_up_question//1", sent=1, seen=1), noon(date(2026, 11, 25)))
    assert "decide_follow_up" in {task.kind for task in tasks_of(life.order)}
