"""What people give beside a command: words, names and addresses, which must not go through Temporal.

They are enclosed here first, and the command goes with the enclosure's id. Carried out, its content is written in the
append's own transaction; refused or already done, it is dropped; left behind by a process that died, it goes at night.
"""

import datetime as dt
from collections.abc import Sequence

from pydantic import BaseModel, Field
from sqlalchemy import Column, Connection, Index, LargeBinary, String, Table, Text, delete, insert, select

from domain.events import DeckReplaced, Event, ExtractGiven
from domain.model import ClusterId, DocumentId, OrderId, PersonId, PracticeId, Round, TextId
from storage import clusters, documents, people, register_rows, suppressions, texts
from storage.clusters import NewPractice
from storage.columns import Instant
from storage.database import metadata
from storage.ids import new_id
from storage.keys import Keys
from storage.people import PersonChange

# Names, addresses, words, a file and sealed numbers on their way into their rows. Minutes; a day at the most.
enclosure_table = Table(
    "enclosure",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("content", Text, nullable=False),
    Column("enclosed_at", Instant, nullable=False),
    Column("file", LargeBinary),
    Index(None, "enclosed_at"),
)


class EnclosedText(BaseModel):
    """A text under the id that the command has for it."""

    id: TextId
    kind: str
    content: str


class EnclosedPractice(BaseModel):
    """A practice nobody has named before."""

    id: PracticeId
    cluster: ClusterId
    name: str


class EnclosedDeck(BaseModel):
    """A deck under the id that the command has for it; its content stands beside the rest."""

    id: DocumentId
    round: Round
    filename: str
    content: bytes = Field(b"", exclude=True, repr=False)


class EnclosedRow(BaseModel):
    """A practice's numbers in a register's extract: sealed, in hex digits."""

    practice: PracticeId
    sealed: str = Field(repr=False)


class EnclosedExtract(BaseModel):
    """A register's extract of a round: all rows, none of which anybody can read on the way."""

    round: Round
    rows: tuple[EnclosedRow, ...]


class Enclosure(BaseModel):
    """Everything that is to be written if the command is carried out."""

    texts: tuple[EnclosedText, ...] = ()
    people: tuple[PersonChange, ...] = ()
    practices: tuple[EnclosedPractice, ...] = ()
    attendance: dict[PersonId, bool] = {}
    deck: EnclosedDeck | None = None
    extract: EnclosedExtract | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.people or self.practices or self.attendance or self.deck or self.extract)


def enclose(connection: Connection, order_id: OrderId, enclosure: Enclosure, now: dt.datetime) -> str | None:
    """Keep it for the command; its id, None where there is nothing in it."""
    if enclosure.is_empty:
        return None
    enclosure_id = new_id()
    row = {"id": enclosure_id, "order_id": order_id, "content": enclosure.model_dump_json(), "enclosed_at": now,
           "file": enclosure.deck.content if enclosure.deck else None}  # fmt: skip
    connection.execute(insert(enclosure_table).values(row))
    return enclosure_id


def unfold(connection: Connection, keys: Keys, enclosure_id: str, events: Sequence[Event]) -> None:
    """Write what is in it, and remove it; nothing happens where that is done. Raises AddressChanged.

    `events` are those it came to, of which a file has its version.
    """
    c = enclosure_table.c
    row = connection.execute(select(c.order_id, c.content, c.file).where(c.id == enclosure_id)).one_or_none()
    if row is None:
        return
    order_id, enclosure = OrderId(row.order_id), Enclosure.model_validate_json(row.content)
    for practice in enclosure.practices:
        clusters.add_practices(connection, practice.cluster, [NewPractice(practice.id, practice.name)])
    suppressions.follow_names(connection, keys, enclosure.people)
    people.put(connection, enclosure.people)
    for text in enclosure.texts:
        texts.put_text(connection, text.id, order_id, text.kind, text.content)
    if enclosure.attendance:
        texts.record_attendance(connection, order_id, enclosure.attendance)
    if enclosure.deck is not None and row.file is not None:
        _keep_deck(connection, keys, order_id, enclosure.deck, row.file, events)
    if enclosure.extract is not None:
        _keep_extract(connection, order_id, enclosure.extract, events)
    drop(connection, enclosure_id)


def _keep_extract(connection: Connection, order_id: OrderId, extract: EnclosedExtract, events: Sequence[Event]) -> None:
    if any(isinstance(event, ExtractGiven) and event.round is extract.round for event in events):
        rows = [register_rows.SealedRow(row.practice, bytes.fromhex(row.sealed)) for row in extract.rows]
        register_rows.put(connection, order_id, extract.round, rows)


def _keep_deck(
    connection: Connection, keys: Keys, order_id: OrderId, deck: EnclosedDeck, content: bytes, events: Sequence[Event]
) -> None:
    for event in events:
        if isinstance(event, DeckReplaced) and event.document == deck.id:
            new = documents.NewDocument("deck", event.version, deck.filename, documents.PPTX, content, deck.id)
            documents.put(connection, keys, order_id, deck.round, new, event.at)


def drop(connection: Connection, enclosure_id: str) -> bool:
    """Remove it unused; whether it was there. Commit, then `forget`."""
    return connection.execute(delete(enclosure_table).where(enclosure_table.c.id == enclosure_id)).rowcount > 0


def drop_before(connection: Connection, limit: dt.datetime) -> int:
    """Remove what nobody came back for; how many. Commit, then `forget`."""
    return connection.execute(delete(enclosure_table).where(enclosure_table.c.enclosed_at < limit)).rowcount
