"""API keys: a name, a hash and what the key may be used for. The key itself is told once, when it is made."""

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Column, Connection, String, Table, Text, insert, select, update

from domain.by import By, Capacity, Scope
from storage.columns import Instant
from storage.database import metadata
from storage.ids import new_secret
from storage.keys import token_hash

# No personal data: names of systems. Kept when revoked, for old events have the name.
api_key_table = Table(
    "api_key",
    metadata,
    Column("name", String, primary_key=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)


NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""What a key may be called: the system that uses it."""


class NameTaken(Exception):  # noqa: N818 - a finding, named as one
    """A key of that name was made before; a revoked one's name is not given again, for the log has it."""


@dataclass(frozen=True)
class ApiKey:
    """A key as it can be shown."""

    name: str
    scopes: frozenset[Scope]
    made_at: dt.datetime
    revoked_at: dt.datetime | None = None


def make_key(connection: Connection, name: str, scopes: Iterable[Scope], now: dt.datetime) -> str:
    """A new key, which only its user then has. Raises NameTaken."""
    c = api_key_table.c
    if connection.execute(select(c.name).where(c.name == name)).first():
        raise NameTaken(name)
    key = f"kf_{new_secret()}"
    row = {"name": name, "key_hash": token_hash(key), "scopes": json.dumps(sorted(scopes)), "made_at": now}
    connection.execute(insert(api_key_table).values(row))
    return key


def api_keys(connection: Connection) -> list[ApiKey]:
    """All of them by name, revoked ones too."""
    rows = connection.execute(select(api_key_table).order_by(api_key_table.c.name))
    return [
        ApiKey(row.name, frozenset(map(Scope, json.loads(row.scopes))), row.made_at, row.revoked_at) for row in rows
    ]


def revoke_key(connection: Connection, name: str, now: dt.datetime) -> bool:
    """The key opens nothing from now on. False where no key of that name works."""
    c = api_key_table.c
    revoked = connection.execute(
        update(api_key_table).where(c.name == name, c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return revoked.rowcount > 0


def holder_of(connection: Connection, key: str) -> By | None:
    """Who acts with this key, and what they may; None where it opens nothing."""
    c = api_key_table.c
    found = connection.execute(
        select(c.name, c.scopes).where(c.key_hash == token_hash(key), c.revoked_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    return By(role=Capacity.API, who=found.name, scopes=frozenset(map(Scope, json.loads(found.scopes))))
