"""Sending letters: everyone a letter concerns, each once. A straight path: claim, decide, write, send, record."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Connection
from temporalio import activity

from activities.dependencies import Dependencies
from activities.dispatch import Dispatch, Outcome
from activities.letter_writer import LetterWriter, Recipient, office_recipient
from activities.orders import CarriedOut, CarryOut, OrderActivities
from domain.commands import RecordLetters
from domain.letters import Letter, Occasion, WhyNot
from domain.mailings import Reader, leaves, mailing_of, why_not, why_not_to
from domain.mailings.links import holder_of
from domain.mailings.survey import NEWS
from domain.model import OrderId, PersonId
from domain.order import Order
from mail.envelope import Address, Envelope
from mail.sending import Session
from storage import outbox, outbox_reports, people, suppressions, survey_roll
from storage.outbox import Evidence, MailState, OutgoingMail, To
from storage.suppressions import Mailbox, Suppressed
from storage.survey_roll import Invitation, InvitationState

IN_A_ROW = 3
"""Failures in a row that are nobody's address: the provider is away, and the rest of the round is put off."""
HEARTBEAT = dt.timedelta(seconds=30)
"""A round of mail says within this that it is alive: at each mail, which its sender gives up after 20 seconds."""
WORTH_COUNTING = dt.timedelta(minutes=1)
"""Lateness of an attempt below this is the way of things."""


class SendLetters(BaseModel):
    """Letters of one order, by key, due at the same instant; `settle` are those that are not worth sending any more."""

    order: OrderId
    keys: tuple[str, ...]
    settle: tuple[str, ...] = ()
    known: int
    now: AwareDatetime


@dataclass(frozen=True)
class _Run:
    """One run over a letter's mail, at an instant: the order as it was read last."""

    order: Order
    letter: Letter
    at: dt.datetime

    @property
    def leaves(self) -> dt.datetime:
        """When mail may leave: the workflow asked in time, but that may be a while ago."""
        return leaves(self.order, self.letter, self.at, self.at)


