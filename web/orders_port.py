"""The one door to running orders. `worker/` implements it on the Temporal client."""

from dataclasses import dataclass
from typing import Protocol

from domain.commands import AnyCommand
from domain.model import Actor


@dataclass(frozen=True)
class Accepted:
    """The order after a command: how many events it has, and its stage."""

    version: int
    stage: str


class Unavailable(Exception):  # noqa: N818 - a state of the world, named as one
    """The order's workflow could not be reached. The command may still have been taken: ask again with the same id."""


class Orders(Protocol):
    """Starts orders and gives them commands."""

    async def start(self, order_id: str) -> None:
        """Start the order's workflow; nothing happens where it runs already. Raises Unavailable."""

    async def execute(self, order_id: str, command: AnyCommand, *, actor: Actor, request_id: str) -> Accepted:
        """Give a command. The same `request_id` again is the same command, not a second one.

        Raises domain.model.Rejected with the domain's message, or Unavailable.
        """
