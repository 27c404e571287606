"""The office's own sign-in service, by OpenID Connect: authorization code with PKCE, and a checked ID token."""

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from storage.staff import StaffRole
from web.console.claims import Asked, Claims, ServiceUnavailable, SignInFailed

SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Of signatures: those by a key of the service's alone, never by a secret we share."""
ANSWERS_WITHIN = 5.0
"""Seconds."""
LEEWAY = 60
"""Seconds by which the service's clock and ours may differ."""
METADATA_KEPT = dt.timedelta(hours=1)


@dataclass(frozen=True)
class SignInService:
    """A service, and which role each value of its claim gives.

    `redirect_uri` is where it sends people back to, `home` where after signing out there.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role_claim: str
    roles: Mapping[str, StaffRole]
    redirect_uri: str
    home: str
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    _known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def role_of(self, claims: Claims) -> StaffRole | None:
        """The role with the most rights that the claims give."""
        given = {self.roles[value] for value in claims.roles if value in self.roles}
        most = (StaffRole.ADMINISTRATOR, StaffRole.OPERATIONS, StaffRole.CONSULTANT)
        return next((role for role in most if role in given), None)

    def address(self, asked: Asked, now: dt.datetime) -> str:
        """Where somebody signs in. Raises ServiceUnavailable."""
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint", now),
                state=asked.state,
                nonce=asked.nonce,
                code_verifier=asked.verifier,
            )
        return str(address)

    def claims(self, code: str, asked: Asked, now: dt.datetime) -> Claims:
        """What the service says of whoever comes with this code. Raises SignInFailed."""
        token = self._id_token(code, asked, now)
        try:
            decoded = jwt.decode(token, self._keys(now), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            try:  # the service may have new keys
                decoded = jwt.decode(token, self._keys(now, anew=True), algorithms=ALGORITHMS)
            except (JoseError, ValueError) as error:
                raise SignInFailed(f"signature: {type(error).__name__}") from error
        checked = CodeIDToken(
            decoded.claims,
            decoded.header,
            {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self.client_id}},
            {"nonce": asked.nonce, "client_id": self.client_id},
        )
        try:
            checked.validate(int(now.timestamp()), LEEWAY)
        except (JoseError, AuthlibBaseError) as error:
            raise SignInFailed(f"claims: {type(error).__name__}") from error
        return self._read(decoded.claims)

    def sign_out_address(self, now: dt.datetime) -> str:
        """Where one signs out of the service too; "" where it has no such page, or can't be asked."""
        try:
            endpoint = self._metadata(now).get("end_session_endpoint", "")
        except ServiceUnavailable:
            return ""
        if not endpoint:
            return ""
        return f"{endpoint}?{urlencode({'client_id': self.client_id, 'post_logout_redirect_uri': self.home})}"

    def _read(self, claims: Mapping[str, Any]) -> Claims:
        verified = claims.get("email_verified") in (True, "true")
        email, name, roles = claims.get("email"), claims.get("name"), claims.get(self.role_claim, ())
        return Claims(
            subject=f"{self.issuer} {claims['sub']}",
            email=email if verified and isinstance(email, str) else "",
            name=name if isinstance(name, str) else "",
            roles=frozenset([roles] if isinstance(roles, str) else [each for each in roles if isinstance(each, str)]),
        )

    def _id_token(self, code: str, asked: Asked, now: dt.datetime) -> str:
        endpoint = self._endpoint("token_endpoint", now)
        try:
            with self._client() as client:
                answer = client.fetch_token(
                    endpoint, grant_type="authorization_code", code=code, code_verifier=asked.verifier
                )
        except AuthlibBaseError as error:
            raise SignInFailed("the code was refused") from error
        except (httpx.HTTPError, ValueError) as error:
            raise ServiceUnavailable(f"token: {type(error).__name__}") from error
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInFailed("no ID token")
        return token

    def _client(self) -> Any:  # noqa: ANN401 - Authlib has no types
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope=SCOPE,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=ANSWERS_WITHIN,
        )

    def _endpoint(self, name: str, now: dt.datetime) -> str:
        endpoint = self._metadata(now).get(name)
        if not isinstance(endpoint, str):
            raise ServiceUnavailable(f"it names no {name}")
        return endpoint

    def _metadata(self, now: dt.datetime) -> Mapping[str, Any]:
        def read() -> Any:  # noqa: ANN401 - JSON
            found = _json(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer:
                raise ServiceUnavailable("it says it is another issuer")
            return found

        found: Mapping[str, Any] = self._kept("metadata", now, read)
        return found

    def _keys(self, now: dt.datetime, *, anew: bool = False) -> KeySet:
        def read() -> KeySet:
            try:
                return KeySet.import_key_set(_json(self._endpoint("jwks_uri", now)))
            except (JoseError, KeyError, TypeError, ValueError) as error:
                raise ServiceUnavailable(f"keys: {type(error).__name__}") from error

        found: KeySet = self._kept("keys", now, read, anew=anew)
        return found

    def _kept(self, name: str, now: dt.datetime, read: Any, *, anew: bool = False) -> Any:  # noqa: ANN401
        """What was read less than an hour ago, or is read now."""
        with self._lock:
            kept = self._known.get(name)
        if kept is None or anew or not dt.timedelta() <= now - kept[0] < METADATA_KEPT:
            kept = (now, read())
            with self._lock:
                self._known[name] = kept
        return kept[1]


def _json(address: str) -> Any:  # noqa: ANN401 - JSON
    try:
        answer = httpx.get(address, timeout=ANSWERS_WITHIN)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ServiceUnavailable(f"{type(error).__name__}") from error
    if not isinstance(found, dict):
        raise ServiceUnavailable("no JSON object")
    return found
