"""Every command in every stage: the events it leads to, or the code of the refusal."""

import datetime as dt

import pytest

from domain import commands as do
from domain.by import coordinator
from domain.commands import COMMANDS, AnyCommand
from domain.decisions import AFTER_THE_END, decide, place
from domain.evolution import load
from domain.meeting import PlannedPart, danish
from domain.model import Digest, DocumentId, PartId, Rejected, TextId
from domain.own_questions import OwnQuestion
from domain.stages import Stage
from domain.task_kinds import TaskKind
from tests.domain.story import (
    A_NEWCOMER,
    ANSWERS,
    BASELINE,
    BIRTHE,
    DECK,
    FOLLOW_UP,
    KAREN,
    LENE,
    MEMBERS,
    PLACE,
    PLACED,
    SØREN,
    THE_MEETING,
    five_on,
    life_at,
)

TABLE = """
AssignConsultant
    ConsultantAssigned: ordered..follow_up_delivered
    order_ended: completed cancelled
ReplaceCoordinator
    CoordinatorReplaced: ordered..follow_up_delivered
    order_ended: completed cancelled
AddMember
    MemberAdded: ordered..follow_up_delivered
    order_ended: completed cancelled
RemoveMember
    MemberRemoved: ordered..follow_up_delivered
    order_ended: completed cancelled
ReaddressMember
    MemberReaddressed: ordered..follow_up_delivered
    order_ended: completed cancelled
RenewLink
    LinkRenewed: ordered..follow_up_delivered
    order_ended: completed cancelled
RevokeLink
    LinkRevoked: ordered..follow_up_delivered
    order_ended: completed cancelled
SendLink
    LinkAskedFor: ordered..follow_up_delivered
    order_ended: completed cancelled
AgreePlan
    PlanAgreed: ordered planned
    survey_already_open: survey_open..follow_up_delivered
    order_ended: completed cancelled
MoveMeeting
    no_plan_yet: ordered
    MeetingMoved: planned..awaiting_record
    meeting_recorded: quiet..follow_up_delivered
    order_ended: completed cancelled
ChangeMeeting
    no_plan_yet: ordered
    MeetingChanged: planned..ready
    meeting_over: awaiting_record..follow_up_delivered
    order_ended: completed cancelled
ChangeProgramme
    no_plan_yet: ordered
    ProgrammeChanged: planned..ready
    meeting_over: awaiting_record..follow_up_delivered
    order_ended: completed cancelled
RestoreProgramme
    no_plan_yet: ordered
    nothing: planned..ready
    meeting_over: awaiting_record..follow_up_delivered
    order_ended: completed cancelled
AskOwnQuestions
    OwnQuestionsAsked: ordered planned
    own_questions_are_sent: survey_open..follow_up_delivered
    order_ended: completed cancelled
DropOwnQuestions
    nothing: ordered planned
    own_questions_are_sent: survey_open..follow_up_delivered
    order_ended: completed cancelled
NoteCall
    CallNoted: ordered
    call_was_held: planned..follow_up_delivered
    order_ended: completed cancelled
PostponeTask
    TaskPostponed: ordered..follow_up_delivered
    order_ended: completed cancelled
ResumeTask
    nothing: ordered..follow_up_delivered
    order_ended: completed cancelled
AddNote
    NoteAdded: ordered..follow_up_delivered
    order_ended: completed cancelled
OpenSurvey
    no_such_round: ordered
    survey_not_due: planned
    nothing: survey_open..awaiting_record follow_up_open..follow_up_delivered
    no_follow_up_agreed: quiet
    order_ended: completed cancelled
ExtendSurvey
    no_such_round: ordered
    survey_not_open: planned analysing..quiet follow_up_analysing follow_up_in_review..follow_up_delivered
    SurveyExtended: survey_open too_few_answers follow_up_open follow_up_too_few
    order_ended: completed cancelled
SendReminder
    no_such_round: ordered
    survey_not_open: planned too_few_answers..quiet follow_up_too_few..follow_up_delivered
    told_today: survey_open follow_up_open
    order_ended: completed cancelled
CloseSurvey
    no_such_round: ordered quiet
    survey_not_open: planned
    SurveyClosed: survey_open follow_up_open
    nothing: too_few_answers..awaiting_record follow_up_too_few..follow_up_delivered
    order_ended: completed cancelled
RecordTurnout
    no_such_round: ordered quiet
    survey_not_closed: planned survey_open follow_up_open
    nothing: too_few_answers..awaiting_record follow_up_too_few..follow_up_delivered
    order_ended: completed cancelled
GoOnWithoutResults
    no_such_round: ordered
    nothing_to_decide: planned survey_open analysing..follow_up_open follow_up_analysing..follow_up_delivered
    WentOnWithoutResults: too_few_answers follow_up_too_few
    order_ended: completed cancelled
RecordResults
    no_such_round: ordered quiet
    turnout_not_settled: planned..too_few_answers follow_up_open follow_up_too_few
    ResultsTabulated: analysing follow_up_analysing
    nothing: in_review follow_up_in_review
    deck_delivered: ready awaiting_record follow_up_delivered
    order_ended: completed cancelled
GiveExtract
    no_register: ordered..follow_up_delivered
    order_ended: completed cancelled
RecordDeck
    no_such_round: ordered quiet
    results_not_ready: planned..analysing follow_up_open..follow_up_analysing
    nothing: in_review..awaiting_record follow_up_in_review..follow_up_delivered
    order_ended: completed cancelled
HoldDeck
    no_such_round: ordered
    no_deck_yet: planned..analysing follow_up_open..follow_up_analysing
    DeckHeld: in_review follow_up_in_review
    deck_delivered: ready..quiet follow_up_delivered
    order_ended: completed cancelled
ReadFreeTexts
    no_such_round: ordered
    no_deck_yet: planned..analysing follow_up_open..follow_up_analysing
    FreeTextsRead: in_review follow_up_in_review
    deck_delivered: ready..quiet follow_up_delivered
    order_ended: completed cancelled
ReplaceDeck
    no_such_round: ordered
    no_deck_yet: planned..analysing follow_up_open..follow_up_analysing
    free_texts_unread: in_review follow_up_in_review
    DeckReplaced: ready awaiting_record follow_up_delivered
    meeting_over: quiet
    order_ended: completed cancelled
KeepDeck
    no_such_round: ordered
    nothing: planned..quiet follow_up_open..follow_up_delivered
    order_ended: completed cancelled
RemakeDeck
    no_such_round: ordered
    no_deck_yet: planned..analysing follow_up_open..follow_up_analysing
    DeckRemakeAsked: in_review follow_up_in_review
    deck_delivered: ready..quiet follow_up_delivered
    order_ended: completed cancelled
ReleaseDeck
    no_such_round: ordered
    no_deck_yet: planned..analysing follow_up_open..follow_up_analysing
    DeckReleased: in_review follow_up_in_review
    nothing: ready..quiet follow_up_delivered
    order_ended: completed cancelled
WithholdDeck
    no_such_round: ordered
    no_deck_yet: planned..analysing follow_up_open..follow_up_analysing
    deck_may_still_come: in_review follow_up_in_review
    nothing: ready..quiet follow_up_delivered
    order_ended: completed cancelled
RecordDestruction
    no_such_round: ordered quiet
    ballots_still_needed: planned..in_review follow_up_open..follow_up_in_review
    BallotsDestroyed: ready cancelled
    nothing: awaiting_record follow_up_delivered completed
RecordLetters
    LettersSent: ordered..cancelled
RecordMeeting
    no_plan_yet: ordered
    meeting_not_held: planned..ready
    MeetingRecorded: awaiting_record
    already_recorded: quiet..follow_up_delivered
    order_ended: completed cancelled
LeaveMeetingUnrecorded
    no_plan_yet: ordered
    meeting_not_held: planned..ready
    MeetingLeftUnrecorded: awaiting_record
    nothing: quiet..follow_up_delivered
    order_ended: completed cancelled
AgreeFollowUp
    no_plan_yet: ordered
    FollowUpAgreed: planned..quiet
    follow_up_under_way: follow_up_open..follow_up_delivered
    order_ended: completed cancelled
MoveFollowUp
    no_plan_yet: ordered
    no_follow_up_agreed: planned..quiet
    follow_up_under_way: follow_up_open..follow_up_delivered
    order_ended: completed cancelled
StartFollowUp
    no_plan_yet: ordered
    meeting_not_recorded: planned..awaiting_record
    outside_follow_up_window: quiet
    follow_up_under_way: follow_up_open..follow_up_delivered
    order_ended: completed cancelled
DeclineFollowUp
    no_plan_yet: ordered
    FollowUpDeclined: planned..quiet
    follow_up_under_way: follow_up_open..follow_up_delivered
    order_ended: completed cancelled
LapseFollowUp
    no_plan_yet: ordered
    window_still_open: planned..quiet
    nothing: follow_up_open..follow_up_delivered
    order_ended: completed cancelled
ShareComparison
    no_comparison_yet: ordered..follow_up_in_review
    ComparisonShared: follow_up_delivered
    order_ended: completed cancelled
CompleteOrder
    not_finished: ordered..follow_up_delivered
    order_ended: completed cancelled
CancelOrder
    OrderCancelled: ordered..follow_up_delivered
    order_ended: completed cancelled
"""
"""A command; beneath it each outcome and the stages that have it (`a..c`: from a to c in the order of `Stage`).

An outcome with a capital is events, `nothing` means that it is so already, all else is the code of a refusal. Commands
that wait for their time are given before it; that they come through in time is told in the tests of their own.
"""

