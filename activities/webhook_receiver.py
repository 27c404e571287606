"""A subscriber's receiver over HTTP: one connection, to an address that was looked at after its name was resolved.

Redirects are not followed and proxies not used: either would lead where nobody has looked.
"""

import contextlib
import datetime as dt
import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from urllib.parse import SplitResult, urlsplit

from domain.receiver import Reach, is_public, receiver_url
from domain.unfit import Unfit
from mail.connections import Deadline, is_quiet
from mail.sendgrid_answers import retry_after

WITHIN = 15.0
"""Seconds for one event in all: to find the receiver, to connect, to send and to be answered."""
LONGEST_ANSWER = 16_384
"""Bytes of an answer's body that are read; what they say is not looked at."""
IDLE = 4.0
"""Seconds after which an unused connection is left, and its name resolved and looked at anew."""
LASTS = 30.0
"""Seconds after which a connection is left in any case, for the same reason."""
TAKEN, GONE = range(200, 300), 410


class Verdict(StrEnum):
    """What follows from an answer, or from none. `GONE`: the receiver wants no more."""

    DELIVERED = "delivered"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True)
class Answer:
    """What came of an attempt: a code such as `http_200`, `timeout`, `tls`; and how long it asks us to wait."""

    verdict: Verdict
    code: str
    wait: dt.timedelta = dt.timedelta(0)


class NotAllowed(OSError):  # noqa: N818 - a "no", not an error
    """The receiver's name leads to an address that events are not sent to."""


class Receiver:
    """Where one subscription's events go. For one thread."""

    def __init__(self, url: str, reach: Reach, within: float = WITHIN) -> None:
        self._url = url
        self._reach = reach
        self._within = within
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._used_at = self._opened_at = 0.0

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one event, at most twice where a kept connection turns out to be closed. Raises nothing."""
        with Deadline(self._within, lambda: self._socket) as deadline:
            try:
                return self._posted(body, headers, deadline)
            except Exception as error:  # noqa: BLE001 - whatever came, it was no answer
                self.close()
                return Answer(Verdict.FAILED, "timeout" if deadline.is_over else _code_of(error))

    def close(self) -> None:
        """Leave. Safe to repeat."""
        for each in (self._connection, self._socket):
            if each is not None:
                with contextlib.suppress(OSError):
                    each.close()
        self._connection = self._socket = None

    def _posted(self, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> Answer:
        if self._connection is not None and self._is_fit():
            try:
                return self._exchange(self._connection, body, headers)
            except (OSError, http.client.HTTPException):  # it was being closed, most likely
                if deadline.is_over:
                    raise
        return self._exchange(self._connect(deadline), body, headers)

    def _exchange(self, connection: http.client.HTTPConnection, body: bytes, headers: Mapping[str, str]) -> Answer:
        own = {"Content-Type": "application/json", "Accept": "*/*", "User-Agent": "klyngeflow"}
        parts = urlsplit(self._url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {**own, **headers})
        response = connection.getresponse()
        with contextlib.suppress(Exception):  # the status has said it already
            response.read(LONGEST_ANSWER)
        if response.will_close or not response.isclosed():
            self.close()
        self._used_at = time.monotonic()
        return _answer(response)

    def _is_fit(self) -> bool:
        now = time.monotonic()
        young = now - self._used_at < IDLE and now - self._opened_at < LASTS
        return self._socket is not None and young and is_quiet(self._socket)

    def _connect(self, deadline: Deadline) -> http.client.HTTPConnection:
        self.close()
        parts = urlsplit(receiver_url(self._url, self._reach))
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        self._socket = self._open(host, port, deadline)
        if parts.scheme == "https":
            # The handshake on its own, so that the deadline has the socket on which it is made.
            self._socket = secured = tls().wrap_socket(
                self._socket, server_hostname=host, do_handshake_on_connect=False
            )
            secured.do_handshake()
        self._socket.settimeout(deadline.left)
        self._connection = _connection(parts, host, port)
        self._connection.sock = self._socket
        self._opened_at = time.monotonic()
        return self._connection

    def _open(self, host: str, port: int, deadline: Deadline) -> socket.socket:
        """A connection to the first of the name's addresses that takes one. Raises OSError."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(address[0]) for *_, address in found]
        if not self._reach.private and not all(map(is_public, addresses)):
            raise NotAllowed
        failure = OSError()
        for address in dict.fromkeys(addresses):
            try:
                connected = socket.create_connection((address, port), timeout=deadline.left)
            except OSError as error:
                failure = error
            else:
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connected
        raise failure


def _connection(parts: SplitResult, host: str, port: int) -> http.client.HTTPConnection:
    """One that is given its socket; it asks for the host by the name it was told, as a URL does."""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, port, context=tls())
    return http.client.HTTPConnection(host, port)


@cache
def tls() -> ssl.SSLContext:
    """What every connection shares: the authorities this machine trusts."""
    return ssl.create_default_context()


def _answer(response: http.client.HTTPResponse) -> Answer:
    if response.status in TAKEN:
        return Answer(Verdict.DELIVERED, f"http_{response.status}")
    if response.status == GONE:
        return Answer(Verdict.GONE, "gone")
    wish = retry_after(response.headers)
    wait = dt.timedelta(seconds=min(wish, dt.timedelta(days=1).total_seconds())) if wish else dt.timedelta(0)
    return Answer(Verdict.FAILED, f"http_{response.status}", wait)


def _code_of(error: Exception) -> str:
    match error:
        case NotAllowed() | Unfit():
            return "address_not_allowed"
        case ssl.SSLError() | ssl.CertificateError():
            return "tls"
        case socket.gaierror() | UnicodeError():
            return "no_such_host"
        case TimeoutError():
            return "timeout"
        case http.client.HTTPException():
            return "no_http"
        case _:
            return "unreachable"
