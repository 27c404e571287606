"""The order's people: coordinator and consultant replaced; members who join, leave or have a wrong address."""

import pytest

from domain import commands as do
from domain import events as ev
from domain.commands import Command, authorise
from domain.letters import Letter, Occasion
from domain.model import Actor, ContactId, MemberId, Rejected, Role
from domain.stages import Stage
from tests.domain.story import (
    A_NEWCOMER,
    ANDERS,
    BASELINE,
    BIRTHE,
    KAREN,
    LENE,
    MEETING,
    MEMBERS,
    PAST,
    SØREN,
    Life,
    doctor,
    given,
    life_at,
)

INVITATION = Letter(Occasion.INVITATION, BASELINE)
PROGRAMME = Letter(Occasion.PROGRAMME)
RIGHT_ADDRESS = ContactId("kontakt-birthe-rigtig")
CHANGES: tuple[Command, ...] = (
    do.AddMember(joined=A_NEWCOMER),
    do.RemoveMember(member=BIRTHE),
    do.ReaddressMember(member=BIRTHE, contact=RIGHT_ADDRESS),
)


def mid_round() -> Life:
    """The survey is open and every invitation sent."""
    return life_at(Stage.SURVEY_OPEN).with_letters_gone()


def test_a_consultant_takes_over_from_another() -> None:
    life = (
        given(Stage.ORDERED)
        .when(do.AssignConsultant(consultant=LENE))
        .then(ev.ConsultantAssigned(at=PAST, consultant=LENE))
    )
    life = (
        given(life).when(do.AssignConsultant(consultant=ANDERS)).then(ev.ConsultantAssigned(at=PAST, consultant=ANDERS))
    )
    given(life).when(do.AssignConsultant(consultant=ANDERS)).then_nothing()


def test_a_coordinator_who_takes_over_gets_the_way_in_and_the_former_one_nothing() -> None:
    life = (
        given(Stage.READY)
        .when(do.ReplaceCoordinator(coordinator=SØREN))
        .then(ev.CoordinatorReplaced(at=PAST, coordinator=SØREN))
    )
    assert life.order.coordinator == SØREN
    assert "order_received//2" in life.order.pending_letters
    given(life).when(do.ReplaceCoordinator(coordinator=SØREN)).then_nothing()


def test_a_coordinator_who_comes_back_gets_the_way_in_again() -> None:
    life = life_at(Stage.QUIET).with_letters_gone()
    life.does(do.ReplaceCoordinator(coordinator=SØREN)).does(do.ReplaceCoordinator(coordinator=KAREN))
    assert life.order.pending_letters == ("order_received//2", "order_received//3")


# --- members --------------------------------------------------------------------------------------------------------


def test_a_doctor_joins() -> None:
    life = given(Stage.PLANNED).when(do.AddMember(joined=A_NEWCOMER)).then(ev.MemberAdded(at=PAST, joined=A_NEWCOMER))
    assert len(life.order.active_members) == MEMBERS + 1
    given(life).when(do.AddMember(joined=A_NEWCOMER)).then_rejected("member_already_there", member=A_NEWCOMER.member)


def test_a_doctor_leaves_and_is_remembered_so_that_the_past_reads_right() -> None:
    life = given(Stage.PLANNED).when(do.RemoveMember(member=BIRTHE)).then(ev.MemberRemoved(at=PAST, member=BIRTHE))
    assert BIRTHE not in life.order.active_members
    assert BIRTHE in life.order.members
    given(life).when(do.RemoveMember(member=BIRTHE)).then_rejected("no_such_member", member=BIRTHE)
    given(life).when(CHANGES[2]).then_rejected("no_such_member", member=BIRTHE)


def test_a_doctor_who_left_may_come_back_in_another_role() -> None:
    life = life_at(Stage.PLANNED).does(do.RemoveMember(member=BIRTHE))
    back = doctor(7).model_copy(update={"role": Role.EMPLOYED})
    life.does(do.AddMember(joined=back))
    assert life.order.active_members[BIRTHE].role is Role.EMPLOYED


def test_a_wrong_address_is_mended_once() -> None:
    life = (
        given(Stage.PLANNED).when(CHANGES[2]).then(ev.MemberReaddressed(at=PAST, member=BIRTHE, contact=RIGHT_ADDRESS))
    )
    assert life.order.members[BIRTHE].contact == RIGHT_ADDRESS
    given(life).when(CHANGES[2]).then_nothing()


def test_nobody_unknown_leaves_or_moves() -> None:
    stranger = MemberId("medlem-fra-en-anden-klynge")
    given(Stage.PLANNED).when(do.RemoveMember(member=stranger)).then_rejected("no_such_member", member=stranger)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.type)
def test_mid_round_every_change_sends_the_postman_through_the_invitations_again(change: Command) -> None:
    life = mid_round()
    assert life.order.pending_letters == ()
    assert life.does(change).order.pending_letters == (INVITATION.key,)
    assert life.got(INVITATION).order.pending_letters == ()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.type)
def test_a_change_while_the_invitations_are_on_their_way_is_not_forgotten_when_they_are_done(change: Command) -> None:
    life = life_at(Stage.SURVEY_OPEN).does(change)
    assert INVITATION.key in life.got(INVITATION).order.pending_letters
    assert INVITATION.key not in life.got(INVITATION).order.pending_letters


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.ANALYSING, Stage.QUIET, Stage.FOLLOW_UP_ANALYSING])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.type)
def test_with_no_round_open_a_change_writes_to_nobody(change: Command, stage: Stage) -> None:
    life = life_at(stage).with_letters_gone()
    assert life.does(change).order.pending_letters == ()


@pytest.mark.parametrize(("change", "written_to"), [(CHANGES[0], True), (CHANGES[1], False), (CHANGES[2], True)])
def test_who_is_new_when_the_programme_has_gone_gets_it_too(change: Command, written_to: bool) -> None:
    life = life_at(Stage.READY).with_letters_gone().got(PROGRAMME)
    assert (life.does(change).order.pending_letters == (PROGRAMME.key,)) is written_to


def test_after_the_meeting_nobody_new_gets_its_programme() -> None:
    life = life_at(Stage.READY).got(PROGRAMME).does(do.RecordMeeting(attended=1, absent=1), life_at(Stage.QUIET).now)
    life.with_letters_gone().does(CHANGES[0])
    assert life.order.pending_letters == ()


# --- who may do what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        (do.AssignConsultant(consultant=LENE), {Actor.CONSULTANT, Actor.OPERATIONS}),
        (do.HoldDeck(), {Actor.CONSULTANT, Actor.OPERATIONS}),
        (do.ReleaseDeck(), {Actor.CONSULTANT, Actor.OPERATIONS, Actor.SYSTEM}),
        (do.MoveMeeting(to=MEETING), {Actor.COORDINATOR, Actor.CONSULTANT, Actor.OPERATIONS}),
        (do.StartFollowUp(), {Actor.COORDINATOR, Actor.CONSULTANT, Actor.OPERATIONS}),
        (do.OpenSurvey(round=BASELINE), {Actor.SYSTEM}),
        (do.CancelOrder(), set(Actor)),
    ],
    ids=lambda value: value.type if isinstance(value, Command) else "",
)
def test_everybody_has_commands_of_their_own(command: Command, allowed: set[Actor]) -> None:
    for actor in Actor:
        if actor in allowed:
            authorise(command, actor)
        else:
            with pytest.raises(Rejected) as refusal:
                authorise(command, actor)
            assert refusal.value.code == "not_yours"
