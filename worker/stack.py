"""The parts put together from the settings: database, keys, packages, mail, Temporal client and worker."""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from activities.analysis import AnalysisActivities
from activities.deck import DeckActivities
from activities.dependencies import Dependencies, Office
from activities.housekeeping import HousekeepingActivities
from activities.notify import LetterActivities
from activities.orders import OrderActivities
from activities.survey import SurveyActivities
from domain.model import Actor
from domain.package import Package
from mail.folder_sender import FolderSender
from mail.sendgrid_sender import SendGridSender
from mail.sending import Sender
from mail.smtp_sender import SmtpSender, SmtpServer
from storage.database import Database
from storage.event_store import EventStore
from storage.keys import Keys
from storage.migrate import is_current, migrate
from storage.package_repository import keep_all
from storage.packages import PACKAGES, packages_in
from worker.codec import data_converter
from worker.orders_client import TemporalOrders
from worker.settings import Settings
from workflows.housekeeping import HousekeepingWorkflow
from workflows.messages import TASK_QUEUE
from workflows.order import OrderWorkflow

CACHED_WORKFLOWS = 300
"""About 0.3 MB each; any other is read anew from its history when its time comes, in some 50 ms."""
WORKFLOW_TASKS = 16
"""At the same time: they share one processor, so more at once only bring each nearer to its time limit."""
LONG_ACTIVITIES, SHORT_ACTIVITIES = 8, 8
"""Rounds of mail and decks have their own share of the threads, so that reads and appends never wait for them."""


class NotReady(Exception):  # noqa: N818 - a finding, named as one
    """Something the system stands on is missing; the message says what, and how to mend it."""


@dataclass(frozen=True)
class Stack:
    """Everything but the Temporal client."""

    settings: Settings
    database: Database
    store: EventStore
    keys: Keys
    dependencies: Dependencies
    packages: Sequence[Package]
    api_keys: Mapping[str, Actor]

    def close(self) -> None:
        self.database.close()


def open_stack(settings: Settings, *, migrating: bool | None = None) -> Stack:
    """Open what the settings name. The embedded stack makes what it lacks; production is told what is missing.

    Raises NotReady, PackageError, PackageChanged.
    """
    embedded = settings.mode == "embedded"
    if embedded:
        settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    if migrating if migrating is not None else embedded:
        migrate(database)
    elif not is_current(database):
        raise NotReady("the database is not at this version: run `klyngeflow migrate`")
    packages = list(packages_in(settings.packages or PACKAGES).values())
    keep_all(database, packages)
    store, keys = EventStore(database), Keys(_master_key(settings))
    office = Office(
        name=settings.office_name,
        phone=settings.office_phone,
        address=settings.office_address,
        operations=settings.operations_address,
    )
    dependencies = Dependencies(database, store, keys, _sender(settings), settings.url, office)
    return Stack(settings, database, store, keys, dependencies, packages, _api_keys(settings))


def _master_key(settings: Settings) -> bytes:
    file = settings.master_key_file or settings.data / "master.key"
    if not file.exists():
        if settings.mode == "production":
            raise NotReady(f"the master key file {file} does not exist")
        _write_secret(file, secrets.token_bytes(32))
    return file.read_bytes()


def _api_keys(settings: Settings) -> Mapping[str, Actor]:
    if settings.api_keys or settings.mode == "production":
        return settings.api_keys
    file = settings.data / "api-keys.json"
    if not file.exists():
        made = {secrets.token_urlsafe(24): actor.value for actor in (Actor.OPERATIONS, Actor.CONSULTANT)}
        _write_secret(file, json.dumps(made, indent=1).encode())
    return {key: Actor(actor) for key, actor in json.loads(file.read_text()).items()}


def _write_secret(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as secret:
        secret.write(content)


def _sender(settings: Settings) -> Sender:
    if settings.mail == "smtp":
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
        server = SmtpServer(
            settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user, password
        )
        return SmtpSender(server)
    if settings.mail == "sendgrid":
        if settings.sendgrid_api_key is None:
            raise NotReady("mail by SendGrid needs KLYNGEFLOW_SENDGRID_API_KEY")
        return SendGridSender(settings.sendgrid_api_key.get_secret_value())
    return FolderSender(settings.mails)


async def connect(settings: Settings, keys: Keys) -> Client:
    """The Temporal client with our encryption. Raises RuntimeError where nobody answers."""
    api_key = settings.temporal_api_key.get_secret_value() if settings.temporal_api_key else None
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keys.codec_key),
        api_key=api_key,
        tls=settings.temporal_tls or api_key is not None,
    )


def make_worker(stack: Stack, client: Client, orders: TemporalOrders) -> Worker:
    """The one worker: workflows and activities on one task queue."""
    work = stack.dependencies
    order, survey, analysis = OrderActivities(stack.store), SurveyActivities(work), AnalysisActivities(work)
    deck, letters, chores = DeckActivities(work), LetterActivities(work), HousekeepingActivities(work, orders)
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[OrderWorkflow, HousekeepingWorkflow],
        activities=[
            order.load_stream,
            order.append_events,
            survey.close_box,
            survey.reopen_box,
            survey.destroy_box,
            survey.mend_roll,
            analysis.tabulate_round,
            deck.make_deck,
            letters.send_letters,
            chores.run_job,
        ],
        activity_executor=ThreadPoolExecutor(LONG_ACTIVITIES + SHORT_ACTIVITIES, thread_name_prefix="activity"),
        max_cached_workflows=CACHED_WORKFLOWS,
        max_concurrent_workflow_tasks=WORKFLOW_TASKS,
        max_concurrent_activities=LONG_ACTIVITIES,
        max_concurrent_local_activities=SHORT_ACTIVITIES,
        graceful_shutdown_timeout=timedelta(seconds=10),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    )
