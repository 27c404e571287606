"""The clock's steps as the workflow takes them. Which is next, and when, the outlook says (`domain/clock.py`)."""

import datetime as dt

from temporalio import workflow

from workflows.flow import PATIENT, Condition, Flow

with workflow.unsafe.imports_passed_through():
    from activities.deck import HEARTBEAT, DeckActivities
    from activities.orders import TakeStep
    from domain.outlook import NextStep
    from domain.steps import Action

MAKING_A_DECK = dt.timedelta(minutes=10)


class Clock:
    """Has the order's steps taken when they are due."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow

    async def tick(self, done: Condition) -> None:
        """Have done what is due; else wait until something is, or is due at another time, or it is `done`."""
        step, ended = self._flow.outlook.step, self._flow.outlook.ended
        if step is None or step.at > workflow.now():
            await self._flow.wait(
                step.at if step else None,
                unless=lambda order: order.step != step or order.ended != ended or done(order),
            )
        elif step.action is Action.MAKE_DECK:
            await self._make_deck(step)
        else:
            await self._flow.take_due_steps()

    async def _make_deck(self, step: NextStep) -> None:
        if step.round is None:
            msg = "a deck is of a round"
            raise ValueError(msg)
        outlook = self._flow.outlook
        ask = TakeStep(
            order=outlook.order, round=step.round, version=step.version, known=outlook.version, now=workflow.now()
        )
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
