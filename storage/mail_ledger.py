"""Mail as KiAP's own are shown it: what it is, whose, in which state; never what tells who has answered."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, select

from domain.letters import REASONS, Letter, WhyNot
from domain.model import OrderId, PersonId, StaffId
from domain.words import next_line
from storage import people, staff
from storage.mail_discretion import tells_who_answered
from storage.outbox import ORPHANED, Evidence, MailState, OutgoingMail, as_mail, outbox_table
from storage.staff import OFFICE

DIGEST = "morning_digest"
"""The one mail that is about many orders, and no order's letter."""
NOT_TOLD = "siges ikke"
ERASED = "slettet"

STATES: dict[MailState, str] = {
    MailState.QUEUED: "venter",
    MailState.CLAIMED: "sendes",
    MailState.SENT: "sendt",
    MailState.FAILED: "ikke sendt",
    MailState.UNKNOWN: "uvis",
    MailState.BOUNCED: "afvist",
    MailState.SKIPPED: "sprunget over",
}
_CODES = {
    ORPHANED: "det program, der sendte den, standsede undervejs",
    Evidence.NEVER_LEFT.value: "det er fundet ud af, at den aldrig nåede af sted",
    Evidence.LEFT.value: "det er fundet ud af, at den nåede af sted",
    "smtp_no_answer": "mailserveren svarede ikke",
}
_REPLY = re.compile(r"smtp_(\d{3})")


class Heap(StrEnum):
    """Mails that are looked at together."""

    TROUBLED = "i-vanskeligheder"
    WAITING = "venter"
    SENT = "sendt"
    SKIPPED = "sprunget-over"
    SET_ASIDE = "sat-til-side"


HEAPS: dict[Heap, tuple[MailState, ...]] = {
    Heap.TROUBLED: (MailState.UNKNOWN, MailState.FAILED, MailState.BOUNCED),
    Heap.WAITING: (MailState.QUEUED, MailState.CLAIMED),
    Heap.SENT: (MailState.SENT,),
    Heap.SKIPPED: (MailState.SKIPPED,),
    Heap.SET_ASIDE: (MailState.FAILED, MailState.BOUNCED),
}
"""The states of each; one in trouble that is set aside is of that heap alone."""


@dataclass(frozen=True)
class MailLine:
    """One mail. `reader` is a name, for a doctor with the address, or why there is none; `letter` None for a list."""

    mail: OutgoingMail
    letter: Letter | None
    reader: str
    is_discreet: bool

    @property
    def what(self) -> str:
        """The letter in words."""
        return (
            next_line(f"letter.{self.letter.occasion}", {}) if self.letter else "Morgenens liste til en af KiAPs egne"
        )

    @property
    def state(self) -> str:
        return STATES[self.mail.state]

    @property
    def since(self) -> dt.datetime:
        """When it came to this state, as far as that is known."""
        return self.mail.sent_at or self.mail.claimed_at or self.mail.queued_at

    @property
    def why(self) -> str:
        """Why it is in this state, in words where there are any; empty where it went as it should."""
        return code_line(self.mail.code or "")


def code_line(code: str) -> str:
    """A code of the outbox in words; one without words as it stands."""
    if code in set(WhyNot):
        return REASONS[WhyNot(code)]
    if reply := _REPLY.fullmatch(code):
        return f"mailserveren svarede {reply[1]}"
    return _CODES.get(code, code)


def mail_lines(connection: Connection, found: Sequence[OutgoingMail]) -> list[MailLine]:
    """These mails with their readers, in two queries however many they are."""
    letters = {mail.id: _letter(mail) for mail in found}
    discreet = {mail.id for mail in found if _is_discreet(letters[mail.id], mail.state)}
    readers = _readers(connection, {mail.recipient for mail in found if mail.id not in discreet})
    return [
        MailLine(
            mail,
            letters[mail.id],
            NOT_TOLD if mail.id in discreet else readers.get(mail.recipient, ERASED),
            mail.id in discreet,
        )
        for mail in found
    ]


def mails_page(
    connection: Connection, heap: Heap, order_id: OrderId | None, *, limit: int, skip: int = 0
) -> list[OutgoingMail]:
    """So many mails of a heap, the newest first, of one order or of all."""
    c = outbox_table.c
    query = select(outbox_table).where(c.state.in_([state.value for state in HEAPS[heap]]))
    if heap is Heap.TROUBLED:
        query = query.where(c.set_aside_at.is_(None))
    elif heap is Heap.SET_ASIDE:
        query = query.where(c.set_aside_at.is_not(None))
    if order_id is not None:
        query = query.where(c.order_id == order_id)
    query = query.order_by(c.queued_at.desc(), c.id).limit(limit).offset(skip)
    return [as_mail(row) for row in connection.execute(query)]


def count_unsettled(connection: Connection, order_id: OrderId | None = None) -> dict[Heap, int]:
    """How many mails are in trouble and how many wait, of one order or of all; what has been sent is past counting."""
    wanted = [*HEAPS[Heap.TROUBLED], *HEAPS[Heap.WAITING]]
    state = outbox_table.c.state
    query = (
        select(state, func.count().label("mails"))
        .where(state.in_([each.value for each in wanted]), outbox_table.c.set_aside_at.is_(None))
        .group_by(state)
    )
    if order_id is not None:
        query = query.where(outbox_table.c.order_id == order_id)
    found = Counter({MailState(row.state): row.mails for row in connection.execute(query)})
    return {heap: sum(found[state] for state in HEAPS[heap]) for heap in (Heap.TROUBLED, Heap.WAITING)}


def _letter(mail: OutgoingMail) -> Letter | None:
    return None if mail.letter.startswith(f"{DIGEST}/") else Letter.parse(mail.letter)


def _is_discreet(letter: Letter | None, state: MailState) -> bool:
    return letter is not None and tells_who_answered(letter, state)


def _readers(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    found = {OFFICE: "KiAPs postkasse"} | {
        each.id: each.name for each in staff.staff_called(connection, map(StaffId, ids)) if each.left_at is None
    }
    known = people.people(connection, [PersonId(each) for each in ids if each not in found])
    return {str(id_): name for id_, name in found.items()} | {
        str(each.id): f"{each.name} <{each.email}>" for each in known.values() if each.erased_at is None
    }
