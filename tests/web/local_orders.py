"""Orders without Temporal: the real decide and the real store, in this process."""

from dataclasses import dataclass, field

from fastapi.concurrency import run_in_threadpool

from domain.commands import AnyCommand, Command, authorise
from domain.decisions import decide
from domain.evolution import load
from domain.model import Actor, Rejected
from domain.order import Order
from storage.database import Database
from storage.event_store import EventStore
from tests.web.hand_clock import HandClock
from web.orders_port import Accepted, Unavailable


@dataclass
class LocalOrders:
    """What the workflow's one door does, and nothing of what the workflow does by itself."""

    database: Database
    clock: HandClock
    started: list[str] = field(default_factory=list)
    seen: list[tuple[str, AnyCommand]] = field(default_factory=list)
    reachable: bool = True

    def __post_init__(self) -> None:
        self.store = EventStore(self.database)
        self._answers: dict[str, Accepted] = {}

    async def start(self, order_id: str) -> None:
        if not self.reachable:
            raise Unavailable
        self.started.append(order_id)

    async def execute(self, order_id: str, command: AnyCommand, *, actor: Actor, request_id: str) -> Accepted:
        if not self.reachable:
            raise Unavailable
        if request_id in self._answers:
            return self._answers[request_id]
        self.seen.append((request_id, command))
        accepted = await run_in_threadpool(self.give, order_id, command, actor)
        self._answers[request_id] = accepted
        return accepted

    def give(self, order_id: str, command: Command, actor: Actor = Actor.SYSTEM) -> Accepted:
        """The command's events, appended."""
        order = self.order(order_id)
        authorise(command, actor)
        now = self.clock.instant
        events = decide(order, command, now)
        if events:
            self.store.append(order_id, order.version, events, actor=actor.value, now=now)
        after = self.order(order_id)
        return Accepted(after.version, after.stage.value)

    def order(self, order_id: str) -> Order:
        order = load(self.store.load(order_id))
        if order is None:
            raise Rejected("no_such_order", "Bestillingen findes ikke.", order=order_id)
        return order
