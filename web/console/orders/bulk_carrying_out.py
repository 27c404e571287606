"""Carrying out one change to many orders: each by a command of its own, with a request's id of its own.

A process that dies in the middle leaves orders without an outcome. Asked again, an order that had been changed already
finds its own request in its stream, and nothing happens twice.
"""

from collections.abc import Sequence

from fastapi.concurrency import run_in_threadpool

from domain.events import LettersSent
from domain.evolution import load
from domain.history import entry_of
from domain.model import OrderId, Rejected
from domain.words import past_line
from storage import bulk_changes
from storage.audit import Origin
from storage.bulk_changes import BulkChange, BulkRow, Outcome
from storage.outage import DatabaseUnavailable
from storage.recorded import Recorded
from web import outages
from web.console.orders.bulk_actions import NOT_OPEN, Asked
from web.console.principal import Principal
from web.orders_port import Unavailable
from web.problems import Problem
from web.services import Services
from web.submitting import submit

AT_A_TIME = 50
"""Orders that one press carries out; for the rest one presses again."""


async def carry_out(services: Services, me: Principal, found: BulkChange, origin: Origin) -> None:
    """The next orders that have had no turn. Stops, for another press, where an order can't be reached now."""
    now = await services.clock.now()

    def begin() -> None:
        with services.database.write() as connection:
            bulk_changes.begin(connection, found.id, now)

    await run_in_threadpool(begin)
    chosen = Asked(found.action or "", found.facts)
    for row in found.left[:AT_A_TIME]:
        try:
            outcome, told = await _change(services, me, found, row, chosen, origin)
        except (Unavailable, DatabaseUnavailable) as unavailable:
            outages.tell(unavailable)
            return
        await run_in_threadpool(_settle, services, found.id, row.order_id, outcome, told)


async def _change(
    services: Services, me: Principal, found: BulkChange, row: BulkRow, chosen: Asked, origin: Origin
) -> tuple[Outcome, str]:
    """Change one order, unless somebody else has since it was looked at."""
    request_id = f"bulk/{found.id}/{row.order_id}"
    order = await run_in_threadpool(lambda: load(services.store.load(row.order_id)))
    if order is None:
        return Outcome.REFUSED, "Bestillingen findes ikke mere."
    since = await run_in_threadpool(services.store.load_recorded, row.order_id, row.version)
    if _has_done(since, request_id):
        return Outcome.DONE, ""
    if changed := _told(since):
        return Outcome.CHANGED, changed
    request = chosen.request(order)
    if request is None:
        return Outcome.REFUSED, NOT_OPEN
    try:
        await submit(services, row.order_id, request, by=me.by, origin=origin, request_id=request_id)
    except Rejected as rejected:
        return Outcome.REFUSED, rejected.message
    except Problem as problem:
        return Outcome.REFUSED, " ".join(each.detail for each in problem.body.errors) or problem.body.detail
    since = await run_in_threadpool(services.store.load_recorded, row.order_id, row.version)
    return (Outcome.DONE, "") if _has_done(since, request_id) else (Outcome.SO_ALREADY, "")


def _has_done(since: Sequence[Recorded], request_id: str) -> bool:
    """Whether this very request is among what has happened."""
    return any(each.causation_id == request_id for each in since)


def _told(since: Sequence[Recorded]) -> str:
    """What people and time have done to the order; mail that left is no change of it."""
    told = [entry_of(each.event) for each in since if not isinstance(each.event, LettersSent)]
    return ". ".join(past_line(each.code, each.facts) for each in told)


def _settle(services: Services, bulk_id: str, order_id: OrderId, outcome: Outcome, told: str) -> None:
    with services.database.write() as connection:
        bulk_changes.settle(connection, bulk_id, order_id, outcome, told)
