"""What SendGrid answers, and what follows: docs "Mail Send: Errors" and "Responses" of its v3 API."""

import datetime as dt
import json
import math
import re
import time
from collections.abc import Mapping
from email.message import Message
from email.utils import parsedate_to_datetime

from mail.sending import Verdict

ANSWERS: Mapping[int, Verdict] = {
    202: Verdict.ACCEPTED,  # the only one that says "queued": 200 is for a sandbox that we don't use
    400: Verdict.MAIL_REFUSED,  # unless its errors say more: `verdict_on`
    408: Verdict.TRY_AGAIN,  # it waited for the rest of the request
    413: Verdict.MAIL_REFUSED,
    422: Verdict.MAIL_REFUSED,
    429: Verdict.TRY_AGAIN,
    503: Verdict.TRY_AGAIN,  # closed, as it says itself: never taken
}
"""By status. 401, 402, 403, 404, 405, 406, 415 are the settings' fault and no mail's: as `CLASSES` has it."""

CLASSES: Mapping[int, Verdict] = {
    1: Verdict.UNKNOWN,  # the real answer was still to come
    2: Verdict.UNKNOWN,  # not what SendGrid says of a mail
    3: Verdict.TRY_AGAIN,  # it is elsewhere, says somebody: we don't follow with key and letter
    4: Verdict.TRY_AGAIN,  # refused at the door
    5: Verdict.UNKNOWN,  # 500, 502, 504: it broke after taking the request, perhaps after queueing the mail
}
"""By a status' first digit, where `ANSWERS` has nothing. Any other is unknown."""

RECIPIENT_FIELD = re.compile(r"personalizations\.0\.to(\.0(\.email)?)?")
"""What SendGrid calls the recipient's address in `errors[].field`; a request of ours has one recipient."""

SENDER_FIELD = re.compile(r"(from|reply_to)(\.email|\.name)?")

SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
LONGEST_NUMBER = 15
"""Digits of seconds since 1970 or until then that are read; a longer number means for ever."""


def verdict_on(status: int, body: bytes) -> Verdict:
    """What follows from an answer. Of a 400's body only the names of fields are read, and nothing is kept."""
    verdict = ANSWERS.get(status) or CLASSES.get(status // 100, Verdict.UNKNOWN)
    if status != 400:
        return verdict
    fields = _fields_at_fault(body)
    if fields and all(RECIPIENT_FIELD.fullmatch(field) for field in fields):
        return Verdict.ADDRESS_REFUSED
    if fields and all(SENDER_FIELD.fullmatch(field) for field in fields):
        return Verdict.TRY_AGAIN
    return verdict


def retry_after(headers: Message) -> float | None:
    """Seconds until it takes requests again, as it says itself; None where it says nothing that can be understood."""
    wait = _wait(headers.get("Retry-After"))
    return _until(headers.get("X-RateLimit-Reset")) if wait is None else wait


def _fields_at_fault(body: bytes) -> list[str]:
    """Of `{"errors": [{"message": …, "field": "from.email", "help": …}]}`; none where it says something else."""
    try:
        errors = json.loads(body)["errors"]
        return [str(error["field"]) for error in errors]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []


def _wait(text: str | None) -> float | None:
    """Of `Retry-After: 120` or `Retry-After: Fri, 06 Nov 2026 08:45:00 GMT`."""
    seconds = _seconds(text)
    if seconds is None and text:
        try:
            at = parsedate_to_datetime(text)
            seconds = at.replace(tzinfo=at.tzinfo or dt.UTC).timestamp() - time.time()
        except (ValueError, OverflowError, TypeError, IndexError):
            return None
    return seconds


def _until(text: str | None) -> float | None:
    """Of `X-RateLimit-Reset: 1794127500`, seconds since 1970."""
    seconds = _seconds(text)
    return None if seconds is None else seconds - time.time()


def _seconds(text: str | None) -> float | None:
    if text is None or not SECONDS.fullmatch(text := text.strip()):
        return None
    return float(text) if len(text) <= LONGEST_NUMBER else math.inf