class LetterActivities:
    """Safe to repeat at any point: a mail is claimed before it is sent, and never sent twice on a guess."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies
        self._orders = OrderActivities(dependencies)
        self._writer = LetterWriter(dependencies)
        self._dispatch = Dispatch(dependencies)
        # Mails in hand in this process, each by its run: a run past its time limit goes on in its thread.
        self._in_hand: set[str] = set()

    @activity.defn
    def send_letters(self, ask: SendLetters) -> CarriedOut:
        """Send what is not sent yet, and record what has become of it."""
        now, began = ask.now.astimezone(dt.UTC) + _lateness(), time.monotonic()
        done = tuple(self._one(ask, key, now) for key in (*ask.keys, *ask.settle))
        ended = now + dt.timedelta(seconds=time.monotonic() - began)
        # No cause: the same counts noted again are no event.
        return self._orders.carry_out(CarryOut(order=ask.order, known=ask.known, now=ended, commands=done))

    def _one(self, ask: SendLetters, key: str, now: dt.datetime) -> RecordLetters:
        run = _Run(self._orders.as_known(ask.order, ask.known), Letter.parse(key), now)
        mails = self._queue(run)
        reason = why_not(run.order, run.letter, run.at, run.at)
        if key in ask.settle and reason is None:
            reason = _why_not_again(run, mails)
        if reason is not None:
            self._settle(mails, reason)
        elif run.leaves > run.at:
            self._put_off(mails, run.leaves)
        else:
            self._send(run, [mail for mail in mails if mail.again_at is None or mail.again_at <= run.at])
        return self._counted(run)

    # --- queueing ---------------------------------------------------------------------------------------------------

    def _queue(self, run: _Run) -> list[OutgoingMail]:
        """The rows of everyone the letter concerns that wait to be sent."""
        with self._deps.database.write() as connection:
            wanted = list(self._recipients(connection, run))
            outbox.queue(connection, run.order.id, run.letter.key, wanted, run.at)
            for mail in outbox.mails(connection, run.order.id, run.letter.key):
                if mail.state is MailState.CLAIMED and mail.id not in self._in_hand:
                    self._settle_orphan(connection, mail, run.at)
                if mail.to not in wanted:  # has answered, left, or has another address since it waited
                    outbox.withdraw(connection, mail.id)
            mails = outbox.mails(connection, run.order.id, run.letter.key)
        return [mail for mail in mails if mail.state is MailState.QUEUED and mail.id not in self._in_hand]

    def _settle_orphan(self, connection: Connection, mail: OutgoingMail, now: dt.datetime) -> None:
        """Claimed by a run that died. It may have left; only a repeatable sender may be asked again."""
        outbox.mark_unknown(connection, mail.id, outbox.ORPHANED)
        if self._deps.sender.repeatable:
            outbox.resolve_unknown(connection, mail.id, Evidence.NEVER_LEFT, now)

    def _recipients(self, connection: Connection, run: _Run) -> Iterator[To]:
        order, letter = run.order, run.letter
        match mailing_of(letter).to:
            case "coordinator":
                coordinator = people.person(connection, order.coordinator)
                yield To(coordinator.id, coordinator.address)
            case "consultant":
                yield To(order.consultant) if order.consultant else office_recipient()
            case "operations":
                yield office_recipient()
            case "holder":
                yield from self._holder(connection, order, letter)
            case "members":
                yield from (To(person, member.address) for person, member in order.active_members.items())
            case "not_answered":
                yield from (To(each.person, each.address) for each in _waited_for(connection, run))

    def _holder(self, connection: Connection, order: Order, letter: Letter) -> Iterator[To]:
        """Whose link it is, at the address that the order knows: a coordinator's is the latest."""
        holder = holder_of(order, letter)
        member = order.active_members.get(holder) if holder else None
        if holder == order.coordinator:
            yield To(holder, people.person(connection, holder).address)
        elif holder is not None and member is not None:
            yield To(holder, member.address)

    # --- one mail after the other -----------------------------------------------------------------------------------

    def _send(self, run: _Run, mails: list[OutgoingMail]) -> None:
        in_a_row = 0
        with self._dispatch.session() as session:
            for number, mail in enumerate(mails):
                activity.heartbeat()
                with activity.shield_thread_cancel_exception(), self._held(mail):
                    outcome = self._deliver(session, run, mail)
                in_a_row = in_a_row + 1 if outcome is not None and outcome.is_the_providers else 0
                if in_a_row == IN_A_ROW and outcome is not None and outcome.again_after is not None:
                    self._put_off(mails[number + 1 :], run.at + outcome.again_after)
                    return

    @contextmanager
    def _held(self, mail: OutgoingMail) -> Iterator[None]:
        self._in_hand.add(mail.id)
        try:
            yield
        finally:
            self._in_hand.discard(mail.id)

    def _deliver(self, session: Session, run: _Run, mail: OutgoingMail) -> Outcome | None:
        """Claim, decide, write, send, record. None where there was nothing to send."""
        recipient = self._claim(run, mail)
        if recipient is None:
            return None
        if isinstance(recipient, Outcome):
            self._dispatch.record(mail, recipient, run.at)
            return recipient

        def write(connection: Connection) -> Envelope:
            order = self._as_now(run.order)
            return self._writer.write(connection, order, run.letter, recipient, mail.id, run.at)

        outcome = self._dispatch.hand_over(session, mail, write, run.at)
        self._dispatch.record(mail, outcome, run.at, _mailbox(recipient.mailbox))
        return outcome

    def _claim(self, run: _Run, mail: OutgoingMail) -> Recipient | Outcome | None:
        """The mail is ours, and as things stand at this moment it goes to this recipient; None where it does not.

        An outcome where its recipient's row can't be read: that is no harm to the others.
        """
        with self._deps.database.write() as connection:
            if not outbox.claim(connection, mail.id, run.at):
                return None
            order = self._as_now(run.order)
            try:
                recipient, reason = self._decide(connection, _Run(order, run.letter, run.at), mail)
            except (LookupError, ValueError) as error:
                return self._dispatch.unwritten(mail, error, run.at)
            if reason is WhyNot.NOTHING_TO_ANSWER or reason is WhyNot.LEFT:
                outbox.withdraw(connection, mail.id)
            elif reason is not None:
                outbox.mark_skipped(connection, mail.id, reason)
        return recipient if reason is None else None

    def _as_now(self, order: Order) -> Order:
        return order if self._deps.store.version(order.id) == order.version else self._deps.order(order.id)

    def _decide(self, connection: Connection, run: _Run, mail: OutgoingMail) -> tuple[Recipient | None, WhyNot | None]:
        reason = why_not(run.order, run.letter, run.at, run.at)
        if reason is not None:
            return None, reason
        recipient = self._writer.recipient(connection, run.letter, mail.to)
        invitation = next((each for each in _waited_for(connection, run) if each.person == mail.recipient), None)
        reader = self._reader(connection, run, recipient, invitation)
        return Recipient(recipient.to, recipient.mailbox, invitation), why_not_to(run.letter, reader)

    def _reader(self, connection: Connection, run: _Run, recipient: Recipient, invitation: Invitation | None) -> Reader:
        mailing, person = mailing_of(run.letter), PersonId(recipient.to.recipient)
        known = suppressions.suppressed(connection, self._deps.keys, [_mailbox(recipient.mailbox)])
        why = known.get(_mailbox(recipient.mailbox), set())
        member = run.order.active_members.get(person)
        return Reader(
            on_the_list=not mailing.to_members or (member is not None and member.address == recipient.to.address),
            opted_out=Suppressed.OPTED_OUT in why,
            bounced=Suppressed.BOUNCED in why,
            waited_for=mailing.to != "not_answered" or invitation is not None,
            news_waits=run.letter.occasion is Occasion.REMINDER and _has_news_coming(connection, run, recipient.to),
        )

    # --- not sending ------------------------------------------------------------------------------------------------

    def _settle(self, mails: list[OutgoingMail], reason: WhyNot) -> None:
        """What is not worth sending any more: too late is a failure, overtaken is not."""
        with self._deps.database.write() as connection:
            for mail in mails:
                if reason is WhyNot.TOO_LATE:
                    outbox.mark_failed(connection, mail.id, reason)
                else:
                    outbox.mark_skipped(connection, mail.id, reason)

    def _put_off(self, mails: list[OutgoingMail], again_at: dt.datetime) -> None:
        with self._deps.database.write() as connection:
            outbox.put_off(connection, [mail.id for mail in mails], again_at)

    def _counted(self, run: _Run) -> RecordLetters:
        """What has become of the letter's mail in all, and by which version of the order it was sent."""
        with self._deps.database.read() as connection:
            counts = outbox_reports.letter_counts(connection, run.order.id, run.letter.key)
        return RecordLetters(
            key=run.letter.key,
            sent=counts.sent,
            failed=counts.failed,
            unknown=counts.unknown,
            waiting=counts.waiting,
            seen=run.order.version,
        )


