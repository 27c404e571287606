"""Signing in at the office's sign-in service: there with a state that only this browser has, and back with a code."""

import datetime as dt
import hmac
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from storage.ids import new_secret
from storage.keys import Keys
from web.console.admission import NotAdmitted, admit
from web.console.claims import Asked, ServiceUnavailable, SignInFailed
from web.console.entering import enter, welcome
from web.console.frame import message_page
from web.console.own_paths import SIGN_IN, own_path
from web.console.router import ConsoleRouter
from web.origin import page_origin
from web.services import CurrentServices, Services

if TYPE_CHECKING:
    from web.console.oidc import SignInService

LOGGER = logging.getLogger("web")

ON_ITS_WAY = "__Host-klyngeflow-login"
"""The cookie of somebody who is signing in."""
BACK_WITHIN = dt.timedelta(minutes=10)
FAILED = "Du er ikke logget ind"
AGAIN = "Gå til loginsiden, og prøv igen."
NOT_REACHED = "Vi kan ikke få fat i jeres loginside lige nu. Vent et øjeblik, og prøv igen."

router = ConsoleRouter()


@dataclass(frozen=True)
class OnItsWay:
    """What the cookie says: something random, since when, and where to go then."""

    secret: str
    since: dt.datetime
    to: str

    def __str__(self) -> str:
        return f"{self.secret}.{int(self.since.timestamp())}.{quote(self.to, safe='')}"

    @classmethod
    def read(cls, text: str) -> "OnItsWay | None":
        secret, _, rest = text.partition(".")
        seconds, _, to = rest.partition(".")
        if not secret or not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
            return None
        return cls(secret, dt.datetime.fromtimestamp(int(seconds), dt.UTC), own_path(unquote(to)))

    def asked(self, keys: Keys) -> Asked:
        """State, nonce and PKCE's verifier: made from the cookie by the master key, so nothing need be kept of them."""
        text = str(self)
        verifier = keys.token("oidc-verifier-1", text) + keys.token("oidc-verifier-2", text)
        return Asked(keys.token("oidc-state", text), keys.token("oidc-nonce", text), verifier)


@router.open_page("/log-ind/tjeneste")
async def to_the_service(services: CurrentServices, naeste: str = "") -> Response:
    """Off to the service, with what its answer must fit."""
    service, now = services.sign_in_service, await services.wall_clock.now()
    if service is None:
        return RedirectResponse(SIGN_IN, status_code=303)
    here = OnItsWay(new_secret(), now, own_path(naeste))
    try:
        address = await run_in_threadpool(service.address, here.asked(services.keys), now)
    except ServiceUnavailable as unavailable:
        return _failed(unavailable)
    answer = RedirectResponse(address, status_code=303)
    answer.set_cookie(ON_ITS_WAY, str(here), path="/", secure=True, httponly=True, samesite="lax")
    return answer


@router.open_page("/log-ind/svar")
async def back_from_the_service(
    request: Request, services: CurrentServices, code: str = "", state: str = "", error: str = ""
) -> Response:
    """The service's answer: a session, or a page that says why not."""
    service = services.sign_in_service
    if service is None:
        return RedirectResponse(SIGN_IN, status_code=303)
    now, wall_now = await services.clock.now(), await services.wall_clock.now()
    try:
        here, asked = _what_was_asked(request, services.keys, state, wall_now)
        _refuse_a_no(code, error)
        token = await run_in_threadpool(_admitted, services, service, request, code, asked, now, wall_now)
    except SignInFailed as failure:
        answer = _failed(failure)
    except NotAdmitted as refusal:
        answer = message_page(None, 403, FAILED, str(refusal))
    else:
        answer = welcome(token, here.to)
    answer.delete_cookie(ON_ITS_WAY, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def _what_was_asked(request: Request, keys: Keys, state: str, now: dt.datetime) -> tuple[OnItsWay, Asked]:
    """What this browser was sent off with. Raises SignInFailed where it was not, or not lately."""
    here = OnItsWay.read(request.cookies.get(ON_ITS_WAY, ""))
    if here is None:
        raise SignInFailed("begun in another browser")
    if not dt.timedelta(seconds=-1) < now - here.since <= BACK_WITHIN:
        raise SignInFailed("too late")
    asked = here.asked(keys)
    if not hmac.compare_digest(asked.state.encode(), state.encode()):
        raise SignInFailed("another state")
    return here, asked


def _refuse_a_no(code: str, error: str) -> None:
    if error or not code:
        raise SignInFailed("the service said no")


def _admitted(
    services: Services,
    service: "SignInService",
    request: Request,
    code: str,
    asked: Asked,
    now: dt.datetime,
    wall_now: dt.datetime,
) -> str:
    claims = service.claims(code, asked, wall_now)
    origin = page_origin(request)
    with services.database.write() as connection:
        person = admit(connection, claims, service.role_of(claims), origin, now, wall_now)
        return enter(connection, request, person, now=now, wall_now=wall_now)


def _failed(failure: SignInFailed) -> Response:
    """The page; and for operations why, without a word of who it was."""
    LOGGER.warning("signing in at the service failed: %s", failure.reason)
    if isinstance(failure, ServiceUnavailable):
        return message_page(None, 503, FAILED, NOT_REACHED)
    return message_page(None, 403, FAILED, AGAIN)
