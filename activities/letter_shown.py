"""A mail in words, without its reader's own links: as it was sent, for KiAP's own to read, or as it would be."""

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from activities.dependencies import Dependencies
from activities.letter_writer import LetterWriter, Recipient
from domain.evolution import evolve
from domain.letters import Letter
from domain.mailings import mailing_of
from domain.model import OrderId, PersonId
from domain.order import Order
from mail.catalogue import IncompleteLetter
from mail.envelope import Address
from storage import outbox
from storage.keys import Keys
from storage.mail_discretion import tells_who_answered
from storage.mail_ledger import DIGEST
from storage.outbox import OutgoingMail, To
from storage.people import NoSuchPerson
from storage.survey_roll import Invitation, InvitationState
from storage.survey_rounds import RoundState

HIDDEN = "skjult"
"""What stands in a link for its reader's own secret."""
NOBODY = Address(address="nogen@example.org")
"""Whom a mail is written to where it is not told whose it is."""
NOBODY_ON_THE_LIST = PersonId("-")


class _NoKeys(Keys):
    """Gives no secret: every link comes out without its own."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(bytes(32))

    def token(self, purpose: str, subject: str, issue: int = 1) -> str:  # noqa: ARG002 - none of them is told
        return HIDDEN


@dataclass(frozen=True)
class WrittenAgain:
    """The words of a mail, with `HIDDEN` in its links."""

    subject: str
    text: str
    attachments: tuple[str, ...]


class LetterArchive:
    """Writes mails that nobody gets. It has no way of making a link that opens anything."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = replace(dependencies, keys=_NoKeys())
        self._writer = LetterWriter(self._deps)

    def as_sent(self, mail_id: str) -> WrittenAgain | None:
        """The mail with this id, as its order stood when it left; None where that can't be written any more.

        Names and addresses are those of today. One that tells who has answered is written to nobody in particular.
        """
        with self._deps.database.read() as connection:
            mail = outbox.mail(connection, mail_id)
        if mail is None or mail.letter.startswith(f"{DIGEST}/"):
            return None
        at = mail.sent_at or mail.claimed_at
        order = self._order_at(mail.order_id, at)
        if order is None:
            return None
        try:
            return self._written(order, mail, at or mail.queued_at)
        except (NoSuchPerson, IncompleteLetter, _ErasedError):
            return None

    def after_meeting(
        self, order: Order, ideas: str | None, agreed: str | None, now: dt.datetime
    ) -> WrittenAgain | None:
        """What members would get of a meeting recorded with these words, to nobody in particular.

        `order` is as it would be then. None where it can't be written.
        """
        with self._deps.database.read() as connection:
            recipient = Recipient(To(NOBODY_ON_THE_LIST), NOBODY)
            try:
                mail = self._writer.after_meeting(connection, order, recipient, ideas, agreed, now)
            except (NoSuchPerson, IncompleteLetter):
                return None
        return WrittenAgain(mail.subject, mail.text, ())

    def _order_at(self, order_id: OrderId, at: dt.datetime | None) -> Order | None:
        """The order as it stood at an instant, or stands now."""
        order: Order | None = None
        for each in self._deps.store.load_recorded(order_id):
            if at is None or each.recorded_at <= at or order is None:
                order = evolve(order, each.event)
        return order

    def _written(self, order: Order, mail: OutgoingMail, at: dt.datetime) -> WrittenAgain:
        letter = Letter.parse(mail.letter)
        with self._deps.database.read() as connection:
            if tells_who_answered(letter, mail.state):
                recipient = Recipient(mail.to, NOBODY, _invitation(order, letter, mail))
            else:
                recipient = self._recipient(connection, order, letter, mail)
            envelope = self._writer.write(connection, order, letter, recipient, mail.id, at)
        names = tuple(attachment.filename for attachment in envelope.mail.attachments)
        return WrittenAgain(envelope.mail.subject, envelope.mail.text, names)

    def _recipient(self, connection: Connection, order: Order, letter: Letter, mail: OutgoingMail) -> Recipient:
        try:
            known = self._writer.recipient(connection, letter, mail.to)
        except ValueError:  # an erased address is none
            raise _ErasedError from None
        return replace(known, invitation=_invitation(order, letter, mail))


class _ErasedError(LookupError):
    """Whoever the mail was for has no name and address any more."""


def _invitation(order: Order, letter: Letter, mail: OutgoingMail) -> Invitation | None:
    """What leads to the questionnaire is written with an invitation; nobody's will do where no link is told."""
    if letter.round is None or mailing_of(letter).to != "not_answered":
        return None
    return Invitation(
        id=HIDDEN,
        order_id=order.id,
        round=letter.round,
        person=PersonId(mail.recipient),
        address=mail.address,
        issue=1,
        state=InvitationState.OPEN,
        round_state=RoundState.OPEN,
    )
