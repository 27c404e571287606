"""The one door to running orders. `worker/` implements it on the Temporal client."""

from dataclasses import dataclass
from typing import Protocol

from domain.by import By
from domain.commands import AnyCommand
from domain.model import OrderId


@dataclass(frozen=True)
class Accepted:
    """The order after a command: how many events it has, and its stage."""

    version: int
    stage: str


class Unavailable(Exception):  # noqa: N818 - a state of the world, named as one
    """The order's workflow could not be reached. The command may still have been taken: ask again with the same id."""


class Orders(Protocol):
    """Starts orders and gives them commands."""

    async def start(self, order_id: OrderId) -> None:
        """Start the order's workflow; nothing happens where it runs already. Raises Unavailable."""

    async def execute(
        self, order_id: OrderId, command: AnyCommand, *, by: By, request_id: str, enclosure: str | None = None
    ) -> Accepted:
        """Give a command, with what was written beside it. The same `request_id` again is the same command.

        Raises domain.model.Rejected with the domain's message, or Unavailable.
        """
