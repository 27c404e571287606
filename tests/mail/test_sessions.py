"""Many mails over one connection, each with an outcome of its own; real SMTP and real HTTP."""

import email
import email.policy
import socket
import time
from collections.abc import Iterable

import pytest
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from mail import sendgrid_sender
from mail.envelope import Address, Attachment, Envelope
from mail.sendgrid_sender import SendGridSender
from mail.sending import Sender, SendError, UnknownOutcome
from mail.smtp_sender import SmtpSender, SmtpServer
from tests.mail.loopback import HOST, RESET, Said, Server, answered, http, read_request, serving, smtp
from tests.mail.mail_server import receiving


def outcomes(sender: Sender, envelopes: Iterable[Envelope], pause: float = 0) -> list[str]:
    """What became of each mail of one session: the provider's id, or the code of what went wrong."""
    found = []
    with sender.session() as session:
        for envelope in envelopes:
            try:
                found.append(session.send(envelope).provider_id)
            except SendError as error:
                found.append(f"{'unknown ' if isinstance(error, UnknownOutcome) else ''}{error.code}")
            time.sleep(pause)
    return found


def to(envelope: Envelope, *addresses: str) -> list[Envelope]:
    return [
        envelope.model_copy(update={"outbox_id": f"ob-{number}", "to": Address(address=address)})
        for number, address in enumerate(addresses)
    ]


FOUR = ("a@x.example", "b@x.example", "c@x.example", "d@x.example")


def smtp_sender(server: Server, timeout: float = 5.0) -> SmtpSender:
    return SmtpSender(SmtpServer(HOST, server.port, security="none", timeout=timeout))


# --- SMTP ------------------------------------------------------------------------------------------------------------


class Connections:
    """A real server that counts its connections and refuses some recipients."""

    def __init__(self, **refuses: str) -> None:
        self.sessions = set[int]()
        self.received: list[Received] = []
        self._refuses = refuses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        self.sessions.add(id(server))
        if reply := self._refuses.get(address[0]):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:  # noqa: N802
        self.received.append(envelope)
        return f"250 OK queued as {envelope.rcpt_tos[0][0]}1"


def test_a_batch_goes_over_one_connection(an_envelope: Envelope) -> None:
    handler = Connections()
    with receiving(handler) as port:
        sender = SmtpSender(SmtpServer(HOST, port, security="none", timeout=5))
        assert outcomes(sender, to(an_envelope, *FOUR)) == ["a1", "b1", "c1", "d1"]
    assert len(handler.sessions) == 1
    assert [received.rcpt_tos for received in handler.received] == [[address] for address in FOUR]


def test_a_refused_recipient_is_no_trouble_of_the_next_one_s(an_envelope: Envelope) -> None:
    handler = Connections(b="550 5.1.1 Unknown", c="451 4.3.0 Later")
    with receiving(handler) as port:
        sender = SmtpSender(SmtpServer(HOST, port, security="none", timeout=5))
        assert outcomes(sender, to(an_envelope, *FOUR)) == ["a1", "smtp_550", "smtp_451", "d1"]
    assert [received.rcpt_tos for received in handler.received] == [["a@x.example"], ["d@x.example"]]


def test_an_address_with_danish_letters_is_no_trouble_of_the_next_one_s(an_envelope: Envelope) -> None:
    mails = to(an_envelope, "a@x.example", "søren@x.example", "c@x.example")
    for takes_it, second in ((True, "s1"), (False, "smtp_address_not_ascii")):
        handler = Connections()
        with receiving(handler, enable_SMTPUTF8=takes_it) as port:
            sender = SmtpSender(SmtpServer(HOST, port, security="none", timeout=5))
            assert outcomes(sender, mails) == ["a1", second, "c1"]


def test_every_mail_is_its_own_message(an_envelope: Envelope) -> None:
    handler = Connections()
    with receiving(handler) as port:
        outcomes(SmtpSender(SmtpServer(HOST, port, security="none")), to(an_envelope, *FOUR))
    for received, address in zip(handler.received, FOUR, strict=True):
        assert isinstance(received.content, bytes)
        message = email.message_from_bytes(received.content, policy=email.policy.default)
        assert (received.mail_from, message["To"]) == ("klynger@kiap.example", address)


