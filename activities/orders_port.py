"""The orders' workflows, as the chores see them."""

from typing import Protocol

from domain.commands import AnyCommand
from domain.model import Actor, OrderId


class Orders(Protocol):
    """The orders' workflows, as far as the chores need them."""

    async def start_missing(self, orders: list[OrderId]) -> int:
        """Start a workflow for each of these that has none; how many that were."""
        ...

    async def execute(self, order_id: OrderId, command: AnyCommand, *, actor: Actor, request_id: str) -> object:
        """Give a command. Raises Rejected."""
        ...
