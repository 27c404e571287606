"""Retention: names, addresses, texts and invitations go when their order ended long enough ago."""

import datetime as dt

from activities.dependencies import Dependencies
from activities.digest import DIGESTS_KEPT, erase_digests
from domain.events import CoordinatorReplaced, Event, MemberAdded, MemberReaddressed, OrderPlaced
from domain.model import ContactId, OrderId, PracticeId
from domain.order import Order
from mail.folder_sender import FolderSender
from storage import ballot_box, directory, documents, intake, outbox, result_repository
from storage.board import board

KEYS_KEPT = dt.timedelta(days=90)


class Erasing:
    """Safe to repeat, and safe to miss a night."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies

    def erase_what_is_due(self, now: dt.datetime) -> str:
        """Erase names, addresses, texts and invitations of orders that ended long enough ago, and old morning lists."""
        with self._deps.database.write() as connection:
            intake.forget_keys_before(connection, now - KEYS_KEPT)
            erase_digests(connection, self._files, lambda mail: mail.queued_at < now - DIGESTS_KEPT)
        erased, kept = 0, self._still_in_use(now)
        ended = [self._deps.order(OrderId(row.order_id)) for row in board(self._deps.database, ended=True)]
        due = [order for order in ended if self._is_due(order, now)]
        for order in due:
            if not self._is_erased(order):
                erased += self._erase(order, kept, now)
        if due:  # also where an earlier night erased and could not forget
            directory.forget(self._deps.database)
            result_repository.forget_results(self._deps.database)
            documents.forget_documents(self._deps.database)
            ballot_box.forget_round(self._deps.database)
        return f"{erased} names, addresses and texts erased"

    @property
    def _files(self) -> FolderSender | None:
        """Where mail goes to a folder, its files."""
        return self._deps.sender if isinstance(self._deps.sender, FolderSender) else None

    def _is_due(self, order: Order, now: dt.datetime) -> bool:
        return order.ended is not None and now >= order.ended.at + dt.timedelta(days=order.policies.erase_after_days)

    def _still_in_use(self, now: dt.datetime) -> tuple[set[ContactId], set[PracticeId]]:
        """Contacts and practices of orders that are not due for erasing."""
        contacts, practices = set[ContactId](), set[PracticeId]()
        for row in board(self._deps.database):
            order = self._deps.order(OrderId(row.order_id))
            if not self._is_due(order, now):
                contacts |= _contacts(order)
                practices |= _practices(order)
        return contacts, practices

    def _is_erased(self, order: Order) -> bool:
        """All of an order is erased in one transaction, its coordinator's address with it."""
        with self._deps.database.read() as connection:
            found = directory.contacts(connection, [order.coordinator]).get(order.coordinator)
        return found is None or found.erased_at is not None

    def _erase(self, order: Order, kept: tuple[set[ContactId], set[PracticeId]], now: dt.datetime) -> int:
        (had_contacts, had_practices), (kept_contacts, kept_practices) = self._ever_had(order), kept
        with self._deps.database.write() as connection:
            erased = directory.erase_order(
                connection,
                order.id,
                contacts=had_contacts - kept_contacts,
                practices=had_practices - kept_practices,
                now=now,
            )
            if self._files:
                for mail in outbox.mails(connection, order.id):
                    self._files.forget(mail.id)
            result_repository.erase(connection, order.id)
            documents.erase(connection, order.id)
            ballot_box.erase(connection, order.id)
            outbox.erase(connection, order.id)
        return erased

    def _ever_had(self, order: Order) -> tuple[set[ContactId], set[PracticeId]]:
        """Also those from before somebody was replaced or moved, whom the order itself no longer knows."""
        contacts, practices = _contacts(order), _practices(order)
        for event in self._deps.store.load(order.id):
            brought = brought_by(event)
            contacts |= brought[0]
            practices |= brought[1]
        return contacts, practices


def brought_by(event: Event) -> tuple[set[ContactId], set[PracticeId]]:
    """The contacts and practices that an event brings into its order."""
    match event:
        case OrderPlaced(coordinator=coordinator, members=members):
            contacts = {coordinator, *(joined.contact for joined in members)}
            return contacts, {joined.practice for joined in members}
        case MemberAdded(joined=joined):
            return {joined.contact}, {joined.practice}
        case CoordinatorReplaced(coordinator=contact) | MemberReaddressed(contact=contact):
            return {contact}, set()
        case _:
            return set(), set()


def _contacts(order: Order) -> set[ContactId]:
    return {order.coordinator, *(member.contact for member in order.members.values())}


def _practices(order: Order) -> set[PracticeId]:
    return {member.practice for member in order.members.values()}
