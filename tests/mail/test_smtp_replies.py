"""Whatever an SMTP server replies, the order goes on: any code at any step, any words, and no reply at all."""

import re
import socket
import ssl
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail.envelope import Attachment, Envelope
from mail.sending import LONGEST_RETRY_AFTER, DefiniteFailure, Receipt, SendError, UnknownOutcome
from mail.smtp_sender import SmtpSender, SmtpServer
from storage.outbox import CODE
from tests.mail.loopback import HOST, RESET, Said, Server, Talk, serving, smtp
from tests.mail.mail_server import receiving


def outcome(port: int, envelope: Envelope, timeout: float = 5.0, **other: str) -> Receipt | SendError:
    """What became of one mail. Any other exception than a sender's two ends the test."""
    server = SmtpServer(HOST, port, security="none", timeout=timeout, **other)  # type: ignore[arg-type]
    try:
        return SmtpSender(server).send(envelope)
    except (DefiniteFailure, UnknownOutcome) as error:
        return error


def outcome_of(talk: Talk, envelope: Envelope, timeout: float = 5.0) -> Receipt | SendError:
    with serving(talk) as server:
        return outcome(server.port, envelope, timeout)


def told(result: Receipt | SendError) -> str:
    if isinstance(result, Receipt):
        return "accepted"
    if isinstance(result, DefiniteFailure):
        return "bounced" if result.bounced else "refused for good" if result.permanent else "tried again"
    return "unknown"


# --- real SMTP -------------------------------------------------------------------------------------------------------


class Replying:
    """Says so at each step; what it took as a message is kept."""

    def __init__(self) -> None:
        self.at_mail = self.at_rcpt = self.at_data = ""
        self.received: list[Received] = []

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.at_mail or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.at_rcpt or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:  # noqa: N802
        self.received.append(envelope)
        return self.at_data or "250 OK"


@pytest.fixture(scope="module")
def replying() -> Iterator[tuple[Replying, int]]:
    handler = Replying()
    with receiving(handler) as port:
        yield handler, port


AT_MAIL = {
    **dict.fromkeys(("250", "251", "299", "250 2.1.0 Ok"), "accepted"),
    **dict.fromkeys(
        ("199", "354", "421 4.7.0 Later", "450", "451", "500", "530 5.7.0 Log in", "550", "999"), "tried again"
    ),
    "553 5.7.1 Sender address rejected: not owned by user": "tried again",
}
AT_RCPT = {
    **dict.fromkeys(("250", "251 Will forward", "252 Cannot verify", "299"), "accepted"),
    **dict.fromkeys(
        ("199", "334", "354", "421 4.7.0 Later", "450 4.2.0 Greylisted", "451", "452", "600"), "tried again"
    ),
    **dict.fromkeys(("550", "551", "553", "554", "556", "559"), "bounced"),
    "550 5.1.1 <gunver@laegehus.example> User unknown": "bounced",
    "550-5.1.1 User\r\n550 5.1.1 unknown": "bounced",
    "554 5.1.10 Null MX": "bounced",
    "550 5.2.1 Mailbox disabled": "bounced",
    "550 5.4.1 Recipient address rejected: Access denied": "bounced",
    "550 5.1.1 no sender may write here": "bounced",
    "550 No such user: søren": "bounced",
    "552": "refused for good",
    "552 5.2.2 Mailbox full": "refused for good",
    "550 5.2.2 Mailbox full": "refused for good",
    # the settings' fault, told at RCPT, as most servers do
    "530 5.7.0 Authentication required": "tried again",
    "535 5.7.8 Authentication failed": "tried again",
    "503 5.5.1 Bad sequence of commands": "tried again",
    "504 5.5.2 <x>: Helo command rejected": "tried again",
    "550 5.7.1 Unable to relay": "tried again",
    "554 5.7.1 Service unavailable; Client host blocked": "tried again",
    "550 5.1.8 Bad sender's system address": "tried again",
    "553 5.1.7 Bad sender's mailbox address syntax": "tried again",
    "550 relay not permitted": "tried again",
    "550 Sender verify failed": "tried again",
    "554 Your address is on a blacklist": "tried again",
    "550-Host is\r\n550 blocked": "tried again",
}
AT_CONTENT = {
    **dict.fromkeys(("250", "251", "299", "250 2.0.0 Ok: queued as 4XyZ9", "250-Ok\r\n250 queued"), "accepted"),
    **dict.fromkeys(("199", "334", "354", "600", "999"), "unknown"),
    **dict.fromkeys(("421 4.7.0 Closing", "450", "451 4.3.0 Try later", "452 4.3.1 Full"), "tried again"),
    **dict.fromkeys(("550 Spam", "552 Too large", "554 5.7.1 Refused", "554"), "refused for good"),
    "550 5.1.1 No such user": "bounced",
    "530 5.7.0 Authentication required": "tried again",
}


