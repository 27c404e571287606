"""Every address that the door takes can be written to by every sender."""

from collections.abc import Iterator
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from domain.text import address_on_the_wire, email_address
from mail.envelope import Address, Envelope
from mail.folder_sender import FolderSender
from mail.sendgrid_sender import SendGridSender
from mail.sending import DefiniteFailure
from tests.mail.mail_server import Mailbox, receiving
from tests.mail.test_sendgrid_sender import KEY, SendGrid
from tests.mail.test_sendgrid_sender import serving as serving_sendgrid
from tests.mail.test_smtp_sender import plain
from tests.texts import ADDRESSES_WRITTEN, taken

ADDRESSES = taken(email_address, ADDRESSES_WRITTEN)
QUICKLY = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def modern() -> Iterator[tuple[Mailbox, int]]:
    """A server that knows SMTPUTF8."""
    mailbox = Mailbox()
    with receiving(mailbox, enable_SMTPUTF8=True) as port:
        yield mailbox, port


@pytest.fixture(scope="module")
def old() -> Iterator[tuple[Mailbox, int]]:
    """A server that does not."""
    mailbox = Mailbox()
    with receiving(mailbox, enable_SMTPUTF8=False) as port:
        yield mailbox, port


@pytest.fixture(scope="module")
def sendgrid() -> Iterator[SendGrid]:
    with serving_sendgrid(SendGrid()) as running:
        yield running


def written_to(envelope: Envelope, address: str) -> Envelope:
    return envelope.model_copy(update={"to": Address(address=address, name="Åse Ærø")})


@QUICKLY
@given(ADDRESSES)
def test_what_is_taken_is_taken_again_and_has_one_form_on_the_wire(address: str) -> None:
    assert email_address(address) == address
    on_the_wire = address_on_the_wire(address)
    assert on_the_wire.rpartition("@")[2].isascii()
    assert email_address(on_the_wire) == address


@QUICKLY
@given(address=ADDRESSES)
@example(address="søren.ærø@læge-ålborg.dk")
def test_a_server_that_knows_smtputf8_takes_every_address(
    an_envelope: Envelope, modern: tuple[Mailbox, int], address: str
) -> None:
    mailbox, port = modern
    plain(port).send(written_to(an_envelope, address))
    received = mailbox.received.pop()
    assert [email_address(each) for each in received.rcpt_tos] == [address]


@QUICKLY
@given(address=ADDRESSES)
@example(address="bo@læge-ålborg.dk")
@example(address="søren@klinik.dk")
def test_an_older_server_takes_every_address_with_plain_letters_before_the_at(
    an_envelope: Envelope, old: tuple[Mailbox, int], address: str
) -> None:
    mailbox, port = old
    if address.partition("@")[0].isascii():
        plain(port).send(written_to(an_envelope, address))
        assert mailbox.received.pop().rcpt_tos == [address_on_the_wire(address)]
    else:
        with pytest.raises(DefiniteFailure, match="smtp_address_not_ascii"):
            plain(port).send(written_to(an_envelope, address))


@QUICKLY
@given(address=ADDRESSES)
def test_sendgrid_gets_every_address_in_its_request(an_envelope: Envelope, sendgrid: SendGrid, address: str) -> None:
    SendGridSender(KEY, base_url=sendgrid.url).send(written_to(an_envelope, address))
    (to,) = sendgrid.requests.pop()["personalizations"][0]["to"]
    assert to == {"email": address_on_the_wire(address), "name": "Åse Ærø"}


@QUICKLY
@given(address=ADDRESSES)
def test_every_address_stands_in_its_file(an_envelope: Envelope, tmp_path: Path, address: str) -> None:
    name = FolderSender(tmp_path).send(written_to(an_envelope, address)).provider_id
    message = message_from_string((tmp_path / name).read_text(encoding="utf-8"), policy=default)
    assert [email_address(each.addr_spec) for each in message["To"].addresses] == [address]
