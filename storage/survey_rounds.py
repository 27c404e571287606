"""Survey rounds: their states and their keys."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    select,
    update,
)

from domain.model import OrderId, Round
from storage.database import metadata
from storage.insert_once import insert_missing
from storage.keys import Keys

# No personal data. The private key is what opens the ballots; both keys go when the deck is released
# (`ballot_box.destroy`).
round_table = Table(
    "survey_round",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("round", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("public_key", LargeBinary),
    Column("wrapped_private_key", LargeBinary),
    Column("answers", Integer),
    Column("invited", Integer),
    CheckConstraint("state IN ('open', 'closed', 'tabulated', 'destroyed')", name="state"),
)


class RoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    TABULATED = "tabulated"
    DESTROYED = "destroyed"


class NoSuchRound(LookupError):  # noqa: N818 - a finding, named as one
    """The order has no such survey round."""


class RoundIs(Exception):  # noqa: N818 - a finding, named as one
    """The round's state doesn't allow this."""

    def __init__(self, state: RoundState, wanted: str) -> None:
        super().__init__(f"the round is {state}: {wanted}")
        self.state = state


def open_round(connection: Connection, keys: Keys, order_id: OrderId, round_: Round) -> None:
    """Make the round, with keys of its own. Nothing happens where it is there already, in whatever state."""
    if round_state(connection, order_id, round_) is not None:
        return
    public, wrapped = keys.new_round_keys()
    row = {
        "order_id": order_id,
        "round": round_.value,
        "state": RoundState.OPEN.value,
        "public_key": public,
        "wrapped_private_key": wrapped,
    }
    insert_missing(connection, round_table, [row])


def reopen(connection: Connection, order_id: OrderId, round_: Round) -> None:
    """Open a closed round again: it was extended. Raises RoundIs once it has been tabulated, NoSuchRound."""
    state = hold(connection, order_id, round_)
    if state in {RoundState.TABULATED, RoundState.DESTROYED}:
        raise RoundIs(state, "it can no longer be opened")
    change(connection, order_id, round_, state=RoundState.OPEN.value, answers=None, invited=None)


def mark_tabulated(connection: Connection, order_id: OrderId, round_: Round) -> None:
    """The results are stored: from now on the round cannot be opened again. Raises RoundIs, NoSuchRound."""
    state = hold(connection, order_id, round_)
    if state in {RoundState.OPEN, RoundState.DESTROYED}:
        raise RoundIs(state, "only a closed one can be tabulated")
    change(connection, order_id, round_, state=RoundState.TABULATED.value)


def round_state(connection: Connection, order_id: OrderId, round_: Round) -> RoundState | None:
    """None where the round was never opened."""
    state = connection.execute(
        select(round_table.c.state).where(of_round(round_table, order_id, round_))
    ).scalar_one_or_none()
    return None if state is None else RoundState(state)


def hold(connection: Connection, order_id: OrderId, round_: Round) -> RoundState:
    """The round's state, and nobody else changes the round until this transaction ends. Raises NoSuchRound."""
    query = select(round_table.c.state).where(of_round(round_table, order_id, round_)).with_for_update()
    state = connection.execute(query).scalar_one_or_none()
    if state is None:
        raise NoSuchRound(f"{order_id} {round_}")
    return RoundState(state)


def change(connection: Connection, order_id: OrderId, round_: Round, **values: Any) -> None:  # noqa: ANN401
    """Write these columns of a round that is held."""
    connection.execute(update(round_table).where(of_round(round_table, order_id, round_)).values(**values))


def of_round(table: Table, order_id: OrderId, round_: Round) -> ColumnElement[bool]:
    """The rows of one round, in any table that has `order_id` and `round`."""
    return (table.c.order_id == order_id) & (table.c.round == round_.value)