def _why_not_again(run: _Run, mails: list[OutgoingMail]) -> WhyNot:
    """Why what waits is not worth the attempt that it waits for."""
    next_try = min((mail.again_at for mail in mails if mail.again_at), default=run.at)
    at = leaves(run.order, run.letter, max(next_try, run.at), run.at)
    return why_not(run.order, run.letter, at, run.at) or WhyNot.OVERTAKEN


def _waited_for(connection: Connection, run: _Run) -> list[Invitation]:
    """Whose answer is still wanted by a letter of a round; nobody, once it is closed."""
    if run.letter.round is None or mailing_of(run.letter).to != "not_answered":
        return []
    roll = survey_roll.outstanding(connection, run.order.id, run.letter.round)
    return [each for each in roll if each.state is InvitationState.OPEN]


def _has_news_coming(connection: Connection, run: _Run, to: To) -> bool:
    """Whether the invitation itself, or the word of an extension, is still to be tried again: that will do."""
    queued = outbox_reports.mails_in(connection, [MailState.QUEUED], run.order.id)
    return any(mail.to == to and Letter.parse(mail.letter).occasion in NEWS for mail in queued)


def _mailbox(address: Address) -> Mailbox:
    return Mailbox(address.name, address.address)


def _lateness() -> dt.timedelta:
    """How long after it was asked for this attempt is made: no worker was there, or one died over it."""
    info = activity.info()  # its two times are of one clock, which need not be the workflow's
    late = max(info.started_time - info.scheduled_time, dt.timedelta(0))
    return late if late >= WORTH_COUNTING else dt.timedelta(0)
