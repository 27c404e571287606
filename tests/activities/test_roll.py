"""Who may answer: one vote for each doctor, however the list is changed while the round is open."""

import datetime as dt

import pytest

from activities.orders import CarriedOut, CarryOut, OrderActivities
from domain import commands as do
from domain.by import SWEEP
from domain.calendar import closing_time
from domain.model import PersonId, Role, Round
from storage import ballot_box, people, survey_roll, survey_rounds
from storage.ballot_box import Submission
from storage.survey_roll import InvitationState
from storage.survey_rounds import RoundState
from tests.activities.desk import MEMBERS, Desk
from tests.workflows.people import answer as people_answer
from web.requests.people import AddMember, ReaddressMember

BASELINE = Round.BASELINE
SUBMITTED, ALREADY = Submission.SUBMITTED, Submission.ALREADY_ANSWERED


def token(desk: Desk, person: PersonId) -> str:
    with desk.stack.database.read() as connection:
        roll = survey_roll.invitations(connection, desk.order_id, BASELINE)
    return next(each.token(desk.stack.keys) for each in roll if each.person == person)


def answer(desk: Desk, token: str) -> Submission:
    return ballot_box.submit(desk.stack.database, token, {"arbejdsglaede": "hoej"})


def turnout(desk: Desk) -> tuple[int, int]:
    with desk.stack.database.read() as connection:
        found = survey_roll.turnout(connection, desk.order_id, BASELINE)
    return found.answers, found.invited


def anna(email: str = "laege0@skovby.example", practice: str = "Skovby Lægehus") -> AddMember:
    """The first doctor of the list, as somebody writes her when she is added again."""
    return AddMember(type="add_member", name="Anna Kvistgaard A", email=email, practice=practice, role=Role.OWNER)


@pytest.fixture
def opened(desk: Desk) -> Desk:
    """An open round that nobody has answered."""
    desk.open_survey()
    return desk


@pytest.mark.parametrize(
    "again", [anna(), anna("anna@ny.example"), anna(practice="Et andet lægehus")], ids=["same", "address", "practice"]
)
def test_who_has_answered_is_removed_and_comes_again_has_had_the_one_vote(opened: Desk, again: AddMember) -> None:
    member = opened.member(0)
    link = token(opened, member)
    assert answer(opened, link) is SUBMITTED
    opened.do(do.RemoveMember(member=member))
    assert turnout(opened) == (1, MEMBERS), "the answer is in the box, where nobody can find it"
    opened.ask(again)
    assert turnout(opened) == (1, MEMBERS)
    assert answer(opened, link) is ALREADY
    assert answer(opened, token(opened, member)) is ALREADY


def test_who_has_not_answered_is_removed_and_comes_again_has_one_link_that_works(opened: Desk) -> None:
    member = opened.member(0)
    old = token(opened, member)
    opened.do(do.RemoveMember(member=member))
    assert answer(opened, old) is Submission.REVOKED
    assert turnout(opened) == (0, MEMBERS - 1)
    opened.ask(anna())
    assert answer(opened, old) is Submission.UNKNOWN
    assert answer(opened, token(opened, member)) is SUBMITTED
    assert turnout(opened) == (1, MEMBERS)


def test_a_corrected_address_after_the_answer_gives_no_second_vote(opened: Desk) -> None:
    member = opened.member(0)
    link = token(opened, member)
    assert answer(opened, link) is SUBMITTED
    opened.ask(ReaddressMember(type="readdress_member", member=member, email="anna@ny.example"))
    assert token(opened, member) == link
    assert answer(opened, link) is ALREADY
    assert turnout(opened) == (1, MEMBERS)


def test_a_corrected_name_leaves_the_link_as_it_is(opened: Desk) -> None:
    member = opened.member(0)
    link = token(opened, member)
    opened.ask(
        ReaddressMember(
            type="readdress_member", member=member, email="laege0@skovby.example", name="Anna Kvistgaard Holm"
        )
    )
    assert token(opened, member) == link
    assert answer(opened, link) is SUBMITTED


