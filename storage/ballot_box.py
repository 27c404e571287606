"""The ballot box, like a postal vote: the roll says who has voted, the box has the votes, nothing joins them.

Neither time nor order of answering is kept anywhere, and what a database keeps by itself tells none either: each
submission rewrites the whole round, roll and box, so that all its rows are of one age and in random places.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nacl.public import PublicKey, SealedBox
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from domain.model import ContactId, MemberId, OrderId, Round
from storage.database import Database, metadata
from storage.forgetting import forget, forget_soon
from storage.ids import new_id
from storage.insert_once import insert_missing
from storage.keys import Keys, token_hash

PAD_TO = 4096
"""Answers are padded to a multiple of this many bytes: size tells nothing of a free text."""
AT_MOST = 16 * PAD_TO
"""More than any questionnaire needs; keeps a forged request from filling the box."""

# No personal data. The private key is what opens the ballots; both keys go when the deck is released (`destroy`).
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

# The roll. Personal data: that a member has answered, never when. `answered` is cleared when the ballots are
# destroyed, the rows go with the order (`erase`). Two booleans, since SQLite rewrites those in place: a changed text
# would move the row within its page and so tell the order of answering.
invitation_table = Table(
    "invitation",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("round", String, nullable=False),
    Column("member_id", String, nullable=False),
    Column("contact_id", String, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("issue", Integer, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("revoked", Boolean, nullable=False),
    UniqueConstraint("order_id", "round", "member_id"),
    sqlite_with_rowid=False,
)

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


class RoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    TABULATED = "tabulated"
    DESTROYED = "destroyed"


class InvitationState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    REVOKED = "revoked"


class Submission(StrEnum):
    """What became of an attempt to answer."""

    SUBMITTED = "submitted"
    ALREADY_ANSWERED = "already_answered"
    CLOSED = "closed"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    """No invitation has this token; perhaps it was replaced by a newer one."""


@dataclass(frozen=True)
class Invitation:
    """A member's place on the roll of one round, with the round's own state."""

    id: str
    order_id: OrderId
    round: Round
    member: MemberId
    contact: ContactId
    issue: int
    state: InvitationState
    round_state: RoundState

    def token(self, keys: Keys) -> str:
        """The secret part of the link to the questionnaire."""
        return keys.token("invitation", self.id, self.issue)


@dataclass(frozen=True)
class Turnout:
    """How many answered, of how many who could."""

    answers: int
    invited: int


class NoSuchRound(LookupError):  # noqa: N818 - a finding, named as one
    """The order has no such survey round."""


class RoundIs(Exception):  # noqa: N818 - a finding, named as one
    """The round's state doesn't allow this."""

    def __init__(self, state: RoundState, wanted: str) -> None:
        super().__init__(f"the round is {state}: {wanted}")
        self.state = state


class AnswersTooLong(ValueError):  # noqa: N818 - a finding, named as one
    """The answers are far larger than any questionnaire's."""


# --- the round's life -----------------------------------------------------------------------------------------------


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
    state = _hold(connection, order_id, round_)
    if state in {RoundState.TABULATED, RoundState.DESTROYED}:
        raise RoundIs(state, "it can no longer be opened")
    _set(connection, order_id, round_, state=RoundState.OPEN.value, answers=None, invited=None)


def close_round(connection: Connection, order_id: OrderId, round_: Round) -> Turnout:
    """No answers from now on. Gives the final turnout, the same however often it is asked. Raises NoSuchRound.

    Call `forget_round` when this has committed.
    """
    if _hold(connection, order_id, round_) is RoundState.OPEN:
        counted = _count(connection, order_id, round_)
        _set(
            connection,
            order_id,
            round_,
            state=RoundState.CLOSED.value,
            answers=counted.answers,
            invited=counted.invited,
        )
    return turnout(connection, order_id, round_)


def mark_tabulated(connection: Connection, order_id: OrderId, round_: Round) -> None:
    """The results are on the shelf: from now on the round cannot be opened again. Raises RoundIs, NoSuchRound."""
    state = _hold(connection, order_id, round_)
    if state in {RoundState.OPEN, RoundState.DESTROYED}:
        raise RoundIs(state, "only a closed one can be tabulated")
    _set(connection, order_id, round_, state=RoundState.TABULATED.value)


def destroy(database: Database, order_id: OrderId, round_: Round) -> None:
    """Remove ballots and keys for good, and who answered with them, from the database's files too.

    Raises RoundIs while the round is open, NoSuchRound, and StillRemembered when others read an older state: repeat it.
    """
    with database.write() as connection:
        state = _hold(connection, order_id, round_)
        if state is RoundState.OPEN:
            raise RoundIs(state, "close it first")
        connection.execute(delete(ballot_table).where(_of(ballot_table, order_id, round_)))
        connection.execute(
            update(invitation_table).where(_of(invitation_table, order_id, round_)).values(answered=False)
        )
        _set(
            connection,
            order_id,
            round_,
            state=RoundState.DESTROYED.value,
            public_key=None,
            wrapped_private_key=None,
        )
    forget_round(database)


