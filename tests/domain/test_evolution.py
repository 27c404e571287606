"""What each event leaves in the order; and that it is said in fields that exist, in mypy and at run time."""

import ast
import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from domain import commands as do
from domain import events as ev
from domain import evolution, order
from domain.commands import COMMANDS
from domain.events import Event
from domain.evolution import evolve, load
from domain.letters import Letter, Occasion
from domain.meeting import Facilitator, Format, Meeting
from domain.model import DocumentId, TextId
from domain.order import Announcement, Ended, FollowUp, FollowUpStatus, Member, Record, Survey
from domain.stages import Stage
from tests.domain.story import (
    A_NEWCOMER,
    AGREE,
    BASELINE,
    BIRTHE,
    CALLED,
    DECK,
    DOCUMENT,
    FOLLOW_UP_OPENS,
    MEETING,
    MEMBERS,
    PAST,
    PLACE,
    PLACED,
    RECORDED,
    Life,
    doctor,
    five_on,
    life_at,
    morning_of,
    noon,
)

DOMAIN = Path(evolution.__file__).parent
DECIDES = [DOMAIN / "evolution.py", *sorted((DOMAIN / "decisions").glob("*.py"))]
PARTS = [
    value
    for value in vars(order).values()
    if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == order.__name__
]


def parts_of_orders() -> Iterator[object]:
    """One of each dataclass that an order is made of."""
    whole = life_at(Stage.COMPLETED).with_letters_gone().order
    yield from (whole, whole.follow_up, whole.record, whole.ended, *whole.surveys)
    yield from (*whole.members.values(), *whole.letters.values(), *whole.announcements)
    yield from life_at(Stage.PLANNED).with_letters_gone().order.announcements


@pytest.mark.parametrize("part", PARTS)
def test_a_misspelt_field_in_an_evolution_fails_at_run_time(part: type) -> None:
    value = next(each for each in parts_of_orders() if type(each) is part)
    with pytest.raises(TypeError, match="meetng"):
        dataclasses.replace(value, meetng=None)  # type: ignore[type-var]
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(value, "meetng", None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(part)[0].name, None)


@pytest.mark.parametrize("path", DECIDES, ids=lambda path: path.name)
def test_no_decision_and_no_meaning_goes_round_the_types(path: Path) -> None:
    """No `Any`, no fields by `**`, no `model_copy`, which takes whatever it is given, and no `setattr`."""
    for node in ast.walk(ast.parse(path.read_text())):
        assert not (isinstance(node, ast.Name) and node.id in ("Any", "setattr")), node.lineno
        assert not (isinstance(node, ast.Attribute) and node.attr in ("model_copy", "__dict__", "having")), node.lineno
        assert not (isinstance(node, ast.keyword) and node.arg is None), node.lineno


def test_every_decision_and_every_meaning_has_a_name() -> None:
    """`assert_never` has mypy see that none is missing; here that each is a function, named as its command."""
    nodes = itertools.chain.from_iterable(ast.walk(ast.parse(path.read_text())) for path in DECIDES)
    names = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    assert "_" not in names
    assert {str(command.model_fields["type"].default) for command in COMMANDS} <= names


@pytest.mark.parametrize("stage", Stage)
def test_evolve_changes_nothing_it_is_given(stage: Stage) -> None:
    events: list[Event] = life_at(stage).events
    before = load(events[:-1])
    as_it_was = repr(before)
    after = evolve(before, events[-1])
    assert repr(before) == as_it_was
    assert after == life_at(stage).order
    assert after.version == len(events)


# --- the stream -----------------------------------------------------------------------------------------------------


def test_a_stream_begins_with_its_order_and_has_it_once() -> None:
    placed, agreed = life_at(Stage.PLANNED).events
    with pytest.raises(ValueError, match=r"^a stream begins with order_placed, not plan_agreed$"):
        load([agreed, placed])
    with pytest.raises(ValueError, match=r"^order ordre-vejle-nord was placed twice$"):
        load([placed, agreed, placed])


def test_an_event_of_what_an_order_does_not_have_names_the_order_and_what_is_missing() -> None:
    ordered = life_at(Stage.ORDERED).order
    changed = ev.MeetingChanged(at=PAST, minutes=180, format=Format.VIDEO, facilitator=Facilitator.EXTERNAL, place=None)
    with pytest.raises(ValueError, match=r"^order ordre-vejle-nord has no meeting yet$"):
        evolve(ordered, changed)
    with pytest.raises(ValueError, match=r"^order ordre-vejle-nord has no survey round baseline$"):
        evolve(ordered, ev.SurveyClosed(at=PAST, round=BASELINE, why="due"))


# --- the order and its people ---------------------------------------------------------------------------------------


