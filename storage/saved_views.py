"""Searches in the list of orders that one of KiAP's own has given a name: theirs alone, and gone with them."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Column, Connection, String, Table, UniqueConstraint, delete, func, select, update

from domain.model import StaffId
from storage.columns import Instant
from storage.database import metadata
from storage.ids import new_id
from storage.insert_once import insert_missing

MOST = 30
"""Of one person's: more are a list nobody looks through."""

# A colleague's own words, and what they searched for, which may be a doctor's name. Removed when the colleague leaves.
view_table = Table(
    "saved_view",
    metadata,
    Column("id", String, primary_key=True),
    Column("staff_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("query", String, nullable=False),
    Column("saved_at", Instant, nullable=False),
    UniqueConstraint("staff_id", "name"),
)


class TooManyViews(Exception):  # noqa: N818 - a finding, named as one
    """Somebody has `MOST` of them already."""


@dataclass(frozen=True)
class SavedView:
    """A search under a name. `query` is what follows the list's address after the question mark."""

    id: str
    name: str
    query: str


def save_view(connection: Connection, staff_id: StaffId, name: str, query: str, now: dt.datetime) -> None:
    """Under this name there is this search from now on. Raises TooManyViews."""
    c = view_table.c
    mine = (c.staff_id == staff_id) & (c.name == name)
    values = {"query": query, "saved_at": now}
    if connection.execute(update(view_table).where(mine).values(values)).rowcount:
        return
    count = connection.execute(select(func.count()).select_from(view_table).where(c.staff_id == staff_id)).scalar_one()
    if count >= MOST:
        raise TooManyViews
    insert_missing(connection, view_table, [{"id": new_id(), "staff_id": staff_id, "name": name, **values}])


def views_of(connection: Connection, staff_id: StaffId) -> list[SavedView]:
    """Somebody's, in no particular order: sorting A–Å is the reader's."""
    c = view_table.c
    rows = connection.execute(select(c.id, c.name, c.query).where(c.staff_id == staff_id))
    return [SavedView(row.id, row.name, row.query) for row in rows]


def remove_view(connection: Connection, staff_id: StaffId, view_id: str) -> None:
    """Away with one of theirs; nothing happens where it is gone. Commit, then `forget`."""
    c = view_table.c
    connection.execute(delete(view_table).where(c.id == view_id, c.staff_id == staff_id))


def remove_views(connection: Connection, staff_id: StaffId) -> None:
    """Away with all of theirs. Commit, then `forget`."""
    connection.execute(delete(view_table).where(view_table.c.staff_id == staff_id))
