"""Sends through SendGrid's v3 API. It has no idempotency keys, so what it answered decides whether to try again.

The request is SendGrid's library's; it goes over `http.client` rather than the library's client, which follows
redirects with the key and without the letter, waits without limit in all, reads answers of any size, opens a connection
a mail and cannot say whether a request was written.
"""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mail.connections import Deadline, is_quiet
from mail.envelope import Envelope
from mail.http_endpoint import HttpEndpoint
from mail.sendgrid_answers import retry_after, verdict_on
from mail.sendgrid_request import request_body
from mail.sending import DefiniteFailure, Receipt, UnknownOutcome, Verdict, code_of, error_for, plain_id

API = "https://api.sendgrid.com"

PATH = "/v3/mail/send"

LONGEST_ANSWER = 65536
"""Bytes of an answer's body that are read."""

IDLE = 4.0
"""Seconds after which an unused connection is left: the other side may be about to close it, and a mail that meets a
closing connection is of unknown outcome."""


class SendGridSender:
    """`base_url` is the API's root, without the version. `timeout`: seconds for one mail in all."""

    repeatable = False

    def __init__(self, api_key: str, *, base_url: str = API, timeout: float = 20.0) -> None:
        self._api_key = api_key
        self._endpoint = HttpEndpoint(base_url)
        self._timeout = timeout

    def send(self, envelope: Envelope) -> Receipt:
        with self.session() as session:
            return session.send(envelope)

    @contextmanager
    def session(self) -> Iterator["SendGridSession"]:
        session = SendGridSession(self._api_key, self._endpoint, self._timeout)
        try:
            yield session
        finally:
            session.close()


class SendGridSession:
    """One connection for many mails. After anything but success the next mail gets a new one."""

    def __init__(self, api_key: str, endpoint: HttpEndpoint, timeout: float) -> None:
        self._api_key = api_key
        self._endpoint = endpoint
        self._timeout = timeout
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._used_at = 0.0

    def send(self, envelope: Envelope) -> Receipt:
        with Deadline(self._timeout, self._open_socket) as deadline:
            try:
                return self._answer(self._asked(envelope, deadline), deadline)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Leave. Safe to repeat."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._socket = None

    def _open_socket(self) -> socket.socket | None:
        return self._socket or (self._connection.sock if self._connection else None)

    def _asked(self, envelope: Envelope, deadline: Deadline) -> http.client.HTTPConnection:
        """The connection over which the whole request has gone. Until it has, nothing can have left."""
        try:
            body = json.dumps(request_body(envelope)).encode()
            if self._connection is not None and self._is_fit():
                try:
                    return self._write(self._connection, body)
                except OSError:  # closed at this moment; half a request is no mail
                    pass
            return self._write(self._connect(deadline), body)
        except ssl.SSLError:
            raise DefiniteFailure("sendgrid_tls") from None
        except OSError:
            raise DefiniteFailure("sendgrid_unreachable") from None
        except Exception as error:  # noqa: BLE001 - a key that no header can hold, say
            raise DefiniteFailure(code_of("sendgrid", error)) from None

    def _is_fit(self) -> bool:
        return self._socket is not None and time.monotonic() - self._used_at < IDLE and is_quiet(self._socket)

    def _connect(self, deadline: Deadline) -> http.client.HTTPConnection:
        self.close()
        self._connection = self._endpoint.open(deadline.left)
        self._connection.connect()
        self._socket = self._connection.sock
        return self._connection

    def _write(self, connection: http.client.HTTPConnection, body: bytes) -> http.client.HTTPConnection:
        headers = {
            "Authorization": f"Bearer {self._api_key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "klyngeflow",
        }
        connection.request("POST", self._endpoint.path(PATH), body, headers)
        return connection

    def _answer(self, connection: http.client.HTTPConnection, deadline: Deadline) -> Receipt:
        """What SendGrid makes of it. From here on silence means that nobody knows."""
        try:
            response = connection.getresponse()
        except Exception as error:  # noqa: BLE001 - whatever came, it was no answer
            late = deadline.is_over or isinstance(error, TimeoutError)
            raise UnknownOutcome("sendgrid_timeout" if late else "sendgrid_disconnected") from None
        body = _beginning(response)
        verdict = verdict_on(response.status, body)
        if verdict is not Verdict.ACCEPTED:
            raise error_for(verdict, f"sendgrid_{response.status}", retry_after(response.headers))
        self._used_at = time.monotonic()
        if response.will_close or not response.isclosed():
            self.close()
        return Receipt(plain_id(response.headers.get("X-Message-Id")))


def _beginning(response: http.client.HTTPResponse) -> bytes:
    """The body as far as it came: the status has said already whether the mail left."""
    try:
        return response.read(LONGEST_ANSWER)
    except Exception:  # noqa: BLE001 - cut off, or no chunks where it promised chunks
        return b""
