"""A real Temporal dev server with its file, a namespace for each order, and orders whose worker is killed."""

import asyncio
import datetime as dt
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client, WorkflowExecutionStatus

from domain.by import By, consultant, coordinator
from domain.commands import AnyCommand
from domain.events import Event
from domain.model import OrderId, Round
from domain.order import Order
from domain.package import Package
from domain.stages import Stage
from storage import documents, outbox, register_rows, result_repository, survey_roll, survey_rounds
from storage.audit import TERMINAL
from tests.the_packages import TRIVSEL
from tests.workflows import people
from tests.workflows.crashing_worker import Crash, start_crashing_worker
from tests.workflows.due import Reader, is_at_rest
from tests.workflows.mailbox import mails_in
from tests.workflows.orders_with_a_past import Story, begun
from web.clock import SystemClock
from web.orders_port import Unavailable
from web.requests.base import CommandRequest
from web.submitting import submit
from worker.orders_client import TemporalOrders
from worker.servers import free_port, temporal_server
from worker.settings import Settings
from worker.stack import Stack, connect, open_stack
from worker.workers import at_work
from workflows.messages import order_workflow_id
from workflows.shown import SEARCH_ATTRIBUTES

PATIENCE = 180.0
"""Real seconds an order has to come to rest, on a machine that may be busy; a dead worker is missed after ten or so."""


@dataclass(frozen=True)
class DevServer:
    """The server. `data` is a folder with a migrated database, to be copied for each order.

    `new_database` gives the URL of another empty one, migrated; "" is the one in the copy.
    """

    address: str
    data: Path
    folder: Path
    new_database: Callable[[], str] = str
    numbers: "count[int]" = field(default_factory=count)

    async def place(self, story: Story, package: Package = TRIVSEL) -> "IsolatedOrder":
        """A stack and a namespace of their own, with one order in them."""
        name = f"place-{next(self.numbers)}"
        await self._make_namespace(name)
        folder = shutil.copytree(self.data, self.folder / name)
        settings = Settings(
            data=folder, database_url=self.new_database(), temporal_address=self.address, temporal_namespace=name
        )
        stack = open_stack(settings)
        those = {each.slug: each for each in (*stack.packages, package)}
        stack = replace(stack, packages=list(those.values()))
        return replace(await self._connected(stack, settings, begun(stack, package, story)), package=package)

    async def reconnect(self, place: "IsolatedOrder") -> "IsolatedOrder":
        """A place of another server, on this one."""
        settings = place.stack.settings.model_copy(update={"temporal_address": self.address})
        await self._make_namespace(settings.temporal_namespace)
        return await self._connected(place.stack, settings, place.order_id)

    async def _connected(self, stack: Stack, settings: Settings, order_id: OrderId) -> "IsolatedOrder":
        client = await connect(settings, stack.keys)
        return IsolatedOrder(
            stack,
            client,
            TemporalOrders(client, stack.database, stack.store, SystemClock()),
            order_id,
            Reader(stack.store),
        )

    async def _make_namespace(self, name: str) -> None:
        client = await Client.connect(self.address)
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=Duration(seconds=86_400))
        )
        attributes = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=name, search_attributes=attributes)
        )


