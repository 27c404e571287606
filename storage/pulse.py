"""Marks that are the same while nothing has changed that KiAP's own look at: of everything, and of single orders."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, select

from storage.event_sql import run
from storage.incidents import incident_table
from storage.log_reader import last_position
from storage.mail_ledger import Heap, count_unsettled

_VERSIONS = "SELECT stream, max(version) FROM event WHERE stream IN ({}) GROUP BY stream"


def pulse(connection: Connection) -> str:
    """The mark of everything: the log's end, mail in trouble, and what the system cannot do.

    A step that goes on failing is no news, so only when troubles began is in it.
    """
    c = incident_table.c
    troubles, newest = connection.execute(select(func.count(), func.max(c.since)).select_from(incident_table)).one()
    troubled = count_unsettled(connection)[Heap.TROUBLED]
    began = f"{newest:%y%m%d%H%M%S}" if newest else "0"
    return f"{last_position(connection)}-{troubled}-{troubles}-{began}"


def pulses_of(connection: Connection, orders: Collection[str]) -> Mapping[str, str]:
    """The marks of these orders, which are their versions; one that is not there has none."""
    if not orders:
        return {}
    marks = ", ".join("?" * len(orders))
    return {stream: str(version) for stream, version in run(connection, _VERSIONS.format(marks), *orders).fetchall()}
