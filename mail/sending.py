"""The one interface of all senders: an envelope goes in, a receipt or a known kind of failure comes out."""

import math
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from mail.envelope import Envelope, as_message

LONGEST_RETRY_AFTER = 6 * 3600.0
"""Seconds: a provider that asks for more is asked again after these. JSON has no infinity, and a round is soon over."""

PLAIN_ID = re.compile(r"[!-~]{1,255}")
_CODE_OF_TYPE = re.compile(r"[^a-z0-9_]")


@dataclass(frozen=True)
class Receipt:
    """It has been taken over. `provider_id` is the provider's own name for it, empty where it gives none."""

    provider_id: str


class SendError(Exception):
    """`code` is short and for the outbox: `smtp_550`, `sendgrid_timeout`. Never a provider's sentence, which may quote
    the address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DefiniteFailure(SendError):  # noqa: N818 - an outcome
    """It certainly did not leave, so sending it again is safe.

    `permanent`: the same mail to the same address would fail again (a refused address, a mail too large). What a
    corrected setting or some patience would put right is not permanent. `bounced`: it is the address that is refused,
    and for good; always permanent. `retry_after`: seconds, where the provider says; finite and at most
    `LONGEST_RETRY_AFTER`.
    """

    def __init__(
        self, code: str, *, permanent: bool = False, bounced: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(code)
        self.permanent = permanent or bounced
        self.bounced = bounced
        self.retry_after = _bounded(retry_after)


class UnknownOutcome(SendError):  # noqa: N818 - an outcome
    """It was handed over and no clear answer came: it may have left. Not to be sent again without evidence."""


class Verdict(StrEnum):
    """What follows from a provider's answer."""

    ACCEPTED = "accepted"
    TRY_AGAIN = "try again"
    """It did not leave, for a reason that passes or that our settings can put right."""
    MAIL_REFUSED = "mail refused"
    """It did not leave, and this mail never will."""
    ADDRESS_REFUSED = "address refused"
    """It did not leave, and nothing will to this address."""
    UNKNOWN = "unknown"
    """It may have left."""


def error_for(verdict: Verdict, code: str, retry_after: float | None = None) -> SendError:
    """What a sender raises on any verdict but ACCEPTED."""
    match verdict:
        case Verdict.TRY_AGAIN:
            return DefiniteFailure(code, retry_after=retry_after)
        case Verdict.MAIL_REFUSED:
            return DefiniteFailure(code, permanent=True)
        case Verdict.ADDRESS_REFUSED:
            return DefiniteFailure(code, bounced=True)
        case Verdict.ACCEPTED | Verdict.UNKNOWN:
            return UnknownOutcome(code)


class Session(Protocol):
    """One way to the provider for several mails, one after the other; each has its own outcome."""

    def send(self, envelope: Envelope) -> Receipt:
        """Hands over one mail. Raises DefiniteFailure or UnknownOutcome, and nothing else."""
        ...


class Sender(Session, Protocol):
    """Blocking; safe to call from several threads, a session from one at a time.

    `repeatable`: sending the same outbox id again replaces the first mail, so that it never arrives twice.
    """

    repeatable: bool

    def session(self) -> AbstractContextManager[Session]:
        """A session for a batch. What happens to one mail of it changes nothing for the next."""
        ...


def plain_id(text: str | None) -> str:
    """A provider's id where it is short printable ASCII, else none: an id cut or cleaned would be another's."""
    return text if text and PLAIN_ID.fullmatch(text) else ""


def code_of(provider: str, error: Exception) -> str:
    """The outbox's code for an error nobody foresaw: its type, never its words."""
    return f"{provider}_{_CODE_OF_TYPE.sub('', type(error).__name__.lower())}"[:64]


def as_bytes(envelope: Envelope) -> bytes:
    """The message as it goes over the wire. Raises DefiniteFailure where it can't be written."""
    try:
        return as_message(envelope).as_bytes()
    except Exception as error:  # noqa: BLE001 - whatever the library says of a text, the next mail goes on
        raise DefiniteFailure(code_of("message", error), permanent=True) from None


def _bounded(seconds: float | None) -> float | None:
    if seconds is None or math.isnan(seconds):
        return None
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER)
