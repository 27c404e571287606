"""What crosses the border of an order's workflow, and the ids that name it."""

from pydantic import BaseModel

from domain.commands import AnyCommand
from domain.model import Actor, OrderId

TASK_QUEUE = "klyngeflow"


def order_workflow_id(order: OrderId) -> str:
    """The one workflow id an order has."""
    return f"order-{order}"


class StartOrder(BaseModel):
    """The workflow's only argument.

    `chapter` counts its runs: a new one begins before the long wait. `shown` is what the search attributes say already.
    """

    order: OrderId
    chapter: int = 1
    shown: str = ""


class Execute(BaseModel):
    """A person's command to an order."""

    command: AnyCommand
    actor: Actor


class Accepted(BaseModel):
    """The order after a command: how many events it has, and its stage."""

    version: int
    stage: str


REJECTED = "Rejected"
"""The `ApplicationError.type` of a domain refusal; its details are the code and the facts."""
