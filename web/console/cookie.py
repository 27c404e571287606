"""The session's cookie: for this host alone, never over plain HTTP but on loopback, out of reach of scripts."""

from fastapi import Request, Response

COOKIE = "__Host-klyngeflow"
"""The prefix makes browsers refuse it from other hosts, without `Secure`, and for a part of the addresses."""


def session_token(request: Request) -> str:
    """What the browser sent; "" where it has none."""
    return request.cookies.get(COOKIE, "")


def give_cookie(response: Response, token: str) -> None:
    """Until the browser is closed; when the session ends is for the server to say."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")


def take_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
