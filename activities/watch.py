"""Seeing what stands still: orders whose own next step is overdue, read models that are behind."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from activities.dependencies import Dependencies
from domain.clock import next_step
from domain.mailings import next_letter
from domain.model import OrderId
from storage import incidents, outbox_reports
from storage.board import overdue_since
from storage.incidents import NO_ORDER, IncidentKind
from storage.open_orders import unfinished
from storage.projections import projection_statuses

OVERDUE_AFTER = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Stuck:
    """What was found.

    `newly`: those of the orders standing still that did not before; their workflow may have missed something.
    `cut_short`: orders whose stream has lost what their workflow has seen; people decide.
    """

    standing_still: int
    newly: frozenset[OrderId]
    cut_short: frozenset[OrderId]


class Watch:
    """Notes what is wrong, and that it is right again. Safe to repeat."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies

    def look_around(self, now: dt.datetime) -> Stuck:
        """Look at every order that the board says is late, and at the read models."""
        overdue = self._overdue(now)
        behind = [status for status in projection_statuses(self._deps.database) if not status.current]
        with self._deps.database.write() as connection:
            before = incidents.incidents(connection)
            for order_id, (step, since) in overdue.items():
                incidents.report(connection, IncidentKind.OVERDUE, order_id, step, "overdue", now, since=since)
            for status in behind:
                incidents.report(connection, IncidentKind.READ_MODEL_BEHIND, NO_ORDER, status.name, status.reason, now)
            self._resolve(connection, overdue, {status.name for status in behind})
            found = incidents.incidents(connection)
        newly = overdue.keys() - {each.order_id for each in before if each.kind is IncidentKind.OVERDUE}
        cut = (each.order_id for each in found if each.kind is IncidentKind.WORKFLOW_FAILED)
        return Stuck(standing_still=len(overdue), newly=frozenset(newly), cut_short=frozenset(cut))

    def _overdue(self, now: dt.datetime) -> dict[OrderId, tuple[str, dt.datetime]]:
        """Orders whose own next step or letter should have been done more than an hour ago, and what that is."""
        found: dict[OrderId, tuple[str, dt.datetime]] = {}
        for order_id, since in overdue_since(self._deps.database, now - OVERDUE_AFTER):
            order = self._deps.order(order_id)
            with self._deps.database.read() as connection:
                waiting = outbox_reports.waiting_letters(connection, order_id, since)
            step, letter = next_step(order, since), next_letter(order, since, waiting)
            late = [(step.at, step.action.value)] if step else []
            late += [(letter.at, letter.letter.key)] if letter else []
            at, what = min(late, default=(now, ""))
            if at < now - OVERDUE_AFTER:
                found[order_id] = (what, at)
        return found

    def _resolve(
        self, connection: Connection, overdue: dict[OrderId, tuple[str, dt.datetime]], behind: set[str]
    ) -> None:
        running = set(unfinished(self._deps.database))
        for incident in incidents.incidents(connection):
            match incident.kind:
                case IncidentKind.OVERDUE:
                    over = overdue.get(incident.order_id, ("", None))[0] != incident.step
                case IncidentKind.READ_MODEL_BEHIND:
                    over = incident.step not in behind
                case _:
                    over = incident.order_id != NO_ORDER and incident.order_id not in running
            if over:
                incidents.resolve(connection, incident.kind, incident.order_id, incident.step)
