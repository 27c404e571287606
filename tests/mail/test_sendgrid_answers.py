"""What follows from SendGrid's answer: its status, whose fault a 400 is, when to come back, and the mail's id."""

import datetime as dt
import json
import math
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.envelope import Envelope
from mail.sending import LONGEST_RETRY_AFTER, DefiniteFailure, Receipt, UnknownOutcome
from tests.mail.loopback import Said, answered, http, serving
from tests.mail.sendgrid_outcome import outcome, outcome_of, refusal_of, told

# --- the status -----------------------------------------------------------------------------------------------------

FOR_GOOD = {400, 413, 422}
CLOSED_NOT_BROKEN = {503}


def what_should_follow(status: int) -> str:
    if status == 202:
        return "accepted"
    if status in FOR_GOOD:
        return "refused for good"
    if status // 100 in (3, 4) or status in CLOSED_NOT_BROKEN:
        return "tried again"
    return "unknown"


def test_every_status_there_can_be_has_its_outcome(an_envelope: Envelope) -> None:
    statuses = [status for status in range(101, 1000) if status != 401]  # 100 says only that more will come
    with serving(http(*(answered(status) for status in statuses))) as server:
        found = {status: told(outcome(server.url, an_envelope)) for status in statuses}
    assert found == {status: what_should_follow(status) for status in statuses}
    assert len(server.read) == len(statuses)  # and each was asked once


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_leads_key_and_letter_elsewhere(status: int, an_envelope: Envelope) -> None:
    with serving(http(answered(202))) as elsewhere:
        moved = answered(status, f"Location: {elsewhere.url}/v3/mail/send\r\n")
        failure = refusal_of(moved, an_envelope)
    assert (failure.code, failure.permanent) == (f"sendgrid_{status}", False)
    assert elsewhere.read == []


