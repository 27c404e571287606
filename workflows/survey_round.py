"""One survey round: opened, closed, counted, made into a deck, looked at, delivered, and its ballots destroyed."""

import datetime as dt

from temporalio import workflow

from workflows.flow import LOCAL, PATIENT, Flow

with workflow.unsafe.imports_passed_through():
    from activities.analysis import AnalysisActivities, Tabulate, Tabulated
    from activities.deck import HEARTBEAT, DeckActivities, DeckMade, MakeDeck
    from activities.survey import Box, SurveyActivities, TurnoutFound
    from domain import commands as do
    from domain.agenda import decide_by
    from domain.calendar import closing_time, mail_time, morning
    from domain.decisions.deck import withheld_at
    from domain.model import Round
    from domain.order import Order, Survey

MAKING_A_DECK = dt.timedelta(minutes=10)
TABULATING = dt.timedelta(minutes=1)


class SurveyRound:
    """The verbs of a round. Each returns at once where the stream says it is done."""

    def __init__(self, flow: Flow, round_: Round) -> None:
        self._flow = flow
        self._round = round_

    @property
    def survey(self) -> Survey:
        return self.of(self._flow.order)

    def of(self, order: Order) -> Survey:
        survey = order.survey(self._round)
        if survey is None:
            msg = f"order {order.id} has no {self._round} round"
            raise ValueError(msg)
        return survey

    async def carry_out(self) -> None:
        """The whole round, unless it is called off before it opens."""
        if await self.open():
            await self.gather_answers()
            await self.deliver()

    async def open(self) -> bool:
        """Open on the agreed day. False where a follow-up was called off before it came."""
        while (survey := self._flow.order.survey(self._round)) is None or not survey.opened:
            if not await self._flow.until(self._is_open_or_called_off, at=self._opens):
                await self._flow.do(do.OpenSurvey(round=self._round))
            elif self._is_called_off(self._flow.order):
                return False
        return True

    async def gather_answers(self) -> None:
        """Wait the round out, until enough have answered or somebody decides to go on without."""
        if self.survey.is_open and self.survey.extensions:  # a lost workflow may have left the box shut
            await self._reopen_the_box()
        while not self._is_settled(self._flow.order):
            await self._close()
            if self.survey.awaits_decision:
                await self._wait_for_a_decision()

    def _is_settled(self, order: Order) -> bool:
        survey = self.of(order)
        return survey.closed and survey.enough is not None and not survey.awaits_decision

    def _is_called_off(self, order: Order) -> bool:
        return self._round is Round.FOLLOW_UP and not order.follow_up.agreed

    def _is_open_or_called_off(self, order: Order) -> bool:
        survey = order.survey(self._round)
        return self._is_called_off(order) or (survey is not None and survey.opened)

    def _opens(self, order: Order) -> dt.datetime | None:
        if self._round is Round.BASELINE:
            day = order.baseline.opens if order.baseline else None
        else:
            day = order.follow_up.opens
        return mail_time(morning(day), order.policies) if day else None

    async def _close(self) -> None:
        """Empty the box when the time is up, or when somebody has closed the round by hand."""
        if not await self._flow.until(lambda o: self.of(o).closed, at=lambda o: closing_time(self.of(o).closes)):
            turnout = await self._close_the_box()
            await self._flow.do(do.CloseSurvey(round=self._round, why="due"), self._turnout(turnout))
            if self.survey.is_open:  # extended at the very last moment
                await self._reopen_the_box()
        elif self.survey.enough is None:
            await self._flow.do(self._turnout(await self._close_the_box()))

    def _turnout(self, found: TurnoutFound) -> do.RecordTurnout:
        return do.RecordTurnout(round=self._round, answers=found.answers, invited=found.invited)

    async def _close_the_box(self) -> TurnoutFound:
        found: TurnoutFound = await workflow.execute_local_activity_method(
            SurveyActivities.close_box, self._box(), start_to_close_timeout=LOCAL, retry_policy=PATIENT
        )
        return found

    async def _reopen_the_box(self) -> None:
        await workflow.execute_local_activity_method(
            SurveyActivities.reopen_box, self._box(), start_to_close_timeout=LOCAL, retry_policy=PATIENT
        )

    async def _wait_for_a_decision(self) -> None:
        if not await self._flow.until(lambda o: not self.of(o).awaits_decision, at=lambda o: decide_by(o, self.of(o))):
            await self._flow.do(do.GoOnWithoutResults(automatic=True))
        if self.survey.is_open:
            await self._reopen_the_box()

    async def deliver(self) -> None:
        """Make the deck, give the consultant time to look, let it go; then destroy key and ballots."""
        if not self.survey.over:
            await self._review()
        await self._destroy()

    async def _review(self) -> None:
        while not self.survey.delivered:
            if self.survey.deck_version == 0 or self.survey.remake:
                await self._make_the_deck()
            elif self.survey.held:
                await self._wait_while_held()
            elif not await self._flow.until(self._needs_work_or_is_held, at=lambda o: self.of(o).review_until):
                await self._flow.do(do.ReleaseDeck(automatic=True))

    def _needs_work_or_is_held(self, order: Order) -> bool:
        survey = self.of(order)
        return survey.delivered or survey.remake or survey.held

    async def _wait_while_held(self) -> None:
        if not await self._flow.until(
            lambda o: self.of(o).delivered or self.of(o).remake, at=lambda o: withheld_at(o, self.of(o))
        ):
            await self._flow.do(do.WithholdDeck())

    async def _make_the_deck(self) -> None:
        results = await self._results()
        version = self.survey.deck_wanted
        made: DeckMade = await workflow.execute_activity_method(
            DeckActivities.make_deck,
            MakeDeck(
                order=self._flow.order.id,
                round=self._round,
                version=version,
                with_free_texts=self.survey.free_texts_read,
                now=workflow.now(),
            ),
            start_to_close_timeout=MAKING_A_DECK,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=PATIENT,
            summary=f"deck {self._round} {version}",
        )
        await self._flow.do(*results, do.RecordDeck(round=self._round, version=version, documents=made.documents))

    async def _results(self) -> list[do.Command]:
        """Tabulate the answers, the first time; what is to be recorded of it."""
        if self.survey.tabulated:
            return []
        found: Tabulated = await workflow.execute_local_activity_method(
            AnalysisActivities.tabulate_round,
            Tabulate(order=self._flow.order.id, round=self._round),
            start_to_close_timeout=TABULATING,
            retry_policy=PATIENT,
        )
        return [do.RecordResults(round=self._round, answers=found.answers, free_texts=found.free_texts)]

    async def mend_roll(self) -> None:
        """Bring the round's invitations up to date with the members, without any mail."""
        await workflow.execute_local_activity_method(
            SurveyActivities.mend_roll, self._box(), start_to_close_timeout=LOCAL, retry_policy=PATIENT
        )

    async def discard(self) -> None:
        """Destroy key and ballots of a round that came to nothing, at whatever point it was."""
        await self._close_the_box()
        await self._destroy()

    async def _destroy(self) -> None:
        if self.survey.destroyed:
            return
        await workflow.execute_local_activity_method(
            SurveyActivities.destroy_box, self._box(), start_to_close_timeout=LOCAL, retry_policy=PATIENT
        )
        await self._flow.do(do.RecordDestruction(round=self._round))

    def _box(self) -> Box:
        return Box(order=self._flow.order.id, round=self._round)
