"""One event over HTTP: odd answers, slow ones, redirects, encryption, and where events are never sent."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from activities import webhook_receiver
from activities.webhook_receiver import Answer, Receiver, Verdict
from domain.receiver import Reach
from tests.mail.loopback import Said, Talk, answered, http, serving
from worker.servers import free_port

HERE = Reach(plain_http=True, private=True)
PUBLIC_ONLY = Reach(plain_http=True)
DELIVERED, FAILED, GONE = Verdict.DELIVERED, Verdict.FAILED, Verdict.GONE


def answer_of(talk: Talk, within: float = 5.0) -> Answer:
    with serving(talk) as server:
        return Receiver(server.url, HERE, within).post(b"{}", {})


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_yes(status: int) -> None:
    assert answer_of(http(answered(status))) == Answer(DELIVERED, f"http_{status}")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_no_and_is_not_followed(status: int) -> None:
    with serving(http(answered(200))) as elsewhere:
        redirect = answered(status, f"Location: {elsewhere.url}/\r\n")
        assert answer_of(http(redirect)) == Answer(FAILED, f"http_{status}")
        assert elsewhere.connections == 0


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503, 101, 600, 999])
def test_anything_else_is_a_no(status: int) -> None:
    assert answer_of(http(answered(status))).verdict is FAILED


def test_410_means_no_more() -> None:
    assert answer_of(http(answered(410))) == Answer(GONE, "gone")


@pytest.mark.parametrize(
    ("told", "wait"),
    [("120", 120.0), ("-5", 0.0), ("i morgen", 0.0), ("9" * 400, 86_400.0), ("Fri, 06 Nov 2009 08:45:00 GMT", None)],
)
def test_a_wish_for_time_is_read_as_far_as_it_makes_sense(told: str, wait: float | None) -> None:
    seconds = answer_of(http(answered(503, f"Retry-After: {told}\r\n"))).wait.total_seconds()
    assert seconds <= 0 if wait is None else seconds == wait


@pytest.mark.parametrize(
    "said",
    [
        Said(b""),
        Said(b"hej\r\n\r\n"),
        Said(b"HTTP/1.1 \r\n\r\n"),
        Said(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n"),
        Said(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 100_000 + b"\r\n\r\n"),
        Said(b"SSH-2.0-OpenSSH_9.2\r\n"),
        Said(b"", "reset"),
    ],
)
def test_what_is_no_answer_is_a_no(said: Said) -> None:
    answer = answer_of(http(said))
    assert answer.verdict is FAILED
    assert answer.code in ("no_http", "unreachable")


@pytest.mark.parametrize(
    "said",
    [
        Said(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nkort"),
        Said(b"HTTP/1.1 200"),
        Said(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nikke et tal\r\n"),
        Said(b"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + b"x" * 5_000_000),
        Said(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000),
        Said(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ],
)
def test_a_yes_is_one_however_it_goes_on_and_little_of_it_is_read(said: Said) -> None:
    assert answer_of(http(said)) == Answer(DELIVERED, "http_200")


@pytest.mark.parametrize(
    "said",
    [
        Said(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 90, drip=0.05),
        Said(b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000, drip=0.01),
        Said(b"", "half-close"),
    ],
    ids=["a byte now and then", "soon, soon", "silence"],
)
def test_nobody_is_waited_for_longer_than_the_time_one_event_has(said: Said) -> None:
    def never(server: object, connection: socket.socket) -> None:
        connection.recv(65536)
        threading.Event().wait(20)

    talk = http(said) if said.content else never
    assert answer_of(talk, within=0.5) == Answer(FAILED, "timeout")


def test_nobody_there_is_a_no() -> None:
    assert Receiver(f"http://127.0.0.1:{free_port()}/", HERE).post(b"{}", {}).code == "unreachable"
    assert Receiver("http://findes-ikke.invalid/", HERE).post(b"{}", {}).code == "no_such_host"


def test_the_request_is_a_plain_post_to_the_whole_address() -> None:
    with serving(http(answered(200))) as server:
        Receiver(f"{server.url}/ind/her?kunde=7", HERE).post(b'{"a":1}', {"webhook-id": "x"})
    head, _, body = server.read[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /ind/her?kunde=7 HTTP/1.1"
    assert {"Content-Type: application/json", f"Host: 127.0.0.1:{server.port}", "webhook-id: x"} <= set(lines)
    assert body == b'{"a":1}'


def test_one_connection_does_for_many_events() -> None:
    with serving(http(answered(200))) as server:
        receiver = Receiver(server.url, HERE)
        assert [receiver.post(b"{}", {}).code for _ in range(5)] == ["http_200"] * 5
        receiver.close()
    assert server.connections == 1


def test_a_connection_that_was_closed_meanwhile_is_no_harm() -> None:
    with serving(http(answered(200, then="close"))) as server:
        receiver = Receiver(server.url, HERE)
        assert [receiver.post(b"{}", {}).code for _ in range(3)] == ["http_200"] * 3
    assert len(server.read) == 3


def test_a_connection_that_breaks_over_an_event_is_tried_once_more_and_no_more() -> None:
    with serving(http(answered(200), Said(b"", "reset"))) as server:
        receiver = Receiver(server.url, HERE)
        receiver.post(b"{}", {})
        assert receiver.post(b"{}", {}).verdict is FAILED
    assert len(server.read) == 3


# --- where events are never sent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "localhost"],  # noqa: S104
)
def test_this_machine_gets_no_event_however_it_is_written(host: str) -> None:
    with serving(http(answered(200))) as server:
        answer = Receiver(f"http://{host}:{server.port}/", PUBLIC_ONLY).post(b"{}", {})
        assert answer == Answer(FAILED, "address_not_allowed")
        assert server.connections == 0


@pytest.mark.parametrize("address", ["10.0.0.8", "169.254.169.254", "fd00::8", "::ffff:10.0.0.8", "64:ff9b::a00:8"])
def test_a_name_that_leads_into_a_private_network_is_refused_though_it_led_elsewhere_when_it_was_added(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    found = [resolved("93.184.216.34"), resolved(address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_named: found)
    assert Receiver("https://kiap.dk/", PUBLIC_ONLY).post(b"{}", {}).code == "address_not_allowed"


def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers something else when it is asked again leads nowhere: it is asked once."""
    monkeypatch.setattr(webhook_receiver, "is_public", lambda _address: True)
    asked = list[str]()
    with serving(http(answered(200))) as server:

        def resolve(host: str, *_asked: object, **_named: object) -> list[object]:
            asked.append(host)
            return [resolved("127.0.0.1", server.port)]

        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *a, **n: resolve(host) if host == "kiap.dk" else real(host, *a, **n)
        )
        assert Receiver(f"http://kiap.dk:{server.port}/", PUBLIC_ONLY).post(b"{}", {}).code == "http_200"
    assert asked == ["kiap.dk"]
    assert f"Host: kiap.dk:{server.port}".encode() in server.read[0]


