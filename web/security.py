"""The outermost layer: security headers, limits on what is sent, and nothing leaked when code breaks."""

import asyncio
import logging
import re
import traceback
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGGER = logging.getLogger("web")

LARGEST_BODY = 1_000_000
"""Bytes. The largest order or questionnaire is far below it."""
NOWHERE: Mapping[re.Pattern[str], int] = MappingProxyType({})
BODY_WITHIN = 60.0
"""Seconds for a whole body to arrive in. Answers are a few kilobytes, also where the telephone has one bar."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class SecurityHeaders:
    """Adds the headers; `Cache-Control: no-store` too, unless the answer says otherwise."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = {**HEADERS, "Strict-Transport-Security": STRICT_TRANSPORT} if https else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


class BodyRefused(Exception):  # noqa: N818 - a finding, named as one
    """The request's body is not read to its end."""


class TooLarge(BodyRefused):
    """It is larger than any honest one."""


class TooSlow(BodyRefused):
    """It does not arrive in time."""


class BodyLimit:
    """Stops reading a request that grows past `LARGEST_BODY`, and answers 413.

    `larger` has the addresses at which more is taken, and how many bytes: where a file is sent by who has signed in.
    """

    def __init__(self, app: ASGIApp, refuse: ASGIApp, larger: Mapping[re.Pattern[str], int] = NOWHERE) -> None:
        self._app = app
        self._refuse = refuse
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = max((most for at, most in self._larger.items() if at.fullmatch(scope["path"])), default=LARGEST_BODY)
        if _announced(scope, limit) > limit:
            await self._refuse(scope, receive, send)
            return
        read = 0
        begun = False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except TooLarge:
            if not begun:
                await self._refuse(scope, receive, send)


class BodyDeadline:
    """Stops waiting for a request's body after some time, and answers 408: a slow sender holds nobody up."""

    def __init__(self, app: ASGIApp, refuse: ASGIApp, within: float) -> None:
        self._app = app
        self._refuse = refuse
        self._within = within

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        deadline = asyncio.get_running_loop().time() + self._within
        whole = begun = False

        async def in_time() -> Message:
            nonlocal whole
            if whole:  # what comes now is that the client has gone, and that may take as long as it will
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise TooSlow from None
            whole = not message.get("more_body", False)
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, in_time, watched)
        except TooSlow:
            if not begun:
                await self._refuse(scope, receive, send)


def _announced(scope: Scope, limit: int) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else limit + 1
    return 0


class CrashGuard:
    """Answers what the code did not foresee, and logs where it broke.

    The exception's own text is not logged: it may hold a name, an address or an answer (a database error quotes its
    values), and neither is the path, which may hold a token.
    """

    def __init__(self, app: ASGIApp, apologise: ASGIApp) -> None:
        self._app = app
        self._apologise = apologise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except BodyRefused:
            raise
        except ClientDisconnect:
            return  # who broke off while sending waits for no answer, and no line says when it was
        except Exception as error:  # noqa: BLE001 - this is the last line of defence
            LOGGER.error(  # noqa: TRY400 - `exception` would log the text too
                "%s while answering %s\n%s", _names(error), scope["method"], _frames(error)
            )
            if not begun:
                await self._apologise(scope, receive, send)


def _names(error: BaseException) -> str:
    cause = error.__cause__ or error.__context__
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{name} from {_names(cause)}" if cause is not None and cause is not error else name


def _frames(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__))
