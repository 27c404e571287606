"""The chores: starting what was missed, closing full rounds, the morning's digest, erasing what is past its time."""

import asyncio
import datetime as dt
from enum import StrEnum

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.calling_back import CallingBack
from activities.dependencies import Dependencies
from activities.digest import Digest
from activities.erasing import Erasing
from activities.orders_port import Orders
from domain.calendar import is_working_day
from domain.commands import CloseSurvey
from domain.meeting import danish
from domain.model import Actor, OrderId
from domain.order import Survey
from storage import outbox, survey_roll, survey_rounds
from storage.open_orders import all_open
from storage.unfinished import unfinished

ORPHANED_AFTER = dt.timedelta(hours=3)
NAMED = 5
"""Failures that an error names, by id."""


class MaintenanceJob(StrEnum):
    SWEEP = "sweep"
    MORNING_DIGEST = "morning_digest"
    NIGHTLY_ERASURE = "nightly_erasure"


class HousekeepingActivities:
    """Each chore is safe to repeat, and safe to miss."""

    def __init__(self, dependencies: Dependencies, orders: Orders) -> None:
        self._deps = dependencies
        self._orders = orders
        self._calling_back = CallingBack(dependencies, orders)
        self._digest = Digest(dependencies)
        self._erasing = Erasing(dependencies)

    @activity.defn
    async def run_job(self, chore: MaintenanceJob) -> str:
        """Do it; what was done, in counts."""
        now = activity.info().started_time.astimezone(dt.UTC)
        match chore:
            case MaintenanceJob.SWEEP:
                return await self.sweep(now)
            case MaintenanceJob.MORNING_DIGEST:
                return await self.morning(now)
            case MaintenanceJob.NIGHTLY_ERASURE:
                return await asyncio.to_thread(self._erasing.erase_what_is_due, now)

    async def sweep(self, now: dt.datetime) -> str:
        """Start workflows that are missing; call mail of unknown fate by its name, and back what never left."""
        orphans = await asyncio.to_thread(self._settle_orphans, now)
        started = await self._orders.start_missing(await asyncio.to_thread(unfinished, self._deps.database))
        called_back, failures = await self._calling_back.call_back()
        done = f"{started} workflows started, {orphans} mails of unknown fate, {called_back} letters called back"
        if failures:
            raise ApplicationError(f"{done}; failed: {', '.join(failures[:NAMED])}", type="SweepToRetry")
        return done

    def _settle_orphans(self, now: dt.datetime) -> int:
        with self._deps.database.write() as connection:
            return outbox.settle_orphans(connection, now - ORPHANED_AFTER)

    async def morning(self, now: dt.datetime) -> str:
        """On a working day: close the rounds everyone has answered, and send staff their list."""
        if not is_working_day(danish(now).date()):
            return "a day off"
        closed, failures = 0, list[str]()
        for order_id in await asyncio.to_thread(all_open, self._deps.database):
            try:
                closed += await self._close_if_full(OrderId(order_id), now)
            except Exception as error:  # noqa: BLE001 - one order's trouble is not the others'
                failures.append(f"{order_id} {type(error).__name__}")
        sent, unsent = await asyncio.to_thread(self._digest.send_all, now)
        if failures := failures + unsent:
            msg = f"{closed} full rounds closed, {sent} digests sent; failed: {', '.join(failures[:NAMED])}"
            raise ApplicationError(msg, type="MorningToRetry")
        return f"{closed} full rounds closed, {sent} digests sent"

    async def _close_if_full(self, order_id: OrderId, now: dt.datetime) -> int:
        survey = await asyncio.to_thread(self._full_survey, order_id)
        if survey is None:
            return 0
        command = CloseSurvey(round=survey.round, why="everyone_answered")
        request = f"full-{survey.round}-{survey.extensions}-{danish(now).date()}"
        await self._orders.execute(order_id, command, actor=Actor.SYSTEM, request_id=request)
        return 1

    def _full_survey(self, order_id: OrderId) -> Survey | None:
        survey = self._deps.order(order_id).open_survey
        if survey is None:
            return None
        with self._deps.database.read() as connection:
            if survey_rounds.round_state(connection, order_id, survey.round) is None:
                return None
            found = survey_roll.turnout(connection, order_id, survey.round)
        return survey if 0 < found.invited <= found.answers else None
