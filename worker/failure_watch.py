"""Sees activities that fail: each is logged without personal data; one that keeps failing is a task for operations."""

import asyncio
import datetime as dt
import logging
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory, CancelledError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from activities.failures import without_personal_data
from activities.orders import STREAM_CUT
from domain.model import OrderId
from storage import incidents
from storage.database import Database
from storage.incidents import NO_ORDER, IncidentKind

KEEPS_FAILING = 3
"""Attempts after which a step that fails is a task for operations."""

LOGGER = logging.getLogger("worker.activities")


class FailureWatch(Interceptor):
    """For a worker's `interceptors`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _Watched(next, self._database)


class _Watched(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, database: Database) -> None:
        super().__init__(following)
        self._database = database

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - the SDK's
        info, order_id = activity.info(), _order_of(input)
        try:
            result = await self.next.execute_activity(input)
        except (CancelledError, asyncio.CancelledError):
            raise
        except Exception as error:
            await asyncio.to_thread(self._failed, info, order_id, error)
            raise
        if info.attempt >= KEEPS_FAILING:
            await asyncio.to_thread(self._worked, info.activity_type, order_id)
        return result

    def _failed(self, info: activity.Info, order_id: OrderId, error: Exception) -> None:
        if isinstance(error, ApplicationError) and error.category is ApplicationErrorCategory.BENIGN:
            return
        told = without_personal_data(error)
        is_typed = isinstance(error, ApplicationError) and error.type
        name = str(error.type) if isinstance(error, ApplicationError) and is_typed else type(error).__name__
        LOGGER.warning("%s of order %s failed (attempt %d): %s", info.activity_type, order_id, info.attempt, told)
        kind = IncidentKind.WORKFLOW_FAILED if name == STREAM_CUT else IncidentKind.STEP_FAILS
        if kind is IncidentKind.WORKFLOW_FAILED or info.attempt >= KEEPS_FAILING:
            self._report(kind, order_id, info, name)

    def _report(self, kind: IncidentKind, order_id: OrderId, info: activity.Info, name: str) -> None:
        now = dt.datetime.now(dt.UTC)
        try:
            with self._database.write() as connection:
                incidents.report(connection, kind, order_id, info.activity_type, name, now, attempts=info.attempt)
        except Exception as error:  # noqa: BLE001 - the database may be the very thing that fails
            LOGGER.warning("that can't be noted: %s", without_personal_data(error))

    def _worked(self, step: str, order_id: OrderId) -> None:
        with self._database.write() as connection:
            incidents.resolve(connection, IncidentKind.STEP_FAILS, order_id, step)


def _order_of(given: ExecuteActivityInput) -> OrderId:
    order = getattr(given.args[0], "order", None) if given.args else None
    return OrderId(order) if isinstance(order, str) else NO_ORDER
