"""The chores: starting what was missed, closing full rounds, the morning's digest, erasing what is past its time."""

import datetime as dt
from collections import defaultdict
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.workplace import Workplace
from activities.writing import OPERATIONS
from domain.calendar import is_working_day
from domain.commands import AnyCommand, CloseSurvey
from domain.meeting import danish
from domain.model import Actor, ContactId, OrderId, StaffId
from domain.order import Order
from domain.words import task_line
from mail import letter_data as facts
from mail.catalogue import render_digest
from mail.envelope import Address, Envelope
from mail.sending import NotSent
from storage import ballot_box, directory, outbox, results_shelf
from storage.board import board
from storage.open_orders import all_open
from storage.order_links import order_link
from storage.tasks import TaskRow, tasks

ORPHANED_AFTER = dt.timedelta(hours=3)
NO_ORDER = OrderId("-")
"""The outbox's order of mail that is about many."""


class Chore(StrEnum):
    SWEEP = "sweep"
    MORNING = "morning"
    NIGHT = "night"


class Orders(Protocol):
    """The orders' workflows, as far as the chores need them."""

    async def start_missing(self, open_orders: list[OrderId]) -> int:
        """Start a workflow for each of these that has none; how many that were."""
        ...

    async def execute(self, order_id: OrderId, command: AnyCommand, *, actor: Actor, request_id: str) -> object:
        """Give a command. Raises Rejected."""
        ...


class HousekeepingActivities:
    """Each chore is safe to repeat, and safe to miss."""

    def __init__(self, workplace: Workplace, orders: Orders) -> None:
        self._at = workplace
        self._orders = orders

    @activity.defn
    async def do_chore(self, chore: Chore) -> str:
        """Do it; what was done, in counts."""
        now = activity.info().started_time.astimezone(dt.UTC)
        match chore:
            case Chore.SWEEP:
                return await self.sweep(now)
            case Chore.MORNING:
                return await self.morning(now)
            case Chore.NIGHT:
                return self.night(now)

    async def sweep(self, now: dt.datetime) -> str:
        """Start workflows that are missing; call mail of unknown fate by its name."""
        started = await self._orders.start_missing([OrderId(order) for order in all_open(self._at.database)])
        with self._at.database.write() as connection:
            orphans = outbox.settle_orphans(connection, now - ORPHANED_AFTER)
        return f"{started} workflows started, {orphans} mails of unknown fate"

    async def morning(self, now: dt.datetime) -> str:
        """On a working day: close the rounds everyone has answered, and send staff their list."""
        if not is_working_day(danish(now).date()):
            return "a day off"
        closed = 0
        for order_id in all_open(self._at.database):
            closed += await self._close_if_full(self._at.order(OrderId(order_id)), now)
        return f"{closed} full rounds closed, {self._send_digests(now)} digests sent"

    async def _close_if_full(self, order: Order, now: dt.datetime) -> int:
        survey = order.open_survey
        if survey is None:
            return 0
        with self._at.database.read() as connection:
            found = ballot_box.turnout(connection, order.id, survey.round)
        if found.invited == 0 or found.answers < found.invited:
            return 0
        command = CloseSurvey(round=survey.round, why="everyone_answered")
        request = f"full-{survey.round}-{survey.extensions}-{danish(now).date()}"
        await self._orders.execute(order.id, command, actor=Actor.SYSTEM, request_id=request)
        return 1

    def _send_digests(self, now: dt.datetime) -> int:
        tomorrow = now + dt.timedelta(days=1)
        by_owner: dict[StaffId, list[TaskRow]] = defaultdict(list)
        for task in tasks(self._at.database):
            if task.owner_role != "coordinator" and task.due and task.due < tomorrow:
                by_owner[StaffId(task.owner_id or OPERATIONS)].append(task)
        failures = [code for owner, waiting in by_owner.items() if (code := self._send_digest(owner, waiting, now))]
        if failures:
            msg = f"{len(failures)} digests were not sent: {', '.join(sorted(set(failures)))}"
            raise ApplicationError(msg, type="MailToRetry")
        return len(by_owner)

    def _send_digest(self, owner: StaffId, waiting: list[TaskRow], now: dt.datetime) -> str | None:
        """The reason it could not be sent, or None."""
        key = f"morning_digest//{danish(now).date()}"
        with self._at.database.write() as connection:
            (mail,) = outbox.queue(connection, NO_ORDER, key, [owner], now)
            if not outbox.claim(connection, mail.id, now):
                return None
            envelope = self._digest(connection, owner, waiting, mail.id, now)
        try:
            sent = self._at.sender.send(envelope)
        except NotSent as failure:
            with self._at.database.write() as connection:
                outbox.mark_failed(connection, mail.id, failure.code, again=True)
            return failure.code
        with self._at.database.write() as connection:
            outbox.mark_sent(connection, mail.id, sent.provider_id, now)
        return None

    def _digest(
        self, connection: Connection, owner: StaffId, waiting: list[TaskRow], mail_id: str, now: dt.datetime
    ) -> Envelope:
        office = self._at.office
        to = Address(address=office.operations, name=office.name)
        if owner != OPERATIONS:
            staff = directory.staff(connection, owner)
            to = Address(address=staff.email, name=staff.name)
        orders = tuple(self._waiting(connection, owner, task) for task in waiting)
        data = facts.DigestData(
            today=danish(now).date(),
            greeting_name="" if owner == OPERATIONS else to.name.split(" ")[0],
            link=f"{self._at.base_url}/",
            orders=orders,
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
        order = self._at.order(order_id)
        return facts.WaitingOrder(
            order_number=order_id,
            cluster=directory.cluster(connection, order.cluster).name,
            what=task_line(task.kind),
            due=danish(task.due).date() if task.due else None,
            link=f"{self._at.base_url}/bestilling/{order_link(self._at.keys, order_id, owner)}",
        )

    def night(self, now: dt.datetime) -> str:
        """Erase names, addresses, texts and invitations of orders that ended long enough ago."""
        erased = 0
        kept = self._still_in_use(now)
        for row in board(self._at.database, ended=True):
            order = self._at.order(OrderId(row.order_id))
            if self._is_due(order, now):
                erased += self._erase(order, kept, now)
        if erased:
            directory.forget(self._at.database)
            results_shelf.forget_shelf(self._at.database)
            ballot_box.forget_round(self._at.database)
        return f"{erased} names, addresses and texts erased"

    def _is_due(self, order: Order, now: dt.datetime) -> bool:
        return order.ended is not None and now >= order.ended.at + dt.timedelta(days=order.policies.erase_after_days)

    def _still_in_use(self, now: dt.datetime) -> set[ContactId]:
        """Contacts of orders that are not due for erasing."""
        in_use: set[ContactId] = set()
        for row in board(self._at.database):
            order = self._at.order(OrderId(row.order_id))
            if not self._is_due(order, now):
                in_use |= _contacts(order)
        return in_use

    def _erase(self, order: Order, kept: set[ContactId], now: dt.datetime) -> int:
        with self._at.database.write() as connection:
            erased = directory.erase_order(connection, order.id, contacts=_contacts(order) - kept, now=now)
            results_shelf.erase_texts(connection, order.id)
            ballot_box.erase(connection, order.id)
            outbox.erase(connection, order.id)
        return erased


def _contacts(order: Order) -> set[ContactId]:
    return {order.coordinator, *(member.contact for member in order.members.values())}
