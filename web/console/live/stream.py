"""The stream that an open page listens to: Server-Sent Events, one of them in all, "changed"."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from domain.authority import Right
from web.console.live.fresh import ABOUT, LIVE, MARK
from web.console.live.watch import Watch
from web.console.router import CONSOLE, ConsoleRouter
from web.services import CurrentServices

BEAT = 20.0
"""Seconds between two signs of life, so that nobody in between takes the connection for dead."""
LASTS = 600.0
"""Seconds after which the page has to ask again, and so whether its reader is still signed in."""
MOST = 500
"""Pages of one process that are told; the rest are as without a script."""
LONGEST = 200
RETRY = 5_000
"""Milliseconds until the page asks again."""

router = ConsoleRouter()


@router.page(LIVE.removeprefix(CONSOLE), needs=Right.READ)
async def live(request: Request, services: CurrentServices) -> Response:
    """Says "changed" once what the page is about is not as its mark says any more, and ends."""
    mark, about = request.query_params.get(MARK, ""), request.query_params.get(ABOUT, "")
    if not mark or len(mark) + len(about) > LONGEST:
        return PlainTextResponse("Adressen mangler sidens mærke: genindlæs siden.\n", status_code=422)
    if services.watch.pages >= MOST:
        return PlainTextResponse("Der er for mange åbne sider lige nu.\n", status_code=503)
    headers = {"X-Accel-Buffering": "no"}
    if request.method == "HEAD":
        return Response(media_type="text/event-stream", headers=headers)
    return StreamingResponse(told(services.watch, about, mark), media_type="text/event-stream", headers=headers)


async def told(watch: Watch, about: str, mark: str) -> AsyncIterator[str]:
    """The stream's lines."""
    yield f"retry: {RETRY}\n\n"
    clock = asyncio.get_running_loop().time
    end = clock() + LASTS
    while clock() < end and not watch.is_closed:
        if await watch.changed(about, mark, BEAT):
            yield "event: changed\ndata: 1\n\n"
            return
        yield ":\n\n"
