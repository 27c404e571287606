"""What the master key gives: link tokens, seals for rounds' keys, webhooks' secrets and cookies, and the codec's key.

The sub-keys are independent (keyed BLAKE2b over a label): knowing one tells nothing of another or of the master.
"""

import base64
import hashlib
import json

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox

TOKEN_BYTES = 20
"""160 bits; 32 characters of lower-case base32, none at which a mail program cuts a link."""


class WrongKey(Exception):  # noqa: N818 - a finding, named as one
    """The wrapped key was not made under this master key, or was changed since."""


class Keys:
    """The system's secrets. Holds only sub-keys, never the master; its text form tells none of them."""

    __slots__ = ("_browser", "_codec", "_fingerprint", "_register", "_token", "_webhooks", "_wrapping")

    def __init__(self, master: bytes) -> None:
        """Raises ValueError when the master key has fewer than 32 bytes."""
        if len(master) < 32:
            msg = "the master key must have at least 32 bytes"
            raise ValueError(msg)
        root = hashlib.blake2b(master, digest_size=64, person=b"klyngeflow").digest()
        self._token = _sub_key(root, b"token")
        self._wrapping = _sub_key(root, b"round-key-wrapping")
        self._codec = _sub_key(root, b"temporal-codec")
        self._fingerprint = _sub_key(root, b"fingerprint")
        self._webhooks = _sub_key(root, b"webhook-secret-wrapping")
        self._browser = _sub_key(root, b"kept-by-a-browser")
        self._register = _sub_key(root, b"register-row")

    @property
    def codec_key(self) -> bytes:
        """32 bytes for the encryption of what crosses into Temporal."""
        return self._codec

    def token(self, purpose: str, subject: str, issue: int = 1) -> str:
        """The secret part of a link: always the same for the same purpose, subject and issue.

        So a mail can be rendered again while the database keeps only the token's hash.
        """
        message = json.dumps([purpose, subject, issue]).encode()
        digest = hashlib.blake2b(message, key=self._token, digest_size=TOKEN_BYTES).digest()
        return base64.b32encode(digest).decode("ascii").lower()

    def fingerprint(self, purpose: str, subject: str) -> str:
        """The same for the same subject, and tells nothing of it to whoever lacks the master key: 64 hex digits."""
        message = json.dumps([purpose, subject]).encode()
        return hashlib.blake2b(message, key=self._fingerprint, digest_size=32).hexdigest()

    def new_round_keys(self) -> tuple[bytes, bytes]:
        """A survey round's public key, and its random private key wrapped by a sub-key of the master.

        The private key is not derived from anything: once its wrapped form is gone, the master cannot bring it back.
        """
        private = PrivateKey.generate()
        return bytes(private.public_key), bytes(SecretBox(self._wrapping).encrypt(bytes(private)))

    def open_private(self, wrapped: bytes) -> PrivateKey:
        """The private key that `new_round_keys` wrapped. Raises WrongKey."""
        try:
            return PrivateKey(SecretBox(self._wrapping).decrypt(wrapped))
        except CryptoError as error:
            raise WrongKey("this private key was not wrapped under this master key") from error

    def wrap_webhook_secret(self, secret: bytes) -> bytes:
        """A webhook's signing secret, as the database keeps it."""
        return bytes(SecretBox(self._webhooks).encrypt(secret))

    def open_webhook_secret(self, wrapped: bytes) -> bytes:
        """The secret that `wrap_webhook_secret` wrapped. Raises WrongKey."""
        try:
            return SecretBox(self._webhooks).decrypt(wrapped)
        except CryptoError as error:
            raise WrongKey("this webhook secret was not wrapped under this master key") from error

    def seal_register_row(self, said: bytes) -> bytes:
        """What a register says of one practice, as the database keeps it."""
        return bytes(SecretBox(self._register).encrypt(said))

    def open_register_row(self, sealed: bytes) -> bytes:
        """What `seal_register_row` sealed. Raises WrongKey."""
        try:
            return SecretBox(self._register).decrypt(sealed)
        except (CryptoError, ValueError) as error:
            raise WrongKey("this row was not sealed under this master key") from error

    def seal_for_browser(self, said: bytes) -> bytes:
        """What a browser is to keep for us and can neither read nor change."""
        return bytes(SecretBox(self._browser).encrypt(said))

    def open_from_browser(self, sealed: bytes) -> bytes:
        """What `seal_for_browser` sealed. Raises WrongKey."""
        try:
            return SecretBox(self._browser).decrypt(sealed)
        except (CryptoError, ValueError) as error:
            raise WrongKey("this was not sealed under this master key") from error


def token_hash(token: str) -> str:
    """What the database keeps of a token. Plain BLAKE2b is enough: 160 random bits cannot be guessed from it."""
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"klyngeflow-token").hexdigest()


def _sub_key(root: bytes, label: bytes) -> bytes:
    return hashlib.blake2b(label, key=root, digest_size=32).digest()
