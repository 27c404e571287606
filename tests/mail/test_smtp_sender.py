"""SMTP against a real server on loopback, and servers that break off."""

import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session
from aiosmtpd.smtp import Envelope as Received

from mail.envelope import Address, Envelope, as_message
from mail.sending import DefiniteFailure, UnknownOutcome
from mail.smtp_sender import SmtpSender, SmtpServer
from tests.mail.conftest import server_tls
from tests.mail.loopback import HOST
from tests.mail.mail_server import Mailbox, free_port, receiving


def plain(port: int) -> SmtpSender:
    return SmtpSender(SmtpServer(HOST, port, security="none", timeout=20.0))


def message_id_and_text(received: Received) -> tuple[str, str]:
    assert isinstance(received.content, bytes)
    message = email.message_from_bytes(received.content, policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return message["Message-ID"], body.get_content().replace("\r\n", "\n")


def test_a_mail_arrives_whole(an_envelope: Envelope) -> None:
    mailbox = Mailbox()
    with receiving(mailbox) as port:
        sent = plain(port).send(an_envelope)
    assert sent.provider_id == "4XyZ9"
    (received,) = mailbox.received
    assert received.mail_from == "klynger@kiap.example"
    assert received.rcpt_tos == ["gunver@laegehus.example"]
    assert message_id_and_text(received) == ("<ob-7f3a@kiap.example>", an_envelope.mail.text)
    assert isinstance(received.content, bytes)
    assert b"\r\nContent-Language: da\r\n" in received.content.partition(b"\r\n\r\n")[0] + b"\r\n"
    assert b'text/calendar; method="PUBLISH"; charset="utf-8"' in received.content


def test_a_line_that_begins_with_a_dot_does_not_end_the_mail(an_envelope: Envelope) -> None:
    dots = an_envelope.model_copy(
        update={"mail": an_envelope.mail.model_copy(update={"text": "først\n.\n..\n.slut\n"})}
    )
    mailbox = Mailbox()
    with receiving(mailbox) as port:
        plain(port).send(dots)
    assert message_id_and_text(mailbox.received[0])[1] == "først\n.\n..\n.slut\n"


def test_without_a_queue_s_name_the_message_id_is_the_name(an_envelope: Envelope) -> None:
    with receiving(Mailbox(at_data="250 OK")) as port:
        assert plain(port).send(an_envelope).provider_id == "<ob-7f3a@kiap.example>"


@pytest.mark.parametrize(
    ("answer", "code", "permanent"),
    [
        ("550 5.1.1 <gunver@laegehus.example> User unknown", "smtp_550", True),
        ("450 4.2.0 <gunver@laegehus.example> Greylisted", "smtp_450", False),
        ("421 4.7.0 Too many connections", "smtp_421", False),
    ],
)
def test_a_refused_recipient_is_a_definite_failure_that_does_not_quote_the_address(
    answer: str, code: str, permanent: bool, an_envelope: Envelope
) -> None:
    mailbox = Mailbox(at_rcpt=answer)
    with receiving(mailbox) as port, pytest.raises(DefiniteFailure) as failure:
        plain(port).send(an_envelope)
    assert (failure.value.code, failure.value.permanent) == (code, permanent)
    assert "gunver" not in str(failure.value)
    assert mailbox.received == []


@pytest.mark.parametrize(("answer", "permanent"), [("554 5.7.1 Refused", True), ("452 4.3.1 Full", False)])
def test_a_refused_message_is_a_definite_failure(answer: str, permanent: bool, an_envelope: Envelope) -> None:
    with receiving(Mailbox(at_data=answer)) as port, pytest.raises(DefiniteFailure) as failure:
        plain(port).send(an_envelope)
    assert failure.value.permanent is permanent


def test_a_mail_too_large_is_refused_for_good(an_envelope: Envelope) -> None:
    large = an_envelope.model_copy(update={"mail": an_envelope.mail.model_copy(update={"text": "ø" * 5000})})
    mailbox = Mailbox()
    with receiving(mailbox, data_size_limit=1000) as port, pytest.raises(DefiniteFailure) as failure:
        plain(port).send(large)
    assert failure.value.code == "smtp_552"
    assert failure.value.permanent


def test_nobody_listening_is_worth_trying_again(an_envelope: Envelope) -> None:
    with pytest.raises(DefiniteFailure) as failure:
        plain(free_port()).send(an_envelope)
    assert failure.value.code == "smtp_unreachable"
    assert not failure.value.permanent


def test_an_address_with_danish_letters_goes_where_the_server_takes_it(an_envelope: Envelope) -> None:
    danish = an_envelope.model_copy(update={"to": Address(address="søren@laegehus.example", name="Søren Ågård")})
    mailbox = Mailbox()
    with receiving(mailbox, enable_SMTPUTF8=True) as port:
        plain(port).send(danish)
    assert mailbox.received[0].rcpt_tos == ["søren@laegehus.example"]
    with receiving(Mailbox(), enable_SMTPUTF8=False) as port, pytest.raises(DefiniteFailure) as failure:
        plain(port).send(danish)
    assert failure.value.permanent


# --- encryption and signing in ---------------------------------------------------------------------------------------


def trusting(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder / "cert.pem"))


