import re

import pytest
from nacl.public import PublicKey, SealedBox

from storage.keys import Keys, WrongKey, token_hash

MASTER = bytes(range(32))
ANOTHER = bytes(range(1, 33))


@pytest.fixture
def keys() -> Keys:
    return Keys(MASTER)


def test_a_token_is_the_same_whenever_it_is_made_again(keys: Keys) -> None:
    assert keys.token("invitation", "abc", 2) == Keys(MASTER).token("invitation", "abc", 2)


def test_a_token_differs_by_purpose_subject_issue_and_master_key(keys: Keys) -> None:
    tokens = {
        keys.token("invitation", "abc"),
        keys.token("document", "abc"),
        keys.token("invitation", "abd"),
        keys.token("invitation", "abc", 2),
        keys.token("invitationa", "bc"),
        keys.token("", "invitationabc"),
        Keys(ANOTHER).token("invitation", "abc"),
    }
    assert len(tokens) == 7


def test_a_token_carries_160_bits_and_stands_in_a_link_as_it_is(keys: Keys) -> None:
    tokens = {keys.token("invitation", str(number)) for number in range(500)}
    assert len(tokens) == 500
    assert all(re.fullmatch("[a-z2-7]{32}", token) for token in tokens)
    assert set("".join(tokens)) == set("abcdefghijklmnopqrstuvwxyz234567")


def test_a_fingerprint_differs_by_purpose_subject_and_master_key_and_is_no_token(keys: Keys) -> None:
    found = {
        keys.fingerprint("bounced", "bo@klinik.dk"),
        keys.fingerprint("opted_out", "bo@klinik.dk"),
        keys.fingerprint("bounced", "bo@klinik.example"),
        keys.fingerprint("bouncedbo", "@klinik.dk"),
        Keys(ANOTHER).fingerprint("bounced", "bo@klinik.dk"),
        token_hash("bo@klinik.dk"),
    }
    assert len(found) == 6
    assert all(re.fullmatch("[0-9a-f]{64}", fingerprint) for fingerprint in found)
    assert keys.fingerprint("bounced", "bo@klinik.dk") == Keys(MASTER).fingerprint("bounced", "bo@klinik.dk")


def test_a_token_hash_finds_the_token_without_showing_it(keys: Keys) -> None:
    token = keys.token("document", "abc")
    assert token_hash(token) == token_hash(token)
    assert token_hash(token) != token_hash(keys.token("document", "abd"))
    assert token not in token_hash(token)


def test_links_and_keys_of_years_ago_hold_whatever_was_changed_since(keys: Keys) -> None:
    """Sent, stored or running by then: tokens, their hashes, fingerprints, round keys, Temporal's."""
    assert keys.token("invitation", "abc", 2) == "u5a4pvzp3ysrweu755jcjhkbdbx7cjds"
    assert token_hash("u5a4pvzp3ysrweu755jcjhkbdbx7cjds") == (
        "a0f61a69420ad89c2f908955c45158f9656bd01c1b25993d4cfffc636725ddd8"
    )
    assert keys.fingerprint("opted_out", "bo@klinik.dk") == (
        "4dbf24b901a2a0778760b8fdb2f271af0dbd80984dbeff17cf190f2890488a65"
    )
    assert keys.codec_key.hex() == "c59faa395abc71b3ba80eed030180a3beefeff0dd8d0811f6ce72ef50ac1ea68"
    wrapped = (
        "000000000000000000000000000000000000000000000000a0b7a5d53f9604a1525dae6bebbceb5a"
        "e2f9d0705cfb72f4629ca052a6f1ebe4f2344ed1bc0244a9a6bf0fb6e8dcb643"
    )
    assert bytes(keys.open_private(bytes.fromhex(wrapped))) == bytes(range(100, 132))


def test_a_first_token_is_its_first_issue(keys: Keys) -> None:
    assert keys.token("invitation", "abc") == keys.token("invitation", "abc", 1)


def test_what_is_sealed_to_a_round_opens_with_its_unwrapped_key_only(keys: Keys) -> None:
    public, wrapped = keys.new_round_keys()
    _, wrapped_of_another_round = keys.new_round_keys()
    sealed = SealedBox(PublicKey(public)).encrypt(b"svar")

    assert SealedBox(keys.open_private(wrapped)).decrypt(sealed) == b"svar"
    with pytest.raises(Exception, match="error occurred"):
        SealedBox(keys.open_private(wrapped_of_another_round)).decrypt(sealed)


def test_another_master_key_opens_no_rounds_key(keys: Keys) -> None:
    _, wrapped = keys.new_round_keys()
    with pytest.raises(WrongKey, match="not wrapped under this master key"):
        Keys(ANOTHER).open_private(wrapped)


def test_a_changed_wrapping_is_noticed(keys: Keys) -> None:
    _, wrapped = keys.new_round_keys()
    with pytest.raises(WrongKey):
        keys.open_private(wrapped[:-1] + bytes([wrapped[-1] ^ 1]))


def test_the_codec_key_belongs_to_the_master_key_and_is_not_it(keys: Keys) -> None:
    assert keys.codec_key == Keys(MASTER).codec_key
    assert keys.codec_key not in {MASTER, Keys(ANOTHER).codec_key}
    assert len(keys.codec_key) == 32


def test_a_short_master_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Keys(bytes(31))
    assert Keys(bytes(32)).codec_key != Keys(bytes(33)).codec_key


def test_the_keys_do_not_show_in_text(keys: Keys) -> None:
    shown = f"{keys!r} {keys}"
    for secret in (MASTER, keys.codec_key):
        assert repr(secret) not in shown
        assert secret.hex() not in shown


def test_what_a_browser_keeps_for_us_tells_it_nothing_and_comes_back_whole_or_not_at_all(keys: Keys) -> None:
    sealed = keys.seal_for_browser(b"hemmelig")
    assert keys.open_from_browser(sealed) == b"hemmelig"
    assert b"hemmelig" not in sealed
    assert sealed != keys.seal_for_browser(b"hemmelig")
    changed = bytes([*sealed[:-1], sealed[-1] ^ 1])
    for wrong in (changed, b"", b"x" * 50, keys.wrap_webhook_secret(b"hemmelig")):
        with pytest.raises(WrongKey):
            keys.open_from_browser(wrong)
    with pytest.raises(WrongKey):
        Keys(ANOTHER).open_from_browser(sealed)
