"""Maintenance, started by Temporal Schedules: the sweep, the morning digest, the nightly erasure."""

import datetime as dt

from temporalio import workflow
from temporalio.client import Schedule, ScheduleActionStartWorkflow, ScheduleOverlapPolicy, SchedulePolicy, ScheduleSpec
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.maintenance import MaintenanceActivities, MaintenanceJob
    from workflows.messages import TASK_QUEUE

A_JOB = dt.timedelta(minutes=10)
TRY = RetryPolicy(maximum_attempts=3)


@workflow.defn(name="Maintenance")
class MaintenanceWorkflow:
    """One job, once."""

    @workflow.run
    async def run(self, job: MaintenanceJob) -> str:
        """What was done, in counts."""
        done: str = await workflow.execute_activity_method(
            MaintenanceActivities.run_job, job, start_to_close_timeout=A_JOB, retry_policy=TRY
        )
        workflow.set_current_details(done)
        return done


SPECS: dict[MaintenanceJob, ScheduleSpec] = {
    MaintenanceJob.SWEEP: ScheduleSpec(cron_expressions=["*/15 * * * *"]),
    MaintenanceJob.MORNING_DIGEST: ScheduleSpec(
        cron_expressions=["35 8 * * MON-FRI"], time_zone_name="Europe/Copenhagen"
    ),
    # Not between 2 and 3, an hour that one night of the year has not and another has twice.
    MaintenanceJob.NIGHTLY_ERASURE: ScheduleSpec(cron_expressions=["10 4 * * *"], time_zone_name="Europe/Copenhagen"),
}


def schedule_id(job: MaintenanceJob) -> str:
    """The one schedule a job has."""
    return f"klyngeflow-{job}"


def schedule_of(job: MaintenanceJob) -> Schedule:
    """The job's Temporal Schedule. One at a time; what an outage made late is done once, not many times."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            MaintenanceWorkflow.run, job, id=f"maintenance-{job}", task_queue=TASK_QUEUE, execution_timeout=3 * A_JOB
        ),
        spec=SPECS[job],
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=dt.timedelta(hours=12)),
    )
