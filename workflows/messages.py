"""What crosses the border of an order's workflow, and the ids that name it."""

from pydantic import BaseModel

from domain.by import By
from domain.commands import AnyCommand
from domain.model import OrderId
from domain.outlook import Outlook

TASK_QUEUE = "klyngeflow"
MAIL_QUEUE = "klyngeflow-mail"
"""Letters have a queue of their own: nobody's command waits behind a round of mail."""
WEBHOOK_QUEUE = "klyngeflow-webhooks"
"""So have webhooks: no order and no mail waits behind a slow receiver."""


def order_workflow_id(order: OrderId) -> str:
    """The one workflow id an order has."""
    return f"order-{order}"


def webhook_workflow_id(subscription: str) -> str:
    """The one workflow id a subscription has."""
    return f"webhook-{subscription}"


class StartOrder(BaseModel):
    """The workflow's only argument.

    `outlook` is what is so as it starts. `chapter` counts its runs: a new one begins before the long wait, and where
    Temporal suggests it. `shown` is what the search attributes say already.
    """

    outlook: Outlook
    chapter: int = 1
    shown: str


class Execute(BaseModel):
    """A person's command to an order. `enclosure` has what they wrote beside it (`storage/enclosures.py`)."""

    command: AnyCommand
    by: By
    enclosure: str | None = None


class Accepted(BaseModel):
    """The order after a command: how many events it has, and its stage."""

    version: int
    stage: str


REJECTED = "Rejected"
"""The `ApplicationError.type` of a domain refusal; its details are the code and the facts."""
