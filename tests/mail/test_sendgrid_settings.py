"""A key or an address that cannot be right is the settings' fault, never the recipient's, and nothing is sent."""

import pytest

from mail.envelope import Envelope
from mail.sending import DefiniteFailure
from storage.outbox import CODE
from tests.mail.loopback import HOST, answered, http, serving
from tests.mail.sendgrid_outcome import outcome


@pytest.mark.parametrize("key", ["SG.med.linjeskift\n", "SG.nøgle.€"])
def test_a_key_that_no_header_can_hold_is_the_settings_fault(key: str, an_envelope: Envelope) -> None:
    with serving(http(answered(202))) as server:
        failure = outcome(server.url, an_envelope, key=key)
    assert isinstance(failure, DefiniteFailure)
    assert (failure.permanent, failure.bounced) == (False, False)
    assert server.read == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999", "http://127.0.0.1:port", "http://a..b", "http://", "", "https://[", "ftp://x"]
)
def test_an_address_of_the_api_that_is_none_is_the_settings_fault(url: str, an_envelope: Envelope) -> None:
    failure = outcome(url, an_envelope, timeout=1)
    assert isinstance(failure, DefiniteFailure)
    assert (failure.permanent, failure.bounced) == (False, False)
    assert CODE.fullmatch(failure.code)


def test_a_server_without_encryption_gets_neither_key_nor_letter(an_envelope: Envelope) -> None:
    with serving(http(answered(202))) as server:
        failure = outcome(f"https://{HOST}:{server.port}", an_envelope, timeout=2)
    assert isinstance(failure, DefiniteFailure)
    assert server.read == []
