"""Builds read models anew from the events, beside the ones that serve, and switches in one transaction.

One order at a time: a million events need no more memory than the longest stream.
"""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Column, Connection, MetaData, Table, delete, func, insert, select

from domain.evolution import evolve
from domain.order import Order
from storage.database import Database
from storage.event_lock import wait_to_append
from storage.event_sql import ROWS_OF_STREAM, run
from storage.package_use import recount
from storage.projections import LIVE, Change, Projection, projection_table
from storage.recorded import Recorded, as_recorded, event_table

Progress = Callable[[int, int], None]
_PAGE = 500
"""Streams named at a time."""


def rebuild(database: Database, progress: Progress | None = None, projections: Sequence[Projection] = LIVE) -> int:
    """Rebuild the read models from the first event on; gives the number of events. Appends go on meanwhile.

    `progress` is told (events done, events in all). Raises UnreadableEvent at an event this code does not know; the
    serving read models then stay as they were. Nothing but read models is touched: no mail, no `also`.
    """
    with database.engine.connect() as connection:
        try:
            with connection.begin():
                building = _Building(connection, projections, progress)
                building.take_in_all()
            connection.execution_options(klyngeflow_write=True)
            with connection.begin():
                wait_to_append(connection)
                building.take_in_what_came_meanwhile()
                building.switch()
        except BaseException:
            connection.invalidate()  # and its temporary tables with it
            raise
    return building.events


class _Building:
    """Read models being built in temporary tables of one connection."""

    def __init__(self, connection: Connection, projections: Sequence[Projection], progress: Progress | None) -> None:
        self.events = 0
        self._connection = connection
        self._projections = projections
        self._progress = progress
        self._position = self._end()
        self._total = self._count()
        self._tables = [_temporary_copy(projection.table) for projection in projections]
        for table in self._tables:
            table.create(connection, checkfirst=False)
        self._changes = [Change(*pair) for pair in zip(projections, self._tables, strict=True)]

    def take_in_all(self) -> None:
        """Every stream, as far as it had come when the building began."""
        last = ""
        while streams := self._streams_after(last):
            for stream in streams:
                self._take_in(stream, upto=self._position)
            last = streams[-1]
            if self._progress:
                self._progress(self.events, max(self._total, self.events))

    def take_in_what_came_meanwhile(self) -> None:
        """Streams that have grown since: their orders' rows anew, and the lines of their new events."""
        c = event_table.c
        query = select(c.stream, func.min(c.version)).where(c.position > self._position).group_by(c.stream)
        for stream, first in self._connection.execute(query).all():
            self._take_in(stream, after_version=first - 1)
        self._position = self._end()

    def _take_in(self, stream: str, *, after_version: int = 0, upto: int | None = None) -> None:
        order: Order | None = None
        recorded = list(self._stream(stream, upto))
        for each in recorded:
            order = evolve(order, each.event)
        if order is None:
            return
        new = [(each.version, each.event) for each in recorded if each.version > after_version]
        for projection, change in zip(self._projections, self._changes, strict=True):
            change.apply(self._connection, order.id, projection.rows(order, new, recorded[-1].recorded_at))
        self.events += len(new)

    def _stream(self, stream: str, upto: int | None) -> Iterator[Recorded]:
        for row in run(self._connection, ROWS_OF_STREAM, stream, 0).fetchall():
            recorded = as_recorded(row)
            if upto is None or recorded.position <= upto:
                yield recorded

    def _streams_after(self, last: str) -> list[str]:
        c = event_table.c
        query = select(c.stream).where(c.version == 1, c.stream > last).order_by(c.stream).limit(_PAGE)
        return list(self._connection.execute(query).scalars())

    def _end(self) -> int:
        return self._connection.execute(select(func.max(event_table.c.position))).scalar() or 0

    def _count(self) -> int:
        return self._connection.execute(select(func.count()).select_from(event_table)).scalar_one()

    def switch(self) -> None:
        """Put what was built in place of what serves, and count anew what is counted on the board."""
        for projection, built in zip(self._projections, self._tables, strict=True):
            self._connection.execute(delete(projection.table))
            names = [column.name for column in projection.table.columns]
            self._connection.execute(insert(projection.table).from_select(names, select(built)))
            self._connection.execute(delete(projection_table).where(projection_table.c.name == projection.name))
            values = {"name": projection.name, "version": projection.version, "position": self._position}
            self._connection.execute(insert(projection_table).values(values))
            built.drop(self._connection, checkfirst=False)
        recount(self._connection)


def _temporary_copy(table: Table) -> Table:
    columns = [Column(column.name, column.type, primary_key=column.primary_key) for column in table.columns]
    return Table(f"rebuilt_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