def test_an_order_is_the_clusters_of_the_package_it_was_placed_for() -> None:
    placed = life_at(Stage.ORDERED).order
    assert (placed.id, placed.cluster, placed.placed_at) == (PLACE.order, PLACE.cluster, PLACED)
    assert (placed.package, placed.package_version) == (PLACE.package.slug, PLACE.package.version)


def test_a_member_has_a_practice_and_the_latest_address_and_stays_on_the_list_when_gone() -> None:
    birthe = doctor(7)
    there = Member(practice=birthe.practice, role=birthe.role)
    life = life_at(Stage.PLANNED)
    assert life.order.members[BIRTHE] == there
    life.does(do.ReaddressMember(member=BIRTHE, address=2)).does(do.RemoveMember(member=BIRTHE))
    assert life.order.members[BIRTHE] == dataclasses.replace(there, active=False, address=2)
    life.does(do.AddMember(joined=A_NEWCOMER.model_copy(update={"address": 3})))
    assert life.order.members[A_NEWCOMER.person] == Member(A_NEWCOMER.practice, A_NEWCOMER.role, address=3)


# --- the plan -------------------------------------------------------------------------------------------------------


def test_a_plan_is_agreed_at_the_call_with_the_policies_of_this_order() -> None:
    life = Life().does(PLACE, PLACED)
    life.does(AGREE.model_copy(update={"policies": {"review_days": 3}}), CALLED)
    assert life.order.agreed_at == CALLED
    assert life.order.policies == PLACE.package.policies.model_copy(update={"review_days": 3})


def test_a_meeting_changed_is_as_it_was_said_at_the_time_it_had() -> None:
    place = TextId("tekst-billund")
    life = life_at(Stage.SURVEY_OPEN).does(
        do.ChangeMeeting(minutes=180, format=Format.VIDEO, facilitator=Facilitator.EXTERNAL, place=place)
    )
    assert life.order.meeting == Meeting(
        starts=MEETING, minutes=180, format=Format.VIDEO, facilitator=Facilitator.EXTERNAL, place=place
    )
    assert survey_of(life).deck_wanted == 1, "there is no deck yet that would have to fit it"


def test_a_planned_survey_moves_with_its_meeting() -> None:
    survey = survey_of(life_at(Stage.PLANNED).does(do.MoveMeeting(to=five_on(date(2026, 4, 14)))))
    assert (survey.opens, survey.closes) == (date(2026, 3, 16), date(2026, 3, 30))


def test_survey_dates_chosen_at_the_call_are_the_chosen_ones_until_a_move_makes_others() -> None:
    chosen = AGREE.model_copy(update={"survey_opens": date(2026, 2, 2), "survey_closes": date(2026, 2, 16)})
    life = Life().does(PLACE, PLACED).does(chosen, CALLED)
    for day, still_chosen in ((date(2026, 3, 10), True), (date(2026, 2, 20), False), (date(2026, 3, 10), False)):
        life.does(do.MoveMeeting(to=five_on(day)))
        assert life.order.survey_dates_chosen is still_chosen, day


# --- what readers were told of the meeting --------------------------------------------------------------------------

INVITATION, MOVED = Letter(Occasion.INVITATION, BASELINE), Letter(Occasion.MEETING_MOVED, number="2")
LATER = five_on(date(2026, 4, 14))


def test_the_coordinator_is_told_the_time_with_the_plan_and_members_with_the_invitation_and_nobody_else() -> None:
    life = life_at(Stage.SURVEY_OPEN).with_letters_gone()
    life.got(Letter(Occasion.REMINDER, BASELINE, "2026-03-06"))
    assert life.order.announcements == (
        Announcement(letter="plan_agreed//1", to_members=False, starts=MEETING),
        Announcement(letter="invitation/baseline/", to_members=True, starts=MEETING),
    )


@pytest.mark.parametrize(("written_after_the_move", "told"), [(0, LATER), (-1, MEETING)])
def test_a_letter_told_the_time_that_the_meeting_had_when_it_was_written(
    written_after_the_move: int, told: dt.datetime
) -> None:
    """The meeting moves while the invitations are on their way; a change of its length later moves nothing."""
    life = life_at(Stage.SURVEY_OPEN).does(do.MoveMeeting(to=LATER))
    written = life.order.version + written_after_the_move
    life.does(do.ChangeMeeting(minutes=180))
    life.does(do.RecordLetters(key=INVITATION.key, sent=MEMBERS, seen=written))
    assert life.order.was_told(MOVED, to_members=True) == told


# --- a survey round -------------------------------------------------------------------------------------------------


def survey_of(life: Life) -> Survey:
    survey = life.order.baseline
    assert survey is not None
    return survey


def counted_of(survey: Survey) -> tuple[object, ...]:
    return survey.closed, survey.closed_why, survey.answers, survey.invited, survey.enough, survey.counted_at


