"""Whatever comes from SendGrid, the order goes on: broken bodies, no HTTP, lost and slow lines, any bytes at all."""

import re
import socket
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail.envelope import Attachment, Envelope
from mail.sending import LONGEST_RETRY_AFTER, DefiniteFailure, Receipt, UnknownOutcome
from storage.outbox import CODE
from tests.mail.loopback import RESET, Said, Server, http, read_request, serving
from tests.mail.sendgrid_outcome import outcome, outcome_of, told

# --- broken answers -------------------------------------------------------------------------------------------------

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


# --- lost and slow lines --------------------------------------------------------------------------------------------


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


# --- anything at all ------------------------------------------------------------------------------------------------

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
