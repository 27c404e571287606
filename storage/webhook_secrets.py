"""The secrets that webhooks are signed with: wrapped by the master key, two at once while one takes over."""

import base64
import datetime as dt
import secrets

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.columns import Instant
from storage.database import metadata
from storage.keys import Keys

# No personal data: random bytes, which without the master key tell nothing.
webhook_secret_table = Table(
    "webhook_secret",
    metadata,
    Column("subscription_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("ends_at", Instant),
)

PREFIX = "whsec_"
SECRET_BYTES = 32
"""Standard Webhooks asks for 24 to 64."""
OVERLAP = dt.timedelta(hours=24)
"""So long the secret before a new one goes on signing, unless somebody says otherwise."""


def new_secret(connection: Connection, keys: Keys, subscription_id: str, ends_at: dt.datetime | None = None) -> str:
    """Another secret, as its receiver is told it: `whsec_…`. The earlier ones sign until `ends_at` at the latest."""
    c = webhook_secret_table.c
    ours = c.subscription_id == subscription_id
    if ends_at is not None:
        later = or_(c.ends_at.is_(None), c.ends_at > ends_at)
        connection.execute(update(webhook_secret_table).where(ours, later).values(ends_at=ends_at))
    number = (connection.execute(select(func.max(c.number)).where(ours)).scalar() or 0) + 1
    secret = secrets.token_bytes(SECRET_BYTES)
    row = {"subscription_id": subscription_id, "number": number, "wrapped": keys.wrap_webhook_secret(secret)}
    connection.execute(insert(webhook_secret_table).values(row))
    return PREFIX + base64.b64encode(secret).decode()


def signing_secrets(connection: Connection, keys: Keys, subscription_id: str, now: dt.datetime) -> list[bytes]:
    """The secrets that sign now, the newest first. Raises WrongKey."""
    c = webhook_secret_table.c
    valid = or_(c.ends_at.is_(None), c.ends_at > now)
    query = select(c.wrapped).where(c.subscription_id == subscription_id, valid).order_by(c.number.desc())
    return [keys.open_webhook_secret(wrapped) for wrapped in connection.execute(query).scalars()]


def forget_old_secrets(connection: Connection, now: dt.datetime) -> None:
    """Remove those that sign no more."""
    connection.execute(delete(webhook_secret_table).where(webhook_secret_table.c.ends_at <= now))


def forget_secrets_of(connection: Connection, subscription_id: str) -> None:
    """Remove all of a subscription's."""
    c = webhook_secret_table.c
    connection.execute(delete(webhook_secret_table).where(c.subscription_id == subscription_id))
