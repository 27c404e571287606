"""What the console shows a single time: on its way from the form that made it to the page that shows it, in a cookie.

So a form answers by leading to a page, which can be loaded again and does nothing twice. The cookie is sealed by the
master key for one session and one page, and is gone with the page that shows it; no address ever has the secret.
"""

import base64
import binascii
import datetime as dt
import json
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from storage.keys import Keys, WrongKey
from web.console.principal import Principal, SignedInStaff
from web.services import CurrentServices

ONCE = "__Host-klyngeflow-once"
"""The cookie."""
WITHIN = dt.timedelta(minutes=2)
"""How long its page may take to load."""
TAKEN = {"Set-Cookie": f'{ONCE}=""; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=lax'}
"""The headers of a page that has shown it."""


def shown_once_at(page: str, did: str, secret: str, me: Principal, keys: Keys, now: dt.datetime) -> Response:
    """Leads to a page of the console, told what was done (`gjort`); there the secret is shown to this session."""
    about = json.dumps([me.session.id, page, (now + WITHIN).timestamp(), secret])
    sealed = base64.urlsafe_b64encode(keys.seal_for_browser(about.encode())).decode().rstrip("=")
    answer = RedirectResponse(f"{page}?gjort={did}", status_code=303)
    answer.set_cookie(
        ONCE, sealed, max_age=int(WITHIN.total_seconds()), path="/", secure=True, httponly=True, samesite="lax"
    )
    return answer


async def _secret(request: Request, me: SignedInStaff, services: CurrentServices) -> str:
    if request.method != "GET" or not (sealed := request.cookies.get(ONCE, "")):
        return ""
    try:
        opened = services.keys.open_from_browser(base64.urlsafe_b64decode(f"{sealed}=="))
    except (WrongKey, binascii.Error, ValueError):
        return ""
    session, page, until, secret = json.loads(opened)
    now = await services.wall_clock.now()
    mine = (session, page) == (me.session.id, request.url.path) and now.timestamp() < until
    return str(secret) if mine else ""


ShownOnce = Annotated[str, Depends(_secret)]
"""An endpoint's parameter that is the secret to show on this page, this once; "" where there is none."""
