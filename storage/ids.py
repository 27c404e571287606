"""Ids of rows: random, so that they tell neither order nor number."""

import base64
import secrets


def new_id() -> str:
    """Ten characters of base32 (50 random bits). A clash is a primary key error, never a mix-up."""
    return base64.b32encode(secrets.token_bytes(7)).decode("ascii")[:10].lower()


def new_secret() -> str:
    """A secret of 160 random bits, in lower-case base32: no character that a shell or a mail program cuts it at."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii").lower()
