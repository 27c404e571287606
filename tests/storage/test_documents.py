import datetime as dt
import hashlib

import pytest
from sqlalchemy import event, select

from domain.model import DocumentId, OrderId, Round
from storage import documents
from storage.database import Database
from storage.documents import DocumentInfo, DocumentKind, NewDocument
from storage.erased_tables import forget_erased
from storage.keys import Keys
from tests.storage.on_disk import everything_on_disk

ORDER = OrderId("odense-1")
NOW = dt.datetime(2026, 4, 1, 9, 30, tzinfo=dt.UTC)
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@pytest.fixture
def keys() -> Keys:
    return Keys(bytes(range(32)))


def test_a_document_is_read_through_its_link(database: Database, keys: Keys) -> None:
    content = bytes(range(256)) * 1_000
    info = _put(database, keys, content=content)
    with database.read() as connection:
        read = documents.by_link(connection, info.token(keys))
    assert read is not None
    assert read.content == content
    assert read.info == info
    assert (info.filename, info.media_type, info.size, info.made_at) == ("Trivsel æøå.pptx", PPTX, 256_000, NOW)
    assert info.sha256 == hashlib.sha256(content).hexdigest()


def test_a_wrong_link_reads_nothing(database: Database, keys: Keys) -> None:
    info = _put(database, keys)
    with database.read() as connection:
        assert documents.by_link(connection, info.id) is None
        assert documents.by_link(connection, Keys(bytes(32)).token("document", info.id)) is None
        assert documents.by_link(connection, keys.token("invitation", info.id)) is None


def test_the_same_document_made_twice_is_kept_once_as_it_was_first(database: Database, keys: Keys) -> None:
    first = _put(database, keys, content=b"first")
    again = _put(database, keys, content=b"again", now=NOW + dt.timedelta(minutes=5))
    assert again == first
    with database.read() as connection:
        kept = documents.document(connection, first.id)
        assert documents.documents(connection, ORDER) == [first]
    assert kept is not None
    assert kept.content == b"first"


def test_a_document_of_no_round_is_kept_once_too(database: Database, keys: Keys) -> None:
    assert _put(database, keys, None, "document") == _put(database, keys, None, "document")


def test_kind_round_and_version_each_make_another_document(database: Database, keys: Keys) -> None:
    made = [
        _put(database, keys, Round.BASELINE, "deck", 1),
        _put(database, keys, Round.BASELINE, "deck", 2),
        _put(database, keys, Round.BASELINE, "document", 1),
        _put(database, keys, Round.FOLLOW_UP, "deck", 1),
        _put(database, keys, None, "deck", 1),
    ]
    with database.read() as connection:
        newest = documents.latest(connection, ORDER, Round.BASELINE, "deck")
        assert documents.latest(connection, ORDER, Round.FOLLOW_UP, "document") is None
        by_link = [documents.by_link(connection, info.token(keys)) for info in made]
    assert [found.info if found else None for found in by_link] == made
    assert len({info.id for info in made}) == 5
    assert newest == made[1]


def test_listing_does_not_read_contents(database: Database, keys: Keys) -> None:
    _put(database, keys)
    statements: list[str] = []
    with database.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
        documents.documents(connection, ORDER)
        assert len(statements) == 1
        assert "content" not in statements[0]
        documents.latest(connection, ORDER, Round.BASELINE, "deck")
        assert "content" not in statements[1]


def test_the_database_does_not_hold_the_link(database: Database, keys: Keys) -> None:
    info = _put(database, keys)
    disk = everything_on_disk(database)
    assert info.sha256.encode() in disk
    assert info.token(keys).encode() not in disk


def test_erased_documents_are_gone_from_disk_and_their_links_dead(database: Database, keys: Keys) -> None:
    info = _put(database, keys, content=b"mark of the deck " * 4_000)
    with database.write() as connection:
        assert documents.erase(connection, ORDER) == 1
        assert documents.erase(connection, ORDER) == 0
    forget_erased(database)
    with database.read() as connection:
        assert documents.by_link(connection, info.token(keys)) is None
        assert connection.execute(select(documents.document_table.c.id)).all() == []
    assert b"mark of the deck" not in everything_on_disk(database)


def test_a_document_nobody_made_is_not_there(database: Database) -> None:
    with database.read() as connection:
        assert documents.document(connection, DocumentId("nothing")) is None


def _put(
    database: Database,
    keys: Keys,
    round_: Round | None = Round.BASELINE,
    kind: DocumentKind = "deck",
    version: int = 1,
    content: bytes = b"deck",
    now: dt.datetime = NOW,
) -> DocumentInfo:
    new = NewDocument(kind, version, "Trivsel æøå.pptx", PPTX, content)
    with database.write() as connection:
        return documents.put(connection, keys, ORDER, round_, new, now)
