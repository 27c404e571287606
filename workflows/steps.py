"""The clock's steps as the workflow takes them. Which is next, and when, the outlook says (`domain/clock.py`)."""

import datetime as dt

from temporalio import workflow

from workflows.flow import LOCAL, PATIENT, Condition, Flow

with workflow.unsafe.imports_passed_through():
    from activities.analysis import AnalysisActivities, Tabulate, Tabulated
    from activities.deck import HEARTBEAT, DeckActivities, DeckMade, MakeDeck
    from activities.survey import Box, SurveyActivities, TurnoutFound
    from domain import commands as do
    from domain.commands import AnyCommand
    from domain.model import Round
    from domain.steps import Action, Step

MAKING_A_DECK = dt.timedelta(minutes=10)
TABULATING = dt.timedelta(minutes=1)


class Clock:
    """Takes the order's steps, one at a time, each when it is due."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow

    async def tick(self, done: Condition) -> None:
        """Take the next step if it is due; else wait until it is, or there is another, or what is waited for is so."""
        step, ended = self._flow.outlook.step, self._flow.outlook.ended
        if step is not None and step.at <= workflow.now():
            await self._flow.carry_out(await self._command(step))
        else:
            await self._flow.wait(
                step.at if step else None,
                unless=lambda order: order.step != step or order.ended != ended or done(order),
            )

    async def _command(self, step: Step) -> AnyCommand:
        """What the step records: given with it, or what came of the work that it is."""
        if step.command is not None:
            return step.command
        match step.action:
            case Action.COUNT_ANSWERS:
                return await self._count(_round(step))
            case Action.TABULATE:
                return await self._tabulate(_round(step))
            case Action.MAKE_DECK:
                return await self._make_deck(_round(step), step.version)
            case Action.DESTROY_BALLOTS:
                return await self._destroy(_round(step))
            case _:
                msg = f"the step {step.action} has neither a command nor work"
                raise ValueError(msg)

    async def _count(self, round_: Round) -> AnyCommand:
        """Count the answers of a closed round."""
        found: TurnoutFound = await workflow.execute_activity_method(
            SurveyActivities.count_answers, self._box(round_), start_to_close_timeout=LOCAL, retry_policy=PATIENT
        )
        return do.RecordTurnout(round=round_, answers=found.answers, invited=found.invited)

    async def _tabulate(self, round_: Round) -> AnyCommand:
        """Open the box, and keep what may be shown of it."""
        found: Tabulated = await workflow.execute_activity_method(
            AnalysisActivities.tabulate_round,
            Tabulate(order=self._flow.outlook.order, round=round_),
            start_to_close_timeout=TABULATING,
            retry_policy=PATIENT,
        )
        return do.RecordResults(round=round_, answers=found.answers, free_texts=found.free_texts)

    async def _make_deck(self, round_: Round, version: int) -> AnyCommand:
        """Make deck and document."""
        made: DeckMade = await workflow.execute_activity_method(
            DeckActivities.make_deck,
            MakeDeck(order=self._flow.outlook.order, round=round_, version=version, now=workflow.now()),
            start_to_close_timeout=MAKING_A_DECK,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=PATIENT,
            summary=f"deck {round_} {version}",
        )
        return do.RecordDeck(round=round_, version=version, documents=made.documents)

    async def _destroy(self, round_: Round) -> AnyCommand:
        """Destroy ballots and key."""
        await workflow.execute_activity_method(
            SurveyActivities.destroy_box, self._box(round_), start_to_close_timeout=LOCAL, retry_policy=PATIENT
        )
        return do.RecordDestruction(round=round_)

    def _box(self, round_: Round) -> Box:
        return Box(order=self._flow.outlook.order, round=round_)


def _round(step: Step) -> Round:
    if step.round is None:
        msg = f"the step {step.action} is of no round"
        raise ValueError(msg)
    return step.round
