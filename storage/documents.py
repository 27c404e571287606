"""Files made for an order: deck, results document, calendar file, comparison. Read through unguessable links."""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    delete,
    select,
)

from domain.model import DocumentId, OrderId, Round
from storage.columns import Instant
from storage.database import metadata
from storage.ids import new_id
from storage.insert_once import insert_missing
from storage.keys import Keys, token_hash

DocumentKind = Literal["deck", "document"]
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

NO_ROUND = ""
"""What stands for "no round" in the unique key, where NULL would never equal NULL."""

# Results that passed the disclosure gate, and the meeting's place; decks may name coordinator and consultant. Removed
# with the order (`erase`). Content is the last column, so that listing never reads it.
document_table = Table(
    "document",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("round", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("filename", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("link_hash", String(64), nullable=False, unique=True),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("order_id", "round", "kind", "version"),
)


@dataclass(frozen=True)
class DocumentInfo:
    """All about a document but its content. `size` is in bytes."""

    id: DocumentId
    order_id: OrderId
    round: Round | None
    kind: DocumentKind
    version: int
    filename: str
    media_type: str
    size: int
    sha256: str
    made_at: dt.datetime

    def token(self, keys: Keys) -> str:
        """The secret part of the document's link."""
        return keys.token("document", self.id)

    def review_token(self, keys: Keys) -> str:
        """The same for KiAP's own, who look at a deck before it is released. Not for members or coordinators."""
        return f"{self.token(keys)}.{keys.token('document-review', self.id)}"


@dataclass(frozen=True)
class Document:
    """A document and its bytes."""

    info: DocumentInfo
    content: bytes


@dataclass(frozen=True)
class NewDocument:
    """What is to be kept. `id` where others know it by one already."""

    kind: DocumentKind
    version: int
    filename: str
    media_type: str
    content: bytes
    id: DocumentId | None = None


def put(
    connection: Connection,
    keys: Keys,
    order_id: OrderId,
    round_: Round | None,
    new: NewDocument,
    now: dt.datetime,
) -> DocumentInfo:
    """Keep a document. One of the same order, round, kind and version is kept as it is and given back."""
    document_id = new.id or new_id()
    row = {
        "id": document_id,
        "order_id": order_id,
        "round": _name(round_),
        "kind": new.kind,
        "version": new.version,
        "filename": new.filename,
        "media_type": new.media_type,
        "size": len(new.content),
        "sha256": hashlib.sha256(new.content).hexdigest(),
        "made_at": now,
        "link_hash": token_hash(keys.token("document", document_id)),
        "content": new.content,
    }
    insert_missing(connection, document_table, [row])
    table = document_table
    query = _infos().where(
        table.c.order_id == order_id,
        table.c.round == _name(round_),
        table.c.kind == new.kind,
        table.c.version == new.version,
    )
    return _info(connection.execute(query).one())


def documents(connection: Connection, order_id: OrderId) -> list[DocumentInfo]:
    """An order's documents, oldest first, without content."""
    table = document_table
    query = _infos().where(table.c.order_id == order_id).order_by(table.c.made_at, table.c.kind, table.c.version)
    return [_info(row) for row in connection.execute(query)]


def latest(connection: Connection, order_id: OrderId, round_: Round | None, kind: DocumentKind) -> DocumentInfo | None:
    """The highest version of one kind."""
    table = document_table
    query = (
        _infos()
        .where(table.c.order_id == order_id, table.c.round == _name(round_), table.c.kind == kind)
        .order_by(table.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _info(row)


def is_for_review(keys: Keys, info: DocumentInfo, token: str) -> bool:
    """Whether this link to the document is one that KiAP's own have."""
    return hmac.compare_digest(token.encode(), info.review_token(keys).encode())


def by_link(connection: Connection, token: str) -> Document | None:
    """The document behind a link's token, for all or for review. Whether it may be given is the caller's to say."""
    return _whole(connection, document_table.c.link_hash == token_hash(token.partition(".")[0]))


def document(connection: Connection, document_id: DocumentId) -> Document | None:
    """A document by its id, for ourselves; people come by link."""
    return _whole(connection, document_table.c.id == document_id)


def erase(connection: Connection, order_id: OrderId) -> int:
    """Remove an order's documents; how many. Commit, then `forget_erased`."""
    return connection.execute(delete(document_table).where(document_table.c.order_id == order_id)).rowcount


def _name(round_: Round | None) -> str:
    return round_.value if round_ else NO_ROUND


def _infos() -> Select[*tuple[Any, ...]]:
    return select(*(column for column in document_table.c if column.name != "content"))


def _info(row: Row[*tuple[Any, ...]]) -> DocumentInfo:
    return DocumentInfo(
        id=DocumentId(row.id),
        order_id=OrderId(row.order_id),
        round=Round(row.round) if row.round else None,
        kind=row.kind,
        version=row.version,
        filename=row.filename,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        made_at=row.made_at,
    )


def _whole(connection: Connection, which: Any) -> Document | None:  # noqa: ANN401
    row = connection.execute(select(document_table).where(which)).one_or_none()
    return None if row is None else Document(_info(row), row.content)
