"""Whatever SendGrid answers, the order goes on: real HTTP, any status, any header, any body, and no answer at all."""

import datetime as dt
import json
import math
import re
import socket
from email.utils import format_datetime
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail.envelope import Attachment, Envelope
from mail.sendgrid_sender import SendGridSender
from mail.sending import LONGEST_RETRY_AFTER, DefiniteFailure, Receipt, SendError, UnknownOutcome
from storage.outbox import CODE
from tests.mail.loopback import HOST, RESET, Said, Server, Talk, answered, http, read_request, serving

KEY = "SG.en-test.noegle"


def outcome(url: str, envelope: Envelope, timeout: float = 5.0, key: str = KEY) -> Receipt | SendError:
    """What became of one mail. Any other exception than a sender's two ends the test."""
    try:
        return SendGridSender(key, base_url=url, timeout=timeout).send(envelope)
    except (DefiniteFailure, UnknownOutcome) as error:
        return error


def outcome_of(answer: Said | Talk, envelope: Envelope, timeout: float = 5.0) -> Receipt | SendError:
    with serving(http(answer) if isinstance(answer, Said) else answer) as server:
        return outcome(server.url, envelope, timeout)


def refusal_of(answer: Said, envelope: Envelope) -> DefiniteFailure:
    failure = outcome_of(answer, envelope)
    assert isinstance(failure, DefiniteFailure)
    return failure


# --- the status ------------------------------------------------------------------------------------------------------

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


def told(result: Receipt | SendError) -> str:
    if isinstance(result, Receipt):
        return "accepted"
    if isinstance(result, DefiniteFailure):
        return "refused for good" if result.permanent else "tried again"
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


# --- whose fault a 400 is --------------------------------------------------------------------------------------------


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
def test_only_a_400_can_be_the_address_s_fault(status: int, an_envelope: Envelope) -> None:
    result = outcome_of(answered(status, body=errors("personalizations.0.to.0.email")), an_envelope)
    assert not (isinstance(result, DefiniteFailure) and result.bounced)


# --- when to come back -----------------------------------------------------------------------------------------------


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


# --- the id ----------------------------------------------------------------------------------------------------------


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


# --- bodies and bytes ------------------------------------------------------------------------------------------------

BROKEN_BODIES = {
    "half a head": "Content-Le",
    "cut off": "Content-Length: 500\r\n\r\nabc",
    "no length": "\r\nabc",
    "negative length": "Content-Length: -5\r\n\r\nabc",
    "length that is none": "Content-Length: many\r\n\r\nabc",
    "two lengths": "Content-Length: 3\r\nContent-Length: 500\r\n\r\nabc",
    "chunks cut off": "Transfer-Encoding: chunked\r\n\r\nff\r\nabc",
    "no chunks": "Transfer-Encoding: chunked\r\n\r\nabc",
    "negative chunk": "Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n",
    "unknown encoding": "Transfer-Encoding: gzip\r\nContent-Encoding: br\r\n\r\nabc",
}


@pytest.mark.parametrize("broken", BROKEN_BODIES)
def test_however_the_body_breaks_the_status_has_said_it(broken: str, an_envelope: Envelope) -> None:
    accepted = Said(f"HTTP/1.1 202 Accepted\r\nX-Message-Id: abc\r\n{BROKEN_BODIES[broken]}".encode())
    assert outcome_of(accepted, an_envelope) == Receipt("abc")
    refused = Said(f"HTTP/1.1 400 No\r\n{BROKEN_BODIES[broken]}".encode())
    assert told(outcome_of(refused, an_envelope)) == "refused for good"


