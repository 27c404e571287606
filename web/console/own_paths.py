"""Where one goes after signing in: to a page of the console's own, whatever an address asks for."""

import re
from urllib.parse import urlencode, urlsplit

from fastapi import Request

from web.console.router import CONSOLE

SIGN_IN = f"{CONSOLE}/log-ind"
_OWN = re.compile(r"/drift(?:/[\w.~-]+)*(?:\?[\w.~%&=+:-]*)?", re.ASCII)
_NOT_AGAIN = (SIGN_IN, f"{CONSOLE}/log-ud", f"{CONSOLE}/velkommen")


def own_path(wanted: str) -> str:
    """The path, where it is one of the console's pages; else the console's first page."""
    if not _OWN.fullmatch(wanted) or "/.." in wanted or wanted.startswith(_NOT_AGAIN):
        return CONSOLE
    return wanted


def sign_in_address(request: Request) -> str:
    """The sign-in page that leads back here, or for a form to the page it stood on."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in ("GET", "HEAD"):
        sender = urlsplit(request.headers.get("referer", ""))
        path = sender.path if sender.netloc == request.headers.get("host") else ""
    wanted = own_path(path)
    return SIGN_IN if wanted == CONSOLE else f"{SIGN_IN}?{urlencode({'naeste': wanted})}"