@pytest.mark.parametrize("reply", AT_MAIL, ids=ascii)
def test_a_refused_sender_is_the_settings_fault(
    reply: str, replying: tuple[Replying, int], an_envelope: Envelope
) -> None:
    handler, port = replying
    handler.at_mail, handler.at_rcpt, handler.at_data = reply, "", ""
    assert told(outcome(port, an_envelope)) == AT_MAIL[reply]


@pytest.mark.parametrize("reply", AT_RCPT, ids=ascii)
def test_a_refused_recipient_has_bounced_unless_it_is_we_who_are_refused(
    reply: str, replying: tuple[Replying, int], an_envelope: Envelope
) -> None:
    handler, port = replying
    handler.at_mail, handler.at_rcpt, handler.at_data = "", reply, ""
    handler.received.clear()
    result = outcome(port, an_envelope)
    assert told(result) == AT_RCPT[reply]
    assert bool(handler.received) == (told(result) == "accepted")
    if isinstance(result, SendError):
        assert result.code == f"smtp_{reply[:3]}"


@pytest.mark.parametrize("reply", AT_CONTENT, ids=ascii)
def test_what_is_said_of_the_message_decides(reply: str, replying: tuple[Replying, int], an_envelope: Envelope) -> None:
    handler, port = replying
    handler.at_mail, handler.at_rcpt, handler.at_data = "", "", reply
    assert told(outcome(port, an_envelope)) == AT_CONTENT[reply]


# --- any bytes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (b"250 ok\r\n", "tried again"),  # the commands that follow would be taken for commands
        (b"220 ok\r\n", "tried again"),
        (b"334 \r\n", "tried again"),
        (b"199 odd\r\n", "tried again"),
        (b"421 later\r\n", "tried again"),
        (b"451 later\r\n", "tried again"),
        (b"554 no valid recipients\r\n", "refused for good"),
        (b"503 bad sequence\r\n", "tried again"),
        (b"hvad\r\n", "tried again"),
    ],
)
def test_without_a_go_ahead_no_message_is_handed_over(reply: bytes, expected: str, an_envelope: Envelope) -> None:
    with serving(smtp(DATA=Said(reply, "keep"))) as server:
        assert told(outcome(server.port, an_envelope)) == expected
    assert not any(b"Message-ID" in line or b"gunver@laegehus.example>\r\nReply" in line for line in server.read)


ODD_REPLIES = {
    "nothing": b"",
    "no number": b"hvad\r\n",
    "an empty line": b"\r\n",
    "a short number": b"25\r\n",
    "a sign": b"-25 ok\r\n",
    "not ascii": "²5⁰ ok\r\n".encode(),
    "zeros": b"\x00" * 100 + b"\r\n",
    "a long line": b"250 " + b"x" * 9000 + b"\r\n",
    "half a line": b"25",
    "half a reply": b"250-ok\r\n",
    "http": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "tls": b"\x15\x03\x01\x00\x02\x02\x46\r\n",
}


