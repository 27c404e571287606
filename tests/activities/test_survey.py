"""The end of a ballot box: counted once nothing earlier can be read, destroyed with every text not delivered."""

import pytest

from activities.orders import TakeStep
from activities.survey import SurveySteps
from domain import commands as do
from domain.model import Round, TextId
from storage import ballot_box, result_repository, survey_roll
from storage.forgetting import StillRemembered
from storage.survey_roll import InvitationState
from storage.survey_rounds import RoundIs
from tests.activities.desk import CONSULTANT, MEMBERS, Desk, run
from tests.workflows import people

BASELINE = Round.BASELINE
ENOUGH_FOR_TEXTS = 10


def step(desk: Desk) -> TakeStep:
    return TakeStep(order=desk.order_id, round=BASELINE, known=desk.order.version, now=desk.now)


def destroy(desk: Desk) -> None:
    run(SurveySteps(desk.at).destroy_box, step(desk))


def texts(desk: Desk) -> set[str]:
    with desk.stack.database.read() as connection:
        return {each.id for each in result_repository.free_texts(connection, desk.order_id, BASELINE)}


@pytest.fixture
def in_review(desk: Desk) -> Desk:
    """A deck in review, with free texts to be read."""
    desk.members = ENOUGH_FOR_TEXTS
    desk.deck_in_review()
    assert len(texts(desk)) == ENOUGH_FOR_TEXTS
    return desk


def test_what_was_read_and_delivered_outlives_the_ballots_and_what_was_struck_does_not(in_review: Desk) -> None:
    everything = texts(in_review)
    struck = min(everything)
    in_review.do(do.ReadFreeTexts(struck_texts=(TextId(struck),)), by=CONSULTANT)
    in_review.make_deck(2)
    in_review.do(do.ReleaseDeck(), by=CONSULTANT)
    destroy(in_review)
    assert texts(in_review) == everything - {struck}


def test_texts_nobody_has_read_go_with_the_ballots(in_review: Desk) -> None:
    in_review.do(do.ReleaseDeck(), by=CONSULTANT)
    destroy(in_review)
    assert texts(in_review) == set()


def test_texts_of_material_that_was_never_delivered_go_with_the_ballots(in_review: Desk) -> None:
    in_review.do(do.ReadFreeTexts(), by=CONSULTANT)
    in_review.do(do.CancelOrder(reason="cluster_withdrew"))
    destroy(in_review)
    assert texts(in_review) == set()


def test_destroying_is_recorded_once_and_leaves_neither_ballots_nor_who_answered(in_review: Desk) -> None:
    in_review.do(do.ReleaseDeck(), by=CONSULTANT)
    destroy(in_review)
    version = in_review.order.version
    destroy(in_review)
    assert in_review.order.version == version
    with in_review.stack.database.read() as connection:
        roll = survey_roll.invitations(connection, in_review.order_id, BASELINE)
        assert {each.state for each in roll} == {InvitationState.OPEN}
        with pytest.raises(RoundIs, match="destroyed"):
            ballot_box.open_box(connection, in_review.stack.keys, in_review.order_id, BASELINE)


def test_an_order_cancelled_before_its_survey_opened_has_no_box_to_destroy(desk: Desk) -> None:
    desk.place()
    desk.do(do.CancelOrder(reason="cluster_withdrew"))
    version = desk.order.version
    destroy(desk)
    assert desk.order.version == version


def test_nothing_is_counted_while_earlier_states_of_roll_and_box_can_still_be_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_survey()
    people.answer(desk.stack, desk.order_id, desk.package, MEMBERS - 1, BASELINE)
    desk.do(do.CloseSurvey(round=BASELINE, why="by_hand"))
    version = desk.order.version

    def somebody_reads(_database: object) -> None:
        raise StillRemembered("somebody reads")

    with monkeypatch.context() as patched:
        patched.setattr(ballot_box, "forget_round", somebody_reads)
        with pytest.raises(StillRemembered):
            run(SurveySteps(desk.at).count_answers, step(desk))
    assert desk.order.version == version
    run(SurveySteps(desk.at).count_answers, step(desk))
    survey = desk.order.baseline
    assert survey is not None
    assert (survey.answers, survey.invited) == (MEMBERS - 1, MEMBERS)
