"""Everything that can be read out of a Temporal history or out of events: as it stands, base64 undone, decrypted."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import text
from temporalio.api.common.v1 import Payload

from storage.database import Database
from worker.codec import EncryptingCodec

LOOKS_ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")


def decoded_forms_of(export: str, codec: EncryptingCodec) -> Iterator[bytes]:
    """A history as `to_json` exports it, and all that is inside it."""
    yield json.dumps(json.loads(export), ensure_ascii=False).encode()
    yield from _opened(export.encode(), codec)


def decoded_forms_of_events(database: Database) -> Iterator[bytes]:
    """Every column of every event, and what is encoded in it."""
    with database.read() as connection:
        rows = connection.execute(text("SELECT * FROM event")).all()
    assert rows
    for value in (value for row in rows for value in row):
        yield from _opened(_written(value))


def _written(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return value.encode() if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str).encode()


def words_in(layers: Iterable[bytes], words: Iterable[str]) -> list[str]:
    """Those of the words that stand in a layer, in whatever form."""
    everything = b"\0".join(set(layers))
    return [word for word in words if any(form in everything for form in forms_of(word))]


def _opened(content: bytes, codec: EncryptingCodec | None = None) -> Iterator[bytes]:
    yield content
    for inside in _inside(content):
        yield from _opened(inside, codec)
    if codec and (plain := _decrypted(content, codec)) is not None:
        yield from _opened(plain, codec)


def _decrypted(sealed: bytes, codec: EncryptingCodec) -> bytes | None:
    try:
        return codec.decrypt(Payload(metadata={"encoding": b"binary/encrypted"}, data=sealed)).SerializeToString()
    except Exception:  # noqa: BLE001 - it was not sealed by us
        return None


def _inside(content: bytes) -> Iterator[bytes]:
    """What base64 in it, of either alphabet, decodes to."""
    for found in LOOKS_ENCODED.findall(content):
        text = found.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
        try:
            yield base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
        except binascii.Error:
            continue


@cache
def forms_of(word: str) -> frozenset[bytes]:
    """A word as it may stand in a file: in UTF-8 and UTF-16, as JSON writes it, and inside base64 at any offset."""
    return frozenset(_forms(word))


def _forms(word: str) -> Iterator[bytes]:
    for plain in {word.encode(), word.encode("utf-16-le"), json.dumps(word)[1:-1].encode()}:
        yield plain
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + plain)
            whole = encoded[4 if offset else 0 : len(encoded) // 4 * 4 - 4]
            if len(whole) >= 8:
                yield whole
