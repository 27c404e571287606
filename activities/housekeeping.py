"""The chores: starting what was missed, closing full rounds, the morning's digest, erasing what is past its time."""

import asyncio
import datetime as dt
from collections import defaultdict
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.workplace import Workplace
from activities.writing import OPERATIONS, staff_here
from domain.calendar import add_working_days, is_working_day, morning
from domain.commands import AnyCommand, CloseSurvey, SendLettersAgain
from domain.events import CoordinatorReplaced, MemberReaddressed, OrderPlaced
from domain.meeting import danish
from domain.model import Actor, ContactId, OrderId, PracticeId, Rejected, StaffId
from domain.order import Order, Survey
from domain.words import task_line
from mail import letter_data as facts
from mail.catalogue import render_digest
from mail.envelope import Address, Envelope
from mail.folder_sender import FolderSender
from mail.sending import DefiniteFailure, UnknownOutcome
from storage import ballot_box, directory, documents, intake, outbox, results_shelf, survey_roll, survey_rounds
from storage.board import board
from storage.open_orders import all_open
from storage.order_links import order_link
from storage.outbox import MailState, OutgoingMail
from storage.tasks import TaskRow, tasks
from storage.unfinished import unfinished

ORPHANED_AFTER = dt.timedelta(hours=3)
KEYS_KEPT = dt.timedelta(days=90)
NAMED = 5
"""Failures that an error names, by id."""
NO_ORDER = OrderId("-")
"""The outbox's order of mail that is about many."""
OVERTAKEN = "letter_overtaken"
"""Why a morning's list is not sent again: there is a new one each morning."""


class Chore(StrEnum):
    SWEEP = "sweep"
    MORNING = "morning"
    NIGHT = "night"