def test_early_hints_are_no_answer(an_envelope: Envelope) -> None:
    hints = Said(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
    assert isinstance(outcome_of(hints, an_envelope), UnknownOutcome)


def test_after_continue_the_real_answer_counts(an_envelope: Envelope) -> None:
    both = Said(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nX-Message-Id: abc\r\nContent-Length: 0\r\n\r\n")
    assert outcome_of(both, an_envelope) == Receipt("abc")


# --- whose fault a 400 is -------------------------------------------------------------------------------------------


def errors(*fields: object) -> bytes:
    return json.dumps({"errors": [{"message": "no, not gunver@laegehus.example", "field": f} for f in fields]}).encode()


@pytest.mark.parametrize("field", ["personalizations.0.to.0.email", "personalizations.0.to.0", "personalizations.0.to"])
def test_an_address_that_sendgrid_refuses_has_bounced(field: str, an_envelope: Envelope) -> None:
    failure = refusal_of(answered(400, body=errors(field)), an_envelope)
    assert (failure.code, failure.bounced, failure.permanent) == ("sendgrid_400", True, True)
    assert "gunver" not in repr(failure)


@pytest.mark.parametrize("field", ["from.email", "from", "reply_to.email"])
def test_an_address_of_ours_that_sendgrid_refuses_is_the_settings_fault(field: str, an_envelope: Envelope) -> None:
    failure = refusal_of(answered(400, body=errors(field)), an_envelope)
    assert (failure.bounced, failure.permanent) == (False, False)


@pytest.mark.parametrize(
    "body",
    [
        errors("attachments.0.type"),
        errors("personalizations.0.to.0.email", "from.email"),
        errors("personalizations.0.to.0.name"),
        errors("personalizations.1.to"),
        errors(None),
        errors(7, ["personalizations.0.to"]),
        errors(),
        b"",
        b"null",
        b"[]",
        b'"errors"',
        b'{"errors": "personalizations.0.to"}',
        b'{"errors": {"field": "personalizations.0.to"}}',
        b'{"errors": [null]}',
        b"<html>Bad Request: personalizations.0.to.0.email</html>",
        b"\xff\xfe{",
        b"[" * 60_000,
        b'{"errors": ' + b"9" * 6_000 + b"}",
        b'{"x": "' + b"x" * 70_000 + b'", "errors": [{"field": "personalizations.0.to"}]}',
    ],
    ids=range(19),
)
def test_where_a_400_does_not_say_that_it_is_the_address_it_is_not(body: bytes, an_envelope: Envelope) -> None:
    failure = refusal_of(answered(400, body=body), an_envelope)
    assert (failure.code, failure.bounced, failure.permanent) == ("sendgrid_400", False, True)


@pytest.mark.parametrize("status", [401, 403, 404, 413, 429, 500])
def test_only_a_400_can_be_the_fault_of_the_address(status: int, an_envelope: Envelope) -> None:
    result = outcome_of(answered(status, body=errors("personalizations.0.to.0.email")), an_envelope)
    assert not (isinstance(result, DefiniteFailure) and result.bounced)


# --- when to come back ----------------------------------------------------------------------------------------------

COME_BACK: list[tuple[str, float, float]] = [
    ("Retry-After: 120", 120, 120),
    ("Retry-After: 1.5", 1.5, 1.5),
    ("Retry-After: 0", 0, 0),
    ("Retry-After:    7   ", 7, 7),
    ("Retry-After: {date}", 60, 90),
    ("Retry-After: Fri, 06 Nov 1970 08:45:00 GMT", 0, 0),
    ("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER),
    ("Retry-After: 99999999999", LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER),
    ("Retry-After: " + "9" * 5000, LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER),
    ("X-RateLimit-Reset: {instant}", 60, 90),
    ("X-RateLimit-Reset: 1", 0, 0),
    ("X-RateLimit-Reset: " + "9" * 400, LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER),
    ("Retry-After: soon\r\nX-RateLimit-Reset: {instant}", 60, 90),
]
"""A header, and the least and most seconds that it asks for; `{date}` and `{instant}` are 90 seconds ahead."""


@pytest.mark.parametrize(("header", "at_least", "at_most"), COME_BACK, ids=range(len(COME_BACK)))
@pytest.mark.parametrize("status", [408, 429, 503])
def test_it_says_when_to_come_back(
    header: str, at_least: float, at_most: float, status: int, an_envelope: Envelope
) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=90)
    header = header.format(date=format_datetime(soon, usegmt=True), instant=int(soon.timestamp()))
    failure = refusal_of(answered(status, header + "\r\n"), an_envelope)
    assert not failure.permanent
    assert failure.retry_after is not None
    assert at_least <= failure.retry_after <= at_most


ODD_WAITS = [
    *("", "inf", "-inf", "Infinity", "nan", "NaN", "-1", "1e400", "1e3", "0x10", "1_000", "1,5", "+5", "--", "soon"),
    *("\u0661\u0662", "\xe6", "\xb2", "\x00", "Fri, 99 Nov 2026", "Fri, 06 Nov 2026 99:99:99 GMT", "0 0 0 0 0 0"),
]


@pytest.mark.parametrize("name", ["Retry-After", "X-RateLimit-Reset"])
@pytest.mark.parametrize("value", ODD_WAITS, ids=ascii)
def test_what_cannot_be_understood_is_no_time_to_come_back(value: str, name: str, an_envelope: Envelope) -> None:
    answer = Said(f"HTTP/1.1 429 no\r\nContent-Length: 0\r\n{name}: {value}\r\n\r\n".encode(), "keep")
    assert refusal_of(answer, an_envelope).retry_after is None


@given(st.one_of(st.none(), st.floats(), st.integers()))
def test_no_pause_leaves_a_sender_that_the_workflow_could_not_read(seconds: float | None) -> None:
    pause = DefiniteFailure("smtp_421", retry_after=seconds).retry_after
    assert pause is None or (math.isfinite(pause) and 0 <= pause <= LONGEST_RETRY_AFTER)
    assert json.loads(json.dumps(pause, allow_nan=False)) == pause


# --- the id ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "provider_id"),
    [
        ("14c5d75ce93.dfd.64b469", "14c5d75ce93.dfd.64b469"),
        ("<a@b>", "<a@b>"),
        ("", ""),
        ("a b", ""),
        ("x" * 255, "x" * 255),
        ("x" * 256, ""),
        ("x" * 60_000, ""),
        ("s\xf8ren", ""),
        ("a\x00b", ""),
        ("a\x1b[31mb", ""),
        ("a\x85b", ""),
        ("a\r\n b", ""),
        ("a\tb", ""),
    ],
    ids=range(13),
)
def test_an_id_is_short_printable_ascii_or_none(value: str, provider_id: str, an_envelope: Envelope) -> None:
    assert outcome_of(answered(202, f"X-Message-Id: {value}\r\n"), an_envelope) == Receipt(provider_id)


def test_without_an_id_it_is_sent_all_the_same(an_envelope: Envelope) -> None:
    assert outcome_of(answered(202), an_envelope) == Receipt("")
