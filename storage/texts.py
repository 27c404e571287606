"""What people wrote about an order (the meeting's place, the groups' ideas, a reason), and who came to its meeting."""

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy import Boolean, Column, Connection, Index, String, Table, Text, delete, insert, select, update

from domain.model import OrderId, PersonId, TextId
from storage.columns import Instant
from storage.database import metadata
from storage.erased import ERASED
from storage.insert_once import insert_missing

# May name people. Erased with its order.
text_table = Table(
    "text",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("content", Text, nullable=False),
    Column("erased_at", Instant),
    Index(None, "order_id"),
)

# Who was at the meeting. Never joined to the survey. Removed with its order.
attendance_table = Table(
    "attendance",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("person_id", String, primary_key=True),
    Column("attended", Boolean, nullable=False),
    sqlite_with_rowid=False,
)


def put_text(connection: Connection, text_id: TextId, order_id: OrderId, kind: str, content: str) -> None:
    """Keep a text under the id that a command has for it."""
    row = {"id": text_id, "order_id": order_id, "kind": kind, "content": content}
    insert_missing(connection, text_table, [row])


def words_of(connection: Connection, text_id: TextId | None) -> str:
    """What somebody wrote; empty where nobody did, it is erased, or no row has the id."""
    content = connection.execute(select(text_table.c.content).where(text_table.c.id == text_id)).scalar_one_or_none()
    return content or ERASED


def words_by_id(connection: Connection, ids: Collection[TextId]) -> dict[TextId, str]:
    """What was written under each of these ids; erased and unknown ones are left out."""
    c = text_table.c
    rows = connection.execute(select(c.id, c.content).where(c.id.in_(ids), c.erased_at.is_(None)))
    return {TextId(row.id): row.content for row in rows}


def record_attendance(connection: Connection, order_id: OrderId, attended: Mapping[PersonId, bool]) -> None:
    """Who came and who didn't; a second record replaces the first."""
    connection.execute(delete(attendance_table).where(attendance_table.c.order_id == order_id))
    if attended:
        rows = [{"order_id": order_id, "person_id": person, "attended": came} for person, came in attended.items()]
        connection.execute(insert(attendance_table), rows)


def attendance(connection: Connection, order_id: OrderId) -> dict[PersonId, bool]:
    """Who came; empty where nobody has recorded it."""
    rows = connection.execute(select(attendance_table).where(attendance_table.c.order_id == order_id))
    return {PersonId(row.person_id): row.attended for row in rows}


def erase_texts(connection: Connection, order_id: OrderId, now: dt.datetime) -> int:
    """Overwrite the order's texts and remove its attendance; how many texts. Commit, then `forget`."""
    erased = connection.execute(
        update(text_table)
        .where(text_table.c.order_id == order_id, text_table.c.erased_at.is_(None))
        .values(content=ERASED, erased_at=now)
    )
    connection.execute(delete(attendance_table).where(attendance_table.c.order_id == order_id))
    return erased.rowcount
