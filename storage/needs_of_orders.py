"""What orders wait for people to do, as rows and counts of the list of needs: from the read model of tasks."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select

from domain.meeting import danish
from domain.model import OrderId
from domain.needs import OF_TASKS, Reason
from domain.task_kinds import TaskKind
from storage.need_query import Found, PutOff, Wanted, binary, is_whose
from storage.tasks import task_table

SOURCE = 1
REASONS = frozenset({*OF_TASKS.values(), Reason.CALL_OVERDUE})


def tasks(connection: Connection, wanted: Wanted, now: dt.datetime, limit: int | None) -> list[Found]:
    """The most urgent ones, in one query."""
    if not wanted.asks_for(*REASONS):
        return []
    c = task_table.c
    query = select(task_table).where(*_wanted(wanted, now))
    if wanted.due_before is not None:
        query = query.where(c.due < wanted.due_before)
    query = query.order_by(c.due, binary(connection, c.order_id), c.kind).limit(limit)
    return [_found(row, now) for row in connection.execute(query)]


def count_tasks(connection: Connection, wanted: Wanted, now: dt.datetime) -> Counter[Reason]:
    """How many there are by reason, whenever due; in one query."""
    if not wanted.asks_for(*REASONS):
        return Counter()
    kind, late = task_table.c.kind, _is_late(now).label("late")
    query = select(kind, late, func.count().label("those")).where(*_wanted(wanted, now)).group_by(kind, "late")
    found = Counter[Reason]()
    for row in connection.execute(query):
        found[Reason.CALL_OVERDUE if row.late else OF_TASKS[TaskKind(row.kind)]] += row.those
    return found


def _found(row: Any, now: dt.datetime) -> Found:  # noqa: ANN401 - a row of the table
    promised = row.promised or row.due
    late = row.kind == TaskKind.HOLD_THE_CALL and max(row.due, promised) < now
    return Found(
        source=SOURCE,
        reason=Reason.CALL_OVERDUE if late else OF_TASKS[TaskKind(row.kind)],
        order_id=OrderId(row.order_id),
        about=(row.kind,),
        owner_role=row.owner_role,
        owner_id=row.owner_id,
        since=row.since,
        due=row.due,
        promised=promised,
        postponed_until=row.postponed_until,
        told=row.facts or {},
    )


def _is_late(now: dt.datetime) -> ColumnElement[bool]:
    """A call whose promised day has passed, and the day it was put off to, if it was."""
    c = task_table.c
    return and_(c.kind == TaskKind.HOLD_THE_CALL.value, c.due < now, func.coalesce(c.promised, c.due) < now)


def _wanted(wanted: Wanted, now: dt.datetime) -> Iterable[ColumnElement[bool]]:
    c, today = task_table.c, danish(now).date()
    yield is_whose(wanted.whose, c.owner_id, c.owner_role != "coordinator")
    if wanted.put_off is PutOff.HIDDEN:
        yield or_(c.postponed_until.is_(None), c.postponed_until <= today)
    elif wanted.put_off is PutOff.ALONE:
        yield c.postponed_until > today
    if wanted.reasons:
        yield _of_reasons(wanted.reasons, _is_late(now))


def _of_reasons(reasons: frozenset[Reason], late: ColumnElement[bool]) -> ColumnElement[bool]:
    wanted = [kind for kind, reason in OF_TASKS.items() if reason in reasons]
    of_these = task_table.c.kind.in_([kind.value for kind in wanted])
    if Reason.CALL_OVERDUE in reasons:
        return or_(of_these, late)
    return and_(of_these, not_(late))