def forget_round(database: Database, wait: float = 10.0) -> None:
    """After closing: let earlier states of roll and box disappear from the files. Raises StillRemembered."""
    forget(database, ballot_table, invitation_table, round_table, wait=wait)


def erase(connection: Connection, order_id: OrderId) -> None:
    """Remove all of an order's rounds. Commit, then `forget_round`."""
    for table in (round_table, invitation_table, ballot_table):  # the round first, as everybody else locks it first
        connection.execute(delete(table).where(table.c.order_id == order_id))


def undestroyed(connection: Connection) -> list[tuple[OrderId, Round]]:
    """All rounds whose ballots and keys still stand."""
    table = round_table
    query = select(table.c.order_id, table.c.round).where(table.c.state != RoundState.DESTROYED.value)
    return [(OrderId(row.order_id), Round(row.round)) for row in connection.execute(query)]


def round_state(connection: Connection, order_id: OrderId, round_: Round) -> RoundState | None:
    """None where the round was never opened."""
    state = connection.execute(
        select(round_table.c.state).where(_of(round_table, order_id, round_))
    ).scalar_one_or_none()
    return None if state is None else RoundState(state)


# --- the roll -------------------------------------------------------------------------------------------------------


def invite(
    connection: Connection,
    keys: Keys,
    order_id: OrderId,
    round_: Round,
    members: Iterable[tuple[MemberId, ContactId]],
) -> list[Invitation]:
    """The invitations of these members, made where they lack. Raises RoundIs when the round isn't open, NoSuchRound.

    Safe to repeat. A new contact, or a member who was revoked, gets a new token and the old one is dead; who has
    answered keeps the invitation as it is.
    """
    state = _hold(connection, order_id, round_)
    if state is not RoundState.OPEN:
        raise RoundIs(state, "nobody can be invited")
    wanted = dict(members)
    present = {each.member: each for each in invitations(connection, order_id, round_)}
    fresh = [
        _new_invitation(keys, order_id, round_, member, contact)
        for member, contact in wanted.items()
        if member not in present
    ]
    if fresh:
        connection.execute(insert(invitation_table), fresh)
    for member, contact in wanted.items():
        known = present.get(member)
        if known is None or known.state is InvitationState.ANSWERED:
            continue
        if known.contact != contact or known.state is InvitationState.REVOKED:
            _issue_again(connection, keys, known, contact)
    return [each for each in invitations(connection, order_id, round_) if each.member in wanted]


def revoke(connection: Connection, order_id: OrderId, round_: Round, member: MemberId) -> bool:
    """Take a member off the roll; false where there was nothing to take.

    An answer already given stays in the box, since nobody can find it, and so does its place on the roll.
    Raises NoSuchRound.
    """
    table = invitation_table
    _hold(connection, order_id, round_)
    changed = connection.execute(
        update(table)
        .where(
            _of(table, order_id, round_),
            table.c.member_id == member,
            table.c.answered.is_(False),
            table.c.revoked.is_(False),
        )
        .values(revoked=True)
    )
    return changed.rowcount > 0


def invitations(connection: Connection, order_id: OrderId, round_: Round) -> list[Invitation]:
    """The roll, sorted by member. For sending mail; people are shown counts only."""
    query = _roll().where(_of(invitation_table, order_id, round_)).order_by(invitation_table.c.member_id)
    return [_invitation(row) for row in connection.execute(query)]


def outstanding(connection: Connection, order_id: OrderId, round_: Round) -> list[Invitation]:
    """Who may still answer: nobody, once the round is closed. Reminders go to these alone."""
    return [
        each
        for each in invitations(connection, order_id, round_)
        if each.state is InvitationState.OPEN and each.round_state is RoundState.OPEN
    ]


def find(connection: Connection, token: str) -> Invitation | None:
    """The invitation behind a link. None where the token is wrong or was replaced."""
    row = connection.execute(_roll().where(invitation_table.c.token_hash == token_hash(token))).one_or_none()
    return None if row is None else _invitation(row)


def turnout(connection: Connection, order_id: OrderId, round_: Round) -> Turnout:
    """The turnout now, or the final one when the round is closed. Raises NoSuchRound."""
    table = round_table
    query = select(table.c.answers, table.c.invited).where(_of(table, order_id, round_))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchRound(f"{order_id} {round_}")
    if row.answers is not None:
        return Turnout(row.answers, row.invited)
    return _count(connection, order_id, round_)


