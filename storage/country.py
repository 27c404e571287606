"""Which cluster has used which package, and when: the whole country's orders counted by cluster and package."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, func, or_, select

from domain.meeting import at, danish
from domain.model import ClusterId
from domain.stages import ENDED, Stage
from storage.board import board_table


class PackageUse(NamedTuple):
    """A cluster and a package: the meetings that were held and the last of them, and what is under way.

    A meeting is held once it has begun, unless its order was cancelled before. `under_way` counts orders that go on and
    whose meeting is still to come or to be agreed; `next_meeting` is the first of those that are agreed.
    """

    cluster: ClusterId
    package: str
    held: int
    last_held: dt.datetime | None
    under_way: int
    next_meeting: dt.datetime | None


def package_uses(
    connection: Connection, now: dt.datetime, *, package: str = "", year: int | None = None
) -> list[PackageUse]:
    """Every cluster's use of every package, or of one; in a year, by the day of the meeting in Denmark."""
    b = board_table.c
    was_held = and_(b.meeting_at <= now, or_(b.stage != Stage.CANCELLED.value, b.ended_at >= b.meeting_at))
    goes_on = and_(b.stage.not_in([stage.value for stage in ENDED]), or_(b.meeting_at.is_(None), b.meeting_at > now))
    query = select(
        b.cluster,
        b.package,
        func.sum(case((was_held, 1), else_=0)).label("held"),
        func.max(case((was_held, b.meeting_at))).label("last_held"),
        func.sum(case((goes_on, 1), else_=0)).label("under_way"),
        func.min(case((goes_on, b.meeting_at))).label("next_meeting"),
    ).group_by(b.cluster, b.package)
    if package:
        query = query.where(b.package == package)
    if year is not None:
        query = query.where(b.meeting_at >= _new_year(year), b.meeting_at < _new_year(year + 1))
    return [
        PackageUse(ClusterId(row.cluster), row.package, row.held, row.last_held, row.under_way, row.next_meeting)
        for row in connection.execute(query).all()
        if row.held or row.under_way
    ]


def years_with_meetings(connection: Connection) -> list[int]:
    """From the year of the first meeting to that of the last agreed one; empty before there is any."""
    b = board_table.c
    first = connection.execute(select(func.min(b.meeting_at))).scalar()
    last = connection.execute(select(func.max(b.meeting_at))).scalar()
    return list(range(danish(first).year, danish(last).year + 1)) if first and last else []


def _new_year(year: int) -> dt.datetime:
    return at(dt.date(year, 1, 1), dt.time())
