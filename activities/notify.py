"""Sending the letters of an occasion: everyone it concerns, each once, decided again at the moment of sending."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Connection
from temporalio import activity
from temporalio.exceptions import CancelledError

from activities.dependencies import Dependencies
from activities.survey import roll_of
from activities.writing import OPERATIONS, Recipient, Writer
from domain.calendar import mail_time
from domain.letters import Letter, Occasion
from domain.model import OrderId
from domain.order import Order
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, UnknownOutcome
from storage import open_orders, outbox, survey_roll, survey_rounds
from storage.outbox import Evidence, MailState, OutgoingMail
from storage.survey_roll import InvitationState

PATIENCE = dt.timedelta(days=5)
"""How long one mail is tried, where its letter is worth sending for so long: what SMTP itself asks for."""

HEARTBEAT = dt.timedelta(seconds=30)
"""A round of mail says within this that it is alive: at each mail, which its sender gives up after 20 seconds."""


NAMED = 5
"""Mails that an error names, by id."""
NEWS_OF_A_ROUND = (Occasion.INVITATION, Occasion.SURVEY_EXTENDED)
ANSWERED_OR_CLOSED = "answered_or_closed"
TOO_LATE = "too_late"
OUT_OF_HOURS = "out_of_hours"
UNDONE = (MailState.QUEUED, MailState.CLAIMED)
"""Not sent yet, or in the hands of a run that may be dead."""
WORTH_COUNTING = dt.timedelta(minutes=1)
"""Lateness below this is the way of things."""


class SendLetters(BaseModel):
    """One occasion of one order: its letter's key, and when that is no longer worth sending."""

    order: OrderId
    key: str
    now: AwareDatetime
    until: AwareDatetime | None = None


class LettersDone(BaseModel):
    """How many went out in all, and how many could not: refused for good, or of unknown outcome.

    `waiting` ones are to be tried again; the provider asked to be left alone for `pause` seconds.
    """

    sent: int
    failed: int
    waiting: int = 0
    pause: float = 0


@dataclass(frozen=True)
class _Round:
    """One run over an occasion's mail."""

    order: Order
    letter: Letter
    now: dt.datetime
    late: dt.timedelta
    """How long after `now` this attempt is made: no worker was there, or one died over it."""
    until: dt.datetime | None
    """When the letter is no longer worth sending."""

    @property
    def at(self) -> dt.datetime:
        return self.now + self.late

    @property
    def is_past(self) -> bool:
        """Whether this attempt has missed what the letter is about."""
        return self.until is not None and self.at >= self.until

    @property
    def is_in_mail_hours(self) -> bool:
        """Whether mail may leave now: the mail dispatcher asked in time, but that may be a while ago."""
        return self.letter.manner.at_once or mail_time(self.at, self.order.policies) <= self.at

    def may_try_again(self, mail: OutgoingMail) -> bool:
        return self.at < min(self.until or mail.queued_at + PATIENCE, mail.queued_at + PATIENCE)


@dataclass(frozen=True)
class _Again:
    """A mail that is to be tried again: why, and after how many seconds at the earliest."""

    mail_id: str
    code: str
    after: float | None = None


LIVE = "still_sending"
"""An earlier run of ours has the mail in hand at this moment."""


