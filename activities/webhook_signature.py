"""A webhook's headers as the Standard Webhooks specification (1.0.0) has them: id, time and signatures."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

VERSION = "v1"
"""Symmetric: HMAC-SHA256 over `id.timestamp.body`."""


def signed_headers(secrets: Sequence[bytes], event_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What goes with a body: a signature by each of these secrets, a space between two. `timestamp`: Unix seconds."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    signatures = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"{VERSION},{base64.b64encode(each).decode()}" for each in signatures),
    }