def test_without_mail_nobody_is_called() -> None:
    with serving(smtp()) as server, smtp_sender(server).session():
        pass
    assert server.connections == 0


def test_at_the_end_it_says_goodbye(an_envelope: Envelope) -> None:
    with serving(smtp()) as server:
        outcomes(smtp_sender(server), to(an_envelope, *FOUR[:2]))
    assert [line for line in server.read if line.lower().startswith(b"quit")] == [b"quit\r\n"]
    assert server.connections == 1


@pytest.mark.parametrize(
    "ends",
    [Said(b"250 ok\r\n"), Said(b"250 ok\r\n421 4.3.2 Enough for one connection\r\n"), Said(b"250 ok\r\n", "reset")],
)
def test_a_server_that_has_had_enough_is_called_again(ends: Said, an_envelope: Envelope) -> None:
    with serving(smtp(content=ends)) as server:
        found = outcomes(smtp_sender(server), to(an_envelope, *FOUR), pause=0.05)
    assert not [code for code in found if code.startswith(("smtp", "unknown"))]
    assert server.connections == 4


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", [b"421 4.7.0 Too many mails\r\n", b""], ids=["421", "closed line"])
def test_a_connection_that_ends_before_the_message_costs_no_mail(
    reply: bytes, verb: str, an_envelope: Envelope
) -> None:
    def tired(server: Server, connection: socket.socket) -> None:
        """Takes one mail a connection, and gives up in the middle of the second."""
        lines, mails = connection.makefile("rb"), 0
        connection.sendall(b"220 hej\r\n")
        while line := lines.readline():
            if mails and line[:4].upper() == verb.encode():
                connection.sendall(reply)
                return
            if line[:4].upper() == b"DATA":
                connection.sendall(b"354 kom bare\r\n")
                server.read += iter(lines.readline, b".\r\n")
                mails += 1
            connection.sendall(b"250 queued as M1\r\n")

    with serving(tired) as server:
        assert outcomes(smtp_sender(server), to(an_envelope, *FOUR)) == ["M1"] * 4
    assert server.connections == 4
    assert len([line for line in server.read if line.startswith(b"Message-ID")]) == 4


def test_a_server_that_only_says_421_is_not_called_for_ever(an_envelope: Envelope) -> None:
    with serving(smtp(MAIL=Said(b"421 no\r\n"))) as server:
        assert outcomes(smtp_sender(server), to(an_envelope, *FOUR)) == ["smtp_421"] * 4
    assert server.connections == 4