class LetterActivities:
    """Safe to repeat at any point: a mail is claimed before it is sent, and never sent twice on a guess."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies
        self._writer = Writer(dependencies)
        # Mails in hand in this process, each by its run: a run past its time limit goes on in its thread.
        self._in_hand: dict[str, object] = {}

    @activity.defn
    def send_letters(self, ask: SendLetters) -> LettersDone:
        """Send what is not sent yet, and tell what is to be tried again later."""
        run = self._run(ask)
        queued = self._queue(run)
        if run.is_past or run.is_in_mail_hours:
            again = [found for mail, recipient in queued if (found := self._settle(run, mail, recipient))]
        else:
            again = [_Again(mail.id, OUT_OF_HOURS) for mail, _ in queued if mail.state in UNDONE]
        if again:
            which = ", ".join(f"{each.mail_id} {each.code}" for each in again[:NAMED])
            activity.logger.warning("%d mails of %s are to be tried again: %s", len(again), ask.key, which)
        return self._counted(ask, again)

    def _run(self, ask: SendLetters) -> _Round:
        order, letter, now = self._deps.order(ask.order), Letter.parse(ask.key), ask.now.astimezone(dt.UTC)
        info = activity.info()  # its two times are of one clock, which need not be the workflow's
        late = max(info.started_time - info.scheduled_time, dt.timedelta(0))
        if late < WORTH_COUNTING:  # a mail dispatcher's `now` is the beginning of a second or two
            late = dt.timedelta(0)
        until = ask.until.astimezone(dt.UTC) if ask.until else None
        return _Round(order, letter, now, late, until)

    def _queue(self, run: _Round) -> list[tuple[OutgoingMail, Recipient]]:
        with self._deps.database.write() as connection:
            recipients: dict[str, Recipient] = {
                recipient.id: recipient for recipient in self._recipients(connection, run)
            }
            mails = outbox.queue(connection, run.order.id, run.letter.key, recipients, run.at)
            for mail in outbox.mails(connection, run.order.id, run.letter.key):
                if mail.id in self._in_hand:
                    continue
                if mail.state is MailState.CLAIMED:
                    self._settle_orphan(connection, mail, run.at)
                if mail.recipient not in recipients:  # answered or left while it waited to be tried again
                    outbox.withdraw(connection, mail.id)
        return [(mail, recipients[mail.recipient]) for mail in mails]

    def _settle_orphan(self, connection: Connection, mail: OutgoingMail, now: dt.datetime) -> None:
        """Claimed by a run that died. It may have left; only a repeatable sender may be asked again."""
        outbox.mark_unknown(connection, mail.id, outbox.ORPHANED)
        if self._deps.sender.repeatable:
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
            survey_rounds.open_round(connection, self._deps.keys, order.id, letter.round)
        for invitation in roll_of(connection, self._deps.keys, order, letter.round):
            if invitation.state is InvitationState.OPEN:
                yield Recipient(invitation.contact, invitation)

    def _settle(self, run: _Round, mail: OutgoingMail, recipient: Recipient) -> _Again | None:
        """See one mail to its end for now; what is to be tried again later, or None."""
        if not activity.info().is_local:
            activity.heartbeat()
        me = object()
        if self._in_hand.setdefault(mail.id, me) is not me:
            return _Again(mail.id, LIVE)
        try:
            return self._send(run, mail, recipient)
        finally:
            del self._in_hand[mail.id]

    def _send(self, run: _Round, mail: OutgoingMail, recipient: Recipient) -> _Again | None:
        attempt = mail.attempts + 1
        try:
            envelope = self._claimed(run, mail, recipient)
        except CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - one letter that can't be written is no harm to the others
            return self._unwritten(run, mail, f"error_{type(error).__name__.lower()}"[:64])
        if envelope is None:
            return None
        try:
            sent = self._deps.sender.send(envelope)
        except DefiniteFailure as failure:
            again = not failure.permanent and run.may_try_again(mail)
            with self._deps.database.write() as connection:
                outbox.mark_failed(connection, mail.id, failure.code, again=again, attempt=attempt)
            return _Again(mail.id, failure.code, failure.retry_after) if again else None
        except CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - after the handing over began, nobody knows
            code = error.code if isinstance(error, UnknownOutcome) else f"error_{type(error).__name__.lower()}"[:64]
            with self._deps.database.write() as connection:
                outbox.mark_unknown(connection, mail.id, code)
            return None
        with self._deps.database.write() as connection:
            outbox.mark_sent(connection, mail.id, sent.provider_id, run.at)
        return None

    def _claimed(self, run: _Round, mail: OutgoingMail, recipient: Recipient) -> Envelope | None:
        """The letter, written and the mail claimed; None where there is nothing to send."""
        with self._deps.database.write() as connection:
            if not outbox.claim(connection, mail.id, run.at):
                return None
            reason = self._why_not(connection, run, recipient)
            if reason == ANSWERED_OR_CLOSED:
                outbox.withdraw(connection, mail.id)
            elif reason == TOO_LATE:
                outbox.mark_failed(connection, mail.id, TOO_LATE)
            elif reason:
                outbox.mark_skipped(connection, mail.id, reason)
            if reason:
                return None
            return self._writer.write(connection, run.order, run.letter, recipient, mail.id, run.at)

    def _unwritten(self, run: _Round, mail: OutgoingMail, code: str) -> _Again | None:
        """A letter of ours that could not be written: perhaps it can, once somebody has mended what is wrong."""
        again = run.may_try_again(mail)
        with self._deps.database.write() as connection:
            if outbox.claim(connection, mail.id, run.at):
                outbox.mark_failed(connection, mail.id, code, again=again)
        return _Again(mail.id, code) if again else None

    def _why_not(self, connection: Connection, run: _Round, recipient: Recipient) -> str | None:
        """Decided at the last moment: the reason not to send, or None."""
        if not open_orders.is_open(connection, run.order.id):
            return "order_ended"
        if run.is_past:
            return TOO_LATE
        if recipient.id in outbox.opted_out(connection, [recipient.id]):
            return "opted_out"
        if recipient.id in outbox.bounced(connection, [recipient.id]):
            return "bounced"
        if recipient.invitation is None or run.letter.round is None:
            return None
        waiting = {each.id for each in survey_roll.outstanding(connection, run.order.id, run.letter.round)}
        if recipient.invitation.id not in waiting:
            return ANSWERED_OR_CLOSED
        if run.letter.occasion is Occasion.REMINDER and self._has_news_coming(connection, run, recipient):
            return "news_waits"
        return None

    def _has_news_coming(self, connection: Connection, run: _Round, recipient: Recipient) -> bool:
        """Whether the invitation itself, or the word of an extension, is still to be tried again: that will do."""
        return any(
            mail.recipient == recipient.id and Letter.parse(mail.letter).occasion in NEWS_OF_A_ROUND
            for mail in outbox.unsettled(connection, run.order.id)
            if mail.state is MailState.QUEUED and mail.letter in run.order.pending_letters
        )

    def _counted(self, ask: SendLetters, again: list[_Again]) -> LettersDone:
        with self._deps.database.read() as connection:
            counts = outbox.counts(connection, ask.order, ask.key)
        return LettersDone(
            sent=counts[MailState.SENT] + counts[MailState.DELIVERED] + counts[MailState.BOUNCED],
            failed=counts[MailState.FAILED] + counts[MailState.UNKNOWN],
            waiting=len(again),
            pause=max((each.after or 0 for each in again), default=0),
        )
