"""SendGrid against a server on loopback that speaks its v3 API."""

import base64
import json
import logging
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from mail.envelope import Envelope
from mail.sendgrid_sender import SendGridSender
from mail.sending import DefiniteFailure, SendError, UnknownOutcome

HOST = "127.0.0.1"
KEY = "SG.en-test.noegle"


RESERVED = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"),
    *("to", "from", "subject", "reply-to", "cc", "bcc"),
}
"""Headers that SendGrid sets itself and refuses from us (docs, "Mail Send: headers")."""


@dataclass
class SendGrid:
    """What it answers, and what it was asked."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    hang_up: bool = False
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)


def answering(sendgrid: SendGrid) -> type[BaseHTTPRequestHandler]:
    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sendgrid.requests.append(body)
            sendgrid.paths.append(self.path)
            if sendgrid.hang:
                sendgrid.over.wait(120)
                return
            if sendgrid.hang_up:
                return
            if self.headers["Authorization"] != f"Bearer {KEY}":
                self._answer(401, {"errors": [{"message": "The provided authorization grant is invalid"}]})
            elif problem := _problem_with(body):
                self._answer(400, {"errors": [{"message": problem}]})
            elif sendgrid.status == 202:
                self._answer(202, None, {"X-Message-Id": "14c5d75ce93.dfd.64b469"})
            else:
                address = body["personalizations"][0]["to"][0]["email"]
                self._answer(sendgrid.status, {"errors": [{"message": f"no, not {address}"}]}, sendgrid.headers)

        def _answer(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            return

    return Api


def _problem_with(body: dict[str, Any]) -> str:
    """SendGrid's own checks that our mails could run into."""
    types = {attachment["type"] for attachment in body.get("attachments", ())} - {"text/calendar; method=REQUEST"}
    if any(";" in media_type for media_type in types):
        return "The attachment type cannot contain ';', or CRLF characters."
    if [content["type"] for content in body["content"]] != ["text/plain", "text/html"]:
        return "If present, text/plain must be first, followed by text/html."
    if {name.lower() for name in body["headers"]} & RESERVED:
        return "The custom headers contain a reserved name."
    return ""


@contextmanager
def serving(sendgrid: SendGrid) -> Iterator[SendGrid]:
    server = ThreadingHTTPServer((HOST, 0), answering(sendgrid))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    sendgrid.url = f"http://{HOST}:{server.server_address[1]}"
    try:
        yield sendgrid
    finally:
        sendgrid.over.set()
        server.shutdown()
        thread.join(5)
        server.server_close()


@pytest.fixture
def sendgrid() -> Iterator[SendGrid]:
    with serving(SendGrid()) as running:
        yield running


def sender(sendgrid: SendGrid, *, key: str = KEY, timeout: float = 5.0) -> SendGridSender:
    return SendGridSender(key, base_url=sendgrid.url, timeout=timeout)


def test_an_accepted_mail_gives_sendgrid_s_id(sendgrid: SendGrid, an_envelope: Envelope) -> None:
    assert sender(sendgrid).send(an_envelope).provider_id == "14c5d75ce93.dfd.64b469"
    assert sendgrid.paths == ["/v3/mail/send"]


def test_the_request_says_what_the_envelope_says(sendgrid: SendGrid, an_envelope: Envelope) -> None:
    sender(sendgrid).send(an_envelope)
    (request,) = sendgrid.requests
    assert request["from"] == {"email": "klynger@kiap.example", "name": "KiAP klyngepakker"}
    assert request["reply_to"]["email"] == "co@kiap.example"
    assert request["subject"] == "Spørgeskema før klyngemødet"
    assert [content["value"] for content in request["content"]] == [an_envelope.mail.text, an_envelope.mail.html]
    assert request["headers"]["Content-Language"] == "da"
    assert request["headers"]["Auto-Submitted"] == "auto-generated"
    (attachment,) = request["attachments"]
    assert (attachment["type"], attachment["filename"]) == ("text/calendar", "klyngemøde.ics")
    assert base64.b64decode(attachment["content"]) == an_envelope.mail.attachments[0].content


@pytest.mark.parametrize(
    ("media_type", "sent_as"),
    [
        ("text/calendar; method=REQUEST; charset=utf-8", "text/calendar; method=REQUEST"),
        ("text/calendar; charset=utf-8; method=REQUEST", "text/calendar; method=REQUEST"),
        ("text/calendar; method=PUBLISH; charset=utf-8", "text/calendar"),
        ("text/calendar; method=CANCEL", "text/calendar"),
        ("text/calendar; charset=utf-8", "text/calendar"),
        ("application/pdf; method=REQUEST", "application/pdf"),
    ],
)
def test_of_a_media_type_goes_along_what_sendgrid_takes(
    media_type: str, sent_as: str, sendgrid: SendGrid, an_envelope: Envelope
) -> None:
    file = an_envelope.mail.attachments[0].model_copy(update={"media_type": media_type})
    sender(sendgrid).send(
        an_envelope.model_copy(update={"mail": an_envelope.mail.model_copy(update={"attachments": (file,)})})
    )
    assert sendgrid.requests[0]["attachments"][0]["type"] == sent_as