def test_a_message_without_a_reply_leaves_the_next_one_alone(an_envelope: Envelope) -> None:
    silent_about_b = iter([b"250 queued as A1\r\n", b"", b"250 queued as C1\r\n", b"250 queued as D1\r\n"])

    def forgetful(server: Server, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 hej\r\n")
        while line := lines.readline():
            if line[:4].upper() == b"DATA":
                connection.sendall(b"354 kom bare\r\n")
                server.read.append(b"".join(iter(lines.readline, b".\r\n")))
                if not (reply := next(silent_about_b)):
                    return
                connection.sendall(reply)
            else:
                connection.sendall(b"250 ok\r\n")

    with serving(forgetful) as server:
        found = outcomes(smtp_sender(server), to(an_envelope, *FOUR))
    assert found == ["A1", "unknown smtp_no_answer", "C1", "D1"]
    assert len(server.read) == 4  # nothing was sent again


@pytest.mark.parametrize("stray", [b"550 5.1.1 Unknown\r\n", b"250 ok\r\n250 ok\r\n550 5.1.1 Unknown\r\n", b"hvad\r\n"])
@pytest.mark.parametrize("late", [0, 0.03])
def test_what_a_server_says_unasked_is_nobody_s_answer(late: float, stray: bytes, an_envelope: Envelope) -> None:
    def chatty(server: Server, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 hej\r\n")
        while line := lines.readline():
            if line[:4].upper() == b"DATA":
                connection.sendall(b"354 kom bare\r\n")
                server.read += iter(lines.readline, b".\r\n")
                connection.sendall(b"250 queued as M1\r\n" + (b"" if late else stray))
                if late:
                    time.sleep(late)
                    connection.sendall(stray)
            else:
                connection.sendall(b"250 ok\r\n")

    with serving(chatty) as server:
        assert outcomes(smtp_sender(server), to(an_envelope, *FOUR), pause=0.1) == ["M1"] * 4


# --- HTTP ------------------------------------------------------------------------------------------------------------


def sendgrid(server: Server, timeout: float = 5.0) -> SendGridSender:
    return SendGridSender("SG.noegle", base_url=server.url, timeout=timeout)


def accepted(name: str) -> Said:
    return answered(202, f"X-Message-Id: {name}\r\n")


def test_a_batch_of_requests_goes_over_one_connection(an_envelope: Envelope) -> None:
    with serving(http(*map(accepted, "abcd"))) as server:
        assert outcomes(sendgrid(server), to(an_envelope, *FOUR)) == ["a", "b", "c", "d"]
    assert (server.connections, len(server.read)) == (1, 4)


def test_a_refused_request_is_no_trouble_of_the_next_one_s(an_envelope: Envelope) -> None:
    answers = (accepted("a"), answered(400, body=b"x" * 100_000), answered(500), accepted("d"))
    with serving(http(*answers)) as server:
        found = outcomes(sendgrid(server), to(an_envelope, *FOUR))
    assert found == ["a", "sendgrid_400", "unknown sendgrid_500", "d"]


@pytest.mark.parametrize(
    "ends",
    [
        answered(202, "X-Message-Id: m\r\n", then="close"),
        answered(202, "X-Message-Id: m\r\nConnection: close\r\n"),
        Said(answered(202, "X-Message-Id: m\r\n").content, "half-close"),
        answered(202, "X-Message-Id: m\r\n", b"x" * 100_000),
        answered(202, "X-Message-Id: m\r\n", b"x" * 65_546),
        Said(b"HTTP/1.0 202 Accepted\r\nX-Message-Id: m\r\n\r\n"),
        Said(b"HTTP/1.1 202 Accepted\r\nX-Message-Id: m\r\nContent-Length: 0\r\n\r\n", "reset"),
    ],
    ids=["closed", "says it closes", "half closed", "a long body", "a little too long", "an old protocol", "reset"],
)
def test_a_connection_that_is_not_fit_for_the_next_mail_is_left(ends: Said, an_envelope: Envelope) -> None:
    with serving(http(ends)) as server:
        assert outcomes(sendgrid(server), to(an_envelope, *FOUR), pause=0.05) == ["m"] * 4
    assert (server.connections, len(server.read)) == (4, 4)


def test_an_answer_too_many_is_nobody_s(an_envelope: Envelope) -> None:
    two = Said(answered(202, "X-Message-Id: m\r\n").content + answered(400).content, "keep")
    with serving(http(two)) as server:
        assert outcomes(sendgrid(server), to(an_envelope, *FOUR), pause=0.05) == ["m"] * 4


def test_a_connection_that_was_idle_is_left(an_envelope: Envelope, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sendgrid_sender, "IDLE", 0.02)
    with serving(http(accepted("a"))) as server:
        outcomes(sendgrid(server), to(an_envelope, *FOUR), pause=0.05)
    assert server.connections == 4


def test_a_connection_that_ends_while_the_request_is_written_costs_no_mail(an_envelope: Envelope) -> None:
    attachment = Attachment(filename="stor.pdf", media_type="application/pdf", content=b"x" * 24_000_000)
    large = an_envelope.model_copy(update={"mail": an_envelope.mail.model_copy(update={"attachments": (attachment,)})})

    def tired(server: Server, connection: socket.socket) -> None:
        """Takes one request a connection, and hangs up at the beginning of the second."""
        server.read.append(read_request(connection)[:100])
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nX-Message-Id: m\r\nContent-Length: 0\r\n\r\n")
        connection.recv(1000)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    with serving(tired) as server:
        assert outcomes(sendgrid(server, timeout=20), [an_envelope, large]) == ["m", "m"]
    assert (server.connections, len(server.read)) == (2, 2)


def test_a_request_without_an_answer_is_not_asked_again(an_envelope: Envelope) -> None:
    with serving(http(accepted("a"), Said(b""), accepted("c"))) as server:
        found = outcomes(sendgrid(server), to(an_envelope, *FOUR[:3]))
    assert found == ["a", "unknown sendgrid_disconnected", "c"]
    assert len(server.read) == 3
