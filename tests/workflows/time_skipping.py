"""A system with one cluster: a real store, a real Temporal server that skips time, real mail files. No web.

Its calendar begins on Monday 3 March 2031, whatever day it is outside, so that every date in a test is known, with
Easter on 13 April. Until then; test_the_calendar.py begins to say so a year before.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import IndexedValueType, WorkflowExecutionStatus
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from domain import commands as do
from domain.by import By, consultant, coordinator, operations
from domain.commands import AnyCommand
from domain.events import Event
from domain.meeting import Meeting, at
from domain.model import OrderId, PersonId, Round, StaffId
from domain.order import Order
from domain.package import Package
from domain.results import Results
from domain.stages import Stage
from reporting.deck_check import deck_problems
from storage import documents, result_repository, survey_roll, survey_rounds
from storage.audit import TERMINAL
from storage.ids import new_id
from storage.packages import find_package
from storage.staff import OFFICE
from tests.workflows import people
from tests.workflows.due import Reader, is_at_rest, next_due
from tests.workflows.mailbox import Delivery, Mail, deliveries, mails_in
from web.orders_port import Accepted
from web.requests.base import CommandRequest
from web.requests.meeting import RecordMeeting
from web.submitting import submit
from worker.codec import data_converter
from worker.orders_client import TemporalOrders
from worker.servers import executable
from worker.settings import Settings
from worker.stack import Stack, open_stack
from worker.workers import at_work
from workflows.messages import order_workflow_id
from workflows.shown import SEARCH_ATTRIBUTES

TRIVSEL = "trivsel-og-arbejdsglaede"
START = at(dt.date(2031, 3, 3), dt.time(10))
MEETING = dt.date(2031, 5, 14)
OPENS, CLOSES = dt.date(2031, 4, 18), dt.date(2031, 5, 2)
FOLLOW_UP_OPENS = dt.date(2032, 3, 1)
MEMBERS = 12
NO_ORDER = OrderId("")
CYCLE = 28
"""Years after which weekdays and leap days come again."""
PATIENCE = 30.0
"""Real seconds a test waits for what is due now to be done."""


def check_that_it_lies_ahead(since: dt.datetime, now: dt.datetime) -> None:
    """A server's clock begins with the machine's and only goes forward."""
    assert now < since, (
        f"the tests' calendar begins on {since:%-d %B %Y} and it is {now:%-d %B %Y} already: move each year in"
        f" tests/workflows/*.py {CYCLE} on, which keeps weekdays and leap days, and mend the dates that Easter moves"
    )


class ServerClock:
    """The time-skipping server's clock."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env = env

    async def now(self) -> dt.datetime:
        return (await self._env.get_current_time()).astimezone(dt.UTC)


def the_meeting(day: dt.date = MEETING, hour: int = 17) -> Meeting:
    return Meeting(starts=dt.datetime.combine(day, dt.time(hour)))


