"""What a subscriber to the log is told of an event. Public, as the API is: fields are added, never changed."""

from pydantic import AwareDatetime, ConfigDict, Field

from domain.by import By, Capacity
from domain.events import Event
from domain.model import Frozen, OrderId

KIAPS_OWN = frozenset({Capacity.CONSULTANT, Capacity.OPERATIONS, Capacity.ADMINISTRATOR})


class ToldBy(Frozen):
    """In which capacity somebody acted. Who it was is told of KiAP's own alone, by their id."""

    role: Capacity
    who: str | None = Field(None, description="The id of one of KiAP's own; null for everybody else.")


class WebhookEvent(Frozen):
    """One event. Its `id` and all the rest are the same however often it is sent."""

    model_config = ConfigDict(json_schema_extra=lambda shape: shape.pop("additionalProperties", None))

    id: str = Field(description="The event's own id, which is the header `webhook-id` too.")
    type: str = Field(description="What happened: the same as `data.type`.")
    timestamp: AwareDatetime = Field(description="When it was recorded.")
    order: OrderId
    version: int = Field(description="Its place in the order: 1, 2, 3 … without gaps, and sent in this order.")
    position: int = Field(description="Its place in the log of all orders.")
    by: ToldBy
    data: Event = Field(description="The event as the log has it: ids, dates, counts and choices.")


def told_by(by: By) -> ToldBy:
    """A doctor's id stays here, and so does the name of an API key."""
    return ToldBy(role=by.role, who=by.who if by.role in KIAPS_OWN else None)
