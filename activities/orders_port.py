"""The orders' workflows, as maintenance sees them."""

from typing import Protocol

from domain.by import By
from domain.commands import AnyCommand
from domain.model import OrderId


class Orders(Protocol):
    """The orders' workflows, as far as maintenance needs them."""

    async def start_missing(self, orders: list[OrderId]) -> int:
        """Start a workflow for each of these that has none; how many that were."""
        ...

    async def look_again(self, order_id: OrderId) -> None:
        """Something has changed beside the stream: the order's workflow looks at it. Raises Unavailable."""
        ...

    async def execute(self, order_id: OrderId, command: AnyCommand, *, by: By, request_id: str) -> object:
        """Give a command. Raises Rejected."""
        ...