@dataclass
class OrderSystem:
    """What a test does and sees. `order_id` is the order it is about."""

    env: WorkflowEnvironment
    stack: Stack
    orders: TemporalOrders
    package: Package
    reader: Reader
    order_id: OrderId = NO_ORDER

    # --- what people do ---------------------------------------------------------------------------------------------

    async def order_a_package(self, members: int = MEMBERS) -> None:
        """An order with a consultant, started."""
        self.order_id = people.place(self.stack, self.package, members, await self.now())
        await self.orders.start(self.order_id)
        await self.do(do.AssignConsultant(consultant=self.a_consultant()), self.operations)

    async def do(self, command: AnyCommand, by: By | None = None, *, request_id: str = "") -> Accepted:
        """Give a command with nothing beside it, and see what it led to at once done. By the consultant, if nobody."""
        accepted = await self.orders.execute(
            self.order_id, command, by=by or self.consultant, request_id=request_id or new_id()
        )
        await self.quiet()
        return accepted

    async def ask(self, request: CommandRequest, by: By | None = None, *, request_id: str = "") -> Accepted:
        """Send a request, as the pages and the API do; words and people go beside the command."""
        services = people.services_of(self.stack, self.orders, ServerClock(self.env))
        by, request_id = by or self.consultant, request_id or new_id()
        accepted = await submit(services, self.order_id, request, by=by, origin=TERMINAL, request_id=request_id)
        await self.quiet()
        return accepted

    @property
    def coordinator(self) -> By:
        return coordinator(self.order.coordinator)

    @property
    def consultant(self) -> By:
        assert self.order.consultant is not None
        return consultant(self.order.consultant)

    @property
    def operations(self) -> By:
        return operations(OFFICE)

    def member(self, number: int) -> PersonId:
        """Doctor `number` of the list that was sent."""
        return people.member(self.stack, self.order_id, number)

    def answer(self, how_many: int, round_: Round = Round.BASELINE) -> None:
        """So many of the members answer."""
        people.answer(self.stack, self.order_id, self.package, how_many, round_)

    def a_consultant(self, name: str = "Kirsten Lund", mailbox: str = "kirsten") -> StaffId:
        return people.a_consultant(self.stack, name, mailbox)

    # --- how time passes --------------------------------------------------------------------------------------------

    async def now(self) -> dt.datetime:
        return (await self.env.get_current_time()).astimezone(dt.UTC)

    async def until_instant(self, instant: dt.datetime) -> None:
        """Let time pass until then, and what is due by then be done."""
        await self.env.sleep(max(instant - await self.now(), dt.timedelta(0)))
        await self.quiet()

    async def until_day(self, day: dt.date, hour: int = 12) -> None:
        """Let time pass until this hour of a day in Denmark."""
        await self.until_instant(at(day, dt.time(hour)))

    async def until(self, stage: Stage) -> None:
        """Let time pass, from one thing to the next, until the order is there."""
        while self.order.stage is not stage:
            coming = next_due(self.order, await self.now())
            assert coming, f"nothing more comes by itself: the order stays {self.order.stage}"
            await self.until_instant(coming + dt.timedelta(seconds=1))

    async def quiet(self) -> None:
        """Wait for what is due now to be done."""
        pause = 0.005
        async with asyncio.timeout(PATIENCE):
            while not await self._is_quiet():
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, 0.1)

    async def _is_quiet(self) -> bool:
        if not is_at_rest(self.order, await self.now()):
            return False
        return self.order.ended is None or not await self.is_running()

    async def is_running(self) -> bool:
        asked = DescribeWorkflowExecutionRequest(
            namespace=self.env.client.namespace, execution=WorkflowExecution(workflow_id=self.workflow_id)
        )  # in the raw: the SDK can't read the null by which this server shows an attribute that was unset
        found = await self.env.client.workflow_service.describe_workflow_execution(asked)
        return found.workflow_execution_info.status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING

    # --- lives ------------------------------------------------------------------------------------------------------

    async def live_to(self, stage: Stage, *, members: int = MEMBERS, answers: int = MEMBERS - 1) -> None:
        """The usual life of an order, as far as its coming to a stage."""
        await self.order_a_package(members)
        if stage is Stage.ORDERED:
            return
        await self.do(do.AgreePlan(meeting=the_meeting()))
        if stage is Stage.PLANNED:
            return
        await self.until(Stage.SURVEY_OPEN)
        if stage is Stage.SURVEY_OPEN:
            return
        self.answer(answers)
        if stage in (Stage.TOO_FEW_ANSWERS, Stage.IN_REVIEW):
            await self.until(stage)
            return
        await self.until(Stage.READY)
        if stage is Stage.READY:
            return
        await self.until(Stage.AWAITING_RECORD)
        assert stage is Stage.AWAITING_RECORD

    async def hold_the_meeting(self, **record: object) -> None:
        """The day after the meeting the coordinator tells how it went."""
        await self.until_day(MEETING + dt.timedelta(days=1))
        told = RecordMeeting.model_validate({"type": "record_meeting", "attended": 10, "absent": 2, **record})
        await self.ask(told, self.coordinator)

    async def agree_at_the_meeting(self, **record: object) -> None:
        """The meeting is held, and a follow-up agreed there."""
        await self.hold_the_meeting(follow_up="agreed", follow_up_opens=FOLLOW_UP_OPENS, **record)

    async def live_on_to_the_end(self, answers: int = MEMBERS - 2) -> None:
        """From the agreement on a follow-up to the comparison, which the coordinator sends on at once."""
        await self.until(Stage.FOLLOW_UP_OPEN)
        self.answer(answers, Round.FOLLOW_UP)
        await self.until(Stage.FOLLOW_UP_DELIVERED)
        await self.quiet()
        await self.do(do.ShareComparison(), coordinator(self.order.coordinator))
        await self.until(Stage.COMPLETED)

    # --- what has come of it ----------------------------------------------------------------------------------------

    @property
    def workflow_id(self) -> str:
        return order_workflow_id(self.order_id)

    @property
    def events(self) -> list[Event]:
        return self.stack.store.load(self.order_id)

    @property
    def order(self) -> Order:
        return self.reader.order(self.order_id)

    def types(self) -> list[str]:
        """What happened, apart from letters."""
        return [event.type for event in self.events if event.type != "letters_sent"]

    def mails(self, *occasions: str) -> list[Mail]:
        """The mails that have left, all or of some occasions."""
        post = mails_in(self.stack.settings.mails)
        return [mail for mail in post if not occasions or mail.occasion in occasions]

    def deliveries(self) -> list[Delivery]:
        return deliveries(self.mails())

    def occasions(self) -> list[str]:
        """On which occasions mails left, in order."""
        return [delivery.occasion for delivery in self.deliveries()]

    def documents(self) -> list[tuple[Round | None, str, int]]:
        """Round, kind and version of each document made."""
        with self.stack.database.read() as connection:
            made = documents.documents(connection, self.order_id)
        return [(info.round, info.kind, info.version) for info in made]

    def results_of(self, round_: Round) -> Results:
        with self.stack.database.read() as connection:
            shelved = result_repository.stored(connection, self.order_id, round_)
        assert shelved is not None
        return shelved.results

    def box(self, round_: Round = Round.BASELINE) -> survey_rounds.RoundState | None:
        with self.stack.database.read() as connection:
            return survey_rounds.round_state(connection, self.order_id, round_)

    def invitation(self, member: PersonId, round_: Round = Round.BASELINE) -> survey_roll.Invitation:
        with self.stack.database.read() as connection:
            roll = survey_roll.invitations(connection, self.order_id, round_)
        return next(each for each in roll if each.person == member)

    def worker(self) -> AbstractAsyncContextManager[None]:
        return at_work(self.stack, self.env.client, self.orders)


