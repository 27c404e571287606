"""Sends through SendGrid's v3 API. It has no idempotency keys, so what it answered decides whether to try again."""

import base64
import http.client
import logging
import time
from collections.abc import Mapping
from email.message import Message
from typing import Any
from urllib.error import URLError

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from mail.envelope import Address, Attachment, Envelope
from mail.sending import DefiniteFailure, NotSent, Sent, UnknownOutcome

API = "https://api.sendgrid.com"
API_IN_EUROPE = "https://api.eu.sendgrid.com"
"""For an account whose mail is to be handled inside the EU."""

SETTINGS_TO_MEND = (401, 403, 404)
"""A key that is wrong or may not send: nothing about the mail itself."""

TRY_LATER = (429, 503)
"""Refused at the door: too many at once, or closed. Never queued."""

# At DEBUG the library logs key, address and content.
logging.getLogger("python_http_client").setLevel(logging.WARNING)


class SendGridSender:
    """`base_url` is the API's root, without the version."""

    repeatable = False

    def __init__(self, api_key: str, *, base_url: str = API, timeout: float = 20.0) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._timeout = timeout

    def send(self, envelope: Envelope) -> Sent:
        sendgrid = SendGridAPIClient(self._api_key, host=self._base_url)
        sendgrid.client.timeout = self._timeout  # the library waits for ever by default
        try:
            response = sendgrid.client.mail.send.post(request_body=_request(envelope))
        except HTTPError as refused:
            raise _refusal(refused.status_code, refused.headers) from None  # its body may quote the address
        except URLError as error:
            # urllib wraps what goes wrong until the request is sent whole; half a request is no mail.
            raise DefiniteFailure("sendgrid_unreachable") from error
        except TimeoutError as error:
            raise UnknownOutcome("sendgrid_timeout") from error
        except (OSError, http.client.HTTPException) as error:
            raise UnknownOutcome("sendgrid_disconnected") from error
        if response.status_code not in (200, 202):
            raise UnknownOutcome(f"sendgrid_{response.status_code}")
        return Sent(response.headers.get("X-Message-Id") or "")


def _refusal(status: int, headers: Message | Mapping[str, str] | None) -> NotSent:
    code = f"sendgrid_{status}"
    if status in SETTINGS_TO_MEND:
        return DefiniteFailure(code)
    if status in TRY_LATER:
        return DefiniteFailure(code, retry_after=_retry_after(headers or {}))
    if 400 <= status < 500:
        return DefiniteFailure(code, permanent=True)
    return UnknownOutcome(code)  # 500, 502, 504: it broke after taking the request, perhaps after queueing the mail


def _retry_after(headers: Message | Mapping[str, str]) -> float | None:
    """Seconds until it takes requests again, as it says itself."""
    try:
        if wait := headers.get("Retry-After"):
            return max(0.0, float(wait))
        if reset := headers.get("X-RateLimit-Reset"):
            return max(0.0, float(reset) - time.time())
    except ValueError:
        pass
    return None


def _request(envelope: Envelope) -> dict[str, Any]:
    """The body of `POST /v3/mail/send`. SendGrid keeps `custom_args` unredacted: only the opaque id goes there."""
    mail = envelope.mail
    request: dict[str, Any] = {
        "personalizations": [{"to": [_mailbox(envelope.to)], "custom_args": {"outbox_id": envelope.outbox_id}}],
        "from": _mailbox(envelope.sender),
        "subject": mail.subject,
        "content": [{"type": "text/plain", "value": mail.text}, {"type": "text/html", "value": mail.html}],
        "headers": dict(envelope.extra_headers),
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }
    if envelope.reply_to:
        request["reply_to"] = _mailbox(envelope.reply_to)
    if mail.attachments:
        request["attachments"] = [_attachment(attachment) for attachment in mail.attachments]
    return request


def _mailbox(address: Address) -> dict[str, str]:
    return {"email": address.address, "name": address.name} if address.name else {"email": address.address}


def _attachment(attachment: Attachment) -> dict[str, str]:
    main, sub, _ = attachment.type_and_parameters  # SendGrid refuses a type with parameters
    return {
        "content": base64.b64encode(attachment.content).decode("ascii"),
        "type": f"{main}/{sub}",
        "filename": attachment.filename,
        "disposition": "attachment",
    }
