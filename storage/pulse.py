"""Marks that are the same while nothing has changed that KiAP's own look at: of everything, or of a page's matter."""

import hashlib
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import Connection, func, select

from storage.clusters import cluster_table
from storage.event_sql import run
from storage.incidents import incident_table
from storage.log_reader import last_position
from storage.mail_ledger import HEAPS, Heap, count_unsettled
from storage.outbox import outbox_table
from storage.subscriptions import subscription_table

EVERYTHING, ALL_RECEIVERS, WHOLE_COUNTRY = "", "modtagere", "landet"
"""What a page can be about, besides an order by its id."""
_VERSIONS = "SELECT stream, max(version) FROM event WHERE stream IN ({}) GROUP BY stream"


def pulse(connection: Connection) -> str:
    """The mark of everything: the log's end, mail that waits or is in trouble, what the system cannot do, receivers.

    A step that goes on failing is no news, so only when troubles began is in it.
    """
    c = incident_table.c
    troubles, newest = connection.execute(select(func.count(), func.max(c.since)).select_from(incident_table)).one()
    unsettled = count_unsettled(connection)
    began = f"{newest:%y%m%d%H%M%S}" if newest else "0"
    changes = connection.execute(select(func.sum(subscription_table.c.changes))).scalar() or 0
    mails = f"{unsettled[Heap.WAITING]}-{unsettled[Heap.TROUBLED]}"
    return f"{last_position(connection)}-{mails}-{troubles}-{began}-{changes}"


def receivers_mark(connection: Connection) -> str:
    """The mark of the receivers: that of everything, and how often it was recorded what came of sending."""
    rounds = connection.execute(select(func.sum(subscription_table.c.rounds))).scalar() or 0
    return f"{pulse(connection)}-{rounds}"


def country_mark(connection: Connection) -> str:
    """The mark of the country: that of everything, and which region each cluster lies in."""
    c = cluster_table.c
    regions = [tuple(row) for row in connection.execute(select(c.id, c.region).order_by(c.id))]
    return f"{pulse(connection)}-{hashlib.blake2b(repr(regions).encode(), digest_size=8).hexdigest()}"


_MARKS: Mapping[str, Callable[[Connection], str]] = {
    EVERYTHING: pulse,
    ALL_RECEIVERS: receivers_mark,
    WHOLE_COUNTRY: country_mark,
}


def marks_of(connection: Connection, about: Collection[str]) -> Mapping[str, str]:
    """The marks of what pages are about; an order that is not there has none."""
    whole = {each: _MARKS[each](connection) for each in about if each in _MARKS}
    return {**whole, **pulses_of(connection, [each for each in about if each not in _MARKS])}


def order_mark(version: int, troubled: int) -> str:
    """The mark of an order: its version, and how many of its mails are in trouble."""
    return f"{version}-{troubled}"


def pulses_of(connection: Connection, orders: Collection[str]) -> Mapping[str, str]:
    """The marks of these orders; one that is not there has none."""
    if not orders:
        return {}
    places = ", ".join("?" * len(orders))
    versions = run(connection, _VERSIONS.format(places), *orders).fetchall()
    c = outbox_table.c
    query = select(c.order_id, func.count().label("mails")).group_by(c.order_id)
    in_trouble = query.where(c.order_id.in_(orders), c.state.in_([each.value for each in HEAPS[Heap.TROUBLED]]))
    troubled = {row.order_id: row.mails for row in connection.execute(in_trouble)}
    return {stream: order_mark(version, troubled.get(stream, 0)) for stream, version in versions}