def test_two_doctors_who_share_an_address_have_a_vote_each(opened: Desk) -> None:
    one, other = opened.member(0), opened.member(1)
    opened.ask(ReaddressMember(type="readdress_member", member=other, email="laege0@skovby.example"))
    assert {answer(opened, token(opened, person)) for person in (one, other)} == {SUBMITTED}
    assert turnout(opened) == (2, MEMBERS)


def test_a_newcomer_is_on_the_roll_with_the_command_itself(opened: Desk) -> None:
    before = set(opened.order.members)
    opened.ask(AddMember(type="add_member", name="Nora Ny", email="nora@ny.example", practice="Ny", role=Role.OWNER))
    (nora,) = set(opened.order.members) - before
    assert answer(opened, token(opened, nora)) is SUBMITTED
    assert turnout(opened) == (1, MEMBERS + 1)
    with opened.stack.database.read() as connection:
        assert nora in {each.person for each in people.members_of(connection, opened.order.cluster)}


def test_who_leaves_the_order_has_left_the_cluster(opened: Desk) -> None:
    member = opened.member(0)
    opened.do(do.RemoveMember(member=member))
    with opened.stack.database.read() as connection:
        assert member not in {each.person for each in people.members_of(connection, opened.order.cluster)}


def test_an_extension_opens_the_round_again_also_for_who_came_meanwhile(opened: Desk) -> None:
    link, late = token(opened, opened.member(0)), token(opened, opened.member(1))
    assert answer(opened, link) is SUBMITTED
    survey = opened.order.baseline
    assert survey is not None
    opened.do(do.CloseSurvey(round=BASELINE, why="due"), now=closing_time(survey.closes))
    opened.do(do.RecordTurnout(round=BASELINE, answers=1, invited=MEMBERS))
    assert answer(opened, late) is Submission.CLOSED
    before = set(opened.order.members)
    opened.ask(AddMember(type="add_member", name="Nora Ny", email="nora@ny.example", practice="Ny", role=Role.OWNER))
    (nora,) = set(opened.order.members) - before
    opened.do(do.ExtendSurvey(closes=opened.now.date() + dt.timedelta(days=4)))
    assert [answer(opened, each) for each in (link, late, token(opened, nora))] == [ALREADY, SUBMITTED, SUBMITTED]


def test_a_cancelled_order_takes_no_answers(opened: Desk) -> None:
    link = token(opened, opened.member(0))
    opened.do(do.CancelOrder(reason="cluster_withdrew"))
    assert answer(opened, link) is Submission.CLOSED
    with opened.stack.database.read() as connection:
        assert survey_rounds.round_state(connection, opened.order_id, BASELINE) is RoundState.CLOSED
        roll = survey_roll.invitations(connection, opened.order_id, BASELINE)
    assert {each.state for each in roll} == {InvitationState.OPEN}


# --- closed because everybody has answered --------------------------------------------------------------------------


def close_because_all_have_answered(desk: Desk) -> CarriedOut:
    command = do.CloseSurvey(round=BASELINE, why="everyone_answered")
    ask = CarryOut(
        order=desk.order_id, known=desk.order.version, now=desk.now, commands=(command,), by=SWEEP, cause="full"
    )
    return OrderActivities(desk.at).carry_out(ask)


def test_a_round_is_not_closed_over_somebody_who_came_in_after_it_was_found_full(desk: Desk) -> None:
    desk.open_survey()
    people_answer(desk.stack, desk.order_id, desk.package, MEMBERS, BASELINE)
    nora = AddMember(type="add_member", name="Nora Ny", email="nora@skovby.example", practice="Ny", role=Role.OWNER)
    desk.ask(nora)
    told = close_because_all_have_answered(desk)
    assert told.refusal is not None
    assert told.refusal.code == "somebody_still_asked"
    assert desk.order.open_survey is not None
    newcomer = list(desk.order.members)[-1]
    assert answer(desk, token(desk, newcomer)) is SUBMITTED
    assert close_because_all_have_answered(desk).refusal is None
    assert desk.order.open_survey is None
