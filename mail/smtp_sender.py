"""Sends over SMTP, step by step, so that it is known whether a failure came before or after the handing over."""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from typing import Literal

from mail.envelope import Envelope, as_message
from mail.sending import DefiniteFailure, Sent, UnknownOutcome

Security = Literal["starttls", "tls", "none"]

LINE_STARTING_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
QUEUED_AS = re.compile(r"queued as ([A-Za-z0-9.-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class SmtpServer:
    """Where and how to hand mail over. With `starttls` a server that does not offer it gets nothing."""

    host: str
    port: int = 587
    security: Security = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 20.0
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)


class SmtpSender:
    """A connection a mail: slower than one for many, and one mail's trouble is never the next one's."""

    repeatable = False

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    def send(self, envelope: Envelope) -> Sent:
        client = self._connect()
        try:
            self._introduce(client)
            content = _announce(client, envelope)
            reply = _hand_over(client, content)
        except OSError as error:  # smtplib's own errors and timeouts are all of this kind
            raise DefiniteFailure("smtp_disconnected") from error
        finally:
            _leave(client)
        queued = QUEUED_AS.search(reply)
        return Sent(queued.group(1) if queued else envelope.message_id)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            if server.security == "tls":
                return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=server.tls)
            return smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        except smtplib.SMTPConnectError as error:
            raise DefiniteFailure(f"smtp_{error.smtp_code}") from error
        except OSError as error:
            raise DefiniteFailure("smtp_unreachable") from error

    def _introduce(self, client: smtplib.SMTP) -> None:
        """Greets, encrypts, signs in. What fails here is the settings' fault and no address's: not permanent."""
        server = self._server
        try:
            client.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                client.starttls(context=server.tls)
                client.ehlo()
            if server.username:
                client.login(server.username, server.password)
        except smtplib.SMTPResponseException as error:
            raise DefiniteFailure(f"smtp_{error.smtp_code}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise DefiniteFailure("smtp_not_supported") from error
        except ssl.SSLError as error:
            raise DefiniteFailure("smtp_tls") from error


def _announce(client: smtplib.SMTP, envelope: Envelope) -> bytes:
    """Sender, recipient and DATA; gives the message to hand over. Nothing can have left yet when this fails."""
    options = () if envelope.has_plain_addresses else ("SMTPUTF8", "BODY=8BITMIME")
    if options and not client.has_extn("smtputf8"):
        raise DefiniteFailure("smtp_address_not_ascii", permanent=True)
    if options:
        client.command_encoding = "utf-8"
    content = as_message(envelope).as_bytes()
    _expect(250, client.mail(envelope.sender.address, options), about_recipient=False)
    _expect(250, client.rcpt(envelope.to.address), about_recipient=True)
    _expect(354, client.docmd("DATA"), about_recipient=True)
    return content


def _hand_over(client: smtplib.SMTP, content: bytes) -> str:
    """Sends the message itself; gives the server's words. From here on silence means that nobody knows."""
    stuffed = LINE_STARTING_WITH_DOT.sub(b"..", content)
    ending = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
    try:
        client.send(stuffed + ending)
        answer = client.getreply()
    except OSError as error:  # smtplib's own errors and timeouts are all of this kind
        raise UnknownOutcome("smtp_no_answer") from error
    _expect(250, answer, about_recipient=True)
    return answer[1].decode("utf-8", "replace")


def _expect(wanted: int, answer: tuple[int, bytes], *, about_recipient: bool) -> None:
    code, _ = answer
    if code != wanted:
        raise DefiniteFailure(f"smtp_{code}", permanent=about_recipient and 500 <= code < 600)


def _leave(client: smtplib.SMTP) -> None:
    """The mail's fate is settled; how the goodbye goes changes nothing."""
    try:
        if client.sock is not None:
            client.sock.settimeout(2)
        client.quit()
    except OSError:
        client.close()
