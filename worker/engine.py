"""The engine as the console is shown it: what Temporal says of our queues and schedules."""

import asyncio
from collections.abc import Iterable

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, GetSystemInfoRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.maintenance import MaintenanceJob
from web.engine_port import EngineReport, QueueReport, ScheduleReport
from web.orders_port import Unavailable
from workflows.maintenance import schedule_id
from workflows.messages import MAIL_QUEUE, TASK_QUEUE

ACTIVITY, WORKFLOW = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
QUEUES: dict[str, tuple[str, "TaskQueueType.ValueType"]] = {
    "orders": (TASK_QUEUE, WORKFLOW),
    "work": (TASK_QUEUE, ACTIVITY),
    "mail": (MAIL_QUEUE, ACTIVITY),
}


class TemporalEngine:
    """Asks Temporal, all at once."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def report(self) -> EngineReport:
        """How it is now. Raises Unavailable."""
        try:
            about, running, queues, schedules = await asyncio.gather(
                self._client.workflow_service.get_system_info(GetSystemInfoRequest()),
                self._client.count_workflows("WorkflowType='Order' AND ExecutionStatus='Running'"),
                asyncio.gather(*(self._queue(name) for name in QUEUES)),
                asyncio.gather(*(self._schedule(job) for job in MaintenanceJob)),
            )
        except (RPCError, RuntimeError) as error:  # a client that connects lazily, and has not yet, has a RuntimeError
            raise Unavailable("Temporal does not answer") from error
        return EngineReport(about.server_version, running.count, tuple(queues), tuple(_there(schedules)))

    async def _queue(self, name: str) -> QueueReport:
        queue, kind = QUEUES[name]
        request = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=kind,
            report_stats=True,
        )
        found = await self._client.workflow_service.describe_task_queue(request)
        workers = {poller.identity for poller in found.pollers}
        oldest = found.stats.approximate_backlog_age.ToTimedelta()
        return QueueReport(name, len(workers), int(found.stats.approximate_backlog_count), oldest)

    async def _schedule(self, job: MaintenanceJob) -> ScheduleReport | None:
        try:
            found = await self._client.get_schedule_handle(schedule_id(job)).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        ran = [action.started_at for action in found.info.recent_actions]
        return ScheduleReport(
            job.value,
            max(ran, default=None),
            min(found.info.next_action_times, default=None),
            found.schedule.state.paused,
        )


def _there(schedules: Iterable[ScheduleReport | None]) -> Iterable[ScheduleReport]:
    return (each for each in schedules if each is not None)