STAGES = tuple(Stage)
WHY = TextId("tekst-hvorfor")


def read_table() -> dict[tuple[str, Stage], str]:
    outcomes: dict[tuple[str, Stage], str] = {}
    command = ""
    for line in TABLE.strip().splitlines():
        if not line.startswith(" "):
            command = line
            continue
        outcome, _, stages = line.strip().partition(": ")
        for stage in (stage for part in stages.split() for stage in span(part)):
            assert (command, stage) not in outcomes, f"{command} has two outcomes in {stage}"
            outcomes[command, stage] = outcome
    return outcomes


def span(part: str) -> tuple[Stage, ...]:
    first, _, last = part.partition("..")
    return STAGES[STAGES.index(Stage(first)) : STAGES.index(Stage(last or first)) + 1]


OUTCOMES = read_table()


def the_day_after(now: dt.datetime) -> dt.date:
    return danish(now).date() + dt.timedelta(days=1)


def commands_at(stage: Stage) -> dict[str, AnyCommand]:
    """One of each command, about the round that the stage belongs to."""
    is_second = STAGES.index(stage) >= STAGES.index(Stage.QUIET) and stage is not Stage.CANCELLED
    round_ = FOLLOW_UP if is_second else BASELINE
    later = dt.date(2027, 2, 9) if is_second else dt.date(2026, 3, 20)
    commands: list[AnyCommand] = [
        do.AssignConsultant(consultant=LENE),
        do.ReplaceCoordinator(coordinator=SØREN),
        do.AddMember(joined=A_NEWCOMER),
        do.RemoveMember(member=BIRTHE),
        do.ReaddressMember(member=BIRTHE, address=2),
        do.RenewLink(holder=BIRTHE),
        do.RevokeLink(holder=BIRTHE),
        do.SendLink(holder=BIRTHE),
        do.AgreePlan(meeting=THE_MEETING.model_copy(update={"minutes": 180})),
        do.MoveMeeting(to=five_on(dt.date(2026, 4, 14))),
        do.ChangeMeeting(minutes=180),
        do.ChangeProgramme(
            parts=(PlannedPart(part=PartId("a"), minutes=100), PlannedPart(part=PartId("b"), minutes=50, title=WHY))
        ),
        do.RestoreProgramme(),
        do.AskOwnQuestions(questions=(OwnQuestion(kind="yes_no", text=WHY),)),
        do.DropOwnQuestions(),
        do.NoteCall(outcome="no_answer"),
        do.PostponeTask(task=TaskKind.ASSIGN_CONSULTANT, until=the_day_after(life_at(stage).now), why=WHY),
        do.ResumeTask(task=TaskKind.ASSIGN_CONSULTANT),
        do.AddNote(note=WHY),
        do.OpenSurvey(round=round_),
        do.ExtendSurvey(closes=later),
        do.SendReminder(),
        do.CloseSurvey(round=round_),
        do.RecordTurnout(round=round_, answers=ANSWERS, invited=MEMBERS),
        do.GoOnWithoutResults(),
        do.RecordResults(round=round_, answers=ANSWERS, free_texts=12),
        do.GiveExtract(round=round_, practices=6, of_practices=7, digest=Digest("0f")),
        do.RecordDeck(round=round_, version=1, documents=(DECK,)),
        do.HoldDeck(),
        do.ReadFreeTexts(),
        do.ReplaceDeck(document=DocumentId("dokument-rettet"), why=WHY),
        do.KeepDeck(),
        do.RemakeDeck(),
        do.ReleaseDeck(),
        do.WithholdDeck(),
        do.RecordDestruction(round=round_),
        do.RecordLetters(key="programme//", sent=MEMBERS, seen=1),
        do.RecordMeeting(attended=36, absent=6),
        do.LeaveMeetingUnrecorded(),
        do.AgreeFollowUp(opens=dt.date(2027, 2, 3)),
        do.MoveFollowUp(opens=dt.date(2027, 2, 3)),
        do.StartFollowUp(),
        do.DeclineFollowUp(),
        do.LapseFollowUp(),
        do.ShareComparison(),
        do.CompleteOrder(),
        do.CancelOrder(),
    ]
    return {type(command).__name__: command for command in commands}


