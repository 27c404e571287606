"""Routes of the console: each says which right it needs, or says that it is open. There is no third way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.datastructures import FormData

from domain.authority import Right
from web.console.guard import MOST_FIELDS, Guard
from web.forms.body import read_form

CONSOLE = "/drift"
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


class ConsoleRouter(APIRouter):
    """A subject's pages and forms, with paths below `/drift`."""

    def __init__(self) -> None:
        super().__init__(prefix=CONSOLE, include_in_schema=False)

    def page(self, path: str, *, needs: Right) -> Callable[[Endpoint], Endpoint]:
        """A page for those who have the right."""
        return self._route(path, ["GET", "HEAD"], Guard(needs))

    def action(self, path: str, *, needs: Right, files: int = 0) -> Callable[[Endpoint], Endpoint]:
        """What a form of such a page does; it comes with the session's form token."""
        return self._route(path, ["POST"], Guard(needs, files))

    def open_page(self, path: str) -> Callable[[Endpoint], Endpoint]:
        """A page for anybody."""
        return self._route(path, ["GET", "HEAD"], Guard(None))

    def open_action(self, path: str) -> Callable[[Endpoint], Endpoint]:
        """What a form of an open page does; it comes from a page of ours."""
        return self._route(path, ["POST"], Guard(None))

    def _route(self, path: str, methods: list[str], guard: Guard) -> Callable[[Endpoint], Endpoint]:
        def add(endpoint: Endpoint) -> Endpoint:
            self.add_api_route(path, endpoint, methods=methods, dependencies=[Depends(guard)], response_model=None)
            return endpoint

        return add


async def _sent(request: Request) -> FormData:
    return await read_form(request, MOST_FIELDS)


SentForm = Annotated[FormData, Depends(_sent)]
"""An endpoint's parameter that is the form that was sent."""


@dataclass(frozen=True)
class RouteShown:
    """A route of the application: its path, its methods, and what is asked before it; None where nothing is."""

    path: str
    methods: frozenset[str]
    guard: Guard | None


def routes_of(app: FastAPI) -> Iterator[RouteShown]:
    """Every route, in the order in which they are tried."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        asked = [each.call for each in dependant.dependencies] if dependant else []
        guard = next((each for each in asked if isinstance(each, Guard)), None)
        yield RouteShown(getattr(route, "path", None) or "", frozenset(getattr(route, "methods", None) or ()), guard)


def is_console(path: str) -> bool:
    """Whether an address is the console's."""
    return path == CONSOLE or path.startswith(f"{CONSOLE}/")


def refuse_unguarded(app: FastAPI) -> None:
    """Raises RuntimeError where a route of the console was added past `ConsoleRouter`: it would be open to all."""
    for route in routes_of(app):
        if is_console(route.path) and route.guard is None:
            msg = f"{route.path} is not guarded: declare it with ConsoleRouter"
            raise RuntimeError(msg)
