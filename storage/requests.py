"""Requests that come in twice: the same key with the same content is the same request, with another content refused."""

import datetime as dt
import hashlib
import json
from typing import Any

from sqlalchemy import Column, Connection, Index, String, Table, delete, select

from domain.model import OrderId
from storage.columns import Instant
from storage.database import metadata
from storage.insert_once import insert_missing

# Hashes only, but of requests with names and addresses, which could be tried out: removed by `forget_requests_before`,
# run by the nightly erasure.
request_table = Table(
    "request",
    metadata,
    Column("key_hash", String(64), primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("order_id", String, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Index(None, "taken_at"),
)


class KeyReused(Exception):  # noqa: N818 - a finding, named as one
    """The same key came with another content."""


def content_hash(content: Any) -> str:  # noqa: ANN401
    """A fingerprint of a request's JSON: the same for the same content, however its keys are ordered."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def take_request(connection: Connection, key: str, fingerprint: str, order_id: OrderId, now: dt.datetime) -> OrderId:
    """Whose order this request is about: `order_id` where it is new, or the id from the first time. Raises KeyReused.

    Call it in the transaction that writes what the request asks for, before writing.
    """
    key_hash = _key_hash(key)
    row = {"key_hash": key_hash, "content_hash": fingerprint, "order_id": order_id, "taken_at": now}
    insert_missing(connection, request_table, [row])
    taken = connection.execute(select(request_table).where(request_table.c.key_hash == key_hash)).one()
    if taken.content_hash != fingerprint:
        raise KeyReused("this key was used for another request")
    return OrderId(taken.order_id)


def release_request(connection: Connection, key: str) -> None:
    """Nothing came of the request: its sender may use the key for a corrected one."""
    connection.execute(delete(request_table).where(request_table.c.key_hash == _key_hash(key)))


def _key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def forget_requests_before(connection: Connection, limit: dt.datetime) -> int:
    """Remove what is older; how many. A key is promised to work for a day, so keep at least that."""
    return connection.execute(delete(request_table).where(request_table.c.taken_at < limit)).rowcount
