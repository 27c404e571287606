"""What no database can hold, refused before anything is looked up: NUL in an address, broken text in a JSON body."""

import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.signs import LOST_LETTER, refuse_unstorable
from domain.unfit import Unfit
from web.api.danish_errors import invalid
from web.problems import FieldProblem, Problem

NOT_UTF8 = "Indholdet skal være UTF-8."
LOST_IN_QUERY = quote(LOST_LETTER).encode()
NOT_JSON = "Indholdet er ikke gyldig JSON."


class AddressGuard:
    """Reads addresses kindly: a slash at a path's end counts for nothing, and a NUL is a letter that was lost."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {
                **scope,
                "path": scope["path"].replace("\0", LOST_LETTER).rstrip("/") or "/",
                "query_string": scope["query_string"].replace(b"%00", LOST_IN_QUERY).replace(b"\0", LOST_IN_QUERY),
            }
        await self._app(scope, receive, send)


class JsonRoute(APIRoute):
    """A route whose JSON is UTF-8 and has nothing in it, at any depth, that could not be looked up or kept."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if request.headers.get("content-type", "").split(";")[0].strip().lower().endswith("json"):
                _refuse_unreadable(await request.body())
            return await answer(request)

        return checked


def _refuse_unreadable(body: bytes) -> None:
    """Raises Problem."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal(NOT_UTF8) from None
    if "\0" in text:  # UTF-16 or UTF-32 of plain letters
        raise _refusal(NOT_UTF8)
    if not text.strip():
        return  # told by the endpoint, which knows what it wants
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _refusal(NOT_JSON) from None
    if errors := list(_unstorable(content)):
        raise invalid(errors)


def _refusal(detail: str) -> Problem:
    return invalid([FieldProblem(field="", detail=detail)])


def _no_constant(name: str) -> None:
    msg = f"JSON has no {name}"
    raise ValueError(msg)


def _unstorable(content: object) -> Iterator[FieldProblem]:
    left: list[tuple[str, object]] = [("", content)]
    while left:
        where, value = left.pop(0)
        if isinstance(value, str):
            yield from _problem_of(where, value)
        elif isinstance(value, list):
            left += [(f"{where}[{place}]", each) for place, each in enumerate(value)]
        elif isinstance(value, dict):
            for name, each in value.items():
                if bad_name := list(_problem_of(where, name)):
                    yield from bad_name
                else:
                    left.append((f"{where}.{name}".removeprefix("."), each))


def _problem_of(where: str, text: str) -> Iterator[FieldProblem]:
    try:
        refuse_unstorable(text)
    except Unfit as unfit:
        yield FieldProblem(field=where, detail=str(unfit))