def test_nothing_is_tracked(sendgrid: SendGrid, an_envelope: Envelope) -> None:
    sender(sendgrid).send(an_envelope)
    tracking = sendgrid.requests[0]["tracking_settings"]
    assert {name: setting["enable"] for name, setting in tracking.items()} == {
        "click_tracking": False,
        "open_tracking": False,
        "subscription_tracking": False,
        "ganalytics": False,
    }


def test_of_us_sendgrid_keeps_only_the_opaque_id(sendgrid: SendGrid, an_envelope: Envelope) -> None:
    sender(sendgrid).send(an_envelope)
    (request,) = sendgrid.requests
    assert request["personalizations"] == [
        {"to": [{"email": "gunver@laegehus.example", "name": "Gunver Æbelø"}], "custom_args": {"outbox_id": "ob-7f3a"}}
    ]
    assert not {"categories", "custom_args", "template_id"} & set(request)


def test_a_wrong_key_is_the_settings_fault_and_no_address_s(sendgrid: SendGrid, an_envelope: Envelope) -> None:
    with pytest.raises(DefiniteFailure) as failure:
        sender(sendgrid, key="SG.forkert").send(an_envelope)
    assert (failure.value.code, failure.value.permanent) == ("sendgrid_401", False)


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (403, False), (404, False), (413, True), (429, False), (503, False)]
)
def test_what_is_refused_at_the_door_certainly_did_not_leave(
    status: int, permanent: bool, sendgrid: SendGrid, an_envelope: Envelope
) -> None:
    sendgrid.status = status
    with pytest.raises(DefiniteFailure) as failure:
        sender(sendgrid).send(an_envelope)
    assert (failure.value.code, failure.value.permanent) == (f"sendgrid_{status}", permanent)


@pytest.mark.parametrize("status", [500, 502, 504, 204])
def test_what_broke_inside_may_have_left(status: int, sendgrid: SendGrid, an_envelope: Envelope) -> None:
    sendgrid.status = status
    with pytest.raises(UnknownOutcome) as outcome:
        sender(sendgrid).send(an_envelope)
    assert outcome.value.code == f"sendgrid_{status}"


def test_too_many_at_once_says_when_to_come_back(sendgrid: SendGrid, an_envelope: Envelope) -> None:
    sendgrid.status, sendgrid.headers = 429, {"X-RateLimit-Reset": str(int(time.time()) + 300)}
    with pytest.raises(DefiniteFailure) as failure:
        sender(sendgrid).send(an_envelope)
    assert failure.value.retry_after is not None
    assert 200 < failure.value.retry_after <= 300


def test_silence_after_the_request_means_nobody_knows(sendgrid: SendGrid, an_envelope: Envelope) -> None:
    sendgrid.hang = True
    with pytest.raises(UnknownOutcome) as outcome:
        sender(sendgrid, timeout=0.3).send(an_envelope)
    assert outcome.value.code == "sendgrid_timeout"
    assert len(sendgrid.requests) == 1


def test_a_line_closed_after_the_request_means_nobody_knows(sendgrid: SendGrid, an_envelope: Envelope) -> None:
    sendgrid.hang_up = True
    with pytest.raises(UnknownOutcome) as outcome:
        sender(sendgrid).send(an_envelope)
    assert outcome.value.code == "sendgrid_disconnected"


def test_nobody_listening_is_worth_trying_again(an_envelope: Envelope) -> None:
    with socket.create_server((HOST, 0)) as found:
        port = found.getsockname()[1]
    with pytest.raises(DefiniteFailure) as failure:
        SendGridSender(KEY, base_url=f"http://{HOST}:{port}", timeout=2.0).send(an_envelope)
    assert (failure.value.code, failure.value.permanent) == ("sendgrid_unreachable", False)


@pytest.mark.parametrize("status", [202, 400, 500])
def test_neither_log_nor_error_repeats_address_or_key(
    status: int, sendgrid: SendGrid, an_envelope: Envelope, caplog: pytest.LogCaptureFixture
) -> None:
    sendgrid.status = status
    error: BaseException | None = None
    with caplog.at_level(logging.DEBUG):
        try:
            sender(sendgrid).send(an_envelope)
        except SendError as failed:
            error = failed
    assert (error is None) == (status == 202)
    told = caplog.text + "".join(traceback.format_exception(error) if error else ())
    for secret in ("gunver", KEY):
        assert secret not in told
