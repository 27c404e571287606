"""Who calls the API: a bearer key, and the capacity its holder acts in."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from domain.model import Actor
from web.problems import Problem
from web.services import Given

_bearer = HTTPBearer(auto_error=False, description="A key given by KiAP.")


@dataclass(frozen=True)
class Caller:
    """`name` tells keys apart without telling the key."""

    actor: Actor
    name: str


def caller(services: Given, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> Caller:
    """The caller behind the request's key. Raises Problem 401."""
    given = credentials.credentials.encode() if credentials else b""
    found: Caller | None = None
    for key, actor in services.api_keys.items():  # every key is compared, so that time tells nothing
        if hmac.compare_digest(key.encode(), given) and key:
            found = Caller(actor, hashlib.sha256(key.encode()).hexdigest()[:16])
    if found is None:
        detail = "Nøglen mangler eller er forkert. Send den i overskriften Authorization: Bearer …"
        raise Problem(401, "not_signed_in", detail, headers={"WWW-Authenticate": "Bearer"})
    return found


SignedIn = Annotated[Caller, Depends(caller)]
"""An endpoint's parameter that is the caller."""
