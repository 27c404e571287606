"""A rendered mail, the envelope it leaves in, and the message that goes over the wire."""

import datetime as dt
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from domain.meeting import danish
from domain.text import Line, address_on_the_wire
from mail.letter_data import Facts
from mail.mailbox_header import mailbox_header


class Attachment(Facts):
    """A file that goes along. `media_type` may have parameters: `text/calendar; method=REQUEST; charset=utf-8`."""

    filename: Annotated[Line, Field(pattern=r"^[^/\\]+$")]
    media_type: Annotated[Line, Field(pattern=r"^[a-z]+/[a-z0-9.+-]+(\s*;\s*[a-z]+=[A-Za-z0-9._-]+)*$")]
    content: bytes

    @property
    def is_calendar(self) -> bool:
        return self.media_type.startswith("text/calendar")

    @property
    def type_and_parameters(self) -> tuple[str, str, dict[str, str]]:
        """`("text", "calendar", {"method": "REQUEST"})`."""
        kind, *parameters = (part.strip() for part in self.media_type.split(";"))
        main, _, sub = kind.partition("/")
        return main, sub, dict(parameter.split("=", 1) for parameter in parameters)


class Mail(Facts):
    """What a message says, ready for any sender."""

    subject: Annotated[Line, Field(min_length=1)]
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


class Address(Facts):
    """A mailbox with the name shown beside it. The address's domain is in ASCII, as every server takes it."""

    address: Annotated[str, AfterValidator(address_on_the_wire)]
    name: Line = ""


class Envelope(Facts):
    """A mail on its way. `outbox_id` is opaque and the only id a provider gets to see; `at` is the clock's now."""

    outbox_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")
    occasion: str = Field(pattern=r"^[a-z][a-z_]*$")
    sender: Address
    to: Address
    reply_to: Address | None = None
    at: AwareDatetime
    mail: Mail

    @property
    def utc(self) -> dt.datetime:
        return self.at.astimezone(dt.UTC)

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a receiver can drop a second copy."""
        return f"<{self.outbox_id}@{self.sender.address.rpartition('@')[2]}>"

    @property
    def has_plain_addresses(self) -> bool:
        """Whether any server can take it; `søren@…` needs one that knows SMTPUTF8."""
        mailboxes = (self.sender, self.to, *([self.reply_to] if self.reply_to else []))
        return all(mailbox.address.isascii() for mailbox in mailboxes)

    @property
    def extra_headers(self) -> Iterator[tuple[str, str]]:
        """Written by a machine, and in Danish."""
        yield "Auto-Submitted", "auto-generated"
        yield "Content-Language", "da"


def as_message(envelope: Envelope) -> EmailMessage:
    """The envelope as a MIME message: plain text, HTML beside it, attachments after."""
    message = EmailMessage(policy=SMTP if envelope.has_plain_addresses else SMTPUTF8)
    message["From"] = mailbox_header("From", envelope.sender.name, envelope.sender.address)
    message["To"] = mailbox_header("To", envelope.to.name, envelope.to.address)
    if envelope.reply_to:
        message["Reply-To"] = mailbox_header("Reply-To", envelope.reply_to.name, envelope.reply_to.address)
    message["Subject"] = envelope.mail.subject
    message["Date"] = format_datetime(danish(envelope.at))
    message["Message-ID"] = envelope.message_id
    message.set_content(envelope.mail.text, cte="quoted-printable")
    message.add_alternative(envelope.mail.html, subtype="html", cte="quoted-printable")
    for attachment in envelope.mail.attachments:
        main, sub, parameters = attachment.type_and_parameters
        message.add_attachment(
            attachment.content, maintype=main, subtype=sub, filename=attachment.filename, params=parameters
        )
    for name, value in envelope.extra_headers:  # last: setting content takes all `Content-` headers away
        message[name] = value
    return message