# --- the box --------------------------------------------------------------------------------------------------------


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
    row = connection.execute(select(round_table).where(_of(round_table, order_id, round_))).one_or_none()
    if row is None:
        raise NoSuchRound(f"{order_id} {round_}")
    state = RoundState(row.state)
    if state not in {RoundState.CLOSED, RoundState.TABULATED}:
        raise RoundIs(state, "its box cannot be opened")
    opener = SealedBox(keys.open_private(row.wrapped_private_key))
    sealed = connection.execute(select(ballot_table.c.sealed).where(_of(ballot_table, order_id, round_))).scalars()
    answers: list[dict[str, Any]] = [json.loads(opener.decrypt(ballot)) for ballot in sealed]
    secrets.SystemRandom().shuffle(answers)
    return answers


def _submit(connection: Connection, token: str, letter: bytes) -> Submission:
    invitation = find(connection, token)
    if invitation is None:
        return Submission.UNKNOWN
    order_id, round_ = invitation.order_id, invitation.round
    # The round's row is the queue: one submission at a time, and none once it is closed.
    state = _hold(connection, order_id, round_)
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
    public_key = connection.execute(select(round_table.c.public_key).where(_of(round_table, order_id, round_)))
    sealed = SealedBox(PublicKey(public_key.scalar_one())).encrypt(letter)
    _add_and_rewrite(connection, order_id, round_, sealed)
    return Submission.SUBMITTED


def _mark(connection: Connection, invitation: Invitation) -> None:
    # Every row is written, not just the one: on PostgreSQL all get the same xmin, none tells when it changed.
    table = invitation_table
    connection.execute(
        update(table)
        .where(_of(table, invitation.order_id, invitation.round))
        .values(answered=or_(table.c.answered, table.c.id == invitation.id))
    )


def _add_and_rewrite(connection: Connection, order_id: OrderId, round_: Round, sealed: bytes) -> None:
    taken_out = connection.execute(
        delete(ballot_table).where(_of(ballot_table, order_id, round_)).returning(ballot_table.c.sealed)
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


# --- rows -----------------------------------------------------------------------------------------------------------


def _of(table: Table, order_id: OrderId, round_: Round) -> ColumnElement[bool]:
    return (table.c.order_id == order_id) & (table.c.round == round_.value)


def _hold(connection: Connection, order_id: OrderId, round_: Round) -> RoundState:
    """The round's state, and nobody else changes the round until this transaction ends. Raises NoSuchRound."""
    query = select(round_table.c.state).where(_of(round_table, order_id, round_)).with_for_update()
    state = connection.execute(query).scalar_one_or_none()
    if state is None:
        raise NoSuchRound(f"{order_id} {round_}")
    return RoundState(state)


def _set(connection: Connection, order_id: OrderId, round_: Round, **values: Any) -> None:  # noqa: ANN401
    connection.execute(update(round_table).where(_of(round_table, order_id, round_)).values(**values))


def _count(connection: Connection, order_id: OrderId, round_: Round) -> Turnout:
    table = invitation_table
    counted = connection.execute(
        select(
            func.count().filter(table.c.answered).label("answers"),
            func.count().filter(or_(table.c.answered, table.c.revoked.is_(False))).label("invited"),
        ).where(_of(table, order_id, round_))
    ).one()
    return Turnout(counted.answers, counted.invited)


def _roll() -> Any:  # noqa: ANN401
    same_round = (round_table.c.order_id == invitation_table.c.order_id) & (
        round_table.c.round == invitation_table.c.round
    )
    return select(invitation_table, round_table.c.state.label("round_state")).join(round_table, same_round)


def _invitation(row: Row[*tuple[Any, ...]]) -> Invitation:
    state = InvitationState.OPEN
    if row.answered:
        state = InvitationState.ANSWERED
    elif row.revoked:
        state = InvitationState.REVOKED
    return Invitation(
        id=row.id,
        order_id=OrderId(row.order_id),
        round=Round(row.round),
        member=MemberId(row.member_id),
        contact=ContactId(row.contact_id),
        issue=row.issue,
        state=state,
        round_state=RoundState(row.round_state),
    )


def _new_invitation(
    keys: Keys, order_id: OrderId, round_: Round, member: MemberId, contact: ContactId
) -> dict[str, Any]:
    invitation_id = new_id()
    return {
        "id": invitation_id,
        "order_id": order_id,
        "round": round_.value,
        "member_id": member,
        "contact_id": contact,
        "token_hash": token_hash(keys.token("invitation", invitation_id)),
        "issue": 1,
        "answered": False,
        "revoked": False,
    }


def _issue_again(connection: Connection, keys: Keys, known: Invitation, contact: ContactId) -> None:
    issue = known.issue + 1
    connection.execute(
        update(invitation_table)
        .where(invitation_table.c.id == known.id)
        .values(
            contact_id=contact,
            issue=issue,
            token_hash=token_hash(keys.token("invitation", known.id, issue)),
            revoked=False,
        )
    )