def test_a_round_given_more_time_is_as_if_it_had_never_closed() -> None:
    life = life_at(Stage.TOO_FEW_ANSWERS)
    assert counted_of(survey_of(life)) == (True, "due", 4, MEMBERS, False, morning_of(date(2026, 3, 16)))
    life.does(do.ExtendSurvey(closes=date(2026, 3, 20)))
    assert counted_of(survey_of(life)) == (False, None, None, None, None, None)


def test_a_round_closed_by_hand_says_so() -> None:
    assert survey_of(life_at(Stage.SURVEY_OPEN).does(do.CloseSurvey(round=BASELINE))).closed_why == "by_hand"


# --- the deck -------------------------------------------------------------------------------------------------------


def deck(version: int) -> do.RecordDeck:
    return do.RecordDeck(round=BASELINE, version=version, documents=(DocumentId(f"dokument-deck-{version}"),))


def test_a_deck_stands_with_its_documents_and_all_free_texts_wait_to_be_read() -> None:
    survey = survey_of(life_at(Stage.IN_REVIEW))
    assert (survey.documents, survey.made_for, survey.remake_for) == ((DECK, DOCUMENT), (), ())
    assert (survey.free_texts, survey.free_texts_found, survey.free_texts_read) == (12, 12, False)


def test_a_deck_made_anew_says_what_for_and_nothing_more_is_wanted() -> None:
    read, moved = noon(date(2026, 3, 16)), noon(date(2026, 3, 17))
    life = life_at(Stage.IN_REVIEW).does(do.ReadFreeTexts(), read)
    survey = survey_of(life)
    assert (survey.deck_wanted_at, survey.remake_for) == (read, ("free_texts",))
    survey = survey_of(life.does(do.MoveMeeting(to=LATER), moved))
    assert (survey.deck_wanted_at, survey.remake_for) == (moved, ("free_texts", "meeting"))
    survey = survey_of(life.does(deck(3)))
    assert (survey.documents, survey.made_for, survey.remake_for) == (
        ("dokument-deck-3",),
        ("free_texts", "meeting"),
        (),
    )


def test_what_was_asked_while_a_deck_was_made_is_still_wanted_once_it_stands() -> None:
    life = life_at(Stage.IN_REVIEW).does(do.ReadFreeTexts()).does(do.ReadFreeTexts(struck_texts=(TextId("tekst-1"),)))
    assert survey_of(life).remake_for == ("free_texts",)
    survey = survey_of(life.does(deck(2)))
    assert (survey.made_for, survey.remake_for, survey.remake) == (("free_texts",), ("free_texts",), True)


def test_a_deck_released_is_held_no_longer() -> None:
    survey = survey_of(life_at(Stage.IN_REVIEW).does(do.HoldDeck()).does(do.ReleaseDeck()))
    assert survey.held is False


# --- the meeting's record, the follow-up and the end ----------------------------------------------------------------


def test_the_record_is_how_many_came_and_how_many_did_not() -> None:
    assert life_at(Stage.QUIET).order.record == Record(attended=36, absent=6)


def test_a_follow_up_is_agreed_on_the_day_it_was_last_spoken_of() -> None:
    life = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS))
    agreed = FollowUp(window=(8, 12), status=FollowUpStatus.AGREED, opens=FOLLOW_UP_OPENS, agreed_at=RECORDED)
    assert life.order.follow_up == agreed
    day, in_december = date(2027, 2, 2), noon(date(2026, 12, 1))
    life.does(do.MoveFollowUp(opens=day), in_december)
    assert life.order.follow_up == dataclasses.replace(agreed, opens=day, agreed_at=in_december)
    later = in_december + dt.timedelta(days=1)
    life.does(do.StartFollowUp(), later)
    assert life.order.follow_up == dataclasses.replace(
        agreed, status=FollowUpStatus.STARTED, opens=date(2026, 12, 2), agreed_at=later
    )


@pytest.mark.parametrize("event", [ev.FollowUpDeclined(at=PAST), ev.FollowUpLapsed(at=PAST)])
def test_a_follow_up_that_will_not_come_opens_on_no_day(event: Event) -> None:
    agreed = life_at(Stage.QUIET).does(do.AgreeFollowUp(opens=FOLLOW_UP_OPENS)).order
    assert evolve(agreed, event).follow_up.opens is None


def test_an_order_ends_completed_or_cancelled_for_a_reason() -> None:
    completed = life_at(Stage.COMPLETED)
    assert completed.order.ended == Ended(how="completed", at=completed.now)
    cancelled = life_at(Stage.CANCELLED)
    assert cancelled.order.ended == Ended(how="cancelled", at=cancelled.now, reason="cluster_withdrew")
