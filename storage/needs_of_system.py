"""What the system cannot do by itself, as rows and counts of the list of needs: from the incidents."""

from collections import Counter

from sqlalchemy import Connection, func, select

from domain.model import OrderId
from domain.needs import Reason
from storage.incidents import NO_ORDER, IncidentKind, incident_table
from storage.need_query import Found, Wanted, binary

SOURCE = 4
OF_INCIDENTS: dict[IncidentKind, Reason] = {
    IncidentKind.STEP_FAILS: Reason.STEP_FAILS,
    IncidentKind.OVERDUE: Reason.ORDER_STANDS_STILL,
    IncidentKind.WORKFLOW_FAILED: Reason.LOG_CUT_SHORT,
    IncidentKind.READ_MODEL_BEHIND: Reason.READ_MODEL_BEHIND,
    IncidentKind.WEBHOOK_STOPPED: Reason.WEBHOOK_STOPPED,
}


def troubles(connection: Connection, wanted: Wanted, limit: int | None) -> list[Found]:
    """The oldest ones, in one query."""
    kinds = _kinds(wanted)
    if not kinds:
        return []
    c = incident_table.c
    ties = (binary(connection, c.order_id), binary(connection, c.kind), binary(connection, c.step))
    query = select(incident_table).where(c.kind.in_(kinds)).order_by(c.since, *ties).limit(limit)
    return [
        Found(
            source=SOURCE,
            reason=OF_INCIDENTS[IncidentKind(row.kind)],
            order_id=None if row.order_id == NO_ORDER else OrderId(row.order_id),
            about=(row.kind, row.step),
            owner_role="operations",
            owner_id=None,
            since=row.since,
            told={"kind": row.kind, "step": row.step, "reason": row.reason, "attempts": row.attempts},
        )
        for row in connection.execute(query)
    ]


def count_troubles(connection: Connection, wanted: Wanted) -> Counter[Reason]:
    """How many there are of each kind, in one query."""
    kinds, c = _kinds(wanted), incident_table.c
    if not kinds:
        return Counter()
    query = select(c.kind, func.count().label("those")).where(c.kind.in_(kinds)).group_by(c.kind)
    return Counter({OF_INCIDENTS[IncidentKind(row.kind)]: row.those for row in connection.execute(query)})


def _kinds(wanted: Wanted) -> list[str]:
    if not wanted.asks_operations(*OF_INCIDENTS.values()):
        return []
    return [kind.value for kind, reason in OF_INCIDENTS.items() if wanted.asks_for(reason)]
