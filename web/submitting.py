"""Giving a command: what was written is enclosed first, so that commands carry ids only and never words."""

import datetime as dt
from dataclasses import dataclass

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from domain.by import By
from domain.commands import AnyCommand
from domain.decisions import authorise
from domain.evolution import load
from domain.model import OrderId, Rejected
from domain.order import Order
from storage import audit, enclosures, requests, retention
from storage.audit import Origin
from storage.database import Database
from storage.enclosures import enclosure_table
from storage.forgetting import forget_soon
from storage.requests import KeyReused
from web.days_off import ask_about_a_day_off
from web.orders_port import Accepted
from web.problems import Problem
from web.requests.base import CommandRequest, Context
from web.requests.catalogue import FOR_PEOPLE, submission
from web.services import Services


@dataclass(frozen=True)
class _Ready:
    """A command on its way, with its enclosure."""

    command: AnyCommand
    enclosure: str | None


async def submit(
    services: Services,
    order_id: OrderId,
    request: CommandRequest,
    *,
    by: By,
    origin: Origin,
    request_id: str,
    key: str | None = None,
) -> Accepted:
    """Give an order the command of a request. Raises Rejected, Unavailable; Problem where the request is not in order.

    `request_id` is the same for the same request alone. A `key` is its sender's own: used again for something else it
    is refused. `origin` is for the audit log. After Unavailable the enclosure stays: the command may have been taken.
    """
    now = await services.clock.now()

    def ready() -> _Ready:
        order = order_of(services, order_id)
        authorise(order, FOR_PEOPLE[request.type], by)  # before anything is looked up for it, or told of what is there
        with services.database.write() as connection:
            if key is not None:
                _take(connection, order_id, request, key, now)
            audit.note_command(connection, by, origin, now, order_id, request.type, request_id)
            sent = submission(request, Context(connection, order, services.packages.of(order), services.keys, now))
            ask_about_a_day_off(order, request, sent.command, by, now)
            return _Ready(sent.command, enclosures.enclose(connection, order_id, sent.enclosure, now))

    prepared = await run_in_threadpool(ready)
    try:
        accepted = await services.orders.execute(
            order_id, prepared.command, by=by, request_id=request_id, enclosure=prepared.enclosure
        )
    except Rejected:
        await run_in_threadpool(_drop, services.database, prepared.enclosure, now)
        await run_in_threadpool(_release, services.database, key)
        await run_in_threadpool(_withdraw, services.database, request_id)
        raise
    await run_in_threadpool(_drop, services.database, prepared.enclosure, now)  # where it was given before
    return accepted


def _withdraw(database: Database, request_id: str) -> None:
    with database.write() as connection:
        audit.withdraw(connection, request_id)


def fingerprint_of(request: CommandRequest) -> str:
    """Tells a request from another one of the same sender's own number."""
    return requests.content_hash(request.model_dump(mode="json"))[:16]


def order_of(services: Services, order_id: OrderId) -> Order:
    """The order as its stream has it. Raises Rejected where there is none."""
    order = load(services.store.load(order_id))
    if order is None:
        raise Rejected("no_such_order", "Bestillingen findes ikke.", order=order_id)
    return order


def _take(connection: Connection, order_id: OrderId, request: CommandRequest, key: str, now: dt.datetime) -> None:
    fingerprint = requests.content_hash({"order": order_id, "command": request.model_dump(mode="json")})
    try:
        requests.take_request(connection, key, fingerprint, order_id, now)
    except KeyReused:
        detail = "Denne Idempotency-Key er allerede brugt til noget andet. Brug en ny."
        raise Problem(409, "key_reused", detail) from None


def _drop(database: Database, enclosure: str | None, now: dt.datetime) -> None:
    """Nobody needs what no event points to; what is left of it in the database's files goes at night."""
    if enclosure is None:
        return
    with database.write() as connection:
        dropped = enclosures.drop(connection, enclosure)
        if dropped:
            retention.schedule_forgetting(connection, now)
    if dropped:
        forget_soon(database, enclosure_table)


def _release(database: Database, key: str | None) -> None:
    """A refused request leaves its sender's key free for the corrected one."""
    if key is not None:
        with database.write() as connection:
            requests.release_request(connection, key)
