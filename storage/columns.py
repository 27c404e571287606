"""Column types that mean the same on both databases."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine


def utc_text(instant: dt.datetime) -> str:
    """An instant as text that sorts by time: `2026-03-10T16:00:00.000000Z`. Raises ValueError without an offset."""
    if instant.tzinfo is None:
        msg = f"an instant needs an offset: {instant!r}"
        raise ValueError(msg)
    return instant.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_utc_text(text: str) -> dt.datetime:
    """The instant that `utc_text` wrote."""
    return dt.datetime.fromisoformat(text)


def from_driver(kept: str | dt.datetime | None) -> dt.datetime | None:
    """An instant as a driver's own cursor gives it, on either database, in UTC."""
    if kept is None:
        return None
    return from_utc_text(kept) if isinstance(kept, str) else kept.astimezone(dt.UTC)


def as_parameter(connection: Connection, instant: dt.datetime) -> str | dt.datetime:
    """An instant as a driver's own cursor takes it. Raises ValueError without an offset."""
    text = utc_text(instant)
    return text if connection.dialect.name == "sqlite" else instant


class Instant(TypeDecorator[dt.datetime]):
    """An aware datetime, given back in UTC: `timestamptz` on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401
        if value is None:
            return None
        text = utc_text(value)
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:  # noqa: ANN401, ARG002
        return from_driver(value)