class Orders(Protocol):
    """The orders' workflows, as far as the chores need them."""

    async def start_missing(self, orders: list[OrderId]) -> int:
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
                return await asyncio.to_thread(self.night, now)

    async def sweep(self, now: dt.datetime) -> str:
        """Start workflows that are missing; call mail of unknown fate by its name, and back what never left."""
        orphans = await asyncio.to_thread(self._settle_orphans, now)
        started = await self._orders.start_missing(await asyncio.to_thread(unfinished, self._at.database))
        called_back, failures = await self._call_back()
        done = f"{started} workflows started, {orphans} mails of unknown fate, {called_back} letters called back"
        if failures:
            raise ApplicationError(f"{done}; failed: {', '.join(failures[:NAMED])}", type="SweepToRetry")
        return done

    async def _call_back(self) -> tuple[int, list[str]]:
        """Ask the orders to send the letters again whose mail never left; how many, and why others were not asked."""
        called_back, failures = 0, list[str]()
        for mails in await asyncio.to_thread(self._never_left):
            try:
                called_back += await self._call_letter_back(mails)
            except Exception as error:  # noqa: BLE001 - one order's trouble is not the others'
                failures.append(f"{mails[0].order_id} {type(error).__name__}")
        return called_back, failures

    def _never_left(self) -> list[list[OutgoingMail]]:
        """By letter, for letters that have gone: one still to come takes all its mail along by itself."""
        by_letter: dict[tuple[OrderId, str], list[OutgoingMail]] = defaultdict(list)
        with self._at.database.read() as connection:
            for mail in outbox.never_left(connection):
                by_letter[mail.order_id, mail.letter].append(mail)
        return [mails for (order_id, key), mails in by_letter.items() if self._has_gone(order_id, key)]

    def _has_gone(self, order_id: OrderId, key: str) -> bool:
        if order_id == NO_ORDER:
            return True
        order = self._at.order(order_id)
        return order.ended is not None or (key in order.letters and key not in order.errands)

    async def _call_letter_back(self, mails: list[OutgoingMail]) -> int:
        """Its order's postman sends it, by all the rules of sending; 0 where it is not worth sending any more."""
        order_id, key = mails[0].order_id, mails[0].letter
        if order_id == NO_ORDER:
            await asyncio.to_thread(self._leave_unsent, mails, OVERTAKEN)
            return 0
        try:
            command = await asyncio.to_thread(self._again, order_id, key, len(mails))
            request = f"again-{mails[0].id}-{mails[0].attempts}"
            await self._orders.execute(order_id, command, actor=Actor.SYSTEM, request_id=request)
        except Rejected as overtaken:
            await asyncio.to_thread(self._leave_unsent, mails, overtaken.code)
            return 0
        return 1

    def _again(self, order_id: OrderId, key: str, waiting: int) -> SendLettersAgain:
        with self._at.database.read() as connection:
            counts = outbox.counts(connection, order_id, key)
        return SendLettersAgain(
            key=key,
            sent=counts[MailState.SENT] + counts[MailState.DELIVERED] + counts[MailState.BOUNCED],
            failed=counts[MailState.FAILED] + counts[MailState.UNKNOWN],
            waiting=waiting,
        )

    def _leave_unsent(self, mails: list[OutgoingMail], reason: str) -> None:
        with self._at.database.write() as connection:
            for mail in mails:
                outbox.mark_skipped(connection, mail.id, reason)

    def _settle_orphans(self, now: dt.datetime) -> int:
        with self._at.database.write() as connection:
            return outbox.settle_orphans(connection, now - ORPHANED_AFTER)

    async def morning(self, now: dt.datetime) -> str:
        """On a working day: close the rounds everyone has answered, and send staff their list."""
        if not is_working_day(danish(now).date()):
            return "a day off"
        closed, failures = 0, list[str]()
        for order_id in await asyncio.to_thread(all_open, self._at.database):
            try:
                closed += await self._close_if_full(OrderId(order_id), now)
            except Exception as error:  # noqa: BLE001 - one order's trouble is not the others'
                failures.append(f"{order_id} {type(error).__name__}")
        sent, unsent = await asyncio.to_thread(self._send_digests, now)
        if failures := failures + unsent:
            msg = f"{closed} full rounds closed, {sent} digests sent; failed: {', '.join(failures[:NAMED])}"
            raise ApplicationError(msg, type="MorningToRetry")
        return f"{closed} full rounds closed, {sent} digests sent"

    async def _close_if_full(self, order_id: OrderId, now: dt.datetime) -> int:
        survey = await asyncio.to_thread(self._full_survey, order_id)
        if survey is None:
            return 0
        command = CloseSurvey(round=survey.round, why="everyone_answered")
        request = f"full-{survey.round}-{survey.extensions}-{danish(now).date()}"
        await self._orders.execute(order_id, command, actor=Actor.SYSTEM, request_id=request)
        return 1

    def _full_survey(self, order_id: OrderId) -> Survey | None:
        survey = self._at.order(order_id).open_survey
        if survey is None:
            return None
        with self._at.database.read() as connection:
            if survey_rounds.round_state(connection, order_id, survey.round) is None:
                return None
            found = survey_roll.turnout(connection, order_id, survey.round)
        return survey if 0 < found.invited <= found.answers else None

    def _send_digests(self, now: dt.datetime) -> tuple[int, list[str]]:
        """How many owners have theirs, and why others have not."""
        tomorrow = now + dt.timedelta(days=1)
        by_owner: dict[StaffId, list[TaskRow]] = defaultdict(list)
        for task in tasks(self._at.database):
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

    def _mail_trouble(self, now: dt.datetime) -> facts.MailTrouble | None:
        """Mail somebody should look at; what failed is told once, on the morning after."""
        with self._at.database.read() as connection:
            found = outbox.troubled(connection, morning(add_working_days(danish(now).date(), -1)))
        trouble = facts.MailTrouble(unknown=found[MailState.UNKNOWN], failed=found[MailState.FAILED])
        return trouble if trouble.unknown or trouble.failed else None

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
        except UnknownOutcome as unknown:
            with self._at.database.write() as connection:
                outbox.mark_unknown(connection, mail.id, unknown.code)
            return None
        except DefiniteFailure as failure:
            with self._at.database.write() as connection:
                outbox.mark_failed(connection, mail.id, failure.code, again=not failure.permanent)
            return failure.code
        with self._at.database.write() as connection:
            outbox.mark_sent(connection, mail.id, sent.provider_id, now)
        return None

    def _digest(
        self, connection: Connection, owner: StaffId, waiting: list[TaskRow], mail_id: str, now: dt.datetime
    ) -> Envelope:
        office = self._at.office
        to = Address(address=office.operations, name=office.name)
        staff = None if owner == OPERATIONS else staff_here(connection, owner)
        if staff is not None:
            to = Address(address=staff.email, name=staff.name)
        orders = tuple(self._waiting(connection, owner, task) for task in waiting)
        data = facts.DigestData(
            today=danish(now).date(),
            greeting_name="" if staff is None else to.name.split(" ")[0],
            link=f"{self._at.base_url}/",
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
        with self._at.database.write() as connection:
            intake.forget_keys_before(connection, now - KEYS_KEPT)
        erased, kept = 0, self._still_in_use(now)
        ended = [self._at.order(OrderId(row.order_id)) for row in board(self._at.database, ended=True)]
        due = [order for order in ended if self._is_due(order, now)]
        for order in due:
            if not self._is_erased(order):
                erased += self._erase(order, kept, now)
        if due:  # also where an earlier night erased and could not forget
            directory.forget(self._at.database)
            results_shelf.forget_shelf(self._at.database)
            documents.forget_documents(self._at.database)
            ballot_box.forget_round(self._at.database)
        return f"{erased} names, addresses and texts erased"

    def _is_due(self, order: Order, now: dt.datetime) -> bool:
        return order.ended is not None and now >= order.ended.at + dt.timedelta(days=order.policies.erase_after_days)

    def _still_in_use(self, now: dt.datetime) -> tuple[set[ContactId], set[PracticeId]]:
        """Contacts and practices of orders that are not due for erasing."""
        contacts, practices = set[ContactId](), set[PracticeId]()
        for row in board(self._at.database):
            order = self._at.order(OrderId(row.order_id))
            if not self._is_due(order, now):
                contacts |= _contacts(order)
                practices |= _practices(order)
        return contacts, practices

    def _is_erased(self, order: Order) -> bool:
        """All of an order is erased in one transaction, its coordinator's address with it."""
        with self._at.database.read() as connection:
            found = directory.contacts(connection, [order.coordinator]).get(order.coordinator)
        return found is None or found.erased_at is not None

    def _erase(self, order: Order, kept: tuple[set[ContactId], set[PracticeId]], now: dt.datetime) -> int:
        kept_contacts, kept_practices = kept
        with self._at.database.write() as connection:
            erased = directory.erase_order(
                connection,
                order.id,
                contacts=self._all_contacts(order) - kept_contacts,
                practices=_practices(order) - kept_practices,
                now=now,
            )
            if isinstance(self._at.sender, FolderSender):
                for mail in outbox.mails(connection, order.id):
                    self._at.sender.forget(mail.id)
            results_shelf.erase(connection, order.id)
            documents.erase(connection, order.id)
            ballot_box.erase(connection, order.id)
            outbox.erase(connection, order.id)
        return erased

    def _all_contacts(self, order: Order) -> set[ContactId]:
        """Those the order has, and those it had before somebody was replaced or moved."""
        found = _contacts(order)
        for event in self._at.store.load(order.id):
            if isinstance(event, OrderPlaced):
                found |= {event.coordinator, *(joined.contact for joined in event.members)}
            elif isinstance(event, CoordinatorReplaced):
                found.add(event.coordinator)
            elif isinstance(event, MemberReaddressed):
                found.add(event.contact)
        return found


def _contacts(order: Order) -> set[ContactId]:
    return {order.coordinator, *(member.contact for member in order.members.values())}


def _practices(order: Order) -> set[PracticeId]:
    return {member.practice for member in order.members.values()}
