"""What a register said of each practice of an order, by round: sealed, and given to that practice's doctors alone."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, LargeBinary, String, Table, delete, insert, select

from domain.model import Digest, OrderId, PracticeId, Round
from domain.register import Extract
from storage.database import metadata
from storage.keys import Keys
from storage.survey_rounds import of_round

PAD_TO = 512
"""Numbers are padded to a multiple of this many bytes: size tells nothing of which are given."""

# A practice's numbers in a register, which may be one doctor's. Sealed under the master key, each to its order, round
# and practice. Removed with its order, at once where that is cancelled, and where another extract takes its place.
register_row_table = Table(
    "register_row",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("round", String, primary_key=True),
    Column("practice_id", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

Numbers = Mapping[str, float]
"""By measure; one that is not given is not there."""


class NotThisRow(Exception):  # noqa: N818 - a finding, named as one
    """The row is another practice's, order's or round's: somebody has moved it."""


@dataclass(frozen=True)
class SealedRow:
    """A practice's numbers as they are kept."""

    practice: PracticeId
    sealed: bytes


def sealed_rows(keys: Keys, order_id: OrderId, round_: Round, rows: Mapping[PracticeId, Numbers]) -> list[SealedRow]:
    """The numbers of each practice, sealed to it."""
    return [SealedRow(each, _sealed(keys, order_id, round_, each, numbers)) for each, numbers in rows.items()]


def digest_of(keys: Keys, order_id: OrderId, round_: Round, rows: Mapping[PracticeId, Numbers]) -> Digest:
    """The same for the same numbers; it tells nothing of them, nor whether a guess is right, without the master key."""
    said = {practice: dict(sorted(numbers.items())) for practice, numbers in sorted(rows.items())}
    return Digest(keys.fingerprint("register-extract", json.dumps([order_id, round_.value, said])))


def put(connection: Connection, order_id: OrderId, round_: Round, rows: Iterable[SealedRow]) -> None:
    """Keep a round's rows in place of those that were there. Commit, then `forget`."""
    connection.execute(delete(register_row_table).where(of_round(register_row_table, order_id, round_)))
    values = [
        {"order_id": order_id, "round": round_.value, "practice_id": each.practice, "sealed": each.sealed}
        for each in rows
    ]
    if values:
        connection.execute(insert(register_row_table), values)


def extract_of(connection: Connection, keys: Keys, order_id: OrderId, round_: Round) -> Extract:
    """All of a round's rows, by practice, for the tabulation alone. Raises WrongKey, NotThisRow."""
    query = select(register_row_table).where(of_round(register_row_table, order_id, round_))
    rows = {PracticeId(row.practice_id): row.sealed for row in connection.execute(query)}
    return Extract({each: _opened(keys, order_id, round_, each, sealed) for each, sealed in rows.items()})


def numbers_of(
    connection: Connection, keys: Keys, order_id: OrderId, round_: Round, practice: PracticeId
) -> Numbers | None:
    """One practice's own numbers; None where the extract had none of it. Raises WrongKey, NotThisRow."""
    c = register_row_table.c
    mine = of_round(register_row_table, order_id, round_) & (c.practice_id == practice)
    sealed = connection.execute(select(c.sealed).where(mine)).scalar_one_or_none()
    return None if sealed is None else _opened(keys, order_id, round_, practice, sealed)


def erase(connection: Connection, order_id: OrderId) -> int:
    """Remove an order's rows; how many. Commit, then `forget`."""
    return connection.execute(delete(register_row_table).where(register_row_table.c.order_id == order_id)).rowcount


def _sealed(keys: Keys, order_id: OrderId, round_: Round, practice: PracticeId, numbers: Numbers) -> bytes:
    said = json.dumps([order_id, round_.value, practice, dict(numbers)], separators=(",", ":")).encode()
    return keys.seal_register_row(said.ljust(-(-len(said) // PAD_TO) * PAD_TO))  # spaces after JSON mean nothing


def _opened(keys: Keys, order_id: OrderId, round_: Round, practice: PracticeId, sealed: bytes) -> dict[str, float]:
    *whose, numbers = json.loads(keys.open_register_row(sealed))
    if whose != [order_id, round_.value, practice]:
        raise NotThisRow(f"{order_id} {round_}")
    return {str(measure): float(value) for measure, value in numbers.items()}
