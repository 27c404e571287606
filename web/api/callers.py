"""Who calls the API: the key they send, and what it may be used for."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from domain.by import By, Scope
from storage.api_keys import holder_of
from web.problems import Problem
from web.services import CurrentServices

_bearer = HTTPBearer(auto_error=False, description="A key given by KiAP.")

FORBIDDEN = "Med denne nøgle kan du ikke det. Spørg KiAP om en, der må."


def caller(
    services: CurrentServices, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> By:
    """The caller behind the request's key. Raises Problem 401."""
    by = None
    if credentials and credentials.credentials:
        with services.database.read() as connection:
            by = holder_of(connection, credentials.credentials)
    if by is None:
        detail = "Nøglen mangler eller er forkert. Send den i overskriften Authorization: Bearer …"
        raise Problem(401, "not_signed_in", detail, headers={"WWW-Authenticate": "Bearer"})
    return by


SignedIn = Annotated[By, Depends(caller)]
"""An endpoint's parameter that is the caller. What commands they may give is the domain's to say."""


def with_scope(scope: Scope) -> Callable[[By], By]:
    """The caller, for an endpoint that only reads. Raises Problem 403 where the key is not for that."""

    def allowed(by: SignedIn) -> By:
        if scope not in by.scopes:
            raise Problem(403, "not_yours", FORBIDDEN)
        return by

    return allowed


MayReadOrders = Annotated[By, Depends(with_scope(Scope.READ_ORDERS))]
MayReadPeople = Annotated[By, Depends(with_scope(Scope.READ_PEOPLE))]
