"""A town with one cluster: a real store, a real Temporal server that skips time, real mail files. No web."""

import asyncio
import datetime as dt
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.agenda import comes_next
from domain.answers import read_answers
from domain.commands import AnyCommand, PlaceOrder
from domain.decisions import decide
from domain.events import Event, Joined
from domain.meeting import COPENHAGEN
from domain.model import Actor, MemberId, OrderId, Role, Round
from domain.order import Order, load
from domain.package import Answers, Package
from domain.stages import Stage
from storage import ballot_box, directory
from storage.directory import StaffRole
from storage.ids import new_id
from storage.packages import find_package
from web.orders_port import Accepted
from worker.codec import data_converter
from worker.demo_answers import plausible_answers
from worker.orders_client import TemporalOrders
from worker.servers import executable
from worker.settings import Settings
from worker.stack import Stack, make_worker, open_stack
from workflows.messages import order_workflow_id
from workflows.shown import SEARCH_ATTRIBUTES

TRIVSEL = "trivsel-og-arbejdsglaede"
NAMES = ("Anna", "Bent", "Clara", "Dorte", "Erik", "Freja", "Gert", "Hanne", "Ida", "Jens", "Karen", "Lars")


class ServerClock:
    """The time-skipping server's clock."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env = env

    async def now(self) -> dt.datetime:
        return (await self._env.get_current_time()).astimezone(dt.UTC)


@dataclass
class Town:
    """What a test does and sees."""

    env: WorkflowEnvironment
    stack: Stack
    orders: TemporalOrders
    package: Package
    order_id: OrderId = OrderId("")

    async def now(self) -> dt.datetime:
        return (await self.env.get_current_time()).astimezone(dt.UTC)

    async def place_an_order(self, members: int = 12) -> OrderId:
        """An order with a consultant, started."""
        now = await self.now()
        command = self.an_order(members)
        self.order_id = command.order
        self.stack.store.append(self.order_id, 0, decide(None, command, now), actor="coordinator", now=now)
        await self.orders.start(self.order_id)
        return self.order_id

    def an_order(self, members: int) -> PlaceOrder:
        with self.stack.database.write() as connection:
            cluster = directory.add_cluster(connection, "Skovby", "midtjylland")
            practice = directory.add_practice(connection, cluster, "Lægerne Skovby")
            contacts = directory.add_contacts(
                connection,
                [(f"{NAMES[i % len(NAMES)]} Skov {i}", f"laege{i}@skovby.example") for i in range(members + 1)],
            )
        return PlaceOrder(
            order=OrderId(new_id()),
            cluster=cluster,
            package=self.package,
            coordinator=contacts[0],
            members=tuple(
                Joined(member=MemberId(f"m{i}"), contact=contact, practice=practice, role=Role.OWNER)
                for i, contact in enumerate(contacts[1:])
            ),
        )

    def a_consultant(self) -> directory.StaffId:
        with self.stack.database.write() as connection:
            return directory.add_staff(connection, "Kirsten Konsulent", "kirsten@kiap.example", StaffRole.CONSULTANT)

    async def do(self, command: AnyCommand, actor: Actor = Actor.CONSULTANT) -> Accepted:
        return await self.orders.execute(self.order_id, command, actor=actor, request_id=new_id())

    async def until(self, stage: Stage, *, within: dt.timedelta = dt.timedelta(days=500)) -> None:
        """Let time pass, from one thing to the next, until the order is there."""
        end = await self.now() + within
        while self.order.stage is not stage:
            now = await self.now()
            assert now < end, f"still {self.order.stage} after {within}"
            coming = [step.at for step in comes_next(self.order, now) if step.at > now]
            await self.env.sleep(min([*coming, now + dt.timedelta(days=30)]) - now + dt.timedelta(minutes=1))
            await self.quiet()

    async def until_day(self, day: dt.date, hour: int = 12) -> None:
        """Let time pass until this hour of a day in Denmark."""
        target = dt.datetime(day.year, day.month, day.day, hour, tzinfo=COPENHAGEN)
        await self.env.sleep(max(target - await self.now(), dt.timedelta(0)))
        await self.quiet()

    async def quiet(self) -> None:
        """Wait for what is being done just now."""
        seen = -1
        while seen != (seen := len(self.events) + len(self.mails())):
            await asyncio.sleep(0.15)

    @property
    def events(self) -> list[Event]:
        return self.stack.store.load(self.order_id)

    @property
    def order(self) -> Order:
        order = load(self.events)
        assert order is not None
        return order

    def types(self) -> list[str]:
        return [event.type for event in self.events if event.type != "letters_sent"]

    def mails(self, occasion: str = "") -> list[EmailMessage]:
        """The mails that have left, in order of time."""
        files = sorted(self.stack.settings.mails.glob(f"*.{occasion or '*'}.*.eml"))
        return [_read(file) for file in files]

    def answer(self, how_many: int, round_: Round = Round.BASELINE) -> None:
        """So many of the members answer."""
        with self.stack.database.read() as connection:
            invitations = ballot_box.outstanding(connection, self.order_id, round_)[:how_many]
        for invitation, ballot in zip(invitations, some_answers(self.package, how_many, round_), strict=True):
            outcome = ballot_box.submit(self.stack.database, invitation.token(self.stack.keys), ballot)
            assert outcome is ballot_box.Submission.SUBMITTED

    @property
    def workflow_id(self) -> str:
        return order_workflow_id(self.order_id)

    def worker(self) -> Worker:
        return make_worker(self.stack, self.env.client, self.orders)


def _read(file: Path) -> EmailMessage:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def some_answers(package: Package, how_many: int, round_: Round = Round.BASELINE) -> list[Answers]:
    """Plausible answers of so many people."""
    return [read_answers(package, round_, raw) for raw in plausible_answers(package, round_, how_many)]


@asynccontextmanager
async def a_town(folder: Path, database_url: str, package: str = TRIVSEL) -> AsyncIterator[Town]:
    """A town with a server of its own; the worker is the test's to start."""
    settings = Settings(data=folder, database_url=database_url, base_url="http://127.0.0.1:8080")
    stack = open_stack(settings, migrating=True)
    async with await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter(stack.keys.codec_key),
        test_server_existing_path=executable("temporal-test-server"),
    ) as env:
        await register_search_attributes(env)
        orders = TemporalOrders(env.client, stack.store, ServerClock(env))
        try:
            yield Town(env, stack, orders, find_package(package))
        finally:
            stack.close()


async def register_search_attributes(env: WorkflowEnvironment) -> None:
    from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest

    request = AddSearchAttributesRequest(
        search_attributes={key.name: key.indexed_value_type.value for key in SEARCH_ATTRIBUTES}, namespace="default"
    )
    await env.client.operator_service.add_search_attributes(request)
