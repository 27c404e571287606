"""Which cluster has used which package, and when: the whole country's orders counted by cluster and package."""

import datetime as dt
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from domain.meeting import at, danish
from domain.model import ClusterId
from storage.board import board_table
from storage.columns import as_parameter, from_driver
from storage.event_sql import run
from storage.package_use import EVERY_YEAR


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


# As many rows as clusters times packages, so on the driver's own cursor, as events are read.
ENDED = "SELECT cluster, package, held, last_held FROM package_use WHERE year = ?"
GOING_ON = "SELECT cluster, package, meeting_at FROM order_board WHERE ended_at IS NULL"
_OF_PACKAGE = " AND package = ?"
_OF_TIME = " AND meeting_at >= ? AND meeting_at < ?"

NO_USE = PackageUse(ClusterId(""), "", 0, None, 0, None)
"""Of a package that a cluster never ordered."""


def package_uses(
    connection: Connection, now: dt.datetime, *, package: str = "", year: int | None = None
) -> list[PackageUse]:
    """Every cluster's use of every package, or of one; in a year, by the day of the meeting in Denmark. Two queries.

    Ended orders have been counted (`storage.package_use`). Those that go on are looked at, as their meetings come to be
    held by time alone.
    """
    ended, going_on, open_ones = ENDED, GOING_ON, list[Any]()
    counted: list[Any] = [year or EVERY_YEAR]
    if package:
        ended, going_on = ended + _OF_PACKAGE, going_on + _OF_PACKAGE
        counted.append(package)
        open_ones.append(package)
    if year is not None:
        going_on += _OF_TIME
        open_ones += [as_parameter(connection, _new_year(each)) for each in (year, year + 1)]
    found: dict[tuple[str, str], tuple[Any, ...]] = {
        (cluster, slug): (cluster, slug, held, from_driver(last_held), 0, None)
        for cluster, slug, held, last_held in run(connection, ended, *counted).fetchall()
    }
    for cluster, slug, kept in run(connection, going_on, *open_ones).fetchall():
        _, _, held, last_held, under_way, following = found.get((cluster, slug), NO_USE)
        meeting_at = from_driver(kept)
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
