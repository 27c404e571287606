"""The workers: orders and maintenance, mail, webhooks, each on its task queue, in this process or each in its own."""

from collections.abc import AsyncIterator, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from enum import StrEnum

from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.worker import PollerBehaviorAutoscaling, Worker, WorkerDeploymentConfig

from activities.deck import DeckActivities
from activities.maintenance import MaintenanceActivities
from activities.notify import LetterActivities
from activities.orders import OrderActivities
from activities.steps import StepActivities
from activities.webhooks import WebhookActivities
from storage.subscriptions import MOST_SUBSCRIPTIONS
from worker.build import DEPLOYMENT, build_id
from worker.failure_watch import FailureWatch
from worker.log_watch import watching
from worker.orders_client import TemporalOrders
from worker.stack import Stack
from workflows.maintenance import MaintenanceWorkflow
from workflows.messages import MAIL_QUEUE, TASK_QUEUE, WEBHOOK_QUEUE
from workflows.order import OrderWorkflow
from workflows.webhook import WebhookWorkflow

CACHED_WORKFLOWS = 300
"""About 0.3 MB each; any other is read anew from its history when its time comes, in some 50 ms."""
WORKFLOW_TASKS = 16
"""At the same time: they share one processor, so more at once only bring each nearer to its time limit."""
LONG_ACTIVITIES, SHORT_ACTIVITIES, ROUNDS_OF_MAIL = 8, 8, 8
"""Decks have their own share of the threads, so that reads and appends never wait; mail has its queue."""
GRACE = timedelta(seconds=25)
"""Longer than handing over a mail takes: a stop in the middle of a round leaves none of unknown outcome."""


class Queue(StrEnum):
    """What a worker process works on."""

    ORDERS = "orders"
    MAIL = "mail"
    WEBHOOKS = "webhooks"


@asynccontextmanager
async def at_work(
    stack: Stack, client: Client, orders: TemporalOrders, queues: Collection[Queue] = tuple(Queue)
) -> AsyncIterator[None]:
    """Workers on these queues for as long as the block lasts; at its end they finish what they hold."""
    makers = {Queue.ORDERS: orders_worker, Queue.MAIL: mail_worker, Queue.WEBHOOKS: webhook_worker}
    async with AsyncExitStack() as workers:
        for queue in queues:
            await workers.enter_async_context(makers[queue](stack, client, orders))
        if Queue.WEBHOOKS in queues:
            await workers.enter_async_context(watching(client, stack.database))
        yield


def orders_worker(stack: Stack, client: Client, orders: TemporalOrders) -> Worker:
    """Workflows, and every activity but mail."""
    work = stack.dependencies
    order, steps, deck = OrderActivities(work), StepActivities(work), DeckActivities(work)
    maintenance = MaintenanceActivities(work, orders)
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[OrderWorkflow, MaintenanceWorkflow],
        activities=[
            order.carry_out,
            steps.take_due_steps,
            deck.make_deck,
            maintenance.run_job,
        ],
        interceptors=[FailureWatch(stack.database)],
        activity_executor=ThreadPoolExecutor(LONG_ACTIVITIES + SHORT_ACTIVITIES, thread_name_prefix="activity"),
        max_cached_workflows=CACHED_WORKFLOWS,
        max_concurrent_workflow_tasks=WORKFLOW_TASKS,
        max_concurrent_activities=LONG_ACTIVITIES,
        max_concurrent_local_activities=SHORT_ACTIVITIES,
        graceful_shutdown_timeout=GRACE,
        deployment_config=_this_code(),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    )


def mail_worker(stack: Stack, client: Client, _orders: TemporalOrders) -> Worker:
    """Letters."""
    letters = LetterActivities(stack.dependencies)
    return Worker(
        client,
        task_queue=MAIL_QUEUE,
        activities=[letters.send_letters],
        interceptors=[FailureWatch(stack.database)],
        activity_executor=ThreadPoolExecutor(ROUNDS_OF_MAIL, thread_name_prefix="mail"),
        max_concurrent_activities=ROUNDS_OF_MAIL,
        graceful_shutdown_timeout=GRACE,
        deployment_config=_this_code(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    )


def webhook_worker(stack: Stack, client: Client, _orders: TemporalOrders) -> Worker:
    """What goes to subscribers: a thread for each, so that a slow one holds up no other."""
    webhooks = WebhookActivities(stack.dependencies)
    return Worker(
        client,
        task_queue=WEBHOOK_QUEUE,
        workflows=[WebhookWorkflow],
        activities=[webhooks.deliver],
        interceptors=[FailureWatch(stack.database)],
        activity_executor=ThreadPoolExecutor(MOST_SUBSCRIPTIONS, thread_name_prefix="webhooks"),
        max_concurrent_activities=MOST_SUBSCRIPTIONS,
        graceful_shutdown_timeout=GRACE,
        deployment_config=_this_code(),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    )


def _this_code() -> WorkerDeploymentConfig:
    """Any worker takes any order: how code changes under running ones, see docs/decisions/0014."""
    return WorkerDeploymentConfig(WorkerDeploymentVersion(DEPLOYMENT, build_id()), use_worker_versioning=False)
