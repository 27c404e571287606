"""A link to the questionnaire is made as the survey opens, and dies with its member's place or address."""

from domain import commands as do
from domain.model import Round
from storage import ballot_box, survey_roll, survey_rounds
from tests.activities.desk import MEMBERS, Desk
from web.requests.people import ReaddressMember


def test_a_link_dies_as_soon_as_its_member_leaves_or_moves(desk: Desk) -> None:
    desk.open_survey()
    gone, moved, stays = (desk.member(number) for number in range(3))
    with desk.stack.database.read() as connection:
        old = {
            each.person: each.token(desk.stack.keys)
            for each in survey_roll.invitations(connection, desk.order_id, Round.BASELINE)
        }
    assert len(old) == MEMBERS
    desk.do(do.RemoveMember(member=gone))
    desk.ask(ReaddressMember(type="readdress_member", member=moved, email="ny@skovby.example"))
    outcomes = [ballot_box.submit(desk.stack.database, old[person], {}) for person in (gone, moved, stays)]
    assert outcomes == [
        ballot_box.Submission.REVOKED,
        ballot_box.Submission.UNKNOWN,
        ballot_box.Submission.SUBMITTED,
    ]
    assert desk.post.sent == []


def test_a_change_of_members_before_the_survey_opens_makes_no_roll(desk: Desk) -> None:
    desk.place()
    desk.do(do.RemoveMember(member=desk.member(0)))
    with desk.stack.database.read() as connection:
        assert survey_rounds.round_state(connection, desk.order_id, Round.BASELINE) is None
