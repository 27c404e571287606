"""The banner on every page: that this is a demonstration, what time it is there, and the way to the time machine.

It is put into what any page answers, so that no page can be without it and none of them knows of it.
"""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.play.place import START, STYLE
from domain.danish import clock, long_date
from web.clock import Clock

_HEAD = re.compile(rb"</head>", re.IGNORECASE)
_BODY = re.compile(rb'<body\b[^>]*>(\s*<a class="skip".*?</a>)?', re.IGNORECASE)
"""With the link that skips to the content, which stays the first on the page."""


class Banner:
    """Changes HTML pages alone; everything else passes through as it comes."""

    def __init__(self, app: ASGIApp, time: Clock) -> None:
        self._app = app
        self._time = time

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[Message] = []
        written = bytearray()

        async def with_banner(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                held.append(message)
                return
            if not held:
                await send(message)
                return
            written.extend(message.get("body", b""))
            if not message.get("more_body", False):
                page = _marked(bytes(written), await self._banner()) if written else b""
                if page:
                    MutableHeaders(scope=held[0])["Content-Length"] = str(len(page))
                await send(held[0])
                await send({**message, "body": page})

        await self._app(scope, receive, with_banner)

    async def _banner(self) -> bytes:
        now = await self._time.now()
        return (
            '<aside class="demonstration" aria-label="Demonstration"><p>'
            f"<strong>Demonstration</strong> <span>{long_date(now)} {clock(now)}</span> "
            f'<a href="{START}">Flyt tiden, skift person</a></p></aside>'
        ).encode()


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return headers.get("content-type", "").startswith("text/html")


def _marked(page: bytes, banner: bytes) -> bytes:
    style = f'<link rel="stylesheet" href="{STYLE}">'.encode()
    styled = _HEAD.sub(lambda found: style + found[0], page, count=1)
    if not _BODY.search(styled):
        return banner + styled
    return _BODY.sub(lambda found: found[0] + banner, styled, count=1)
