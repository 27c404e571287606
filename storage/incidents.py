"""What the system cannot do by itself: steps that keep failing, orders that stand still. Tasks for operations."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Column, Connection, Index, Integer, String, Table, delete, func, select, update

from domain.model import OrderId
from storage.columns import Instant
from storage.database import metadata
from storage.insert_once import insert_missing

# Ids, names of steps and of exceptions; never an exception's text. Removed when the trouble is over.
incident_table = Table(
    "incident",
    metadata,
    Column("kind", String, primary_key=True),
    Column("order_id", String, primary_key=True),
    Column("step", String, primary_key=True),
    Column("reason", String(64), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Index(None, "order_id"),
)

NO_ORDER = OrderId("-")
"""What is about the system as a whole."""


class IncidentKind(StrEnum):
    STEP_FAILS = "step_fails"
    WORKFLOW_FAILED = "workflow_failed"
    OVERDUE = "overdue"
    READ_MODEL_BEHIND = "read_model_behind"
    WEBHOOK_STOPPED = "webhook_stopped"


@dataclass(frozen=True)
class Incident:
    """`step` names what fails, `reason` how (an exception's name, or a short code)."""

    kind: IncidentKind
    order_id: OrderId
    step: str
    reason: str
    attempts: int
    since: dt.datetime
    last_at: dt.datetime


def report(
    connection: Connection,
    kind: IncidentKind,
    order_id: OrderId,
    step: str,
    reason: str,
    now: dt.datetime,
    *,
    attempts: int = 1,
    since: dt.datetime | None = None,
) -> None:
    """It is so, since this instant, or is still so."""
    key = {"kind": kind.value, "order_id": order_id, "step": step}
    as_now = {"reason": reason[:64], "attempts": attempts, "last_at": now}
    if not insert_missing(connection, incident_table, [{**key, **as_now, "since": since or now}]):
        c = incident_table.c
        this = (c.kind == kind.value) & (c.order_id == order_id) & (c.step == step)
        connection.execute(update(incident_table).where(this).values(as_now))


def resolve(connection: Connection, kind: IncidentKind, order_id: OrderId, step: str | None = None) -> bool:
    """It is over: this step's, or every step's of the order. Whether there was anything."""
    c = incident_table.c
    query = delete(incident_table).where(c.kind == kind.value, c.order_id == order_id)
    if step is not None:
        query = query.where(c.step == step)
    return connection.execute(query).rowcount > 0


def incidents(connection: Connection, order_id: OrderId | None = None) -> list[Incident]:
    """What is so now, the oldest first: of one order, or of all."""
    query = select(incident_table).order_by(incident_table.c.since, incident_table.c.order_id)
    if order_id is not None:
        query = query.where(incident_table.c.order_id == order_id)
    return [
        Incident(
            IncidentKind(row.kind), OrderId(row.order_id), row.step, row.reason, row.attempts, row.since, row.last_at
        )
        for row in connection.execute(query)
    ]


def count(connection: Connection) -> dict[IncidentKind, int]:
    """How many there are of each kind; kinds without any are left out."""
    c = incident_table.c
    rows = connection.execute(select(c.kind, func.count().label("those")).group_by(c.kind))
    return {IncidentKind(row.kind): row.those for row in rows}