@pytest.mark.parametrize("odd", ODD_REPLIES)
@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
def test_what_is_no_reply_before_the_message_is_worth_trying_again(step: str, odd: str, an_envelope: Envelope) -> None:
    other = {step: Said(ODD_REPLIES[odd])}
    if step == "EHLO":
        other["HELO"] = Said(ODD_REPLIES[odd])
    result = outcome_of(smtp(**other), an_envelope)
    assert told(result) == "tried again"
    assert isinstance(result, SendError)
    assert CODE.fullmatch(result.code)


@pytest.mark.parametrize("odd", ODD_REPLIES)
def test_what_is_no_reply_after_the_message_means_nobody_knows(odd: str, an_envelope: Envelope) -> None:
    result = outcome_of(smtp(content=Said(ODD_REPLIES[odd])), an_envelope)
    assert isinstance(result, UnknownOutcome)
    assert CODE.fullmatch(result.code)


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
def test_421_before_the_message_is_worth_trying_again(step: str, an_envelope: Envelope) -> None:
    other = {step: Said(b"421 4.3.2 Shutting down\r\n")}
    result = outcome_of(smtp(**{"HELO": Said(b"421 4.3.2 Shutting down\r\n"), **other}), an_envelope)
    assert told(result) == "tried again"


def test_many_lines_are_one_reply(an_envelope: Envelope) -> None:
    lines = b"".join(b"250-linje %d\r\n" % number for number in range(2000))
    assert told(outcome_of(smtp(content=Said(lines + b"250 ok\r\n", "keep")), an_envelope)) == "accepted"


@pytest.mark.parametrize("step", ["greeting", "EHLO", "RCPT", "DATA", "content"])
def test_a_slow_drip_holds_nobody_for_longer_than_its_time(step: str, an_envelope: Envelope) -> None:
    dripping = Said(b"250-" + b"x" * 500 + b"\r\n250 ok\r\n", "keep", drip=0.05)
    with serving(smtp(**{step: dripping})) as server:
        result = outcome(server.port, an_envelope, timeout=0.5)
        assert not server.has_said_all  # it would have gone on for 25 seconds
    assert told(result) == ("unknown" if step == "content" else "tried again")


