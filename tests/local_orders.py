"""Orders without Temporal: the activity by which production decides and records, called in this process."""

from dataclasses import dataclass, field

from fastapi.concurrency import run_in_threadpool

from activities.dependencies import Dependencies
from activities.orders import CarryOut, OrderActivities
from domain.by import SYSTEM, By
from domain.commands import AnyCommand
from domain.model import OrderId, Rejected
from domain.order import Order
from storage.ids import new_id
from tests.hand_clock import HandClock
from web.orders_port import Accepted, Unavailable


@dataclass
class LocalOrders:
    """What the workflow's one door does, and nothing of what the workflow does by itself."""

    work: Dependencies
    clock: HandClock
    started: list[str] = field(default_factory=list)
    seen: list[tuple[str, AnyCommand]] = field(default_factory=list)
    answered: list[AnyCommand] = field(default_factory=list)
    """What came from outside and has been answered, whatever was said."""
    reachable: bool = True

    def __post_init__(self) -> None:
        self._door = OrderActivities(self.work)

    async def start(self, order_id: OrderId) -> None:
        if not self.reachable:
            raise Unavailable
        self.started.append(order_id)

    async def execute(
        self, order_id: OrderId, command: AnyCommand, *, by: By, request_id: str, enclosure: str | None = None
    ) -> Accepted:
        try:
            if not self.reachable:
                raise Unavailable
            self.seen.append((request_id, command))
            return await run_in_threadpool(self._carry_out, order_id, command, by, request_id, enclosure)
        finally:
            self.answered.append(command)

    def give(self, order_id: str, *commands: AnyCommand, by: By = SYSTEM) -> Accepted:
        """Commands with nothing beside them, now. Raises Rejected."""
        for command in commands:
            accepted = self._carry_out(OrderId(order_id), command, by, new_id())
        return accepted

    def _carry_out(
        self, order_id: OrderId, command: AnyCommand, by: By, request_id: str, enclosure: str | None = None
    ) -> Accepted:
        known = self.work.store.version(order_id)
        if not known:
            raise Rejected("no_such_order", "Bestillingen findes ikke.", order=order_id)
        done = self._door.carry_out(
            CarryOut(
                order=order_id,
                known=known if by != SYSTEM else 0,
                now=self.clock.instant,
                commands=(command,),
                by=by,
                cause=request_id,
                enclosure=enclosure,
            )
        )
        if done.refusal is not None:
            raise Rejected(done.refusal.code, done.refusal.message, **done.refusal.facts)
        return Accepted(done.outlook.version, done.outlook.shown.stage)

    def order(self, order_id: str) -> Order:
        """As the stream has it."""
        return self.work.order(OrderId(order_id))
