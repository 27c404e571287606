"""The message that goes over the wire, and what an envelope refuses."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from pydantic import ValidationError

from mail.envelope import Address, Attachment, Envelope, Mail, as_message


def read_back(envelope: Envelope) -> EmailMessage:
    message = email.message_from_bytes(as_message(envelope).as_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_headers_say_who_writes_to_whom_and_when(an_envelope: Envelope) -> None:
    message = read_back(an_envelope)
    assert message["From"] == "KiAP klyngepakker <klynger@kiap.example>"
    assert message["To"].addresses[0].display_name == "Gunver Æbelø"
    assert message["To"].addresses[0].addr_spec == "gunver@laegehus.example"
    assert message["Reply-To"].addresses[0].addr_spec == "co@kiap.example"
    assert message["Subject"] == "Spørgeskema før klyngemødet"
    assert message["Date"].datetime == an_envelope.at
    assert message["Date"] == "Fri, 06 Nov 2026 08:45:00 +0100"


def test_the_message_id_is_the_outbox_s_and_the_same_each_time(an_envelope: Envelope) -> None:
    assert read_back(an_envelope)["Message-ID"] == "<ob-7f3a@kiap.example>"
    later = an_envelope.model_copy(update={"at": an_envelope.at.replace(hour=9)})
    assert read_back(later)["Message-ID"] == read_back(an_envelope)["Message-ID"]


def test_it_says_it_is_written_by_a_machine_so_that_machines_do_not_answer(an_envelope: Envelope) -> None:
    assert read_back(an_envelope)["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("attached", [True, False])
def test_it_says_that_it_is_in_danish(attached: bool, an_envelope: Envelope) -> None:
    mail = an_envelope.mail if attached else an_envelope.mail.model_copy(update={"attachments": ()})
    assert read_back(an_envelope.model_copy(update={"mail": mail})).get_all("Content-Language") == ["da"]


def test_text_page_and_attachment_come_out_as_they_went_in(an_envelope: Envelope) -> None:
    message = read_back(an_envelope)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == an_envelope.mail.text
    assert html.get_content().strip() == an_envelope.mail.html
    (calendar,) = message.iter_attachments()
    assert isinstance(calendar, EmailMessage)
    assert calendar.get_content_type() == "text/calendar"
    assert dict(calendar["Content-Type"].params) == {"method": "PUBLISH", "charset": "utf-8"}
    assert calendar.get_filename() == "klyngemøde.ics"
    assert calendar.get_payload(decode=True) == an_envelope.mail.attachments[0].content


def test_nothing_but_ascii_goes_over_the_wire(an_envelope: Envelope) -> None:
    assert as_message(an_envelope).as_bytes().isascii()


def test_no_line_is_longer_than_mail_allows(an_envelope: Envelope) -> None:
    long = an_envelope.model_copy(
        update={"mail": an_envelope.mail.model_copy(update={"subject": "Ø" * 300, "html": "<p>" + "å" * 5000 + "</p>"})}
    )
    assert max(len(line) for line in as_message(long).as_bytes().split(b"\r\n")) <= 998


@pytest.mark.parametrize("subject", ["Hej\r\nBcc: x@y.example", "Hej\nX: y", "Hej\x00", ""])
def test_a_subject_cannot_bring_a_header(subject: str) -> None:
    with pytest.raises(ValidationError):
        Mail(subject=subject, text="x", html="x")


@pytest.mark.parametrize(
    "address",
    ["a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example", "a b@x.example", "<a@x.example>", "a", "a@", ""],
)
def test_an_address_is_one_address(address: str) -> None:
    with pytest.raises(ValidationError):
        Address(address=address)


def test_a_shown_name_cannot_bring_a_header() -> None:
    with pytest.raises(ValidationError):
        Address(address="a@x.example", name="Gunver\r\nBcc: b@x.example")


@pytest.mark.parametrize(
    "name", ['Æbelø, "Gunver"', "Sø & Ål <læge>", "a@b, c@d", "Holm, Bo " * 12, "x" * 70 + " <a@b.dk>, "]
)
def test_a_shown_name_with_odd_signs_is_still_only_a_name(name: str, an_envelope: Envelope) -> None:
    odd = an_envelope.model_copy(update={"to": Address(address="gunver@laegehus.example", name=name)})
    (to,) = read_back(odd)["To"].addresses
    assert to.addr_spec == "gunver@laegehus.example"


@pytest.mark.parametrize("outbox_id", ["../x", "a/b", "a.b", "", "a b", "ø"])
def test_an_outbox_id_is_opaque_and_safe_in_a_file_s_name(outbox_id: str, an_envelope: Envelope) -> None:
    with pytest.raises(ValidationError):
        Envelope.model_validate({**dict(an_envelope), "outbox_id": outbox_id})


@pytest.mark.parametrize("filename", ["../plan.ics", "a\\b.ics", "a\r\nb.ics", ""])
def test_an_attachment_s_name_is_a_plain_file_name(filename: str) -> None:
    with pytest.raises(ValidationError):
        Attachment(filename=filename, media_type="text/calendar", content=b"")


@pytest.mark.parametrize("media_type", ["calendar", "text/calendar\r\nX: y", "text/calendar; method"])
def test_an_attachment_s_type_is_a_media_type(media_type: str) -> None:
    with pytest.raises(ValidationError):
        Attachment(filename="plan.ics", media_type=media_type, content=b"")
