"""Everything that can be read out of a Temporal history: as exported, base64 undone, decrypted, layer by layer."""

import base64
import binascii
import json
import re
from collections.abc import Iterator

from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory

from worker.codec import EncryptingCodec

LOOKS_ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")


def layers_of(history: WorkflowHistory, codec: EncryptingCodec) -> Iterator[bytes]:
    """The export, and all that is inside it."""
    export = history.to_json()
    yield export.encode()
    yield json.dumps(json.loads(export), ensure_ascii=False).encode()
    for inside in _inside(export.encode()):
        yield from _opened(inside, codec)


def _opened(content: bytes, codec: EncryptingCodec) -> Iterator[bytes]:
    yield content
    for sealed in (content, *_inside(content)):
        plain = _decrypted(sealed, codec)
        if plain is not None:
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


def forms_of(word: str) -> Iterator[bytes]:
    """A word as it may stand in a file: in UTF-8 and UTF-16, as JSON writes it, and inside base64 at any offset."""
    for plain in {word.encode(), word.encode("utf-16-le"), json.dumps(word)[1:-1].encode()}:
        yield plain
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + plain)
            whole = encoded[4 if offset else 0 : len(encoded) // 4 * 4 - 4]
            if len(whole) >= 8:
                yield whole
