"""Encrypts what crosses into Temporal: a second fence, for only ids and dates cross anyway."""

import zlib
from collections.abc import Sequence
from typing import Any

from nacl.secret import SecretBox
from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
    PayloadCodec,
)

ENCODING = b"binary/encrypted"


class EncryptingCodec(PayloadCodec):
    """Every payload compressed, in a SecretBox (XSalsa20-Poly1305). `key`: 32 bytes, derived from the master key."""

    def __init__(self, key: bytes) -> None:
        self._box = SecretBox(key)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self.encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self.decrypt(payload) for payload in payloads]

    def encrypt(self, payload: Payload) -> Payload:
        return Payload(
            metadata={"encoding": ENCODING}, data=self._box.encrypt(zlib.compress(payload.SerializeToString()))
        )

    def decrypt(self, payload: Payload) -> Payload:
        """The payload as it was; one that is not encrypted is given back."""
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        return Payload.FromString(zlib.decompress(self._box.decrypt(payload.data)))


class _Lenient(PydanticJSONPlainPayloadConverter):
    """Reads what older code wrote: a field that is not known any more is left aside."""

    def from_payload(self, payload: Payload, type_hint: type[Any] | None = None) -> Any:  # noqa: ANN401
        adapter = TypeAdapter(type_hint if type_hint is not None else Any)
        return adapter.validate_json(payload.data, extra="ignore")


class LenientPydanticConverter(CompositePayloadConverter):
    """Pydantic models as JSON."""

    def __init__(self) -> None:
        super().__init__(
            *(
                _Lenient() if isinstance(converter, JSONPlainPayloadConverter) else converter
                for converter in DefaultPayloadConverter.default_encoding_payload_converters
            )
        )


def data_converter(key: bytes) -> DataConverter:
    """Pydantic models, made small and encrypted; failure messages and stack traces too."""
    return DataConverter(
        payload_converter_class=LenientPydanticConverter,
        payload_codec=EncryptingCodec(key),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
