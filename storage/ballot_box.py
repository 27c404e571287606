"""The ballot box, like a postal vote: the roll says who has voted, the box has the votes, nothing joins them.

Neither time nor order of answering is kept anywhere, and what a database keeps by itself tells none either: each
submission rewrites the whole round, roll and box, so that all its rows are of one age and in random places.
"""

import json
import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from nacl.public import PublicKey, SealedBox
from sqlalchemy import Column, Connection, LargeBinary, String, Table, delete, insert, or_, select, update

from domain.model import OrderId, Round
from storage.database import Database, metadata
from storage.forgetting import forget, forget_soon
from storage.keys import Keys
from storage.survey_roll import Invitation, InvitationState, Turnout, count, find, invitation_table, turnout
from storage.survey_rounds import NoSuchRound, RoundIs, RoundState, change, hold, of_round, round_table

PAD_TO = 4096
"""Answers are padded to a multiple of this many bytes: size tells nothing of a free text."""

AT_MOST = 16 * PAD_TO
"""More than any questionnaire needs; keeps a forged request from filling the box."""

# The box. Answers, sealed to the round's key; nothing of who or when. Gone when the deck is released (`destroy`).
ballot_table = Table(
    "ballot",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("round", String, primary_key=True),
    Column("key", LargeBinary(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


class Submission(StrEnum):
    """What became of an attempt to answer."""

    SUBMITTED = "submitted"
    ALREADY_ANSWERED = "already_answered"
    CLOSED = "closed"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    """No invitation has this token; perhaps it was replaced by a newer one."""


class AnswersTooLong(ValueError):  # noqa: N818 - a finding, named as one
    """The answers are far larger than any questionnaire's."""


def submit(database: Database, token: str, answers: Mapping[str, Any]) -> Submission:
    """Put one member's answers in the box, once. `answers` is JSON. Raises AnswersTooLong.

    One transaction marks the roll, adds the ballot, and rewrites all of the round's rows.
    """
    letter = _in_an_envelope(answers)
    with database.write() as connection:
        outcome = _submit(connection, token, letter)
    if outcome is Submission.SUBMITTED:
        forget_soon(database, ballot_table, invitation_table)
    return outcome


def open_box(connection: Connection, keys: Keys, order_id: OrderId, round_: Round) -> list[dict[str, Any]]:
    """All answers, shuffled. Raises RoundIs unless closed or tabulated, NoSuchRound, and WrongKey."""
    row = connection.execute(select(round_table).where(of_round(round_table, order_id, round_))).one_or_none()
    if row is None:
        raise NoSuchRound(f"{order_id} {round_}")
    state = RoundState(row.state)
    if state not in {RoundState.CLOSED, RoundState.TABULATED}:
        raise RoundIs(state, "its box cannot be opened")
    opener = SealedBox(keys.open_private(row.wrapped_private_key))
    sealed = connection.execute(select(ballot_table.c.sealed).where(of_round(ballot_table, order_id, round_))).scalars()
    answers: list[dict[str, Any]] = [json.loads(opener.decrypt(ballot)) for ballot in sealed]
    secrets.SystemRandom().shuffle(answers)
    return answers


def close_round(connection: Connection, order_id: OrderId, round_: Round) -> Turnout:
    """No answers from now on. Gives the final turnout, the same however often it is asked. Raises NoSuchRound.

    Call `forget_round` when this has committed.
    """
    if hold(connection, order_id, round_) is RoundState.OPEN:
        counted = count(connection, order_id, round_)
        change(
            connection,
            order_id,
            round_,
            state=RoundState.CLOSED.value,
            answers=counted.answers,
            invited=counted.invited,
        )
    return turnout(connection, order_id, round_)


def destroy(database: Database, order_id: OrderId, round_: Round, wait: float = 10.0) -> None:
    """Remove ballots and keys for good, and who answered with them, from the database's files too.

    Raises RoundIs while the round is open, NoSuchRound, and StillRemembered when others read an older state: repeat it.
    """
    with database.write() as connection:
        state = hold(connection, order_id, round_)
        if state is RoundState.OPEN:
            raise RoundIs(state, "close it first")
        connection.execute(delete(ballot_table).where(of_round(ballot_table, order_id, round_)))
        connection.execute(
            update(invitation_table).where(of_round(invitation_table, order_id, round_)).values(answered=False)
        )
        change(
            connection,
            order_id,
            round_,
            state=RoundState.DESTROYED.value,
            public_key=None,
            wrapped_private_key=None,
        )
    forget_round(database, wait)


def forget_round(database: Database, wait: float = 10.0) -> None:
    """After closing: let earlier states of roll and box disappear from the files. Raises StillRemembered."""
    forget(database, ballot_table, invitation_table, round_table, wait=wait)


def erase(connection: Connection, order_id: OrderId) -> None:
    """Remove all of an order's rounds. Commit, then `forget_round`."""
    for table in (round_table, invitation_table, ballot_table):  # the round first, as everybody else locks it first
        connection.execute(delete(table).where(table.c.order_id == order_id))


def _submit(connection: Connection, token: str, letter: bytes) -> Submission:
    invitation = find(connection, token)
    if invitation is None:
        return Submission.UNKNOWN
    order_id, round_ = invitation.order_id, invitation.round
    # The round's row is the queue: one submission at a time, and none once it is closed.
    state = hold(connection, order_id, round_)
    invitation = find(connection, token)
    if invitation is None:
        return Submission.UNKNOWN
    if invitation.state is InvitationState.REVOKED:
        return Submission.REVOKED
    if invitation.state is InvitationState.ANSWERED:
        return Submission.ALREADY_ANSWERED
    if state is not RoundState.OPEN:
        return Submission.CLOSED
    _mark(connection, invitation)
    public_key = connection.execute(select(round_table.c.public_key).where(of_round(round_table, order_id, round_)))
    sealed = SealedBox(PublicKey(public_key.scalar_one())).encrypt(letter)
    _add_and_rewrite(connection, order_id, round_, sealed)
    return Submission.SUBMITTED


def _mark(connection: Connection, invitation: Invitation) -> None:
    # Every row is written, not just the one: on PostgreSQL all get the same xmin, none tells when it changed.
    table = invitation_table
    connection.execute(
        update(table)
        .where(of_round(table, invitation.order_id, invitation.round))
        .values(answered=or_(table.c.answered, table.c.id == invitation.id))
    )


def _add_and_rewrite(connection: Connection, order_id: OrderId, round_: Round, sealed: bytes) -> None:
    taken_out = connection.execute(
        delete(ballot_table).where(of_round(ballot_table, order_id, round_)).returning(ballot_table.c.sealed)
    )
    ballots = [*taken_out.scalars(), sealed]
    secrets.SystemRandom().shuffle(ballots)
    connection.execute(
        insert(ballot_table),
        [
            {"order_id": order_id, "round": round_.value, "key": secrets.token_bytes(16), "sealed": each}
            for each in ballots
        ],
    )


def _in_an_envelope(answers: Mapping[str, Any]) -> bytes:
    text = json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if len(text) > AT_MOST:
        raise AnswersTooLong(f"{len(text)} bytes, at most {AT_MOST}")
    return text.ljust(-(-len(text) // PAD_TO) * PAD_TO)  # spaces after JSON mean nothing
