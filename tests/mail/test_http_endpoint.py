"""Where an API is: encrypted and checked, and through the proxy that the environment names."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from mail.envelope import Envelope
from mail.sendgrid_sender import SendGridSender
from mail.sending import DefiniteFailure
from tests.mail.conftest import server_tls
from tests.mail.loopback import HOST, Server, Talk, answered, http, serving

ACCEPTED = http(answered(202, "X-Message-Id: m\r\n"))


def encrypted(talk: Talk, certificate: Path) -> Talk:
    context = server_tls(certificate)

    def over_tls(server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            talk(server, secure)

    return over_tls


def proxy(answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n") -> Talk:
    """Connects to wherever it is asked to, and passes everything on."""

    def pump(giver: socket.socket, taker: socket.socket) -> None:
        with suppress(OSError):
            while more := giver.recv(65536):
                taker.sendall(more)
            taker.shutdown(socket.SHUT_WR)

    def talk(server: Server, connection: socket.socket) -> None:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += connection.recv(1)
        server.read.append(request)
        connection.sendall(answer)
        if b" 200 " not in answer:
            return
        host, _, port = request.split()[1].decode().partition(":")
        with socket.create_connection((host, int(port))) as target:
            back = threading.Thread(target=pump, args=(target, connection), daemon=True)
            back.start()
            pump(connection, target)
            back.join(5)

    return talk


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def url(server: Server) -> str:
    return f"https://{HOST}:{server.port}"


def test_a_certificate_somebody_vouches_for_is_trusted(
    certificate: Path, an_envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with serving(encrypted(ACCEPTED, certificate)) as server:
        assert SendGridSender("SG.x", base_url=url(server), timeout=5).send(an_envelope).provider_id == "m"


def test_a_certificate_nobody_vouches_for_gets_nothing(certificate: Path, an_envelope: Envelope) -> None:
    with serving(encrypted(ACCEPTED, certificate)) as server, pytest.raises(DefiniteFailure) as failure:
        SendGridSender("SG.x", base_url=url(server), timeout=5).send(an_envelope)
    assert (failure.value.code, failure.value.permanent) == ("sendgrid_tls", False)
    assert server.read == []


@pytest.mark.parametrize("account", ["", "kiap:hemmelig%C3%B8@"])
def test_a_proxy_carries_what_it_cannot_read(
    account: str, certificate: Path, an_envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with serving(encrypted(ACCEPTED, certificate)) as server, serving(proxy()) as between:
        monkeypatch.setenv("https_proxy", f"http://{account}{HOST}:{between.port}")
        with SendGridSender("SG.x", base_url=url(server), timeout=5).session() as session:
            assert [session.send(an_envelope).provider_id for _ in range(3)] == ["m"] * 3
    (connect,) = between.read
    assert connect.startswith(f"CONNECT {HOST}:{server.port} ".encode())
    assert (b"Proxy-Authorization: Basic a2lhcDpoZW1tZWxpZ8O4" in connect) == bool(account)
    assert b"SG.x" not in connect


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Who are you\r\n\r\n", b"HTTP/1.1 502 Bad\r\n\r\n", b"hvad\r\n", b""])
def test_a_proxy_that_does_not_carry_is_worth_trying_again(
    answer: bytes, an_envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(proxy(answer)) as between:
        monkeypatch.setenv("https_proxy", f"{HOST}:{between.port}")
        with pytest.raises(DefiniteFailure) as failure:
            SendGridSender("SG.x", base_url="https://sendgrid.example", timeout=5).send(an_envelope)
    assert not failure.value.permanent


def test_what_the_environment_excepts_goes_past_the_proxy(
    certificate: Path, an_envelope: Envelope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with serving(encrypted(ACCEPTED, certificate)) as server, serving(proxy()) as between:
        monkeypatch.setenv("https_proxy", f"http://{HOST}:{between.port}")
        monkeypatch.setenv("no_proxy", HOST)
        SendGridSender("SG.x", base_url=url(server), timeout=5).send(an_envelope)
    assert (between.connections, server.connections) == (0, 1)
