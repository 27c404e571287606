"""Retention: names, addresses, texts and invitations go when their order ended long enough ago."""

import datetime as dt

from activities.dependencies import Dependencies
from activities.digest import DIGESTS_KEPT, erase_digests
from domain.model import OrderId
from mail.folder_sender import FolderSender
from storage import (
    account_links,
    audit,
    ballot_box,
    bulk_changes,
    clusters,
    deliveries,
    documents,
    enclosures,
    outbox,
    people,
    register_rows,
    requests,
    result_repository,
    retention,
    sessions,
    sign_in_pauses,
    staff,
    texts,
    webhook_secrets,
)
from storage.erased_tables import forget_erased
from storage.outbox import OutgoingMail

REQUESTS_KEPT = dt.timedelta(days=90)
ENCLOSURES_KEPT = dt.timedelta(days=1)
"""A command that nobody came back for by then will not be given."""
ORDERS_A_NIGHT = 200
"""At most so many are erased in one night; the rest follow in the next."""


class Erasure:
    """Safe to repeat, and safe to miss a night."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies
        self._files = dependencies.sender if isinstance(dependencies.sender, FolderSender) else None

    def erase_what_is_due(self, now: dt.datetime, wall_now: dt.datetime | None = None) -> str:
        """Erase what belongs to orders that ended long enough ago, and what was written and never used. In counts.

        `wall_now` is this machine's time, by which sessions, their pauses and links end; `now` unless it is told.
        """
        wall_now = wall_now or now
        with self._deps.database.write() as connection:
            requests.forget_requests_before(connection, now - REQUESTS_KEPT)
            unused = enclosures.drop_before(connection, now - ENCLOSURES_KEPT)
            account_links.forget_old_links(connection, wall_now)
            sign_in_pauses.forget_old_attempts(connection, wall_now)
            deliveries.forget_delivered_before(connection, now - deliveries.DELIVERED_KEPT)
            webhook_secrets.forget_old_secrets(connection, now)
            traces = sessions.forget_ended_sessions(connection, wall_now)
            traces += bulk_changes.forget_old_bulk_changes(connection, now)
            traces += audit.forget_traces_before(connection, now - audit.TRACES_KEPT)
            if unused or traces:
                retention.schedule_forgetting(connection, now)
            left = staff.who_left(connection)

        def is_over(mail: OutgoingMail) -> bool:
            return mail.queued_at < now - DIGESTS_KEPT or mail.recipient in left

        erase_digests(self._deps.database, self._files, is_over, now)
        with self._deps.database.read() as connection:
            due = retention.due_for_erasure(connection, now, ORDERS_A_NIGHT)
            forgetting = retention.is_forgetting_due(connection)
        erased = sum(self._erase(order_id, now) for order_id in due)
        if due or forgetting:
            forget_erased(self._deps.database)
            with self._deps.database.write() as connection:  # only now: a night cut short before begins again
                retention.erased(connection, due)
        return f"{erased} names, addresses and texts of {len(due)} orders erased, {unused} unused"

    def _erase(self, order_id: OrderId, now: dt.datetime) -> int:
        """All of an order in one transaction; its mails' files first, so that a night cut short begins there again."""
        with self._deps.database.read() as connection:
            mails = [mail.id for mail in outbox.mails(connection, order_id)]
        if self._files is not None:
            self._files.forget(mails)
        with self._deps.database.write() as connection:
            erased, practices = people.release_from_order(connection, order_id, now)
            erased += clusters.erase_practices(connection, practices, now)
            erased += texts.erase_texts(connection, order_id, now)
            result_repository.erase(connection, order_id)
            documents.erase(connection, order_id)
            ballot_box.erase(connection, order_id)
            register_rows.erase(connection, order_id)
            outbox.erase(connection, order_id)
        return erased
