"""Why somebody got a letter or did not: the outbox's rows, the order's own letters, and what the rules say now."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from cli.ending import Refusal
from domain.events import Event, LettersSent
from domain.evolution import load
from domain.letters import REASONS, Letter, WhyNot
from domain.mailings import considered, mailing_of
from domain.mailings.links import holder_of
from domain.model import OrderId, PersonId
from domain.order import Order
from domain.recognition import address_key
from storage import outbox, outbox_reports, people, suppressions
from storage.database import Database
from storage.event_store import EventStore
from storage.keys import Keys
from storage.mail_discretion import goes_to_the_rest, tells_who_answered
from storage.outbox import MailState, OutgoingMail
from storage.people import Person
from storage.suppressions import Mailbox, Suppressed

STANDING = {
    Suppressed.OPTED_OUT: "Har sagt nej tak til mails som medlem. Ret det med `klyngeflow people allow-mail`.",
    Suppressed.BOUNCED: "Adressen tager ikke imod mails. Ret den, eller prøv igen med `klyngeflow people allow-mail`.",
}
"""What holds for all their mail."""
STATES = {
    MailState.QUEUED: "venter",
    MailState.CLAIMED: "sendes nu",
    MailState.SENT: "sendt",
    MailState.FAILED: "kunne ikke sendes",
    MailState.UNKNOWN: "uvist, om den nåede frem",
    MailState.BOUNCED: "afvist af adressen",
    MailState.SKIPPED: "ikke sendt",
}
COMES = "kommer"
NOT_SENT = "ikke sendt"
GONE_TO_THE_REST = "sendt til dem, der manglede at svare"
ONLY_THE_REST = "går kun til dem, der mangler at svare; hvem det er, siges ikke"
NOBODY_IS_NAMED = "hvem det var, siges ikke"
NOT_WITH_THEM = "personen var ikke på listen, da den gik"


@dataclass(frozen=True)
class Line:
    """One letter as it stands with one reader."""

    at: dt.datetime
    letter: Letter
    state: str
    why: str = ""


@dataclass(frozen=True)
class Account:
    """All of an order's letters that are or were for one reader, in order of time."""

    person: PersonId
    name: str
    standing: tuple[str, ...]
    lines: tuple[Line, ...]


def account_of(database: Database, keys: Keys, order_id: OrderId, person: str, now: dt.datetime) -> Account:
    """Refusal where there is no such order, or nobody on it, or more than one, who is called so."""
    events = EventStore(database).load(order_id)
    order = load(events)
    if order is None:
        raise Refusal(f"there is no order '{order_id}'; `klyngeflow orders list --all` shows them", 1)
    with database.read() as connection:
        reader = _reader(connection, order, person)
        box = Mailbox(reader.name, reader.email)
        stopped = suppressions.suppressed(connection, keys, [box]).get(box, set())
        rows = [
            mail
            for mail in outbox.mails(connection, order_id)
            if mail.recipient == reader.id and not tells_who_answered(Letter.parse(mail.letter), mail.state)
        ]
        waiting = outbox_reports.waiting_letters(connection, order_id, now)
    written = {mail.letter for mail in rows}
    lines = [
        *(_line(mail) for mail in rows),
        *_passed_by(events, order, reader.id, written),
        *_ahead(order, reader.id, now, waiting, written),
    ]
    standing = tuple(STANDING[why] for why in sorted(stopped))
    return Account(reader.id, reader.name, standing, tuple(sorted(lines, key=lambda line: line.at)))


def _reader(connection: Connection, order: Order, asked: str) -> Person:
    """Somebody the order has or has had, by id, by address, or by a part of the name that is nobody else's."""
    known = people.people(connection, [order.coordinator, *order.members])
    if found := known.get(PersonId(asked)):
        return found
    wanted = asked.casefold()
    those = [
        each
        for each in known.values()
        if each.erased_at is None and (wanted in each.name.casefold() or address_key(each.email) == address_key(asked))
    ]
    if len(those) == 1:
        return those[0]
    if not those:
        raise Refusal(f"nobody on the order is called '{asked}'; `klyngeflow orders people {order.id}` shows them", 1)
    found_ids = ", ".join(f"{each.name} ({each.id})" for each in those)
    raise Refusal(f"'{asked}' may be {found_ids}: give the id", 1)


def _line(mail: OutgoingMail) -> Line:
    at = mail.sent_at or mail.again_at or mail.claimed_at or mail.queued_at
    code = mail.code or ""
    reason = REASONS[WhyNot(code)] if code in set(WhyNot) else code
    return Line(at, Letter.parse(mail.letter), STATES[mail.state], reason)


def _concerns(order: Order, letter: Letter, person: PersonId) -> bool:
    match mailing_of(letter).to:
        case "coordinator":
            return person == order.coordinator
        case "holder":
            return person == holder_of(order, letter)
        case _:
            return mailing_of(letter).to_members and person in order.members


def _passed_by(events: Sequence[Event], order: Order, person: PersonId, written: set[str]) -> Iterator[Line]:
    """Letters that went, or were given up, without a mail to this reader."""
    done = {event.key: event for event in events if isinstance(event, LettersSent)}
    for key, event in done.items():
        letter = Letter.parse(key)
        if key in written or not _concerns(order, letter, person):
            continue
        gone = event.sent or event.unknown
        if gone and goes_to_the_rest(letter):
            yield Line(event.at, letter, GONE_TO_THE_REST, NOBODY_IS_NAMED)
        else:
            yield Line(event.at, letter, NOT_SENT, NOT_WITH_THEM if gone else REASONS[WhyNot.OVERTAKEN])


def _ahead(
    order: Order, person: PersonId, now: dt.datetime, waiting: dict[str, dt.datetime], written: set[str]
) -> Iterator[Line]:
    for due, reason in considered(order, now, waiting):
        letter = due.letter
        if letter.key in written or not _concerns(order, letter, person):
            continue
        member = order.members.get(person)
        if reason is None and mailing_of(letter).to_members and (member is None or not member.active):
            reason = WhyNot.LEFT
        if reason is not None:
            yield Line(due.at, letter, NOT_SENT, REASONS[reason])
        else:
            yield Line(due.at, letter, COMES, ONLY_THE_REST if goes_to_the_rest(letter) else "")
