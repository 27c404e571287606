"""Results between the ballot box and the deck: one current tabulation a round, and the free texts to be read."""

import datetime as dt
import json
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from domain.comparator import Elsewhere
from domain.model import OrderId, Round
from domain.results import Results
from storage.before_indices import figures_of_today
from storage.columns import Instant
from storage.database import Database, metadata
from storage.forgetting import forget
from storage.ids import new_id

# Counts and means that passed the disclosure gate: no personal data, but a cluster's own. Only the newest is kept,
# since two of them side by side could tell of single answers. Removed with the order's documents (`erase`).
tabulation_table = Table(
    "tabulation",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("round", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("results", Text, nullable=False),
    # What KiAP's other clusters said, as it was published when the round's first deck was made; None before that.
    Column("elsewhere", Text),
)

# What doctors wrote without a name, undated and in random order; may still name somebody, so the consultant reads it
# first. What is not in the material goes with the ballots (`erase_texts`), the rest with the order (`erase`). Which are
# struck is the order's to say, by its events.
free_text_table = Table(
    "free_text",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("round", String, nullable=False),
    Column("item", String, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "order_id", "round"),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class StoredResults:
    """The current tabulation of a round. `version` grows with every change."""

    version: int
    made_at: dt.datetime
    results: Results


@dataclass(frozen=True)
class FreeText:
    """One answer in words, for the consultant's reading. `item` is the question's id."""

    id: str
    item: str
    text: str


def store(
    connection: Connection,
    order_id: OrderId,
    results: Results,
    free_texts: Iterable[tuple[str, str]],
    now: dt.datetime,
) -> int:
    """Put a round's results, and its free texts as (item, text), in place of what was there. The version they have now.

    The same results again keep version and time.
    """
    _replace_texts(connection, order_id, results.round, list(free_texts))
    content = results.model_dump_json()
    row = connection.execute(
        select(tabulation_table).where(_of(tabulation_table, order_id, results.round)).with_for_update()
    ).one_or_none()
    if row is None:
        values = {"order_id": order_id, "round": results.round.value, "version": 1, "made_at": now, "results": content}
        connection.execute(insert(tabulation_table).values(values))
        return 1
    if _read(row.results) == results:
        return int(row.version)
    connection.execute(
        update(tabulation_table)
        .where(_of(tabulation_table, order_id, results.round))
        .values(version=row.version + 1, made_at=now, results=content)
    )
    return int(row.version) + 1


def stored(connection: Connection, order_id: OrderId, round_: Round) -> StoredResults | None:
    """The current tabulation, or None before there is one."""
    row = connection.execute(select(tabulation_table).where(_of(tabulation_table, order_id, round_))).one_or_none()
    return None if row is None else StoredResults(row.version, row.made_at, _read(row.results))


def have_figures(connection: Connection, order_id: OrderId, round_: Round) -> bool:
    """Whether a round's deck shows figures: those of a follow-up stand beside the first round's, so it needs both."""
    needed = {Round.BASELINE, round_}
    found = [stored(connection, order_id, each) for each in needed]
    return all(each is not None and not each.results.suppressed for each in found)


def kept_elsewhere(connection: Connection, order_id: OrderId, round_: Round) -> Elsewhere | None:
    """What the round is compared with, or None before its first deck."""
    t = tabulation_table
    kept = connection.execute(select(t.c.elsewhere).where(_of(t, order_id, round_))).scalar()
    return None if kept is None else Elsewhere.model_validate_json(kept)


def keep_elsewhere(connection: Connection, order_id: OrderId, round_: Round, found: Elsewhere) -> Elsewhere:
    """Keep what the round is compared with, unless that is done: then it stays. What is kept now."""
    t = tabulation_table
    first = _of(t, order_id, round_) & t.c.elsewhere.is_(None)
    connection.execute(update(t).where(first).values(elsewhere=found.model_dump_json()))
    return kept_elsewhere(connection, order_id, round_) or found


def free_texts(
    connection: Connection, order_id: OrderId, round_: Round, *, struck: Collection[str] = ()
) -> list[FreeText]:
    """A round's free texts but for those struck, by random id: always in the same order, never in that of answering."""
    query = select(free_text_table).where(_of(free_text_table, order_id, round_)).order_by(free_text_table.c.id)
    return [_free_text(row) for row in connection.execute(query) if row.id not in struck]


def erase_texts(connection: Connection, order_id: OrderId, round_: Round, *, kept: Collection[str] = ()) -> int:
    """Remove a round's free texts but for those kept; how many. Commit, then `forget_results`."""
    gone = delete(free_text_table).where(
        _of(free_text_table, order_id, round_), free_text_table.c.id.not_in(list(kept))
    )
    return connection.execute(gone).rowcount


def erase(connection: Connection, order_id: OrderId) -> None:
    """Remove an order's tabulations and free texts. Commit, then `forget_results`."""
    for table in (tabulation_table, free_text_table):
        connection.execute(delete(table).where(table.c.order_id == order_id))


def forget_results(database: Database, wait: float = 10.0) -> None:
    """After erasing or tabulating anew: let the earlier rows disappear from the files. Raises StillRemembered."""
    forget(database, tabulation_table, free_text_table, wait=wait)


def _replace_texts(connection: Connection, order_id: OrderId, round_: Round, texts: list[tuple[str, str]]) -> None:
    """The same texts keep their ids: by those the order's events say which are struck."""
    present = free_texts(connection, order_id, round_)
    if sorted((each.item, each.text) for each in present) == sorted(texts):
        return
    connection.execute(delete(free_text_table).where(_of(free_text_table, order_id, round_)))
    secrets.SystemRandom().shuffle(texts)
    rows = [
        {"id": new_id(), "order_id": order_id, "round": round_.value, "item": item, "text": text}
        for item, text in texts
    ]
    if rows:
        connection.execute(insert(free_text_table), rows)


def _read(content: str) -> Results:
    return Results.model_validate(figures_of_today(json.loads(content)))


def _of(table: Table, order_id: OrderId, round_: Round) -> ColumnElement[bool]:
    return (table.c.order_id == order_id) & (table.c.round == round_.value)


def _free_text(row: Row[*tuple[Any, ...]]) -> FreeText:
    return FreeText(row.id, row.item, row.text)
