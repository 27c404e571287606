"""Sending the letters of an occasion: everyone it concerns, each once, decided again at the moment of sending."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Connection
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.workplace import Workplace
from activities.writing import OPERATIONS, Recipient, Writer
from domain.letters import Letter, Occasion
from domain.model import OrderId
from domain.order import Order
from mail.sending import DefiniteFailure, UnknownOutcome
from storage import ballot_box, open_orders, outbox
from storage.ballot_box import InvitationState, RoundState
from storage.outbox import Evidence, MailState, OutgoingMail

PATIENCE = 12
"""Attempts at one mail before it counts as failed."""

HEARTBEAT = dt.timedelta(seconds=30)
"""A round of mail says within this that it is alive: at each mail, which its sender gives up after 20 seconds."""


class SendLetters(BaseModel):
    """One occasion of one order: its letter's key."""

    order: OrderId
    key: str
    now: AwareDatetime


class LettersDone(BaseModel):
    """How many went out in all, and how many could not: refused for good, or of unknown outcome."""

    sent: int
    failed: int


@dataclass(frozen=True)
class _Round:
    """One run over an occasion's mail."""

    order: Order
    letter: Letter
    now: dt.datetime


class LetterActivities:
    """Safe to repeat at any point: a mail is claimed before it is sent, and never sent twice on a guess."""

    def __init__(self, workplace: Workplace) -> None:
        self._at = workplace
        self._writer = Writer(workplace)

    @activity.defn
    def send_letters(self, ask: SendLetters) -> LettersDone:
        """Send what is not sent yet. Raises where some mail should be tried again later."""
        run = _Round(self._at.order(ask.order), Letter.parse(ask.key), ask.now.astimezone(dt.UTC))
        queued = self._queue(run)
        again = [mail.id for mail, recipient in queued if not self._settle(run, mail, recipient)]
        if again:
            msg = f"{len(again)} mails of {ask.key} are to be tried again"
            raise ApplicationError(msg, type="MailToRetry")
        return self._counted(ask)

    def _queue(self, run: _Round) -> list[tuple[OutgoingMail, Recipient]]:
        with self._at.database.write() as connection:
            recipients: dict[str, Recipient] = {
                recipient.id: recipient for recipient in self._recipients(connection, run)
            }
            mails = outbox.queue(connection, run.order.id, run.letter.key, recipients, run.now)
            for mail in mails:
                if mail.state is MailState.CLAIMED:
                    self._settle_orphan(connection, mail, run.now)
        return [(mail, recipients[mail.recipient]) for mail in mails]

    def _settle_orphan(self, connection: Connection, mail: OutgoingMail, now: dt.datetime) -> None:
        """Claimed by a run that died. It may have left; only a repeatable sender may be asked again."""
        outbox.mark_unknown(connection, mail.id, outbox.ORPHANED)
        if self._at.sender.repeatable:
            outbox.resolve_unknown(connection, mail.id, Evidence.NEVER_LEFT, now)

    def _recipients(self, connection: Connection, run: _Round) -> Iterator[Recipient]:
        order, letter = run.order, run.letter
        to = letter.manner.to
        if to == "coordinator":
            yield Recipient(order.coordinator)
        elif to == "consultant":
            yield Recipient(order.consultant) if order.consultant else Recipient(OPERATIONS)
        elif to == "operations":
            yield Recipient(OPERATIONS)
        elif letter.round:
            yield from self._of_the_roll(connection, order, letter)
        else:
            yield from (Recipient(member.contact) for member in order.active_members.values())

    def _of_the_roll(self, connection: Connection, order: Order, letter: Letter) -> Iterator[Recipient]:
        """The round's invitations, brought up to date with the order's members first."""
        if letter.round is None:
            return
        if letter.occasion is Occasion.INVITATION:
            ballot_box.open_round(connection, self._at.keys, order.id, letter.round)
        if ballot_box.round_state(connection, order.id, letter.round) is not RoundState.OPEN:
            return
        for member_id, member in order.members.items():
            if not member.active:
                ballot_box.revoke(connection, order.id, letter.round, member_id)
        members = [(member_id, member.contact) for member_id, member in order.active_members.items()]
        for invitation in ballot_box.invite(connection, self._at.keys, order.id, letter.round, members):
            if invitation.state is InvitationState.OPEN:
                yield Recipient(invitation.contact, invitation)

    def _settle(self, run: _Round, mail: OutgoingMail, recipient: Recipient) -> bool:
        """See one mail to its end for now; False where it is to be tried again later."""
        if not activity.info().is_local:
            activity.heartbeat()
        with self._at.database.write() as connection:
            if not outbox.claim(connection, mail.id, run.now):
                return True
            if reason := self._why_not(connection, run, recipient):
                outbox.mark_skipped(connection, mail.id, reason)
                return True
            envelope = self._writer.write(connection, run.order, run.letter, recipient, mail.id, run.now)
        try:
            sent = self._at.sender.send(envelope)
        except UnknownOutcome as unknown:
            with self._at.database.write() as connection:
                outbox.mark_unknown(connection, mail.id, unknown.code)
            return True
        except DefiniteFailure as failure:
            again = not failure.permanent and mail.attempts + 1 < PATIENCE
            with self._at.database.write() as connection:
                outbox.mark_failed(connection, mail.id, failure.code, again=again)
            return not again
        with self._at.database.write() as connection:
            outbox.mark_sent(connection, mail.id, sent.provider_id, run.now)
        return True

    def _why_not(self, connection: Connection, run: _Round, recipient: Recipient) -> str | None:
        """Decided at the last moment: the reason not to send, or None."""
        if not open_orders.is_open(connection, run.order.id):
            return "order_ended"
        if recipient.id in outbox.opted_out(connection, [recipient.id]):
            return "opted_out"
        if recipient.id in outbox.bounced(connection, [recipient.id]):
            return "bounced"
        if recipient.invitation is None or run.letter.round is None:
            return None
        waiting = {each.id for each in ballot_box.outstanding(connection, run.order.id, run.letter.round)}
        return None if recipient.invitation.id in waiting else "answered_or_closed"

    def _counted(self, ask: SendLetters) -> LettersDone:
        with self._at.database.read() as connection:
            counts = outbox.counts(connection, ask.order, ask.key)
        return LettersDone(
            sent=counts[MailState.SENT] + counts[MailState.DELIVERED] + counts[MailState.BOUNCED],
            failed=counts[MailState.FAILED] + counts[MailState.UNKNOWN],
        )