@asynccontextmanager
async def an_order_system(
    folder: Path,
    database_url: str = "",
    *,
    package: str = TRIVSEL,
    encrypted: bool = True,
    base_url: str = "http://127.0.0.1:8080",
) -> AsyncIterator[OrderSystem]:
    """A system with a server of its own; the worker is the test's to start."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(data=folder, database_url=database_url, base_url=base_url)
    stack = open_stack(settings, migrating=True)
    try:
        async with a_server(stack, encrypted=encrypted) as env:
            orders = TemporalOrders(env.client, stack.database, stack.store, ServerClock(env))
            yield OrderSystem(env, stack, orders, find_package(package, deck_problems), Reader(stack.store))
    finally:
        stack.close()


@asynccontextmanager
async def a_server(
    stack: Stack, since: dt.datetime = START, *, encrypted: bool = True
) -> AsyncIterator[WorkflowEnvironment]:
    """A new, empty Temporal server whose clock shows `since`."""
    async with await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter(stack.keys.codec_key) if encrypted else pydantic_data_converter,
        identity="system",
        test_server_existing_path=executable("temporal-test-server"),
    ) as env:
        now = (await env.get_current_time()).astimezone(dt.UTC)
        check_that_it_lies_ahead(since, now)
        await env.sleep(since - now)
        await env.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                search_attributes={
                    key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in SEARCH_ATTRIBUTES
                },
                namespace="default",
            )
        )
        yield env
