"""The maintenance jobs, which Temporal's schedules start in production: its time-skipping server has none."""

import datetime as dt
from collections.abc import Iterator, Mapping

from temporalio.client import Client

from activities.maintenance import MaintenanceJob
from domain.meeting import at, danish
from workflows.maintenance import MaintenanceWorkflow
from workflows.messages import TASK_QUEUE

TIMES: Mapping[MaintenanceJob, dt.time] = {
    MaintenanceJob.NIGHTLY_ERASURE: dt.time(4, 10),
    MaintenanceJob.SWEEP: dt.time(8, 0),
    MaintenanceJob.MORNING_DIGEST: dt.time(8, 35),
}
"""Danish time, each day. The sweep, four times an hour in production, once: nothing is lost while time stands still."""


class Chores:
    """Knows what ran last, and has the jobs run by the system's own worker."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.queue = TASK_QUEUE
        self.last: dict[MaintenanceJob, dt.datetime] = {}

    def next_after(self, now: dt.datetime) -> dt.datetime:
        """When the next of them is due."""
        return min(self.due(job, now) for job in TIMES)

    def due(self, job: MaintenanceJob, now: dt.datetime) -> dt.datetime:
        """When this one is due next."""
        today = danish(now).date()
        moments = (at(today + dt.timedelta(days=days), TIMES[job]) for days in (0, 1))
        return next(moment for moment in moments if moment > now)

    async def do(self, since: dt.datetime, now: dt.datetime) -> None:
        """What has become due after `since`, in order. Raises WorkflowFailureError where one fails."""
        for due, job in sorted(self._between(since, now)):
            await self.client.execute_workflow(
                MaintenanceWorkflow.run,
                job,
                id=f"maintenance-{job}-{due.astimezone(dt.UTC):%Y%m%dT%H%M}",
                task_queue=self.queue,
            )
            self.last[job] = due

    def _between(self, since: dt.datetime, now: dt.datetime) -> Iterator[tuple[dt.datetime, MaintenanceJob]]:
        for job in TIMES:
            if (due := self.due(job, since)) <= now:
                yield due, job