@dataclass(frozen=True)
class IsolatedOrder:
    """One order with everything that is its own."""

    stack: Stack
    client: Client
    orders: TemporalOrders
    order_id: OrderId
    reader: Reader
    package: Package = TRIVSEL

    @property
    def events(self) -> list[Event]:
        return self.stack.store.load(self.order_id)

    @property
    def order(self) -> Order:
        return self.reader.order(self.order_id)

    @property
    def coordinator(self) -> By:
        return coordinator(self.order.coordinator)

    @property
    def consultant(self) -> By:
        assert self.order.consultant is not None
        return consultant(self.order.consultant)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """A worker, for as long as the block lasts."""
        async with at_work(self.stack, self.client, self.orders):
            yield

    async def do(self, command: AnyCommand, by: By, request_id: str) -> None:
        """Ask until there is an answer, as a person's page does."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.orders.execute(self.order_id, command, by=by, request_id=request_id)
                except Unavailable:
                    continue
                return

    async def ask(self, request: CommandRequest, by: By, request_id: str) -> None:
        """Send a request as the pages do, until there is an answer."""
        services = people.services_of(self.stack, self.orders, SystemClock())
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await submit(services, self.order_id, request, by=by, origin=TERMINAL, request_id=request_id)
                except Unavailable:
                    continue
                return

    async def until(self, *stages: Stage) -> None:
        """Wait until the order is there and nothing is due."""
        async with asyncio.timeout(PATIENCE):
            while not await self._is_at_rest(stages):
                await asyncio.sleep(0.1)

    async def _is_at_rest(self, stages: tuple[Stage, ...]) -> bool:
        order = self.order
        if order.stage not in stages or not is_at_rest(order, dt.datetime.now(dt.UTC)):
            return False
        return order.ended is None or not await self.is_running()

    async def is_running(self) -> bool:
        handle = self.client.get_workflow_handle(order_workflow_id(self.order_id))
        return (await handle.describe()).status is WorkflowExecutionStatus.RUNNING

    def outcome(self) -> "Outcome":
        """What has come of it all."""
        order = self.order
        members = list(order.members)
        with self.stack.database.read() as connection:
            made = documents.documents(connection, self.order_id)
            mails = outbox.mails(connection, self.order_id)
            shelved = {round_: result_repository.stored(connection, self.order_id, round_) for round_ in Round}
            extracts = {
                round_: register_rows.extract_of(connection, self.stack.keys, self.order_id, round_) for round_ in Round
            }
            boxes = {round_: survey_rounds.round_state(connection, self.order_id, round_) for round_ in Round}
            roll = [
                (each.round, members.index(each.person), each.issue, each.state)
                for round_ in Round
                for each in survey_roll.invitations(connection, self.order_id, round_)
            ]
        rows = {
            round_: sorted(tuple(sorted(numbers.items())) for numbers in found.rows.values())
            for round_, found in extracts.items()
        }
        return Outcome(
            story=[_in_essence(event) for event in self.events if event.type != "letters_sent"],
            letters=Counter((e.key, e.sent, e.failed) for e in self.events if e.type == "letters_sent"),
            mails=Counter((mail.occasion, mail.to) for mail in mails_in(self.stack.settings.mails)),
            outbox=Counter((mail.letter, mail.state) for mail in mails),
            documents=[(info.round, info.kind, info.version) for info in made],
            known=[
                info.id in survey.documents
                for survey in order.surveys
                for info in made
                if info.round is survey.round and info.version == survey.deck_version
            ],
            results={round_: _rounded(found.results.model_dump()) for round_, found in shelved.items() if found},
            boxes=boxes,
            roll=roll,
            rows=rows,
        )


def _in_essence(event: Event) -> dict[str, Any]:
    """What happened, without the instant and without ids made at random."""
    random = ("at", "documents", "review_until", "order", "cluster", "coordinator", "members", "consultant", "digest")
    of_texts = {"questions": {"__all__": {"text", "options"}}}
    return event.model_dump(exclude={**dict.fromkeys(random, True), **of_texts})


def _rounded(value: Any) -> Any:
    """Answers are shuffled before they are summed, which shows in the sixteenth digit."""
    match value:
        case float():
            return round(value, 9)
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
        case _:
            return value


@dataclass(frozen=True)
class Outcome:
    """Everything an order leaves behind, as far as it must not depend on a worker's death.

    Letters go beside the story: in what order they are recorded with it is chance.
    """

    story: list[dict[str, Any]]
    letters: Counter[tuple[str, int, int]]
    mails: Counter[tuple[str, str]]
    outbox: Counter[tuple[str, outbox.MailState]]
    documents: list[tuple[Round | None, str, int]]
    known: list[bool]
    results: dict[Round, Any]
    boxes: dict[Round, survey_rounds.RoundState | None]
    roll: list[tuple[Round, int, int, survey_roll.InvitationState]]
    rows: dict[Round, list[tuple[tuple[str, float], ...]]]
    """A register's, without whose they are: a practice has another id in each of these orders."""


@dataclass(frozen=True)
class Scene:
    """An order with much due at once, what people do meanwhile, and where it comes to rest."""

    story: Story
    rest: Stage
    people: Callable[[IsolatedOrder], Coroutine[Any, Any, None]] | None = None
    package: Package = TRIVSEL


async def live_all(dev_server: DevServer, scene: Scene, crashes: list[Crash]) -> list[Outcome]:
    """A scene undisturbed, then with each of the crashes; all at the same time."""
    async with asyncio.TaskGroup() as group:
        lives = [group.create_task(live(dev_server, scene, crash)) for crash in (None, *crashes)]
    return [life.result() for life in lives]


async def live(dev_server: DevServer, scene: Scene, crash: Crash | None = None) -> Outcome:
    """Live a scene to its end: with one worker, or with one that is killed and one that comes after."""
    place = await dev_server.place(scene.story, scene.package)
    try:
        await place.orders.start(place.order_id)
        meanwhile = asyncio.create_task(scene.people(place)) if scene.people else None
        if crash:
            await _see_it_die(place, crash)
        async with place.at_work():
            if meanwhile:
                await meanwhile
            await place.until(scene.rest)
        return place.outcome()
    finally:
        place.stack.close()


async def _see_it_die(place: IsolatedOrder, crash: Crash) -> None:
    worker = start_crashing_worker(place.stack.settings, crash)
    try:
        async with asyncio.timeout(PATIENCE):
            while worker.exitcode is None:
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"the worker did not get there: {crash}")
    finally:
        worker.kill()
    assert worker.exitcode == -signal.SIGKILL


@asynccontextmanager
async def a_dev_server(data: Path, folder: Path, new_database: Callable[[], str] = str) -> AsyncIterator[DevServer]:
    async with temporal_server(folder / "temporal.db", free_port(), free_port()) as server:
        yield DevServer(server.address, data, folder, new_database)
