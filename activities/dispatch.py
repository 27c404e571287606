"""Handing over one mail that has been claimed, and recording what came of it: for letters and lists alike."""

import datetime as dt
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection

from activities.dependencies import Dependencies
from activities.failures import name_of_failure, without_personal_data
from mail.envelope import Envelope
from mail.sending import DefiniteFailure, Session, UnknownOutcome
from storage import outbox, suppressions
from storage.outbox import MailState, OutgoingMail
from storage.suppressions import Mailbox, Suppressed

PATIENCE = dt.timedelta(days=5)
"""How long one mail is tried while its letter is worth sending: what SMTP itself asks for (RFC 5321, 4.5.4.1)."""
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=6)

LOGGER = logging.getLogger("activities.dispatch")


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt. `again_after` where it is worth another."""

    state: MailState
    code: str = ""
    provider_id: str | None = None
    again_after: dt.timedelta | None = None

    @property
    def is_the_providers(self) -> bool:
        """Whether the trouble may be everybody's: it passes, or it does not, for the next mail too."""
        return self.state is MailState.FAILED and self.again_after is not None


class Dispatch:
    """Claimed mail on its way out. Never raises for what a mail or a provider does."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._deps = dependencies

    def session(self) -> AbstractContextManager[Session]:
        """One way to the provider for a round of mail."""
        return self._deps.sender.session()

    def hand_over(
        self, session: Session, mail: OutgoingMail, write: Callable[[Connection], Envelope], at: dt.datetime
    ) -> Outcome:
        """Write it, outside any write transaction, and send it; whatever goes wrong, what is known of it."""
        try:
            with self._deps.database.read() as connection:
                envelope = write(connection)
        except Exception as error:  # noqa: BLE001 - one that can't be written is no harm to the others
            return self.unwritten(mail, error, at)
        attempt = mail.attempts + 1
        try:
            sent = session.send(envelope)
        except DefiniteFailure as failure:
            if failure.bounced:
                return Outcome(MailState.BOUNCED, failure.code)
            if failure.permanent:
                return Outcome(MailState.FAILED, failure.code)
            return _failed(mail, attempt, failure.code, at, failure.retry_after)
        except UnknownOutcome as unknown:
            return Outcome(MailState.UNKNOWN, unknown.code)
        except Exception as error:  # noqa: BLE001 - after the handing over began, nobody knows
            LOGGER.warning("mail %s may have left: %s", mail.id, without_personal_data(error))
            return Outcome(MailState.UNKNOWN, name_of_failure(error))
        return Outcome(MailState.SENT, provider_id=sent.provider_id)

    def unwritten(self, mail: OutgoingMail, error: Exception, at: dt.datetime) -> Outcome:
        """What comes of a mail that can't be written: the code or the row may be corrected meanwhile."""
        LOGGER.warning("mail %s can't be written: %s", mail.id, without_personal_data(error))
        return _failed(mail, mail.attempts + 1, name_of_failure(error), at)

    def record(self, mail: OutgoingMail, outcome: Outcome, at: dt.datetime, mailbox: Mailbox | None = None) -> None:
        """Note it. A mailbox that has refused mail for good gets none from any order."""
        with self._deps.database.write() as connection:
            match outcome.state:
                case MailState.SENT:
                    outbox.mark_sent(connection, mail.id, outcome.provider_id, at)
                case MailState.UNKNOWN:
                    outbox.mark_unknown(connection, mail.id, outcome.code)
                case MailState.BOUNCED:
                    outbox.mark_bounced(connection, mail.id, outcome.code)
                    if mailbox is not None:
                        why = Suppressed.BOUNCED
                        suppressions.suppress(connection, self._deps.keys, mailbox, why, at, outcome.code)
                case _:
                    again_at = at + outcome.again_after if outcome.again_after else None
                    attempt = mail.attempts + 1
                    outbox.mark_failed(connection, mail.id, outcome.code, again_at=again_at, attempt=attempt)


def _failed(mail: OutgoingMail, attempt: int, code: str, at: dt.datetime, retry_after: float | None = None) -> Outcome:
    """It did not leave: tried again after a longer pause each time, as long as there is patience."""
    pause = max(FIRST_PAUSE * 2 ** min(attempt - 1, 10), dt.timedelta(seconds=retry_after or 0))
    pause = min(pause, LONGEST_PAUSE)
    again = at + pause < mail.queued_at + PATIENCE
    return Outcome(MailState.FAILED, code, again_after=pause if again else None)
