"""What becomes of one mail, whatever stands at SendGrid's address and whatever it answers."""

from mail.envelope import Envelope
from mail.sendgrid_sender import SendGridSender
from mail.sending import DefiniteFailure, Receipt, SendError, UnknownOutcome
from tests.mail.loopback import Said, Talk, http, serving

KEY = "SG.en-test.noegle"


def outcome(url: str, envelope: Envelope, timeout: float = 5.0, key: str = KEY) -> Receipt | SendError:
    """What became of one mail. Any other exception than a sender's two ends the test."""
    try:
        return SendGridSender(key, base_url=url, timeout=timeout).send(envelope)
    except (DefiniteFailure, UnknownOutcome) as error:
        return error


def outcome_of(answer: Said | Talk, envelope: Envelope, timeout: float = 5.0) -> Receipt | SendError:
    """What became of it where this was answered."""
    with serving(http(answer) if isinstance(answer, Said) else answer) as server:
        return outcome(server.url, envelope, timeout)


def refusal_of(answer: Said, envelope: Envelope) -> DefiniteFailure:
    """The same, of a mail that certainly did not leave."""
    failure = outcome_of(answer, envelope)
    assert isinstance(failure, DefiniteFailure)
    return failure


def told(result: Receipt | SendError) -> str:
    """The outcome in a few words."""
    if isinstance(result, Receipt):
        return "accepted"
    if isinstance(result, DefiniteFailure):
        return "refused for good" if result.permanent else "tried again"
    return "unknown"
