"""Closing, reopening and destroying a round's ballot box. It is made with the first invitations."""

from pydantic import BaseModel
from sqlalchemy import Connection
from temporalio import activity

from activities.dependencies import Dependencies
from domain.model import OrderId, Round
from domain.order import Order
from storage import ballot_box, survey_roll, survey_rounds
from storage.keys import Keys
from storage.survey_roll import Invitation
from storage.survey_rounds import RoundState


class Box(BaseModel):
    """Which order's box, of which round."""

    order: OrderId
    round: Round


class TurnoutFound(BaseModel):
    """How many answered, of how many who could."""

    answers: int
    invited: int


class SurveyActivities:
    """All are safe to repeat."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies

    @activity.defn
    def close_box(self, box: Box) -> TurnoutFound:
        """Take no more answers, and count them. A round whose invitations never left has an empty box."""
        with self._deps.database.write() as connection:
            survey_rounds.open_round(connection, self._deps.keys, box.order, box.round)
            found = ballot_box.close_round(connection, box.order, box.round)
        ballot_box.forget_round(self._deps.database)
        return TurnoutFound(answers=found.answers, invited=found.invited)

    @activity.defn
    def reopen_box(self, box: Box) -> None:
        """Take answers again, after an extension."""
        with self._deps.database.write() as connection:
            survey_rounds.reopen(connection, box.order, box.round)

    @activity.defn
    def mend_roll(self, box: Box) -> None:
        """Bring the roll up to date with the order's members, without mail: who left, or moved, has a dead link."""
        order = self._deps.order(box.order)
        survey = order.survey(box.round)
        if order.ended or survey is None or not survey.is_open:
            return
        with self._deps.database.write() as connection:
            survey_rounds.open_round(connection, self._deps.keys, box.order, box.round)
            roll_of(connection, self._deps.keys, order, box.round)

    @activity.defn
    def destroy_box(self, box: Box) -> None:
        """Destroy the ballots and the key that opens them."""
        ballot_box.destroy(self._deps.database, box.order, box.round)


def roll_of(connection: Connection, keys: Keys, order: Order, round_: Round) -> list[Invitation]:
    """The invitations of the order's members, made and revoked as they are now; none where the round isn't open."""
    if survey_rounds.round_state(connection, order.id, round_) is not RoundState.OPEN:
        return []
    for member_id, member in order.members.items():
        if not member.active:
            survey_roll.revoke(connection, order.id, round_, member_id)
    members = [(member_id, member.contact) for member_id, member in order.active_members.items()]
    return survey_roll.invite(connection, keys, order.id, round_, members)
