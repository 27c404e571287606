"""The life of an order, as KiAP's leaflet tells it. The clock takes its steps on the way (`workflows/steps.py`)."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from workflows.flow import Condition, Flow, OrderEnded
from workflows.mail_dispatcher import MailDispatcher
from workflows.shown import PASSING, attributes_of, shown_of
from workflows.steps import Clock

with workflow.unsafe.imports_passed_through():
    from activities.orders import Refusal
    from domain.model import Round
    from domain.outlook import Outlook
    from workflows.messages import REJECTED, Accepted, Execute, StartOrder


@workflow.defn(name="Order")
class OrderWorkflow:
    """One order from its first event to its last. Disposable: all it knows stands in the stream."""

    @workflow.init
    def __init__(self, start: StartOrder) -> None:
        self._start = start
        self._flow = Flow(start.outlook)
        self._flow.on_news = self._show
        self._shown = start.shown
        self._clock = Clock(self._flow)
        self._mail = MailDispatcher(self._flow)

    @property
    def outlook(self) -> Outlook:
        return self._flow.outlook

    @workflow.run
    async def run(self, _start: StartOrder) -> None:
        self._show(self.outlook)
        self._came_late = self.outlook.meeting_settled
        self._letters = asyncio.create_task(self._mail.work())
        try:
            await self._live()
        except OrderEnded:
            await self._leave_nothing_behind()
        await self._settle()

    async def _live(self) -> None:
        await self.agree_the_plan()
        await self.survey(Round.BASELINE)
        await self.deliver_the_deck()
        await self.hold_the_meeting()
        await self.turn_the_page()
        await self.agree_on_follow_up()
        if self.outlook.follow_up_agreed:
            await self.survey(Round.FOLLOW_UP)
            await self.deliver_the_comparison()
        await self.say_goodbye()

    async def agree_the_plan(self) -> None:
        """The consultant calls. Past the promise operations are told; past patience the order lapses."""
        await self.until(lambda order: order.plan_agreed)

    async def survey(self, round_: Round) -> None:
        """The members are asked, until enough have answered or somebody decides to go on without."""
        await self.until(lambda order: order.round(round_).settled or self._is_called_off(round_))

    async def deliver_the_deck(self) -> None:
        """The deck is made, the consultant looks, and it goes to the coordinator; then the ballots are destroyed."""
        await self.until(lambda order: order.baseline.over)

    async def hold_the_meeting(self) -> None:
        """The meeting is held, moved or forgotten; the order goes on when it is recorded or the record given up."""
        await self.until(lambda order: order.meeting_settled)

    async def turn_the_page(self) -> None:
        """Begin the long wait with a history of its own, once what was on its way has arrived.

        A workflow that found the meeting settled has hardly any history yet: it is the new one, or was started late.
        """
        if not self._came_late and self.outlook.awaits_follow_up:
            await self.until(lambda order: not order.letters_pending)
            await self._go_on_in_a_new_run()

    async def agree_on_follow_up(self) -> None:
        """The cluster agrees on a follow-up or declines, or its window closes."""
        await self.until(lambda order: order.follow_up_settled)

    async def deliver_the_comparison(self) -> None:
        """Before and after go to the coordinator."""
        await self.until(lambda order: order.second.over or self._is_called_off(Round.FOLLOW_UP))

    async def say_goodbye(self) -> None:
        """The order is completed when its last letter has gone."""
        await self.until(lambda order: order.ended)

    async def until(self, done: Condition) -> None:
        """Live on until it is so: whatever is due meanwhile is done. Raises OrderEnded."""
        while not done(self.outlook):
            if self.outlook.ended:
                raise OrderEnded
            await self._live_on(done)

    async def _live_on(self, done: Condition) -> None:
        if workflow.info().is_continue_as_new_suggested():
            await self._go_on_in_a_new_run()
        if self._letters.done():
            self._letters.result()  # raises what ended it
        await self._clock.tick(lambda order: done(order) or self._letters.done())

    def _is_called_off(self, round_: Round) -> bool:
        return round_ is Round.FOLLOW_UP and not self.outlook.follow_up_agreed

    async def _leave_nothing_behind(self) -> None:
        """A cancelled order keeps no answers, and whoever waited for something is told."""
        while not self.outlook.finished:
            await self._live_on(lambda order: order.finished)

    async def _settle(self) -> None:
        """Let the mail dispatcher and every handler finish what they hold."""
        self._mail.stop()
        self._flow.rest()
        await self._letters
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _go_on_in_a_new_run(self) -> None:
        await self._settle()
        workflow.continue_as_new(
            StartOrder(
                outlook=self.outlook,
                chapter=self._start.chapter + 1,
                shown=self._shown,
            )
        )

    @workflow.update
    async def execute(self, request: Execute) -> Accepted:
        """The one door for commands. Refusals are ApplicationErrors of type `Rejected` with code and facts."""
        info = workflow.current_update_info()
        cause = info.id if info else request.command.type
        carried_out = await self._flow.carry_out(
            request.command, by=request.by, cause=cause, enclosure=request.enclosure
        )
        if carried_out.refusal is not None:
            raise refused(carried_out.refusal)
        return Accepted(version=carried_out.outlook.version, stage=carried_out.outlook.shown.stage)

    @workflow.signal
    async def look_again(self) -> None:
        """Something changed beside the stream: mail that turned out never to have left."""
        await self._flow.look()

    @workflow.query
    def stage(self) -> str:
        """Where the order is."""
        return self.outlook.shown.stage

    def _show(self, outlook: Outlook) -> None:
        workflow.set_current_details(outlook.shown.details)
        shown = shown_of(outlook.shown)
        if shown != self._shown and outlook.shown.stage not in PASSING:
            self._shown = shown
            workflow.upsert_search_attributes(attributes_of(outlook.shown))


def refused(refusal: Refusal) -> ApplicationError:
    """A domain refusal as Temporal carries it: the Danish message, the code, the facts. Never retried."""
    return ApplicationError(refusal.message, refusal.code, refusal.facts, type=REJECTED, non_retryable=True)