@pytest.mark.parametrize("then", ["close", "reset"])
def test_a_line_lost_before_the_message_was_written_is_worth_trying_again(then: str, an_envelope: Envelope) -> None:
    attachment = Attachment(filename="stor.pdf", media_type="application/pdf", content=b"x" * 9_000_000)
    large = an_envelope.model_copy(update={"mail": an_envelope.mail.model_copy(update={"attachments": (attachment,)})})

    def hang_up(server: Server, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        for reply in (b"220 hej\r\n", b"250 hej\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 kom bare\r\n"):
            connection.sendall(reply)
            server.read.append(lines.readline())
        if then == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    result = outcome_of(hang_up, large)
    assert isinstance(result, DefiniteFailure)
    assert (result.code, result.permanent) == ("smtp_disconnected", False)


@pytest.mark.parametrize(
    ("words", "provider_id"),
    [
        ("2.0.0 Ok: queued as 4XyZ9", "4XyZ9"),
        ("2.0.0 Ok: queued as 4XyZ9.", "4XyZ9"),
        ("OK: QUEUED AS a-b_c.d (1 s)", "a-b_c.d"),
        ("queued as 4X/yZ", "<ob-7f3a@kiap.example>"),
        ("queued as 4Xø", "<ob-7f3a@kiap.example>"),
        ("queued as \x1b[31m4X", "<ob-7f3a@kiap.example>"),
        ("queued as \x00", "<ob-7f3a@kiap.example>"),
        ("queued as " + "x" * 300, "<ob-7f3a@kiap.example>"),
        ("queued as ", "<ob-7f3a@kiap.example>"),
        ("Æblegrød", "<ob-7f3a@kiap.example>"),
    ],
)
def test_an_id_is_the_server_s_own_where_it_is_plain(words: str, provider_id: str, an_envelope: Envelope) -> None:
    assert outcome_of(smtp(content=Said(f"250 {words}\r\n".encode(), "keep")), an_envelope) == Receipt(provider_id)


# --- the settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["a..b", "", "x" * 70, "ingen.invalid", "ø" * 70, "a\x00b"])
def test_a_host_that_is_none_is_the_settings_fault(host: str, an_envelope: Envelope) -> None:
    with pytest.raises(DefiniteFailure) as failure:
        SmtpSender(SmtpServer(host, 9, security="none", timeout=1)).send(an_envelope)
    assert (failure.value.permanent, failure.value.bounced) == (False, False)
    assert CODE.fullmatch(failure.value.code)


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "CRAM-MD5", "GSSAPI", ""])
@pytest.mark.parametrize("reply", [b"535 no\r\n", b"334 ###\r\n", b"334 aGVq\r\n", b"500 what\r\n", b"421 later\r\n"])
def test_however_signing_in_fails_it_is_the_settings_fault(
    mechanisms: str, reply: bytes, an_envelope: Envelope
) -> None:
    greeting = Said(f"250-hej\r\n250 AUTH {mechanisms}\r\n".encode(), "keep")
    with serving(smtp(EHLO=greeting, AUTH=Said(reply, "keep"))) as server:
        for password in ("hemmelig", "hemmelighød"):
            failure = outcome(server.port, an_envelope, username="kiap", password=password)
            assert told(failure) == "tried again"


@pytest.mark.parametrize(
    "reply", [b"454 not now\r\n", b"220 go\r\n", b"250 ok\r\n", b"hvad\r\n", b"220 go\r\n250 ok\r\n"]
)
def test_however_encryption_fails_nothing_is_said_in_the_clear(reply: bytes, an_envelope: Envelope) -> None:
    talk = smtp(EHLO=Said(b"250-hej\r\n250 STARTTLS\r\n", "keep"), STAR=Said(reply))
    with serving(talk) as server, pytest.raises(DefiniteFailure) as failure:
        SmtpSender(SmtpServer(HOST, server.port, timeout=2, tls=ssl.create_default_context())).send(an_envelope)
    assert not failure.value.permanent
    assert not any(line.startswith((b"MAIL", b"RCPT", b"AUTH")) for line in server.read)


# --- anything at all -------------------------------------------------------------------------------------------------

replies = st.one_of(
    st.builds(
        lambda code, sign, words: b"%d%s%s\r\n" % (code, sign, words),
        st.integers(0, 1000),
        st.sampled_from([b" ", b"-", b""]),
        st.binary(max_size=30),
    ),
    st.binary(max_size=60),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    step=st.sampled_from(["greeting", "EHLO", "MAIL", "RCPT", "DATA", "content", "QUIT"]),
    reply=replies,
    keeps=st.booleans(),
)
def test_whatever_is_replied_a_receipt_or_one_of_two_errors_comes_out(
    step: str, reply: bytes, keeps: bool, an_envelope: Envelope
) -> None:
    with serving(smtp(**{step: Said(reply, "keep" if keeps else "close")})) as server:
        result = outcome(server.port, an_envelope, timeout=0.2)
    if isinstance(result, Receipt):
        assert re.fullmatch(r"[!-~]{1,255}", result.provider_id)
    else:
        assert CODE.fullmatch(result.code)
    if isinstance(result, UnknownOutcome):
        assert step == "content"
    if isinstance(result, DefiniteFailure) and result.retry_after is not None:
        assert 0 <= result.retry_after <= LONGEST_RETRY_AFTER
    if isinstance(result, DefiniteFailure) and result.bounced:
        assert step in ("RCPT", "DATA", "content")
