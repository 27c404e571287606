"""Closing, reopening and destroying a round's ballot box. It is made with the first invitations."""

from pydantic import BaseModel
from temporalio import activity

from activities.workplace import Workplace
from domain.model import OrderId, Round
from storage import ballot_box


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

    def __init__(self, workplace: Workplace) -> None:
        self._at = workplace

    @activity.defn
    def close_box(self, box: Box) -> TurnoutFound:
        """Take no more answers, and count them. A round whose invitations never left has an empty box."""
        with self._at.database.write() as connection:
            ballot_box.open_round(connection, self._at.keys, box.order, box.round)
            found = ballot_box.close_round(connection, box.order, box.round)
        ballot_box.forget_round(self._at.database)
        return TurnoutFound(answers=found.answers, invited=found.invited)

    @activity.defn
    def reopen_box(self, box: Box) -> None:
        """Take answers again, after an extension."""
        with self._at.database.write() as connection:
            ballot_box.reopen(connection, box.order, box.round)

    @activity.defn
    def destroy_box(self, box: Box) -> None:
        """Destroy the ballots and the key that opens them."""
        ballot_box.destroy(self._at.database, box.order, box.round)
