"""The morning digest: what waits for each of KiAP's own, and what the system cannot do by itself."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from activities.dependencies import Dependencies
from activities.dispatch import Dispatch
from domain.meeting import danish
from domain.model import OrderId, StaffId
from domain.names import first_name
from domain.needs import Reason
from mail import letter_data as facts
from mail.catalogue import render_digest
from mail.envelope import Address, Envelope
from mail.folder_sender import FolderSender
from storage import outbox, outbox_reports, retention
from storage.database import Database
from storage.need_facts import MailFacts, TroubleFacts
from storage.needs import Need, Wanted, needs
from storage.order_links import order_link
from storage.outbox import MailState, OutgoingMail, To
from storage.staff import OFFICE, find_staff

NO_ORDER = OrderId("-")
"""The outbox's order of mail that is about many."""

NEWER_LIST = "newer_list"
"""Why a morning's list is not sent later: there is a new one each morning."""

DIGESTS_KEPT = dt.timedelta(days=90)


@dataclass
class _List:
    """What one owner is told of."""

    tasks: list[Need] = field(default_factory=list)
    troubles: list[Need] = field(default_factory=list)
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
        self._forget_lost_lists(now)
        return len(lists) - len(failures), failures

    def _lists(self, now: dt.datetime) -> dict[StaffId, _List]:
        """What is due by tomorrow or has no deadline; what waits for coordinators is theirs."""
        lists: dict[StaffId, _List] = defaultdict(_List)
        with self._deps.database.read() as connection:
            found = needs(connection, Wanted(due_before=now + dt.timedelta(days=1)), now)
        for need in found:
            match need.facts:
                case MailFacts():
                    continue
                case TroubleFacts():
                    lists[OFFICE].troubles.append(need)
                case _ if need.owner_role != "coordinator":
                    lists[_reader(need)].tasks.append(need)
        if (trouble := _mail_trouble(found)) is not None:
            lists[OFFICE].mails = trouble
        return lists

    def _settle_earlier_days(self, now: dt.datetime) -> None:
        with self._deps.database.write() as connection:
            for mail in outbox_reports.mails_in(connection, [MailState.QUEUED], NO_ORDER):
                if mail.letter != _key(now):
                    outbox.mark_skipped(connection, mail.id, NEWER_LIST)

    def _forget_lost_lists(self, now: dt.datetime) -> None:
        """Lists that reached nobody are told of until operations have one that tells it; then they need nobody."""
        with self._deps.database.write() as connection:
            told = [mail.recipient for mail in outbox.mails(connection, NO_ORDER, _key(now)) if _has_left(mail)]
            for mail in outbox_reports.mails_in(connection, [MailState.FAILED, MailState.BOUNCED], NO_ORDER):
                if OFFICE in told and mail.letter != _key(now):
                    outbox.set_aside(connection, mail.id, now)

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
            orders=tuple(dict.fromkeys(self._waiting(owner, need) for need in waiting.tasks)),
            troubles=tuple(_trouble(need) for need in waiting.troubles),
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

    def _waiting(self, owner: StaffId, need: Need) -> facts.WaitingOrder:
        order_id = need.order.id if need.order else NO_ORDER
        return facts.WaitingOrder(
            order_number=order_id,
            cluster=need.order.cluster if need.order else "",
            what=need.line,
            due=danish(need.due).date() if need.due else None,
            link=f"{self._deps.base_url}/bestilling/{order_link(self._deps.keys, order_id, owner)}",
        )


def _reader(need: Need) -> StaffId:
    """Whose list it is on. What waits for somebody who has left is for operations."""
    return StaffId(need.owner_id) if need.owner_id and need.owner else OFFICE


def _trouble(need: Need) -> facts.Trouble:
    return facts.Trouble(
        order_number=need.order.id if need.order else "",
        cluster=need.order.cluster if need.order else "",
        what=need.line,
        since=danish(need.since).date(),
    )


def _mail_trouble(found: Sequence[Need]) -> facts.MailTrouble | None:
    """How many mails somebody should look at; None where there are none."""
    mails = Counter[Reason]()
    for need in found:
        if isinstance(need.facts, MailFacts):
            mails[need.reason] += need.facts.how_many
    if not mails:
        return None
    return facts.MailTrouble(unknown=mails[Reason.MAIL_UNKNOWN], failed=mails[Reason.MAIL_FAILED])


def _has_left(mail: OutgoingMail) -> bool:
    return mail.state in (MailState.SENT, MailState.UNKNOWN)


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
