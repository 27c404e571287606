"""The morning's digest: what waits for each of KiAP's own, and mail that somebody should look at."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable

from sqlalchemy import Connection

from activities.dependencies import Dependencies
from activities.writing import OPERATIONS
from domain.meeting import danish
from domain.model import OrderId, StaffId
from domain.words import task_line
from mail import letter_data as facts
from mail.catalogue import render_digest
from mail.envelope import Address, Envelope
from mail.folder_sender import FolderSender
from mail.sending import DefiniteFailure, UnknownOutcome
from storage import directory, outbox
from storage.order_links import order_link
from storage.outbox import MailState, OutgoingMail
from storage.tasks import TaskRow, tasks

NO_ORDER = OrderId("-")
"""The outbox's order of mail that is about many."""

OVERTAKEN = "letter_overtaken"
"""Why a morning's list is not sent later: there is a new one each morning."""

DIGESTS_KEPT = dt.timedelta(days=90)

LONGEST_TRY = dt.timedelta(minutes=1)
"""A mail tried that short before a list was written may have failed after it."""


class Digest:
    """One mail a person and day."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies

    def send_all(self, now: dt.datetime) -> tuple[int, list[str]]:
        """How many owners have theirs, and why others have not."""
        self._settle_earlier_days(now)
        tomorrow = now + dt.timedelta(days=1)
        by_owner: dict[StaffId, list[TaskRow]] = defaultdict(list)
        for task in tasks(self._deps.database):
            if task.owner_role != "coordinator" and task.due and task.due < tomorrow:
                by_owner[StaffId(task.owner_id or OPERATIONS)].append(task)
        if self._mail_trouble(now) is not None:
            by_owner[OPERATIONS] += []
        failures = list[str]()
        for owner, waiting in by_owner.items():
            try:
                code = self._send_digest(owner, waiting, now)
            except Exception as error:  # noqa: BLE001 - one list that can't be written is no harm to the others
                code = type(error).__name__
            if code:
                failures.append(f"{owner} {code}")
        return len(by_owner) - len(failures), failures

    def _settle_earlier_days(self, now: dt.datetime) -> None:
        with self._deps.database.write() as connection:
            for mail in outbox.mails_in(connection, [MailState.QUEUED], NO_ORDER):
                if mail.letter != _key(now):
                    outbox.mark_skipped(connection, mail.id, OVERTAKEN)

    def _mail_trouble(self, now: dt.datetime) -> facts.MailTrouble | None:
        """Mail somebody should look at; what failed is told until a list has got through that tells it."""
        with self._deps.database.read() as connection:
            told = outbox.last_written(connection, NO_ORDER, OPERATIONS)
            found = outbox.troubled(connection, told - LONGEST_TRY if told else now - DIGESTS_KEPT)
        trouble = facts.MailTrouble(unknown=found[MailState.UNKNOWN], failed=found[MailState.FAILED])
        return trouble if trouble.unknown or trouble.failed else None

    def _send_digest(self, owner: StaffId, waiting: list[TaskRow], now: dt.datetime) -> str | None:
        """The reason it could not be sent, or None."""
        with self._deps.database.write() as connection:
            (mail,) = outbox.queue(connection, NO_ORDER, _key(now), [owner], now)
            if not outbox.claim(connection, mail.id, now):
                return None
            envelope = self._digest(connection, owner, waiting, mail.id, now)
        try:
            sent = self._deps.sender.send(envelope)
        except UnknownOutcome as unknown:
            with self._deps.database.write() as connection:
                outbox.mark_unknown(connection, mail.id, unknown.code)
            return None
        except DefiniteFailure as failure:
            with self._deps.database.write() as connection:
                outbox.mark_failed(connection, mail.id, failure.code, again=not failure.permanent)
            return failure.code
        with self._deps.database.write() as connection:
            outbox.mark_sent(connection, mail.id, sent.provider_id, now)
        return None

    def _digest(
        self, connection: Connection, owner: StaffId, waiting: list[TaskRow], mail_id: str, now: dt.datetime
    ) -> Envelope:
        office = self._deps.office
        to = Address(address=office.operations, name=office.name)
        staff = None if owner == OPERATIONS else directory.find_staff(connection, owner)
        if staff is not None:
            to = Address(address=staff.email, name=staff.name)
        orders = tuple(self._waiting(connection, owner, task) for task in waiting)
        data = facts.DigestData(
            today=danish(now).date(),
            greeting_name="" if staff is None else to.name.split(" ")[0],
            link=f"{self._deps.base_url}/",
            orders=orders,
            mails=self._mail_trouble(now) if owner == OPERATIONS else None,
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
        order = self._deps.order(order_id)
        return facts.WaitingOrder(
            order_number=order_id,
            cluster=directory.cluster(connection, order.cluster).name,
            what=task_line(task.kind),
            due=danish(task.due).date() if task.due else None,
            link=f"{self._deps.base_url}/bestilling/{order_link(self._deps.keys, order_id, owner)}",
        )


def _key(now: dt.datetime) -> str:
    return f"morning_digest//{danish(now).date()}"


def erase_digests(connection: Connection, files: FolderSender | None, which: Callable[[OutgoingMail], bool]) -> None:
    """Remove these lists from the outbox, and from the folder where mail goes to one. Raises OSError."""
    mails = [mail.id for mail in outbox.mails(connection, NO_ORDER) if which(mail)]
    for mail in mails:
        if files is not None:
            files.forget(mail)
    outbox.erase_mails(connection, mails)
