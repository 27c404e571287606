"""The life of an order, told as KiAP's leaflet tells it."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from workflows.flow import Flow, OrderEnded
from workflows.mail_dispatcher import MailDispatcher
from workflows.shown import PASSING, attributes_of, details_of, shown_of
from workflows.survey_round import SurveyRound

with workflow.unsafe.imports_passed_through():
    from domain import commands as do
    from domain.agenda import call_lapses_at, follow_up_lapses_at, record_given_up_at
    from domain.model import Rejected, Round
    from domain.order import FollowUpStatus, Order
    from workflows.messages import REJECTED, Accepted, Execute, StartOrder

ROLL_CHANGES = (do.AddMember, do.RemoveMember, do.ReaddressMember)


@workflow.defn(name="Order")
class OrderWorkflow:
    """One order from its first event to its last. Disposable: all it knows stands in the stream."""

    @workflow.init
    def __init__(self, start: StartOrder) -> None:
        self._start = start
        self._flow = Flow(start.order)
        self._flow.on_change = self._show
        self._shown = start.shown
        self._postman = MailDispatcher(self._flow)

    @property
    def order(self) -> Order:
        return self._flow.order

    @workflow.run
    async def run(self, _start: StartOrder) -> None:
        await self._flow.load()
        self._came_late = self.order.meeting_settled
        self._letters = self._flow.companion = asyncio.create_task(self._postman.work())
        try:
            await self._live()
        except OrderEnded:
            await self._clear_the_ballots()
        await self._settle()

    async def _live(self) -> None:
        await self.agree_the_plan()
        await self.survey(Round.BASELINE)
        await self.hold_the_meeting()
        await self.turn_the_page()
        while not self.order.ended:
            await self.agree_on_follow_up()
            if self.order.follow_up.agreed:
                await self.survey(Round.FOLLOW_UP)
            await self.say_goodbye()

    async def agree_the_plan(self) -> None:
        """Wait for the consultant's call. Past the promise operations are told; past patience the order ends."""
        while not await self._flow.until(lambda order: order.meeting is not None, at=call_lapses_at):
            await self._flow.do(do.CancelOrder(reason="never_called"))

    async def survey(self, round_: Round) -> None:
        """Ask the members, make the deck, let the consultant look, deliver it to the coordinator."""
        await SurveyRound(self._flow, round_).carry_out()

    async def hold_the_meeting(self) -> None:
        """The meeting is held, moved or forgotten; the order goes on when it is recorded or the record given up."""
        while not await self._flow.until(lambda order: order.meeting_settled, at=record_given_up_at):
            await self._flow.do(do.LeaveMeetingUnrecorded())

    async def turn_the_page(self) -> None:
        """Begin the long wait with a history of its own, once what was on its way has arrived.

        A workflow that found the meeting settled has hardly any history yet: it is the new one, or was started late.
        """
        if self._came_late or self.order.second is not None:
            return
        if not (self.order.follow_up.agreed or self.order.follow_up.wanted):
            return
        await self._flow.until(lambda order: not order.pending_letters)
        await self._settle()
        workflow.continue_as_new(StartOrder(order=self.order.id, chapter=self._start.chapter + 1, shown=self._shown))

    async def agree_on_follow_up(self) -> None:
        """Wait for the day agreed, or for an agreement as long as the window is open."""
        while self.order.follow_up.status is FollowUpStatus.UNDECIDED and self.order.follow_up.wanted:
            if not await self._flow.until(_is_decided, at=follow_up_lapses_at):
                await self._flow.do(do.LapseFollowUp())

    async def say_goodbye(self) -> None:
        """Complete the order when its last letter has gone, unless a follow-up is agreed on while it waits."""
        await self._flow.until(lambda order: not order.pending_letters or order.awaits_follow_up)
        if not self.order.awaits_follow_up:
            await self._flow.do(do.CompleteOrder())

    async def _settle(self) -> None:
        """Let the mail dispatcher and every handler finish what they hold."""
        self._postman.stop()
        await self._letters
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _clear_the_ballots(self) -> None:
        """A cancelled order keeps no answers."""
        for survey in self.order.surveys:
            if survey.opened and not survey.destroyed:
                await SurveyRound(self._flow, survey.round).discard()

    # --- the door ---------------------------------------------------------------------------------------------------

    @workflow.update
    async def execute(self, request: Execute) -> Accepted:
        """The one door for commands. Refusals are ApplicationErrors of type `Rejected` with code and facts."""
        await workflow.wait_condition(lambda: self._flow.is_loaded)
        info = workflow.current_update_info()
        try:
            await self._flow.execute(request.command, request.actor, cause=info.id if info else request.command.type)
        except Rejected as refusal:
            raise refused(refusal) from None
        if isinstance(request.command, ROLL_CHANGES):
            await self._mend_the_roll()
        return Accepted(version=self.order.version, stage=self.order.stage)

    async def _mend_the_roll(self) -> None:
        """A removed or readdressed member's old link dies now, at whatever hour; mail to newcomers keeps its hours."""
        survey = self.order.open_survey
        if survey is not None:
            await SurveyRound(self._flow, survey.round).mend_roll()

    @execute.validator
    def _may_execute(self, request: Execute) -> None:
        if not self._flow.is_loaded:
            return
        try:
            self._flow.check(request.command, request.actor)
        except Rejected as refusal:
            raise refused(refusal) from None

    @workflow.query
    def stage(self) -> str:
        """Where the order is."""
        return self.order.stage

    def _show(self, order: Order) -> None:
        workflow.set_current_details(details_of(order, workflow.now()))
        shown = shown_of(order)
        if shown != self._shown and order.stage not in PASSING:
            self._shown = shown
            workflow.upsert_search_attributes(attributes_of(order, workflow.now()))


def refused(refusal: Rejected) -> ApplicationError:
    """A domain refusal as Temporal carries it: the Danish message, the code, the facts. Never retried."""
    return ApplicationError(refusal.message, refusal.code, refusal.facts, type=REJECTED, non_retryable=True)


def _is_decided(order: Order) -> bool:
    return order.follow_up.status is not FollowUpStatus.UNDECIDED
