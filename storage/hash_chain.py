"""The chain that shows whether stored events were touched: each row's hash covers its bytes and the hash before it.

What it finds: a row changed, removed, added or reordered anywhere before the last one, or with an id not of its place.
What it cannot find alone: a cut tail (the last rows removed), or a chain rewritten from some row to the end by somebody
who may write to the table. Both are found when `verify` is given an anchor: a head it gave earlier, kept elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from storage.database import Database
from storage.event_id import event_id
from storage.event_sql import COUNT, ROWS_AFTER, run

GENESIS = "0" * 64
"""What stands before the first event."""

_PAGE = 5_000
_BEFORE_ALL = -(2**62)


@dataclass(frozen=True)
class Anchor:
    """A known good end of the chain, to be kept outside the database."""

    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        """The anchor that `str` wrote. Raises ValueError."""
        position, _, hash_ = text.partition(":")
        if len(hash_) != len(GENESIS):
            msg = f"not an anchor: '{text}'"
            raise ValueError(msg)
        return cls(int(position), hash_)


@dataclass(frozen=True)
class Verification:
    """What `verify` found. `broken_at` is the first position that does not fit, `why` says how, in English."""

    events: int
    head: Anchor | None
    broken_at: int | None = None
    why: str = ""

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def link(previous: str, row: Sequence[Any]) -> str:
    """The hash of a row (all but its hash, in the table's order), given the hash before it.

    Every field carries its length, so no two rows read alike.
    """
    position, stream, version, id_, type_, schema, data, role, who, correlation, causation, at = row
    # Spelled out: a loop over the fields takes a third longer, and every append and `verify` stand on this.
    position, version, schema = str(position), str(version), str(schema)
    correlation = "-" if correlation is None else f"{len(correlation)}:{correlation}"
    causation = "-" if causation is None else f"{len(causation)}:{causation}"
    text = (
        f"{previous}{len(position)}:{position}{len(stream)}:{stream}{len(version)}:{version}{len(id_)}:{id_}"
        f"{len(type_)}:{type_}{len(schema)}:{schema}{len(data)}:{data}{len(role)}:{role}{len(who)}:{who}"
        f"{correlation}{causation}{len(at)}:{at}"
    )
    return sha256(text.encode()).hexdigest()


def verify(
    database: Database, anchor: Anchor | None = None, progress: Callable[[int, int], None] | None = None
) -> Verification:
    """Follow the chain from the first event to the last. `progress` is told (events done, events in all).

    Without an anchor a cut tail is not found, see the module.
    """
    with database.read() as connection:
        (total,) = run(connection, COUNT).fetchone() or (0,)
        done, previous, position, read_to = 0, GENESIS, 0, _BEFORE_ALL
        while rows := run(connection, ROWS_AFTER, read_to, _PAGE).fetchall():
            for row in rows:
                if (why := _misfit(row, position, previous, anchor)) is not None:
                    return Verification(done, _head(position, previous), position + 1, why)
                position, previous, done = row[0], row[-1], done + 1
            read_to = position
            if progress:
                progress(done, total)
    if anchor and anchor.position > position:
        why = f"the events end at {position}, the anchor stands at {anchor.position}: the tail was cut"
        return Verification(done, _head(position, previous), position + 1, why)
    return Verification(done, _head(position, previous))


def _misfit(row: Sequence[Any], position: int, previous: str, anchor: Anchor | None) -> str | None:
    """Why this row cannot follow that position and hash; None where it can."""
    if row[0] != position + 1:
        return f"position {position + 1} is missing; the next is {row[0]}"
    if link(previous, row[:-1]) != row[-1]:
        return f"the content of position {row[0]} does not match its hash"
    if row[3] != event_id(row[1], row[2]):
        return f"the id of position {row[0]} is not the one of its stream and version"
    if anchor and anchor.position == row[0] and anchor.hash != row[-1]:
        return f"position {row[0]} does not match the anchor: the chain was rewritten at or before it"
    return None


def _head(position: int, hash_: str) -> Anchor | None:
    return Anchor(position, hash_) if position else None