def check_login(server: SMTP, session: Session, envelope: Received, mechanism: str, auth: object) -> AuthResult:
    good = isinstance(auth, LoginPassword) and (auth.login, auth.password) == (b"kiap", b"hemmelig")
    return AuthResult(success=good, handled=False)


def test_with_starttls_it_signs_in_after_encrypting(certificate: Path, an_envelope: Envelope) -> None:
    mailbox = Mailbox()
    options = {"tls_context": server_tls(certificate), "authenticator": check_login, "auth_required": True}
    with receiving(mailbox, **options) as port:
        server = SmtpServer(HOST, port, username="kiap", password="hemmelig", tls=trusting(certificate), timeout=5.0)
        SmtpSender(server).send(an_envelope)
    assert len(mailbox.received) == 1


def test_it_can_encrypt_from_the_first_byte(certificate: Path, an_envelope: Envelope) -> None:
    mailbox = Mailbox()
    with receiving(mailbox, ssl_context=server_tls(certificate)) as port:
        server = SmtpServer(HOST, port, security="tls", tls=trusting(certificate), timeout=5.0)
        SmtpSender(server).send(an_envelope)
        with pytest.raises(DefiniteFailure) as failure:
            SmtpSender(SmtpServer(HOST, port, security="tls", timeout=5.0)).send(an_envelope)
    assert failure.value.code == "smtp_tls"
    assert len(mailbox.received) == 1


def test_a_wrong_password_is_the_settings_fault_and_no_address_s(certificate: Path, an_envelope: Envelope) -> None:
    options = {"tls_context": server_tls(certificate), "authenticator": check_login, "auth_required": True}
    with receiving(Mailbox(), **options) as port:
        server = SmtpServer(HOST, port, username="kiap", password="forkert", tls=trusting(certificate), timeout=5.0)
        with pytest.raises(DefiniteFailure) as failure:
            SmtpSender(server).send(an_envelope)
    assert (failure.value.code, failure.value.permanent) == ("smtp_535", False)


def test_a_server_without_encryption_gets_nothing(an_envelope: Envelope) -> None:
    mailbox = Mailbox()
    with receiving(mailbox) as port, pytest.raises(DefiniteFailure) as failure:
        SmtpSender(SmtpServer(HOST, port, timeout=2.0)).send(an_envelope)
    assert failure.value.code == "smtp_not_supported"
    assert mailbox.received == []


def test_a_certificate_nobody_vouches_for_gets_nothing(certificate: Path, an_envelope: Envelope) -> None:
    mailbox = Mailbox()
    with receiving(mailbox, tls_context=server_tls(certificate)) as port, pytest.raises(DefiniteFailure) as failure:
        SmtpSender(SmtpServer(HOST, port, timeout=5.0)).send(an_envelope)
    assert failure.value.code == "smtp_tls"
    assert not failure.value.permanent
    assert mailbox.received == []


def test_the_password_is_not_shown() -> None:
    assert "hemmelig" not in repr(SmtpServer(HOST, password="hemmelig"))


# --- servers that break off ------------------------------------------------------------------------------------------


@contextmanager
def breaking_off(*, after_replies: int, hang: bool) -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers this many times and then closes the line, or keeps it open in silence."""
    replies = [b"220 hej", b"250-hej\r\n250 8BITMIME", b"250 ok", b"250 ok", b"354 kom bare"]
    taken: list[bytes] = []
    done = threading.Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(5)
            for reply in replies[:after_replies]:
                if reply != replies[0]:
                    taken.append(connection.recv(4096))
                connection.sendall(reply + b"\r\n")
            try:
                if after_replies == len(replies):
                    while not (taken and taken[-1].endswith(b"\r\n.\r\n")):
                        taken.append(connection.recv(65536))
                elif after_replies:
                    taken.append(connection.recv(4096))
            except OSError:
                return
            if hang:
                done.wait(5)

    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield int(listener.getsockname()[1]), taken
        finally:
            done.set()
            thread.join(5)


@pytest.mark.parametrize("hang", [True, False], ids=["silence", "closed line"])
@pytest.mark.parametrize("replies", [0, 1, 2, 3, 4])
def test_whatever_breaks_before_the_message_is_handed_over_is_definite(
    replies: int, hang: bool, an_envelope: Envelope
) -> None:
    with breaking_off(after_replies=replies, hang=hang) as (port, taken), pytest.raises(DefiniteFailure) as failure:
        SmtpSender(SmtpServer(HOST, port, security="none", timeout=0.3)).send(an_envelope)
    assert not failure.value.permanent
    assert b"Message-ID" not in b"".join(taken)


@pytest.mark.parametrize("hang", [True, False], ids=["silence", "closed line"])
def test_no_answer_after_the_message_was_handed_over_means_nobody_knows(hang: bool, an_envelope: Envelope) -> None:
    with breaking_off(after_replies=5, hang=hang) as (port, taken), pytest.raises(UnknownOutcome) as outcome:
        SmtpSender(SmtpServer(HOST, port, security="none", timeout=0.3)).send(an_envelope)
    assert outcome.value.code == "smtp_no_answer"
    assert as_message(an_envelope)["Message-ID"].encode() in b"".join(taken)
