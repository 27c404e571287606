"""An envelope as the body of SendGrid's `POST /v3/mail/send`, put together by SendGrid's own library."""

import base64
from typing import Any

from sendgrid.helpers import mail as sendgrid

from mail.envelope import Address, Attachment, Envelope

MEETING_REQUEST = {"method": "REQUEST"}


def request_body(envelope: Envelope) -> dict[str, Any]:
    """The request. SendGrid keeps `custom_args` unredacted: only the opaque id goes there."""
    mail, person = envelope.mail, sendgrid.Personalization()
    person.add_to(_mailbox(envelope.to))
    person.add_custom_arg(sendgrid.CustomArg("outbox_id", envelope.outbox_id))
    request = sendgrid.Mail(
        from_email=_mailbox(envelope.sender),
        subject=mail.subject,
        plain_text_content=sendgrid.Content("text/plain", mail.text),
        html_content=sendgrid.Content("text/html", mail.html),
    )
    request.add_personalization(person)
    request.tracking_settings = _NOTHING_IS_FOLLOWED
    for name, value in envelope.extra_headers:
        request.add_header(sendgrid.Header(name, value))
    if envelope.reply_to:
        request.reply_to = _mailbox(envelope.reply_to)
    for attachment in mail.attachments:
        request.add_attachment(_attachment(attachment))
    body: dict[str, Any] = request.get()
    return body


_NOTHING_IS_FOLLOWED = sendgrid.TrackingSettings(
    click_tracking=sendgrid.ClickTracking(enable=False, enable_text=False),
    open_tracking=sendgrid.OpenTracking(enable=False),
    subscription_tracking=sendgrid.SubscriptionTracking(enable=False),
    ganalytics=sendgrid.Ganalytics(enable=False),
)


def _mailbox(address: Address) -> Any:  # noqa: ANN401 - the library has no types
    return sendgrid.Email(address.address, address.name or None)


def _attachment(attachment: Attachment) -> Any:  # noqa: ANN401
    return sendgrid.Attachment(
        file_content=base64.b64encode(attachment.content).decode("ascii"),
        file_name=attachment.filename,
        file_type=_media_type(attachment),
        disposition="attachment",
    )


def _media_type(attachment: Attachment) -> str:
    """The type with those of its parameters that SendGrid takes.

    It answers 400 ("The attachment type cannot contain ';'") to all but `text/calendar; method=REQUEST`, in exactly
    these words (sendgrid-nodejs issues 217 and 1313). Nothing is lost with the others: an iCalendar's charset is UTF-8
    where none is named, and its method stands in the file (RFC 5545, 3.1.4 and 3.7.2).
    """
    main, sub, parameters = attachment.type_and_parameters
    if attachment.is_calendar and MEETING_REQUEST.items() <= parameters.items():
        return "text/calendar; method=REQUEST"
    return f"{main}/{sub}"
