"""Loading and appending an order's stream for its workflow."""

import datetime as dt

from pydantic import AwareDatetime, BaseModel
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from domain.events import Event
from domain.model import OrderId
from storage.event_store import Conflict, EventStore

CONFLICT = "Conflict"
"""The `ApplicationError.type` of an append that somebody else was before."""


class LoadStream(BaseModel):
    """Which order, and the version after which its events are wanted."""

    order: OrderId
    after: int = 0


class StreamPart(BaseModel):
    """Events in order, each with the request that caused it."""

    events: list[Event]
    causes: list[str | None]


class AppendEvents(BaseModel):
    """Events to add after version `expected`. `cause` names the request, so that a retry finds its own work."""

    order: OrderId
    expected: int
    events: list[Event]
    actor: str
    cause: str
    now: AwareDatetime


class OrderActivities:
    """Reads and writes streams."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    @activity.defn
    def load_stream(self, wanted: LoadStream) -> StreamPart:
        """The order's events after a version."""
        recorded = self._store.load_recorded(wanted.order, wanted.after)
        return StreamPart(events=[r.event for r in recorded], causes=[r.causation_id for r in recorded])

    @activity.defn
    def append_events(self, append: AppendEvents) -> int:
        """Appends, or finds the same events already there. Gives the new version; Conflict where others came first."""
        try:
            return self._store.append(
                append.order,
                append.expected,
                append.events,
                actor=append.actor,
                now=append.now.astimezone(dt.UTC),
                causation=append.cause,
            )
        except Conflict as conflict:
            raise ApplicationError(
                str(conflict), type=CONFLICT, non_retryable=True, category=ApplicationErrorCategory.BENIGN
            ) from None
