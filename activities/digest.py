"""The morning digest: what waits for each of KiAP's own, and what the system cannot do by itself."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from activities.dependencies import Dependencies
from activities.dispatch import Dispatch
from domain.meeting import danish
from domain.model import OrderId, StaffId
from domain.names import first_name
from domain.words import incident_line, task_line
from mail import letter_data as facts
from mail.catalogue import render_digest
from mail.envelope import Address, Envelope
from mail.folder_sender import FolderSender
from storage import clusters, incidents, outbox, outbox_reports, retention
from storage.database import Database
from storage.incidents import Incident
from storage.order_links import order_link
from storage.outbox import MailState, OutgoingMail, To
from storage.outbox_reports import TROUBLED
from storage.staff import OFFICE, find_staff
from storage.tasks import TaskRow, tasks

NO_ORDER = OrderId("-")
"""The outbox's order of mail that is about many."""

NEWER_LIST = "newer_list"
"""Why a morning's list is not sent later: there is a new one each morning."""

DIGESTS_KEPT = dt.timedelta(days=90)

LONGEST_TRY = dt.timedelta(minutes=1)
"""A mail tried that short before a list was written may have failed after it."""


@dataclass
class _List:
    """What one owner is told of."""

    tasks: list[TaskRow] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    mails: facts.MailTrouble | None = None


class Digest:
    """One mail a person and day."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies
        self._dispatch = Dispatch(dependencies)

    def send_all(self, now: dt.datetime) -> tuple[int, list[str]]:
        """How many owners have theirs, and why others have not."""
        self._settle_earlier_days(now)
        failures = list[str]()
        lists = self._lists(now)
        for owner, waiting in lists.items():
            if code := self._send(owner, waiting, now):
                failures.append(f"{owner} {code}")
        return len(lists) - len(failures), failures

    def _lists(self, now: dt.datetime) -> dict[StaffId, _List]:
        tomorrow = now + dt.timedelta(days=1)
        lists: dict[StaffId, _List] = defaultdict(_List)
        for task in tasks(self._deps.database):
            if task.owner_role != "coordinator" and task.due and task.due < tomorrow:
                lists[StaffId(task.owner_id or OFFICE)].tasks.append(task)
        with self._deps.database.read() as connection:
            trouble, found = _mail_trouble(connection, now), incidents.incidents(connection)
        if trouble is not None:
            lists[OFFICE].mails = trouble
        if found:
            lists[OFFICE].incidents = found
        return lists

    def _settle_earlier_days(self, now: dt.datetime) -> None:
        with self._deps.database.write() as connection:
            for mail in outbox_reports.mails_in(connection, [MailState.QUEUED], NO_ORDER):
                if mail.letter != _key(now):
                    outbox.mark_skipped(connection, mail.id, NEWER_LIST)

    def _send(self, owner: StaffId, waiting: _List, now: dt.datetime) -> str | None:
        """The reason it could not be sent, or None."""
        with self._deps.database.write() as connection:
            (mail,) = outbox.queue(connection, NO_ORDER, _key(now), [To(owner)], now)
            if not outbox.claim(connection, mail.id, now):
                return None
        with self._dispatch.session() as session:
            outcome = self._dispatch.hand_over(
                session, mail, lambda connection: self._written(connection, owner, waiting, mail.id, now), now
            )
        self._dispatch.record(mail, outcome, now)
        return outcome.code if outcome.state is MailState.FAILED else None

    def _written(
        self, connection: Connection, owner: StaffId, waiting: _List, mail_id: str, now: dt.datetime
    ) -> Envelope:
        office = self._deps.office
        to = Address(address=office.operations, name=office.name)
        staff = None if owner == OFFICE else find_staff(connection, owner)
        if staff is not None:
            to = Address(address=staff.email, name=staff.name)
        data = facts.DigestData(
            today=danish(now).date(),
            site=self._deps.base_url or None,
            greeting_name="" if staff is None else first_name(to.name),
            orders=tuple(self._waiting(connection, owner, task) for task in waiting.tasks),
            troubles=tuple(self._trouble(connection, incident) for incident in waiting.incidents),
            mails=waiting.mails,
        )
        return Envelope(
            outbox_id=mail_id,
            occasion="morning_digest",
            sender=Address(address=office.address, name=office.name),
            to=to,
            at=now,
            mail=render_digest(data),
        )

    def _waiting(self, connection: Connection, owner: StaffId, task: TaskRow) -> facts.WaitingOrder:
        order_id = OrderId(task.order_id)
        return facts.WaitingOrder(
            order_number=order_id,
            cluster=self._cluster(connection, order_id),
            what=task_line(task.kind),
            due=danish(task.due).date() if task.due else None,
            link=f"{self._deps.base_url}/bestilling/{order_link(self._deps.keys, order_id, owner)}",
        )

    def _trouble(self, connection: Connection, incident: Incident) -> facts.Trouble:
        is_an_order = incident.order_id != incidents.NO_ORDER
        return facts.Trouble(
            order_number=incident.order_id if is_an_order else "",
            cluster=self._cluster(connection, incident.order_id) if is_an_order else "",
            what=incident_line(incident.kind, incident.step, incident.reason),
            since=danish(incident.since).date(),
        )

    def _cluster(self, connection: Connection, order_id: OrderId) -> str:
        return clusters.cluster(connection, self._deps.order(order_id).cluster).name


def _mail_trouble(connection: Connection, now: dt.datetime) -> facts.MailTrouble | None:
    """Mail somebody should look at; what failed is told until a list has got through that tells it."""
    told = outbox_reports.last_written(connection, NO_ORDER, OFFICE)
    found = outbox_reports.troubled(connection, told - LONGEST_TRY if told else now - DIGESTS_KEPT)
    if not any(found[state] for state in TROUBLED):
        return None
    return facts.MailTrouble(
        unknown=found[MailState.UNKNOWN], failed=found[MailState.FAILED], bounced=found[MailState.BOUNCED]
    )


def _key(now: dt.datetime) -> str:
    return f"morning_digest//{danish(now).date()}"


def erase_digests(
    database: Database, files: FolderSender | None, which: Callable[[OutgoingMail], bool], now: dt.datetime
) -> int:
    """Remove these lists from the folder, where mail goes to one, then from the outbox; how many. Raises OSError."""
    with database.read() as connection:
        mails = [mail.id for mail in outbox.mails(connection, NO_ORDER) if which(mail)]
    if files is not None:
        files.forget(mails)
    with database.write() as connection:
        outbox.erase_mails(connection, mails)
        if mails:
            retention.schedule_forgetting(connection, now)
    return len(mails)
