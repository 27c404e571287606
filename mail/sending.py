"""The one interface of all senders: an envelope goes in, an id or a known kind of failure comes out."""

from dataclasses import dataclass
from typing import Protocol

from mail.envelope import Envelope


@dataclass(frozen=True)
class Sent:
    """It has been taken over. `provider_id` is the sender's own name for it, empty where it gives none."""

    provider_id: str


class NotSent(Exception):  # noqa: N818 - an outcome
    """`code` is short and for the outbox: `smtp_550`, `sendgrid_timeout`. Never a provider's sentence, which may quote
    the address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DefiniteFailure(NotSent):
    """It certainly did not leave, so sending it again is safe.

    `permanent`: the same mail to the same address would fail again (a refused address, a mail too large). What a
    corrected setting or some patience would mend is not permanent. `retry_after`: seconds, where the provider says.
    """

    def __init__(self, code: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.permanent = permanent
        self.retry_after = retry_after


class UnknownOutcome(NotSent):
    """It was handed over and no clear answer came: it may have left. Not to be sent again without evidence."""


class Sender(Protocol):
    """Blocking; safe to call from several threads.

    `repeatable`: sending the same outbox id again replaces the first mail, so that it never arrives twice.
    """

    repeatable: bool

    def send(self, envelope: Envelope) -> Sent:
        """Hands over one mail. Raises DefiniteFailure or UnknownOutcome."""
        ...
