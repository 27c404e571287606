"""The chores' schedules: made where they lack, brought up to date where they stand. A paused one stays paused."""

from collections.abc import Callable
from dataclasses import replace

from temporalio.client import Client, ScheduleAlreadyRunningError, ScheduleUpdate, ScheduleUpdateInput

from activities.maintenance import MaintenanceJob
from workflows.maintenance import schedule_id, schedule_of


async def keep_schedules(client: Client) -> None:
    """One schedule a chore, as the code says now."""
    for chore in MaintenanceJob:
        try:
            await client.create_schedule(schedule_id(chore), schedule_of(chore))
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(schedule_id(chore)).update(_as_now(chore))


def _as_now(chore: MaintenanceJob) -> Callable[[ScheduleUpdateInput], ScheduleUpdate]:
    def update(stands: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(schedule=replace(schedule_of(chore), state=stands.description.schedule.state))

    return update
