"""The maintenance schedules: made where they lack, brought up to date where they stand. A paused one stays paused."""

from collections.abc import Callable
from dataclasses import replace

from temporalio.client import Client, ScheduleAlreadyRunningError, ScheduleUpdate, ScheduleUpdateInput

from activities.maintenance import MaintenanceJob
from workflows.maintenance import schedule_id, schedule_of


async def keep_schedules(client: Client) -> None:
    """One schedule a job, as the code says now."""
    for job in MaintenanceJob:
        try:
            await client.create_schedule(schedule_id(job), schedule_of(job))
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(schedule_id(job)).update(_as_now(job))


def _as_now(job: MaintenanceJob) -> Callable[[ScheduleUpdateInput], ScheduleUpdate]:
    def update(stands: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(schedule=replace(schedule_of(job), state=stands.description.schedule.state))

    return update
