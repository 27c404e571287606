"""Which cluster has used which package, and when: the whole country's orders counted by cluster and package."""

import datetime as dt
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from domain.meeting import at, danish
from domain.model import ClusterId
from storage.board import board_table
from storage.package_use import EVERY_YEAR, package_use_table


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


NO_USE = PackageUse(ClusterId(""), "", 0, None, 0, None)
"""Of a package that a cluster never ordered."""


def package_uses(
    connection: Connection, now: dt.datetime, *, package: str = "", year: int | None = None
) -> list[PackageUse]:
    """Every cluster's use of every package, or of one; in a year, by the day of the meeting in Denmark. Two queries.

    Ended orders have been counted (`storage.package_use`). Those that go on are looked at, as their meetings come to be
    held by time alone.
    """
    b, u = board_table.c, package_use_table.c
    ended = select(u.cluster, u.package, u.held, u.last_held).where(u.year == (year or EVERY_YEAR))
    going_on = select(b.cluster, b.package, b.meeting_at).where(b.ended_at.is_(None))
    if package:
        ended, going_on = ended.where(u.package == package), going_on.where(b.package == package)
    if year is not None:
        going_on = going_on.where(b.meeting_at >= _new_year(year), b.meeting_at < _new_year(year + 1))
    # Plain tuples until all is told: there are as many as clusters times packages.
    found: dict[tuple[str, str], tuple[Any, ...]] = {
        (row[0], row[1]): (*row, 0, None) for row in connection.execute(ended).all()
    }
    for cluster, slug, meeting_at in connection.execute(going_on).all():
        _, _, held, last_held, under_way, following = found.get((cluster, slug), NO_USE)
        if meeting_at is None:
            under_way += 1
        elif meeting_at > now:
            under_way, following = under_way + 1, min(following or meeting_at, meeting_at)
        else:
            held, last_held = held + 1, max(last_held or meeting_at, meeting_at)
        found[cluster, slug] = (cluster, slug, held, last_held, under_way, following)
    return list(map(PackageUse._make, found.values()))


def years_with_meetings(connection: Connection) -> list[int]:
    """From the year of the first meeting to that of the last agreed one; empty before there is any."""
    b = board_table.c
    first = connection.execute(select(func.min(b.meeting_at))).scalar()
    last = connection.execute(select(func.max(b.meeting_at))).scalar()
    return list(range(danish(first).year, danish(last).year + 1)) if first and last else []


def _new_year(year: int) -> dt.datetime:
    return at(dt.date(year, 1, 1), dt.time())
