"""What an SMTP server replies, and what follows: RFC 5321 (4.2) by first digit, RFC 3463 where a reply has codes."""

import re
from collections.abc import Mapping
from enum import StrEnum

from mail.sending import Verdict, plain_id


class Step(StrEnum):
    """What the server replies to."""

    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    DATA = "DATA"
    CONTENT = "the message"


ANSWERS: Mapping[tuple[Step, int], Verdict] = {
    (Step.SENDER, 2): Verdict.ACCEPTED,
    (Step.SENDER, 4): Verdict.TRY_AGAIN,
    (Step.SENDER, 5): Verdict.TRY_AGAIN,  # of our own address: the settings' fault and no mail's
    (Step.RECIPIENT, 2): Verdict.ACCEPTED,
    (Step.RECIPIENT, 4): Verdict.TRY_AGAIN,
    (Step.RECIPIENT, 5): Verdict.ADDRESS_REFUSED,
    (Step.DATA, 4): Verdict.TRY_AGAIN,
    (Step.DATA, 5): Verdict.MAIL_REFUSED,
    (Step.CONTENT, 2): Verdict.ACCEPTED,
    (Step.CONTENT, 4): Verdict.TRY_AGAIN,
    (Step.CONTENT, 5): Verdict.MAIL_REFUSED,
}
"""By step and first digit. What is not here did not leave before the message was handed over, and may have after."""

GO_AHEAD = 354
"""The only reply to DATA after which a server takes the message rather than commands."""

SETTINGS_REPLIES = frozenset({500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 555})
"""Refused, but neither mail nor address: commands it doesn't know, or a sign-in it wants first."""

RECIPIENT_CODES = re.compile(r"5\.(1\.([12346]|10)|2\.1|4\.[14])")
"""Of the recipient's address: no such mailbox or domain, moved, closed, or a domain that takes no mail."""

SENDER_CODES = re.compile(r"5\.(1\.[78]|[567]\.\d+)")
"""Of our address, our commands, or a policy against us: many servers tell these at RCPT."""

SENDER_WORDS = re.compile(rb"relay|sender|client host|authenticat|block|blacklist|spam|policy", re.IGNORECASE)
"""The same, said by servers without such codes (Exim: "550 relay not permitted"). Better one refused address tried
again than every address marked for a setting of ours."""

MAILBOX_FULL = re.compile(r"5\.2\.[23]")

ENHANCED_CODE = re.compile(r"\d\.\d{1,3}\.\d{1,3}(?=\s|$)", re.ASCII)
QUEUED_AS = re.compile(r"queued as ([A-Za-z0-9._-]+)(?=[\s.,;)]|$)", re.IGNORECASE)


def verdict_on(step: Step, code: int, text: bytes) -> Verdict:
    """What follows from a reply. At DATA, ACCEPTED means that the message may follow."""
    if step is Step.DATA and code == GO_AHEAD:
        return Verdict.ACCEPTED
    otherwise = Verdict.UNKNOWN if step is Step.CONTENT else Verdict.TRY_AGAIN
    verdict = ANSWERS.get((step, code // 100), otherwise)
    refused = verdict in (Verdict.ADDRESS_REFUSED, Verdict.MAIL_REFUSED)
    return _of_a_refusal(step, verdict, code, text) if refused else verdict


def _of_a_refusal(step: Step, verdict: Verdict, code: int, text: bytes) -> Verdict:
    """What a server refuses for good may be the settings' fault, or full rather than gone."""
    enhanced = _enhanced_code(text)
    if RECIPIENT_CODES.fullmatch(enhanced):
        return Verdict.ADDRESS_REFUSED
    if code in SETTINGS_REPLIES:
        return Verdict.TRY_AGAIN
    if step is Step.RECIPIENT and (SENDER_CODES.fullmatch(enhanced) or SENDER_WORDS.search(text)):
        return Verdict.TRY_AGAIN
    if code == 552 or MAILBOX_FULL.fullmatch(enhanced):
        return Verdict.MAIL_REFUSED
    return verdict


def reply_code(code: int) -> str:
    """The outbox's code for a reply: `smtp_550`."""
    return f"smtp_{code}" if 100 <= code <= 999 else "smtp_garbled"


def queue_id(text: bytes) -> str:
    """The server's own name for the mail ("2.0.0 Ok: queued as 4XyZ9"), empty where it tells none that is plain."""
    found = QUEUED_AS.search(text.decode("ascii", "replace"))
    return plain_id(found.group(1).rstrip(".")) if found else ""


def _enhanced_code(text: bytes) -> str:
    found = ENHANCED_CODE.match(text.decode("ascii", "replace"))
    return found.group() if found else ""
