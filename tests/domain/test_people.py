"""The order's people: coordinator and consultant replaced; members who join, leave or have a wrong address."""

import datetime as dt

import pytest

from domain import commands as do
from domain import events as ev
from domain.commands import AnyCommand
from domain.letters import Letter, Occasion
from domain.mailings import next_letter
from domain.model import PersonId, Role
from domain.stages import Stage
from tests.domain.story import (
    A_NEWCOMER,
    ANDERS,
    BASELINE,
    BIRTHE,
    KAREN,
    LENE,
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
CHANGES: tuple[AnyCommand, ...] = (
    do.AddMember(joined=A_NEWCOMER),
    do.RemoveMember(member=BIRTHE),
    do.ReaddressMember(member=BIRTHE, address=2),
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
    assert "coordinator_welcome//2" in life.order.pending_letters
    given(life).when(do.ReplaceCoordinator(coordinator=SØREN)).then_nothing()


def test_a_coordinator_who_comes_back_gets_the_way_in_again_and_who_is_gone_by_then_nothing() -> None:
    life = life_at(Stage.QUIET).with_letters_gone()
    life.does(do.ReplaceCoordinator(coordinator=SØREN)).does(do.ReplaceCoordinator(coordinator=KAREN))
    assert set(life.order.pending_letters) == {"coordinator_welcome//3"}


def test_a_consultant_is_told_of_the_order_at_once_and_one_who_gave_it_on_is_not() -> None:
    life = life_at(Stage.ORDERED).with_letters_gone().does(do.AssignConsultant(consultant=LENE))
    assert set(life.order.pending_letters) == {"order_assigned//1"}
    night = life.now + dt.timedelta(hours=13)
    life.does(do.AssignConsultant(consultant=ANDERS), night)
    assert set(life.order.pending_letters) == {"order_assigned//2"}
    due = next_letter(life.order, night)
    assert due is not None
    assert (due.letter.key, due.at) == ("order_assigned//2", night)


# --- members --------------------------------------------------------------------------------------------------------


def test_a_doctor_joins() -> None:
    life = given(Stage.PLANNED).when(do.AddMember(joined=A_NEWCOMER)).then(ev.MemberAdded(at=PAST, joined=A_NEWCOMER))
    assert len(life.order.active_members) == MEMBERS + 1
    given(life).when(do.AddMember(joined=A_NEWCOMER)).then_rejected("member_already_there", member=A_NEWCOMER.person)


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


def test_a_wrong_address_is_corrected_once() -> None:
    life = given(Stage.PLANNED).when(CHANGES[2]).then(ev.MemberReaddressed(at=PAST, member=BIRTHE, address=2))
    assert life.order.members[BIRTHE].address == 2
    given(life).when(CHANGES[2]).then_nothing()


def test_addresses_are_counted_and_a_command_that_comes_late_brings_no_old_one_back() -> None:
    life = life_at(Stage.PLANNED).does(do.ReaddressMember(member=BIRTHE, address=3))
    given(life).when(do.ReaddressMember(member=BIRTHE, address=2)).then_nothing()
    given(life).when(do.ReaddressMember(member=BIRTHE, address=4)).then(
        ev.MemberReaddressed(at=PAST, member=BIRTHE, address=4)
    )


def test_a_name_corrected_leaves_the_address_as_it_is_and_writes_to_nobody() -> None:
    life = (
        given(mid_round())
        .when(do.ReaddressMember(member=BIRTHE, address=9, only_the_name=True))
        .then(ev.MemberReaddressed(at=PAST, member=BIRTHE, address=1, only_the_name=True))
    )
    assert life.order.members[BIRTHE].address == 1
    assert life.order.pending_letters == {}


def test_nobody_unknown_leaves_or_moves() -> None:
    stranger = PersonId("medlem-fra-en-anden-klynge")
    given(Stage.PLANNED).when(do.RemoveMember(member=stranger)).then_rejected("no_such_member", member=stranger)


@pytest.mark.parametrize(("change", "is_written_to"), [(CHANGES[0], True), (CHANGES[1], False), (CHANGES[2], True)])
def test_mid_round_who_joins_or_has_a_new_address_is_invited_once_and_who_leaves_is_not(
    change: AnyCommand, is_written_to: bool
) -> None:
    life = mid_round()
    assert life.order.pending_letters == {}
    life.does(change)
    assert set(life.order.pending_letters) == ({INVITATION.key} if is_written_to else set())
    assert life.with_letters_gone().order.pending_letters == {}


@pytest.mark.parametrize("change", [CHANGES[0], CHANGES[2]], ids=lambda change: change.type)
def test_a_change_while_the_invitations_are_on_their_way_is_not_forgotten_when_they_are_done(
    change: AnyCommand,
) -> None:
    life = life_at(Stage.SURVEY_OPEN)
    as_they_left = life.order.version
    life.does(change).does(do.RecordLetters(key=INVITATION.key, sent=MEMBERS, seen=as_they_left))
    assert INVITATION.key in life.order.pending_letters
    assert INVITATION.key not in life.got(INVITATION).order.pending_letters


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.ANALYSING, Stage.QUIET, Stage.FOLLOW_UP_ANALYSING])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.type)
def test_with_no_round_open_a_change_writes_to_nobody(change: AnyCommand, stage: Stage) -> None:
    life = life_at(stage).with_letters_gone()
    assert life.does(change).order.pending_letters == {}


@pytest.mark.parametrize(("change", "written_to"), [(CHANGES[0], True), (CHANGES[1], False), (CHANGES[2], True)])
def test_who_is_new_when_the_programme_has_gone_gets_it_too(change: AnyCommand, written_to: bool) -> None:
    life = life_at(Stage.READY).with_letters_gone().got(PROGRAMME)
    assert (set(life.does(change).order.pending_letters) == {PROGRAMME.key}) is written_to


def test_after_the_meeting_nobody_new_gets_its_programme() -> None:
    life = life_at(Stage.READY).got(PROGRAMME).does(do.RecordMeeting(attended=1, absent=1), life_at(Stage.QUIET).now)
    life.with_letters_gone().does(CHANGES[0])
    assert life.order.pending_letters == {}


# --- one doctor, one vote -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        (do.RemoveMember(member=BIRTHE), do.AddMember(joined=doctor(7))),
        (do.ReaddressMember(member=BIRTHE, address=2), do.ReaddressMember(member=BIRTHE, address=3)),
        (
            do.ReaddressMember(member=BIRTHE, address=2),
            do.RemoveMember(member=BIRTHE),
            do.AddMember(joined=doctor(7).model_copy(update={"address": 3, "role": Role.EMPLOYED})),
        ),
        (
            do.RemoveMember(member=BIRTHE),
            do.AddMember(joined=doctor(7)),
            do.RemoveMember(member=BIRTHE),
            do.AddMember(joined=doctor(7)),
        ),
    ],
)
def test_one_doctor_stands_on_the_list_once_however_it_changes_in_a_round(changes: tuple[AnyCommand, ...]) -> None:
    """What the ballot box gives a vote to is the person: it stays the same through removals and new addresses."""
    life = mid_round()
    for change in changes:
        life.does(change)
    assert set(life.order.members) == {doctor(number).person for number in range(MEMBERS)}
    assert len(life.order.active_members) == MEMBERS


def test_a_doctor_cannot_be_on_the_list_twice_under_two_addresses() -> None:
    again = doctor(7).model_copy(update={"address": 2})
    given(mid_round()).when(do.AddMember(joined=again)).then_rejected("member_already_there", member=BIRTHE)
