"""Whatever the door takes comes out whole in a mail: in its headers, its text and its page, sent and read back."""

import email
import email.policy
import tempfile
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from domain.letters import Occasion
from domain.text import email_address, longer_text, meeting_place, one_line, person_name
from mail.catalogue import render
from mail.envelope import Address, Envelope, Mail
from mail.folder_sender import FolderSender
from mail.letter_data import LetterData, Person
from tests.texts import ADDRESSES_WRITTEN, taken

NAMES, PLACES, WORDS = taken(person_name), taken(meeting_place), taken(longer_text)
ADDRESSES = taken(email_address, ADDRESSES_WRITTEN)


def sent_and_read(envelope: Envelope) -> EmailMessage:
    """Through the folder, as a mail program opens the file: headers may be UTF-8 (RFC 6532)."""
    with tempfile.TemporaryDirectory() as folder:
        sent = FolderSender(Path(folder)).send(envelope)
        content = (Path(folder) / sent.provider_id).read_bytes()
    message = email.message_from_string(content.decode(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body_of(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content().replace("\r\n", "\n")
    return content


def shown_and_address(header: str) -> tuple[str, str]:
    """By the older of Python's two readers: the newer puts spaces between the parts of a long name."""
    shown, address = parseaddr(header)
    return str(make_header(decode_header(shown))), address


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, from_name=NAMES, address=ADDRESSES, subject=taken(one_line))
def test_names_addresses_and_subject_are_read_back_from_the_headers(
    an_envelope: Envelope, name: str, from_name: str, address: str, subject: str
) -> None:
    to, sender = Address(address=address, name=name), Address(address="kiap@kiap.example", name=from_name)
    mail = Mail(subject=subject, text="x", html="x")
    message = sent_and_read(an_envelope.model_copy(update={"to": to, "sender": sender, "reply_to": to, "mail": mail}))
    raw = dict(message.raw_items())
    for header in ("To", "Reply-To"):
        shown, written = shown_and_address(raw[header])
        assert (shown, email_address(written)) == (name, address)
        assert [email_address(each.addr_spec) for each in message[header].addresses] == [address], "and no other"
    assert shown_and_address(raw["From"]) == (from_name, "kiap@kiap.example")
    assert message["Subject"] == subject


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, place=PLACES, ideas=WORDS)
def test_names_place_and_ideas_are_read_in_text_and_page(
    a_letter: LetterData, an_envelope: Envelope, name: str, place: str, ideas: str
) -> None:
    assert a_letter.meeting is not None
    letter = a_letter.model_copy(
        update={
            "coordinator": Person(name=name),
            "consultant": Person(name=name, phone="12 34 56 78"),
            "meeting": a_letter.meeting.model_copy(update={"place": place}),
            "ideas": ideas,
        }
    )
    for occasion, wanted in (
        (Occasion.PROGRAMME, [name, place]),
        (Occasion.AFTER_MEETING, [name, *(line for line in ideas.split("\n") if line)]),
    ):
        message = sent_and_read(an_envelope.model_copy(update={"mail": render(occasion, letter)}))
        text = body_of(message, "plain")
        page = " ".join(html.fromstring(body_of(message, "html")).text_content().split())
        for each in wanted:
            assert each in text
            assert each in page


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(WORDS, min_size=1, max_size=3).map("\n\n".join))
def test_lines_of_the_text_come_as_they_were(an_envelope: Envelope, text: str) -> None:
    mail = an_envelope.mail.model_copy(update={"text": text + "\n"})
    assert body_of(sent_and_read(an_envelope.model_copy(update={"mail": mail})), "plain") == text + "\n"
