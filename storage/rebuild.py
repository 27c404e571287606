"""Builds read models anew from the events, beside the ones that serve, and switches in one transaction."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import Column, Connection, MetaData, Table, delete, func, insert, select

from domain.evolution import evolve
from domain.order import Order
from storage.database import Database
from storage.event_lock import wait_to_append
from storage.projections import LIVE, Change, Projection, projection_table
from storage.recorded import Recorded, event_table, read_after

Progress = Callable[[int, int], None]
_PAGE = 2_000


def rebuild(database: Database, progress: Progress | None = None, projections: Sequence[Projection] = LIVE) -> int:
    """Rebuild the read models from the first event on; gives the number of events. Appends go on meanwhile.

    `progress` is told (events done, events in all). Raises UnreadableEvent at an event this code does not know; the
    serving read models then stay as they were. Nothing but read models is touched: no mail, no `also`.
    """
    with database.engine.connect() as connection:
        try:
            with connection.begin():
                building = _Building(connection, projections, progress)
                building.take_in_events()
                building.set_out_orders()
            connection.execution_options(klyngeflow_write=True)
            with connection.begin():
                wait_to_append(connection)
                building.take_in_events()  # what was appended meanwhile
                building.set_out_orders()
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
        self._position = 0
        self._orders: dict[str, tuple[Order, dt.datetime]] = {}
        self._changed: set[str] = set()
        self._tables = [_temporary_copy(projection.table) for projection in projections]
        for table in self._tables:
            table.create(connection, checkfirst=False)
        self._changes = [Change(*pair) for pair in zip(projections, self._tables, strict=True)]

    def take_in_events(self) -> None:
        """Fold every event after the last one taken in, in the order of positions."""
        total = self.events + self._waiting()
        while page := read_after(self._connection, self._position, _PAGE):
            for recorded in page:
                self._take_in(recorded)
            for change in self._changes:
                change.add_events(self._connection, page)
            self._position = page[-1].position
            self.events += len(page)
            if self._progress:
                self._progress(self.events, max(total, self.events))

    def _take_in(self, recorded: Recorded) -> None:
        order, _ = self._orders.get(recorded.stream, (None, None))
        self._orders[recorded.stream] = evolve(order, recorded.event), recorded.recorded_at
        self._changed.add(recorded.stream)

    def _waiting(self) -> int:
        after = event_table.c.position > self._position
        return self._connection.execute(select(func.count()).select_from(event_table).where(after)).scalar_one()

    def set_out_orders(self) -> None:
        """Write the rows of every order that changed since the last time."""
        changed = sorted(self._changed)
        for change in self._changes:
            change.forget(self._connection, *changed)
            change.add_orders(self._connection, [self._orders[stream] for stream in changed])
        self._changed.clear()

    def switch(self) -> None:
        """Put what was built in place of what serves."""
        for projection, built in zip(self._projections, self._tables, strict=True):
            self._connection.execute(delete(projection.table))
            names = [column.name for column in projection.table.columns]
            self._connection.execute(insert(projection.table).from_select(names, select(built)))
            self._connection.execute(delete(projection_table).where(projection_table.c.name == projection.name))
            values = {"name": projection.name, "version": projection.version, "position": self._position}
            self._connection.execute(insert(projection_table).values(values))
            built.drop(self._connection, checkfirst=False)


def _temporary_copy(table: Table) -> Table:
    columns = [Column(column.name, column.type, primary_key=column.primary_key) for column in table.columns]
    return Table(f"rebuilt_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
