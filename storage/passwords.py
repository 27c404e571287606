"""Passwords as they are kept: argon2id hashes, and the same work for an account that is not there."""

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

AT_ONCE = 2
"""Hashes made at the same time: each takes 64 MiB, and strangers may ask for as many as they like."""

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_room = threading.BoundedSemaphore(AT_ONCE)


def password_hash(password: str) -> str:
    """What is kept of a password: argon2id with its parameters and a random salt, some 100 characters."""
    with _room:
        return _hasher.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether this is the password of a hash. Without a hash it is not, found out with the same work."""
    with _room:
        try:
            return _hasher.verify(kept or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """A hash that no password has: of something random that is kept nowhere."""
    return _hasher.hash(secrets.token_hex(32))
