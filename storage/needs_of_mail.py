"""Mail that needs a person, as rows and counts of the list of needs: addresses that refuse it, letters in trouble."""

import datetime as dt
from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, literal, or_, select, true

from domain.letters import Letter, Occasion
from domain.model import OrderId
from domain.needs import Reason
from storage.board import board_table
from storage.incidents import NO_ORDER
from storage.mail_discretion import goes_to_the_rest
from storage.need_query import Found, PutOff, Wanted, binary, is_whose
from storage.outbox import REFUSED, UNSETTLED, MailState, outbox_table
from storage.people import order_person_table, person_table

ADDRESSES, TROUBLED = 2, 3
OF_TROUBLE = (Reason.MAIL_UNKNOWN, Reason.MAIL_FAILED)

_TO_THE_REST = [occasion for occasion in Occasion if goes_to_the_rest(Letter(occasion))]
"""Letters to those who have not answered: that one was skipped, or went, would tell who that is."""


# --- addresses that refuse mail -------------------------------------------------------------------------------------


def addresses(connection: Connection, wanted: Wanted, limit: int | None) -> list[Found]:
    """Members and coordinators of open orders whose address refuses mail, in one query."""
    if not _wants_addresses(wanted):
        return []
    c, since = outbox_table.c, func.min(_last_try(outbox_table)).label("since")
    owner = (board_table.c.consultant, board_table.c.coordinator)
    query = _refused(wanted, c.order_id, c.recipient, *owner, since, func.count().label("mails"))
    query = query.group_by(c.order_id, c.recipient, *owner)
    query = query.order_by(since, binary(connection, c.order_id), binary(connection, c.recipient)).limit(limit)
    return [
        Found(
            source=ADDRESSES,
            reason=Reason.WRONG_ADDRESS,
            order_id=OrderId(row.order_id),
            about=(row.recipient,),
            owner_role="consultant" if row.consultant else "operations",
            owner_id=row.consultant,
            since=row.since,
            told={"how_many": row.mails, "is_coordinator": row.coordinator == row.recipient},
        )
        for row in connection.execute(query)
    ]


def count_addresses(connection: Connection, wanted: Wanted) -> Counter[Reason]:
    """How many there are, in one query."""
    if not _wants_addresses(wanted):
        return Counter()
    each = _refused(wanted, outbox_table.c.order_id, outbox_table.c.recipient).distinct().subquery()
    return +Counter({Reason.WRONG_ADDRESS: connection.execute(select(func.count()).select_from(each)).scalar_one()})


def _wants_addresses(wanted: Wanted) -> bool:
    return wanted.asks_for(Reason.WRONG_ADDRESS) and wanted.put_off is not PutOff.ALONE


def _refused(wanted: Wanted, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of every type
    """Mail refused by the address its reader still has, who is still on the list and whom nothing has reached since."""
    mail, board, person = outbox_table.c, board_table.c, person_table.c
    return (
        select(*columns)
        .join(board_table, board.order_id == mail.order_id)
        .join(person_table, and_(person.id == mail.recipient, person.address == mail.address))
        .where(
            REFUSED,
            or_(mail.state == MailState.BOUNCED.value, ~_goes_to_the_rest(outbox_table)),
            board.ended_at.is_(None),
            person.erased_at.is_(None),
            or_(board.coordinator == mail.recipient, _on_the_list()),
            ~_reached_since(),
            is_whose(wanted.whose, board.consultant, true()),
        )
    )


def _on_the_list() -> ColumnElement[bool]:
    mail, listed = outbox_table.c, order_person_table.c
    query = select(listed.person_id).where(listed.order_id == mail.order_id, listed.person_id == mail.recipient)
    return query.where(listed.address > 0).exists()


def _reached_since() -> ColumnElement[bool]:
    mail, later = outbox_table.c, outbox_table.alias("later")
    query = select(later.c.id).where(later.c.recipient == mail.recipient, later.c.address == mail.address)
    went = later.c.state == MailState.SENT.value, later.c.sent_at > _last_try(outbox_table), ~_goes_to_the_rest(later)
    return query.where(*went).exists()


def _goes_to_the_rest(mails: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the table or an alias of it
    return or_(false(), *(mails.c.letter.startswith(f"{occasion}/", autoescape=True) for occasion in _TO_THE_REST))


def _last_try(mails: Any) -> ColumnElement[dt.datetime]:  # noqa: ANN401 - the table or an alias of it
    return func.coalesce(mails.c.claimed_at, mails.c.queued_at)


# --- letters in trouble ---------------------------------------------------------------------------------------------

_REASON = case(
    (outbox_table.c.state == MailState.UNKNOWN.value, literal(Reason.MAIL_UNKNOWN.value)),
    else_=literal(Reason.MAIL_FAILED.value),
).label("reason")


def letters(connection: Connection, wanted: Wanted, limit: int | None) -> list[Found]:
    """Mail of unknown outcome, and mail that did not leave and is not set aside: a row a letter, in one query."""
    if not wanted.asks_operations(*OF_TROUBLE):
        return []
    c, since = outbox_table.c, func.min(_last_try(outbox_table)).label("since")
    query = _in_trouble(wanted, _REASON, c.order_id, c.letter, since, func.count().label("mails"), _one_of_them())
    query = query.group_by("reason", c.order_id, c.letter)
    ties = (binary(connection, c.order_id), "reason", binary(connection, c.letter))
    return [
        Found(
            source=TROUBLED,
            reason=Reason(row.reason),
            order_id=None if row.order_id == NO_ORDER else OrderId(row.order_id),
            about=(row.reason, row.letter),
            owner_role="operations",
            owner_id=None,
            since=row.since,
            told={"how_many": row.mails, "mail": row.mail},
        )
        for row in connection.execute(query.order_by(since, *ties).limit(limit))
    ]


def _one_of_them() -> ColumnElement[str]:
    return func.min(outbox_table.c.id).label("mail")


def count_letters(connection: Connection, wanted: Wanted) -> Counter[Reason]:
    """How many rows there are of either kind, in one query."""
    if not wanted.asks_operations(*OF_TROUBLE):
        return Counter()
    each = _in_trouble(wanted, _REASON, outbox_table.c.order_id, outbox_table.c.letter).distinct().subquery()
    query = select(each.c.reason, func.count().label("those")).group_by(each.c.reason)
    return Counter({Reason(row.reason): row.those for row in connection.execute(query)})


def _in_trouble(wanted: Wanted, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of every type
    c, states = outbox_table.c, list[MailState]()
    if wanted.asks_for(Reason.MAIL_UNKNOWN):
        states += [MailState.UNKNOWN]
    if wanted.asks_for(Reason.MAIL_FAILED):
        states += [MailState.FAILED, MailState.BOUNCED]
    is_a_doctors = select(person_table.c.id).where(person_table.c.id == c.recipient).exists()
    return select(*columns).where(
        UNSETTLED,
        c.state.in_([state.value for state in states]),
        or_(c.state != MailState.BOUNCED.value, ~is_a_doctors),  # a doctor's is a wrong address
    )
