"""The household chores, started by Temporal Schedules: the sweep, the morning round, the night's erasing."""

import datetime as dt

from temporalio import workflow
from temporalio.client import Schedule, ScheduleActionStartWorkflow, ScheduleOverlapPolicy, SchedulePolicy, ScheduleSpec
from temporalio.common import RetryPolicy

from workflows.messages import TASK_QUEUE

with workflow.unsafe.imports_passed_through():
    from activities.housekeeping import HousekeepingActivities, MaintenanceJob

A_CHORE = dt.timedelta(minutes=10)
TRY = RetryPolicy(maximum_attempts=3)


@workflow.defn(name="Housekeeping")
class HousekeepingWorkflow:
    """One chore, once."""

    @workflow.run
    async def run(self, chore: MaintenanceJob) -> str:
        """What was done, in counts."""
        done: str = await workflow.execute_activity_method(
            HousekeepingActivities.run_job, chore, start_to_close_timeout=A_CHORE, retry_policy=TRY
        )
        workflow.set_current_details(done)
        return done


SPECS: dict[MaintenanceJob, ScheduleSpec] = {
    MaintenanceJob.SWEEP: ScheduleSpec(cron_expressions=["*/15 * * * *"]),
    MaintenanceJob.MORNING_DIGEST: ScheduleSpec(
        cron_expressions=["35 8 * * MON-FRI"], time_zone_name="Europe/Copenhagen"
    ),
    MaintenanceJob.NIGHTLY_ERASURE: ScheduleSpec(cron_expressions=["10 2 * * *"], time_zone_name="Europe/Copenhagen"),
}


def schedule_id(chore: MaintenanceJob) -> str:
    """The one schedule a chore has."""
    return f"klyngeflow-{chore}"


def schedule_of(chore: MaintenanceJob) -> Schedule:
    """The chore's Temporal Schedule. One at a time; what a stand-still made late is done once, not many times."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            HousekeepingWorkflow.run, chore, id=f"chore-{chore}", task_queue=TASK_QUEUE, execution_timeout=3 * A_CHORE
        ),
        spec=SPECS[chore],
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=dt.timedelta(hours=12)),
    )
