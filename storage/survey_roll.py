"""The roll of a survey round: who may answer, who has, never when and never what."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    or_,
    select,
    update,
)

from domain.model import OrderId, PersonId, Round
from storage.database import metadata
from storage.ids import new_id
from storage.keys import Keys, token_hash
from storage.survey_rounds import NoSuchRound, RoundIs, RoundState, hold, of_round, round_table

# The roll. Personal data: that a member has answered, never when. `answered` is cleared when the ballots are
# destroyed, the rows go with the order (`ballot_box.erase`). Two booleans, since SQLite rewrites those in place: a
# changed text would move the row within its page and so tell the order of answering.
invitation_table = Table(
    "invitation",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, nullable=False),
    Column("round", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("address", Integer, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("issue", Integer, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("revoked", Boolean, nullable=False),
    UniqueConstraint("order_id", "round", "person_id"),
    sqlite_with_rowid=False,
)


class InvitationState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Invitation:
    """A member's place on the roll of one round, with the round's own state."""

    id: str
    order_id: OrderId
    round: Round
    person: PersonId
    address: int
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


def invite(
    connection: Connection,
    keys: Keys,
    order_id: OrderId,
    round_: Round,
    members: Iterable[tuple[PersonId, int]],
) -> list[Invitation]:
    """The invitations of these people at their addresses, made where missing. Raises RoundIs unless open, NoSuchRound.

    Safe to repeat. A new address, or somebody who was revoked, gets a new token and the old one is dead; who has
    answered keeps the invitation as it is, and with it the one vote.
    """
    state = hold(connection, order_id, round_)
    if state is not RoundState.OPEN:
        raise RoundIs(state, "nobody can be invited")
    wanted = dict(members)
    present = {each.person: each for each in invitations(connection, order_id, round_)}
    fresh = [
        _new_invitation(keys, order_id, round_, person, address)
        for person, address in wanted.items()
        if person not in present
    ]
    if fresh:
        connection.execute(insert(invitation_table), fresh)
    for person, address in wanted.items():
        known = present.get(person)
        if known is None or known.state is InvitationState.ANSWERED:
            continue
        if known.address != address or known.state is InvitationState.REVOKED:
            _issue_again(connection, keys, known, address)
    return [each for each in invitations(connection, order_id, round_) if each.person in wanted]


def revoke(connection: Connection, order_id: OrderId, round_: Round, person: PersonId) -> bool:
    """Take somebody off the roll; false where there was nothing to take.

    An answer already given stays in the box, since nobody can find it, and so does its place on the roll.
    Raises NoSuchRound.
    """
    table = invitation_table
    hold(connection, order_id, round_)
    changed = connection.execute(
        update(table)
        .where(
            of_round(table, order_id, round_),
            table.c.person_id == person,
            table.c.answered.is_(False),
            table.c.revoked.is_(False),
        )
        .values(revoked=True)
    )
    return changed.rowcount > 0


def invitations(connection: Connection, order_id: OrderId, round_: Round) -> list[Invitation]:
    """The roll, sorted by person. For sending mail; people are shown counts only."""
    query = _roll().where(of_round(invitation_table, order_id, round_)).order_by(invitation_table.c.person_id)
    return [_invitation(row) for row in connection.execute(query)]


class StillWaitedFor(Exception):  # noqa: N818 - a finding, named as one
    """Somebody on the roll has not answered."""


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
    query = select(table.c.answers, table.c.invited).where(of_round(table, order_id, round_))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchRound(f"{order_id} {round_}")
    if row.answers is not None:
        return Turnout(row.answers, row.invited)
    return count(connection, order_id, round_)


def count(connection: Connection, order_id: OrderId, round_: Round) -> Turnout:
    """The turnout as the roll has it now."""
    table = invitation_table
    counted = connection.execute(
        select(
            func.count().filter(table.c.answered).label("answers"),
            func.count().filter(or_(table.c.answered, table.c.revoked.is_(False))).label("invited"),
        ).where(of_round(table, order_id, round_))
    ).one()
    return Turnout(counted.answers, counted.invited)


def full_rounds(connection: Connection) -> list[tuple[OrderId, Round]]:
    """Open rounds that everybody on the roll has answered, and somebody is on it."""
    r, i = round_table.c, invitation_table.c
    counted = (
        select(i.order_id, i.round)
        .where(or_(i.answered, i.revoked.is_(False)))
        .group_by(i.order_id, i.round)
        .having(func.count() == func.count().filter(i.answered))
        .subquery()
    )
    same = (counted.c.order_id == r.order_id) & (counted.c.round == r.round)
    query = select(r.order_id, r.round).join(counted, same).where(r.state == RoundState.OPEN.value)
    return [(OrderId(row.order_id), Round(row.round)) for row in connection.execute(query)]


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
        person=PersonId(row.person_id),
        address=row.address,
        issue=row.issue,
        state=state,
        round_state=RoundState(row.round_state),
    )


def _new_invitation(keys: Keys, order_id: OrderId, round_: Round, person: PersonId, address: int) -> dict[str, Any]:
    invitation_id = new_id()
    return {
        "id": invitation_id,
        "order_id": order_id,
        "round": round_.value,
        "person_id": person,
        "address": address,
        "token_hash": token_hash(keys.token("invitation", invitation_id)),
        "issue": 1,
        "answered": False,
        "revoked": False,
    }


def _issue_again(connection: Connection, keys: Keys, known: Invitation, address: int) -> None:
    issue = known.issue + 1
    connection.execute(
        update(invitation_table)
        .where(invitation_table.c.id == known.id)
        .values(
            address=address,
            issue=issue,
            token_hash=token_hash(keys.token("invitation", known.id, issue)),
            revoked=False,
        )
    )
