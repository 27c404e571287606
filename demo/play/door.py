"""The console's door in the demonstration: instead of asking for a password it leads to where one picks who to be."""

from urllib.parse import parse_qs, urlencode

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from demo.play.place import START
from web.console.own_paths import SIGN_IN, own_path

TO = "naeste"
"""The field with the console's page that one wanted to see."""


class Door:
    """Answers the sign-in page's address alone; everything else passes through as it comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"] == SIGN_IN
        await (_to_start(scope) if is_asked else self._app)(scope, receive, send)


def _to_start(scope: Scope) -> ASGIApp:
    (wanted, *_) = parse_qs(scope["query_string"].decode("ascii", "replace")).get(TO, [""])
    return RedirectResponse(f"{START}?{urlencode({TO: own_path(wanted)})}#person", status_code=303)
