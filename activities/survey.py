"""Counting and destroying a round's ballot box. Opening, closing, the roll follow events (`storage/effects.py`)."""

from pydantic import BaseModel
from temporalio import activity

from activities.dependencies import Dependencies
from domain.decisions.deck import texts_in_the_material
from domain.model import OrderId, Round
from storage import ballot_box, result_repository, survey_roll, survey_rounds
from storage.survey_rounds import NoSuchRound, RoundState


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
    def count_answers(self, box: Box) -> TurnoutFound:
        """The turnout of a closed round, once earlier states of roll and box are gone from the database's files."""
        ballot_box.forget_round(self._deps.database)
        with self._deps.database.read() as connection:
            found = survey_roll.turnout(connection, box.order, box.round)
        return TurnoutFound(answers=found.answers, invited=found.invited)

    @activity.defn
    def destroy_box(self, box: Box) -> None:
        """Destroy the ballots, the key that opens them, and every free text that is not in delivered material."""
        order = self._deps.order(box.order)
        survey = order.survey(box.round)
        with self._deps.database.write() as connection:
            if survey_rounds.round_state(connection, box.order, box.round) is RoundState.OPEN:
                ballot_box.close_round(connection, box.order, box.round)
            texts = result_repository.free_texts(
                connection, box.order, box.round, struck=survey.struck_texts if survey else ()
            )
            kept = [text.id for text in texts] if survey and texts_in_the_material(survey) else []
            result_repository.erase_texts(connection, box.order, box.round, kept=kept)
        if survey and survey.free_texts_found:
            result_repository.forget_results(self._deps.database)
        try:
            ballot_box.destroy(self._deps.database, box.order, box.round)
        except NoSuchRound:
            return  # it was never opened
