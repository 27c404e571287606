"""The clock's steps that take no time to speak of. Making a deck takes minutes, and is `activities/deck.py`."""

import datetime as dt

from pydantic import AwareDatetime, BaseModel
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.analysis import Analysis
from activities.dependencies import Dependencies
from activities.orders import STEP_REFUSED, CarriedOut, CarryOut, OrderActivities, TakeStep
from activities.survey import SurveySteps
from domain.clock import next_step
from domain.commands import AnyCommand
from domain.model import OrderId
from domain.steps import Action, Step


class DueSteps(BaseModel):
    """`known` is the version the workflow has seen, `now` its own time."""

    order: OrderId
    known: int
    now: AwareDatetime


class StepActivities:
    """Safe to repeat at any point: each step that was taken stands in the stream."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies
        self._orders = OrderActivities(dependencies)
        survey, analysis = SurveySteps(dependencies), Analysis(dependencies)
        self._work = {
            Action.COUNT_ANSWERS: survey.count_answers,
            Action.TABULATE: analysis.tabulate_round,
            Action.DESTROY_BALLOTS: survey.destroy_box,
        }

    @activity.defn
    def take_due_steps(self, ask: DueSteps) -> CarriedOut:
        """Take the steps that are due, one after the other, until none is or a deck is to be made; what is so then.

        Raises ApplicationError as `carry_out` does, and of type `StepRefused` for a step that changes nothing; of what
        fails otherwise its type names the step.
        """
        now, known = ask.now.astimezone(dt.UTC), ask.known
        while True:
            order = self._orders.as_known(ask.order, known)
            step = next_step(order, now)
            if step is None or step.at > now or step.action is Action.MAKE_DECK:
                return self._orders.carry_out(CarryOut(order=ask.order, known=known, now=ask.now))
            known = order.version
            after = self._take(step, ask.model_copy(update={"known": known})).outlook.version
            if after == known:
                msg = f"order {ask.order}: {step.action} is due and changes nothing"
                raise ApplicationError(msg, type=STEP_REFUSED)

    def _take(self, step: Step, ask: DueSteps) -> CarriedOut:
        try:
            return self._given(step.command, ask) if step.command else self._worked(step, ask)
        except ApplicationError:
            raise
        except Exception as error:
            msg = f"order {ask.order}: {step.action}"
            raise ApplicationError(msg, type=f"{type(error).__name__} in {step.action}") from error

    def _given(self, command: AnyCommand, ask: DueSteps) -> CarriedOut:
        cause = f"{command.type}@{ask.known}"
        return self._orders.carry_out(
            CarryOut(order=ask.order, known=ask.known, now=ask.now, commands=(command,), cause=cause)
        )

    def _worked(self, step: Step, ask: DueSteps) -> CarriedOut:
        if step.round is None:
            msg = f"the step {step.action} is of no round"
            raise ValueError(msg)
        return self._work[step.action](TakeStep(order=ask.order, round=step.round, known=ask.known, now=ask.now))
