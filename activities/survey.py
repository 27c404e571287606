"""Counting and destroying a round's ballot box. Opening, closing, the roll follow events (`storage/effects.py`)."""

from activities.dependencies import Dependencies
from activities.orders import CarriedOut, OrderActivities, TakeStep
from domain import commands as do
from domain.decisions.deck import texts_in_the_material
from storage import ballot_box, result_repository, survey_roll, survey_rounds
from storage.survey_rounds import NoSuchRound, RoundState


class SurveySteps:
    """The clock's steps that have to do with the ballot box. All are safe to repeat."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies
        self._orders = OrderActivities(dependencies)

    def count_answers(self, step: TakeStep) -> CarriedOut:
        """The turnout of a closed round, once earlier states of roll and box are gone from the database's files."""
        ballot_box.forget_round(self._deps.database)
        with self._deps.database.read() as connection:
            found = survey_roll.turnout(connection, step.order, step.round)
        turnout = do.RecordTurnout(round=step.round, answers=found.answers, invited=found.invited)
        return self._orders.record(step, turnout)

    def destroy_box(self, step: TakeStep) -> CarriedOut:
        """Destroy the ballots, the key that opens them, and every free text that is not in delivered material."""
        self._destroy(step)
        return self._orders.record(step, do.RecordDestruction(round=step.round))

    def _destroy(self, box: TakeStep) -> None:
        order = self._orders.as_known(box.order, box.known)
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
