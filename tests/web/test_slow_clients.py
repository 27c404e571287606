"""Slow and odd clients over real sockets: none holds a connection for ever, none is sent to another host."""

import asyncio
import socket
import time
from collections.abc import Iterator

import pytest

from tests.web.application import Web
from tests.web.reading import Shown
from web.slow_clients import BoundedProtocol

WITHIN = 0.3


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production, but for how long they are."""
    monkeypatch.setattr(BoundedProtocol, "headers_within", WITHIN)
    monkeypatch.setattr("web.app.BODY_WITHIN", WITHIN)


@pytest.fixture
def impatient(limits: None, web: Web) -> Web:
    return web


@pytest.fixture
def connection(impatient: Web) -> Iterator[socket.socket]:
    host, port = impatient.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as open_one:
        yield open_one


def closed_after(connection: socket.socket) -> float:
    """Seconds until the other side hangs up. Raises TimeoutError where it never does."""
    since = time.monotonic()
    while connection.recv(65536):
        pass
    return time.monotonic() - since


def test_who_says_nothing_is_hung_up_on(connection: socket.socket) -> None:
    assert closed_after(connection) > WITHIN / 2


def trickle(connection: socket.socket) -> None:
    """A header now and then, for longer than anybody waits."""
    for number in range(200):
        connection.sendall(f"X-{number}: y\r\n".encode())
        time.sleep(WITHIN / 10)


def test_who_never_finishes_the_headers_is_hung_up_on_whatever_trickles_in(connection: socket.socket) -> None:
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        trickle(connection)


def test_the_second_request_of_a_connection_is_bounded_too(connection: socket.socket) -> None:
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"200 OK" in connection.recv(65536)
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHo")
    closed_after(connection)


def test_who_never_finishes_the_body_is_told_so_and_hung_up_on(connection: socket.socket) -> None:
    connection.sendall(b"POST /svar/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n")
    connection.sendall(b"Content-Length: 100\r\n\r\ngo=")
    answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 408 ")
    assert "Det tog for lang tid" in answer


def test_a_program_that_never_finishes_the_body_is_told_so_in_json(connection: socket.socket) -> None:
    connection.sendall(b"POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
    connection.sendall(b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
    answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 408 ")
    assert "application/problem+json" in answer


def test_who_sends_a_whole_request_slowly_is_answered(connection: socket.socket) -> None:
    for piece in (b"GET /healthz HTT", b"P/1.1\r\nHost:", b" x\r\nConnection: close\r\n\r\n"):
        connection.sendall(piece)
        time.sleep(WITHIN / 10)
    assert b'{"status":"ok"}' in b"".join(iter(lambda: connection.recv(65536), b""))


async def test_a_hundred_who_say_nothing_hold_up_nobody(impatient: Web) -> None:
    host, port = impatient.address.removeprefix("http://").split(":")
    silent = [await asyncio.open_connection(host, int(port)) for _ in range(100)]
    with impatient.client() as http:
        assert http.get("/healthz").status_code == 200
    assert [await reader.read() for reader, _ in silent] == [b""] * 100
    for _, writer in silent:
        writer.close()


SLASHED = ("/svar/x/", "/bestilling/x.y/", "/bestilling/x.y/flyt/", "/d/x/", "/moede/x.y/", "/api/v1/orders/x/",
           "/healthz/", "/svar/", "//evil.example/", "/%2Fevil.example/", "/static/", "/nej//")  # fmt: skip


@pytest.mark.parametrize("path", SLASHED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_slash_at_the_end_leads_to_no_other_host(shared_web: Web, path: str, method: str) -> None:
    with shared_web.client(shared_web.site_key) as http:
        answer = http.request(method, shared_web.address + path, headers={"Host": "evil.example"})
    assert answer.status_code < 300 or answer.status_code >= 400, answer.headers.get("location")
    assert "location" not in answer.headers
    assert "evil.example" not in answer.text


def test_a_link_that_got_a_slash_at_its_end_works(web: Web) -> None:
    order = web.place()
    web.plan(order)
    link, *_ = web.open_survey(order)
    with web.client() as http:
        for path in (link, web.page_of(order), web.page_of(order) + "/flyt"):
            assert http.get(path + "/").text.partition("anmodning")[0] == http.get(path).text.partition("anmodning")[0]
        filled = {**Shown(http.get(link)).fields(), "go": "send", "arbejdsglaede": "hoej"}
        answer = http.post(link + "/", data=filled, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, link + "/tak")


def test_no_answer_redirects_to_the_host_a_request_names(web: Web) -> None:
    order = web.place()
    web.plan(order)
    with web.client() as http:
        for path in (f"{web.page_of(order)}/findes-ikke", "/svar/x/tak", "/svar//evil.example/tak"):
            answer = http.get(path, headers={"Host": "evil.example"})
            assert answer.headers.get("location", "/").startswith("/"), path
            assert not answer.headers.get("location", "/").startswith("//"), path