def test_an_address_that_is_not_allowed_any_more_gets_nothing() -> None:
    with serving(http(answered(200))) as server:
        assert Receiver(server.url, Reach(private=True)).post(b"{}", {}).code == "address_not_allowed"
        assert server.connections == 0


def test_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(http(answered(200))) as proxy, serving(http(answered(200))) as server:
        for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert Receiver(server.url, HERE).post(b"{}", {}).code == "http_200"
        assert (proxy.connections, server.connections) == (0, 1)


def resolved(address: str, port: int = 443) -> tuple[object, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 6, "", (address, port))


# --- encryption -------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """For `localhost`, from an authority that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    webhook_receiver.tls.cache_clear()
    yield file
    webhook_receiver.tls.cache_clear()


@contextmanager
def encrypted(certificate: Path) -> Iterator[int]:
    """Gives the port of a server that takes events over TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    talk = http(answered(200))

    def over_tls(server: object, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            talk(server, secured)  # type: ignore[arg-type]

    with serving(over_tls) as server:
        yield server.port


def test_https_is_checked_by_the_name_that_was_told(certificate: Path) -> None:
    with encrypted(certificate) as port:
        assert Receiver(f"https://localhost:{port}/", HERE).post(b"{}", {}).code == "http_200"
        assert Receiver(f"https://127.0.0.1:{port}/", HERE).post(b"{}", {}).code == "tls"


def test_a_certificate_from_nobody_we_know_is_a_no(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with encrypted(certificate) as port:
        assert Receiver(f"https://localhost:{port}/", HERE).post(b"{}", {}).code == "tls"


def test_a_handshake_that_goes_on_for_ever_is_given_up() -> None:
    with serving(http(Said(b"\x16\x03\x03\x40\x00" + b"\x00" * 2000, drip=0.05))) as server:
        receiver = Receiver(f"https://127.0.0.1:{server.port}/", HERE, within=0.5)
        assert receiver.post(b"{}", {}).code == "timeout"
