"""What holds of all three ways out: to a folder, over SMTP, through SendGrid."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mail.envelope import Address, Envelope, Mail
from mail.folder_sender import FolderSender
from mail.sendgrid_sender import SendGridSender
from mail.sending import DefiniteFailure, Receipt, Sender, UnknownOutcome
from mail.smtp_sender import SmtpSender, SmtpServer
from tests.mail.loopback import HOST, Said, answered, http, serving, smtp

KINDS = ["folder", "smtp", "sendgrid"]


@pytest.fixture(scope="module")
def senders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Sender]]:
    knows_utf8 = Said(b"250-hej\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n", "keep")
    with serving(smtp(EHLO=knows_utf8)) as mail_server, serving(http(answered(202, "X-Message-Id: m\r\n"))) as api:
        yield {
            "folder": FolderSender(tmp_path_factory.mktemp("mail")),
            "smtp": SmtpSender(SmtpServer(HOST, mail_server.port, security="none", timeout=5)),
            "sendgrid": SendGridSender("SG.x", base_url=api.url, timeout=5),
        }


@pytest.mark.parametrize("kind", KINDS)
def test_a_session_sends_as_the_sender_does(kind: str, senders: dict[str, Sender], an_envelope: Envelope) -> None:
    alone = senders[kind].send(an_envelope)
    with senders[kind].session() as session:
        assert session.send(an_envelope) == session.send(an_envelope) == alone


@pytest.mark.parametrize("kind", ["folder", "smtp"])  # SendGrid gets JSON, which can hold it
def test_what_no_message_can_hold_is_refused_and_no_address_s_fault(
    kind: str, senders: dict[str, Sender], an_envelope: Envelope
) -> None:
    odd = an_envelope.model_copy(update={"mail": an_envelope.mail.model_copy(update={"text": "\ud800"})})
    with pytest.raises(DefiniteFailure) as failure:
        senders[kind].send(odd)
    assert (failure.value.code, failure.value.permanent, failure.value.bounced) == (
        "message_unicodeencodeerror",
        True,
        False,
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=30), local=st.text(max_size=20), domain=st.text(max_size=20), text=st.text(max_size=60))
def test_whatever_an_envelope_takes_leaves_or_fails_in_one_of_two_ways(
    kind: str, name: str, local: str, domain: str, text: str, senders: dict[str, Sender], an_envelope: Envelope
) -> None:
    try:
        to = Address(address=f"{local}@{domain}", name=name)
    except ValidationError:
        to = an_envelope.to
    envelope = an_envelope.model_copy(update={"to": to, "mail": Mail(subject="Hej", text=text, html=text)})
    try:
        assert isinstance(senders[kind].send(envelope), Receipt)
    except (DefiniteFailure, UnknownOutcome) as error:
        pytest.fail(f"this server takes everything: {error.code}")