def outcome_of(stage: Stage, command: AnyCommand) -> str:
    try:
        events = life_at(stage).ask(command)
    except Rejected as refusal:
        return refusal.code
    return " ".join(type(event).__name__ for event in events) or "nothing"


def test_the_table_has_every_command_in_every_stage_and_no_other() -> None:
    assert set(OUTCOMES) == {(command.__name__, stage) for command in COMMANDS for stage in STAGES}


@pytest.mark.parametrize("stage", STAGES)
def test_an_order_can_be_brought_to_every_stage_by_commands(stage: Stage) -> None:
    assert life_at(stage).order.stage is stage


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("command", [command.__name__ for command in COMMANDS])
def test_every_command_in_every_stage(command: str, stage: Stage) -> None:
    assert outcome_of(stage, commands_at(stage)[command]) == OUTCOMES[command, stage]


@pytest.mark.parametrize("command", [command.__name__ for command in COMMANDS])
@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.CANCELLED])
def test_of_an_order_that_has_ended_only_what_was_under_way_is_noted(command: str, stage: Stage) -> None:
    given = commands_at(stage)[command]
    if isinstance(given, AFTER_THE_END):
        assert outcome_of(stage, given) != "order_ended"
        return
    with pytest.raises(Rejected) as refusal:
        decide(life_at(stage).order, given, life_at(stage).now)
    assert refusal.value.code == "order_ended"


def test_an_order_is_placed_once_and_its_stream_begins_with_that() -> None:
    placed = place(PLACE, coordinator(KAREN), PLACED)
    assert (placed.order, placed.at) == (PLACE.order, PLACED)
    assert do.PlaceOrder not in COMMANDS
    with pytest.raises(ValueError, match="twice"):
        load([placed, placed])
