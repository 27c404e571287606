"""The clock's steps as the workflow takes them. Which is next, and when, the outlook says (`domain/clock.py`)."""

import datetime as dt

from temporalio import workflow

from workflows.flow import PATIENT, Condition, Flow

with workflow.unsafe.imports_passed_through():
    from activities.analysis import AnalysisActivities
    from activities.deck import HEARTBEAT, DeckActivities
    from activities.orders import TakeStep
    from activities.survey import SurveyActivities
    from domain.model import Round
    from domain.steps import Action, Step

MAKING_A_DECK = dt.timedelta(minutes=10)


class Clock:
    """Takes the order's steps, one at a time, each when it is due."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow

    async def tick(self, done: Condition) -> None:
        """Take the next step if it is due; else wait until it is, or there is another, or what is waited for is so."""
        step, ended = self._flow.outlook.step, self._flow.outlook.ended
        if step is not None and step.at <= workflow.now():
            await self._take(step)
        else:
            await self._flow.wait(
                step.at if step else None,
                unless=lambda order: order.step != step or order.ended != ended or done(order),
            )

    async def _take(self, step: Step) -> None:
        """Carry out the command that is given with it, or do the work that it is."""
        if step.command is not None:
            await self._flow.carry_out(step.command)
            return
        match step.action:
            case Action.COUNT_ANSWERS:
                await self._flow.take_step(SurveyActivities.count_answers, self._asked(step))
            case Action.TABULATE:
                await self._flow.take_step(AnalysisActivities.tabulate_round, self._asked(step))
            case Action.MAKE_DECK:
                await self._make_deck(self._asked(step))
            case Action.DESTROY_BALLOTS:
                await self._flow.take_step(SurveyActivities.destroy_box, self._asked(step))
            case _:
                msg = f"the step {step.action} has neither a command nor work"
                raise ValueError(msg)

    async def _make_deck(self, ask: TakeStep) -> None:
        await self._flow.outcome_of(
            workflow.execute_activity_method(
                DeckActivities.make_deck,
                ask,
                start_to_close_timeout=MAKING_A_DECK,
                heartbeat_timeout=HEARTBEAT,
                retry_policy=PATIENT,
                summary=f"deck {ask.round} {ask.version}",
            )
        )

    def _asked(self, step: Step) -> TakeStep:
        outlook = self._flow.outlook
        return TakeStep(
            order=outlook.order, round=_round(step), version=step.version, known=self._flow.known, now=workflow.now()
        )


def _round(step: Step) -> Round:
    if step.round is None:
        msg = f"the step {step.action} is of no round"
        raise ValueError(msg)
    return step.round
