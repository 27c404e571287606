"""Sends over SMTP, step by step, so that it is known whether a failure came before or after the handing over."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from mail.connections import Deadline, is_quiet
from mail.envelope import Envelope
from mail.sending import (
    DefiniteFailure,
    Receipt,
    SendError,
    UnknownOutcome,
    Verdict,
    as_bytes,
    code_of,
    error_for,
    plain_id,
)
from mail.smtp_replies import Step, queue_id, reply_code, verdict_on

Security = Literal["starttls", "tls", "none"]

LINE_STARTING_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)

GOODBYE = 2.0
"""Seconds that a server gets to answer QUIT."""

UNREACHABLE, DISCONNECTED, NOT_SUPPORTED = "smtp_unreachable", "smtp_disconnected", "smtp_not_supported"
CONNECTION_LOST = frozenset({DISCONNECTED, "smtp_421"})
"""What may befall a connection that has carried other mails: idle for too long, or full."""

CODES: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPNotSupportedError, NOT_SUPPORTED),
    (smtplib.SMTPServerDisconnected, DISCONNECTED),
    (smtplib.SMTPException, "smtp_login"),  # no way of signing in that both sides know
    (ssl.SSLError, "smtp_tls"),
    (OSError, DISCONNECTED),
)
"""The outbox's codes for what goes wrong before the handing over; the first that fits."""


@dataclass(frozen=True)
class SmtpServer:
    """Where and how to hand mail over. With `starttls` a server that does not offer it gets nothing.

    `timeout`: seconds for one mail in all, with the connection it may need.
    """

    host: str
    port: int = 587
    security: Security = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 25.0
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)


class SmtpSender:
    """One mail, or a session of many over one connection."""

    repeatable = False

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    def send(self, envelope: Envelope) -> Receipt:
        with self.session() as session:
            return session.send(envelope)

    @contextmanager
    def session(self) -> Iterator["SmtpSession"]:
        session = SmtpSession(self._server)
        try:
            yield session
        finally:
            session.close()


class SmtpSession:
    """One connection for many mails. After anything but success the next mail gets a new one."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None

    def send(self, envelope: Envelope) -> Receipt:
        content = as_bytes(envelope)
        with Deadline(self._server.timeout, self._open_socket) as deadline:
            try:
                client = self._announced(envelope, deadline)
                return Receipt(_hand_over(client, content) or plain_id(envelope.message_id))
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Say goodbye; how that goes changes nothing. Safe to repeat."""
        client, self._client = self._client, None
        if client is None or client.sock is None:
            return
        try:
            client.sock.settimeout(GOODBYE)
            client.quit()
        except OSError:
            client.close()

    def _open_socket(self) -> socket.socket | None:
        return self._client.sock if self._client else None

    def _announced(self, envelope: Envelope, deadline: Deadline) -> smtplib.SMTP:
        """A server that waits for the message. Nothing can have left when this fails."""
        if self._client is not None and _is_fit(self._client):
            try:
                return self._announce(self._client, envelope)
            except DefiniteFailure as failure:
                if failure.code not in CONNECTION_LOST or deadline.is_over:
                    raise
        self.close()
        return self._announce(None, envelope)

    def _announce(self, client: smtplib.SMTP | None, envelope: Envelope) -> smtplib.SMTP:
        try:
            client = client or self._connect()
            _announce(client, envelope)
        except SendError:
            raise
        except smtplib.SMTPResponseException as error:
            raise DefiniteFailure(reply_code(error.smtp_code)) from None
        except Exception as error:  # noqa: BLE001 - a host name or a password that can't be written, say
            code = next((code for kind, code in CODES if isinstance(error, kind)), code_of("smtp", error))
            raise DefiniteFailure(code) from None
        return client

    def _connect(self) -> smtplib.SMTP:
        """Connects, encrypts, signs in. What fails here is the settings' fault and no address's."""
        server = self._server
        client = self._client = smtplib.SMTP(timeout=server.timeout)
        try:
            client.sock = socket.create_connection((server.host, server.port), server.timeout)
        except OSError:
            raise DefiniteFailure(UNREACHABLE) from None
        if server.security == "tls":
            self._encrypt(client)
        _expect(range(200, 300), client.getreply())
        client.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            if not client.has_extn("starttls"):
                raise DefiniteFailure(NOT_SUPPORTED)
            _expect(range(220, 221), client.docmd("STARTTLS"))
            self._encrypt(client)
            client.ehlo_or_helo_if_needed()
        if server.username:
            client.login(server.username, server.password)
        return client

    def _encrypt(self, client: smtplib.SMTP) -> None:
        """From here on with TLS, and nothing that was said in the clear is remembered (RFC 3207, 4.2)."""
        if client.sock is not None:
            client.sock = self._server.tls.wrap_socket(client.sock, server_hostname=self._server.host)
        client.file = client.ehlo_resp = client.helo_resp = None
        client.esmtp_features, client.does_esmtp = {}, False


def _is_fit(client: smtplib.SMTP) -> bool:
    """Whether a connection that was used may be used again."""
    client.file = None  # what came after the last reply is nobody's answer
    return client.sock is not None and is_quiet(client.sock)


def _announce(client: smtplib.SMTP, envelope: Envelope) -> None:
    """Sender, recipient and DATA, up to the server's go-ahead."""
    options = () if envelope.has_plain_addresses else ("SMTPUTF8", "BODY=8BITMIME")
    if options and not client.has_extn("smtputf8"):
        raise DefiniteFailure("smtp_address_not_ascii", permanent=True)
    _check(Step.SENDER, client.mail(envelope.sender.address, options))
    _check(Step.RECIPIENT, client.rcpt(envelope.to.address))
    _check(Step.DATA, client.docmd("DATA"))


def _hand_over(client: smtplib.SMTP, content: bytes) -> str:
    """Sends the message; gives the server's id for it. Once it is written, silence means that nobody knows."""
    stuffed = LINE_STARTING_WITH_DOT.sub(b"..", content)
    ending = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
    try:
        client.send(stuffed + ending)
    except OSError:  # the last line was not written, and without it a server has no mail
        raise DefiniteFailure(DISCONNECTED) from None
    try:
        answer = client.getreply()
    except Exception:  # noqa: BLE001 - whatever came, it was no answer
        raise UnknownOutcome("smtp_no_answer") from None
    _check(Step.CONTENT, answer)
    return queue_id(answer[1])


def _expect(codes: range, answer: tuple[int, bytes]) -> None:
    code, _ = answer
    if code not in codes:
        raise DefiniteFailure(reply_code(code))


def _check(step: Step, answer: tuple[int, bytes]) -> None:
    code, text = answer
    verdict = verdict_on(step, code, text)
    if verdict is not Verdict.ACCEPTED:
        raise error_for(verdict, reply_code(code))
