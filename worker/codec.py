"""Encrypts what crosses into Temporal: a second fence, for only ids and dates cross anyway."""

from collections.abc import Sequence

from nacl.secret import SecretBox
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec

ENCODING = b"binary/encrypted"


class EncryptingCodec(PayloadCodec):
    """Every payload in a SecretBox (XSalsa20-Poly1305). `key` is 32 bytes, derived from the master key."""

    def __init__(self, key: bytes) -> None:
        self._box = SecretBox(key)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self.encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self.decrypt(payload) for payload in payloads]

    def encrypt(self, payload: Payload) -> Payload:
        return Payload(metadata={"encoding": ENCODING}, data=self._box.encrypt(payload.SerializeToString()))

    def decrypt(self, payload: Payload) -> Payload:
        """The payload as it was; one that is not encrypted is given back."""
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        return Payload.FromString(self._box.decrypt(payload.data))


def data_converter(key: bytes) -> DataConverter:
    """Pydantic models, encrypted; failure messages and stack traces too."""
    return DataConverter(
        payload_converter_class=pydantic_data_converter.payload_converter_class,
        payload_codec=EncryptingCodec(key),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