def test_an_answer_without_end_is_not_read_to_its_end(an_envelope: Envelope) -> None:
    def endless(server: Server, connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 429 No\r\nContent-Length: 99999999999\r\n\r\n")
        while True:  # until nobody listens
            connection.sendall(b"x" * 65536)

    assert told(outcome_of(endless, an_envelope, timeout=60)) == "tried again"


NO_HTTP = {
    "nothing": b"",
    "a word": b"hej",
    "mail": b"220 mail.example ESMTP\r\n",
    "a page": b"<html>hej</html>\r\n\r\n",
    "tls": b"\x15\x03\x01\x00\x02\x02\x46",
    "an old protocol": b"ICY 200 OK\r\n\r\n",
    "a new protocol": b"HTTP/3.0 202 OK\r\n\r\n",
    "half a line": b"HTTP/1.1 20",
    "no number": b"HTTP/1.1 ok OK\r\n\r\n",
    "a long line": b"HTTP/1.1 202 " + b"x" * 70_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 202 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    "zeros": b"\x00" * 1000,
    "not ascii": "HTTP/1.1 ²0² Åh\r\n\r\n".encode(),
}


@pytest.mark.parametrize("said", NO_HTTP)
def test_what_is_no_answer_says_nothing_of_the_mail(said: str, an_envelope: Envelope) -> None:
    result = outcome_of(Said(NO_HTTP[said]), an_envelope)
    assert isinstance(result, UnknownOutcome)
    assert CODE.fullmatch(result.code)


@pytest.mark.parametrize("then", ["close", "reset"])
def test_a_line_lost_after_the_request_means_nobody_knows(
    then: Literal["close", "reset"], an_envelope: Envelope
) -> None:
    result = outcome_of(Said(b"", then), an_envelope)
    assert isinstance(result, UnknownOutcome)
    assert result.code == "sendgrid_disconnected"


def large(envelope: Envelope) -> Envelope:
    """More than the buffers of both sides hold, so that a request is not written before it is read."""
    attachment = Attachment(filename="stor.pdf", media_type="application/pdf", content=b"x" * 24_000_000)
    return envelope.model_copy(update={"mail": envelope.mail.model_copy(update={"attachments": (attachment,)})})


@pytest.mark.parametrize("after", [0, 1, 300, 100_000])
def test_a_line_lost_before_the_request_was_written_is_worth_trying_again(after: int, an_envelope: Envelope) -> None:
    def hang_up(server: Server, connection: socket.socket) -> None:
        read = 0
        while read < after:
            read += len(connection.recv(min(65536, after - read)))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    result = outcome_of(hang_up, large(an_envelope))
    assert isinstance(result, DefiniteFailure)
    assert (result.code, result.permanent) == ("sendgrid_unreachable", False)


def test_a_server_that_does_not_read_is_worth_trying_again(an_envelope: Envelope) -> None:
    def deaf(server: Server, connection: socket.socket) -> None:
        server.over.wait(10)

    assert told(outcome_of(deaf, large(an_envelope), timeout=0.5)) == "tried again"


def test_a_slow_drip_holds_nobody_for_longer_than_its_time(an_envelope: Envelope) -> None:
    with serving(http(Said(b"HTTP/1.1 202 " + b"x" * 500, drip=0.05))) as server:
        result = outcome(server.url, an_envelope, timeout=0.5)
        assert not server.has_said_all  # it would have gone on for 25 seconds
    assert isinstance(result, UnknownOutcome)
    assert result.code == "sendgrid_timeout"


@pytest.mark.parametrize("rest", [b"A: b\r\n" * 90, b"Content-Length: 500\r\n\r\n" + b"x" * 500], ids=["head", "body"])
def test_a_status_that_came_in_time_counts_though_what_follows_drips(rest: bytes, an_envelope: Envelope) -> None:
    def dripping(server: Server, connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nX-Message-Id: abc\r\n")
        server.say(connection, Said(rest, drip=0.05))

    with serving(dripping) as server:
        assert outcome(server.url, an_envelope, timeout=0.5) == Receipt("abc")
        assert not server.has_said_all


# --- the settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["SG.med.linjeskift\n", "SG.nøgle.€"])
def test_a_key_that_no_header_can_hold_is_the_settings_fault(key: str, an_envelope: Envelope) -> None:
    with serving(http(answered(202))) as server:
        failure = outcome(server.url, an_envelope, key=key)
    assert isinstance(failure, DefiniteFailure)
    assert (failure.permanent, failure.bounced) == (False, False)
    assert server.read == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999", "http://127.0.0.1:port", "http://a..b", "http://", "", "https://[", "ftp://x"]
)
def test_an_address_of_the_api_that_is_none_is_the_settings_fault(url: str, an_envelope: Envelope) -> None:
    failure = outcome(url, an_envelope, timeout=1)
    assert isinstance(failure, DefiniteFailure)
    assert (failure.permanent, failure.bounced) == (False, False)
    assert CODE.fullmatch(failure.code)


def test_a_server_without_encryption_gets_neither_key_nor_letter(an_envelope: Envelope) -> None:
    with serving(http(answered(202))) as server:
        failure = outcome(f"https://{HOST}:{server.port}", an_envelope, timeout=2)
    assert isinstance(failure, DefiniteFailure)
    assert server.read == []


# --- anything at all -------------------------------------------------------------------------------------------------

heads = st.builds(
    lambda status, headers, body: Said(
        b"HTTP/1.1 %d x\r\n" % status + b"".join(b"%s: %s\r\n" % pair for pair in headers) + b"\r\n" + body
    ),
    st.integers(0, 1000),
    st.lists(
        st.tuples(
            st.sampled_from([b"Retry-After", b"X-RateLimit-Reset", b"X-Message-Id", b"Content-Length", b"Connection"]),
            st.one_of(st.binary(max_size=30), st.floats().map(lambda number: str(number).encode())),
        ),
        max_size=4,
    ),
    st.binary(max_size=60),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.one_of(heads, st.binary(max_size=200).map(Said)))
def test_whatever_is_answered_a_receipt_or_one_of_two_errors_comes_out(said: Said, an_envelope: Envelope) -> None:
    result = outcome_of(said, an_envelope, timeout=3)
    if isinstance(result, Receipt):
        assert re.fullmatch(r"[!-~]{0,255}", result.provider_id)
    else:
        assert CODE.fullmatch(result.code)
    if isinstance(result, DefiniteFailure) and result.retry_after is not None:
        assert 0 <= result.retry_after <= LONGEST_RETRY_AFTER
