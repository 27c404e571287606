"""Every route of the console × everybody who might ask for it. A new page falls into the table by itself.

Where its path has a parameter that is not known here, name what it may stand for in `PARAMETERS`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from domain.authority import Right, has_right
from domain.by import By, Capacity, Scope
from domain.model import OrderId, StaffId
from storage.database import Database
from storage.order_links import order_link
from storage.staff import OFFICE, StaffRole
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import Web, running_web
from tests.web.console.office import Colleague, add, browser, signed_in
from web.console.cookie import COOKIE
from web.console.guard import Guard
from web.console.pages import add_console
from web.console.router import routes_of

PARAMETERS = {
    "order": "{order}",
    "link": "intet",
    "mail": "ingen",
    "colleague": "ingen",
    "receiver": "ingen",
    "name": "ingen",
    "view": "ingen",
    "bulk": "ingen",
    "document": "ingen",
    "number": "1",
    "file": "program.docx",
    "form": "note",
}
"""What a path's parameter stands for; `{order}` is an order that is there."""
OPEN = {
    ("GET", "/drift/log-ind"),
    ("POST", "/drift/log-ind"),
    ("GET", "/drift/log-ind/tjeneste"),
    ("GET", "/drift/log-ind/svar"),
    ("GET", "/drift/velkommen/{link}"),
    ("POST", "/drift/velkommen/{link}"),
}
"""What needs no signing in: each stands here on purpose."""
STRANGERS = ("anonymous", "coordinator", "office", "api_key")
SIGN_IN = "/drift/log-ind"
NOT_YOURS = "Det må du ikke"


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    guard: Guard

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def needs(self) -> Right:
        assert self.guard.needs is not None
        return self.guard.needs


def every_route() -> list[Route]:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    add_console(app)
    return [
        Route(method, route.path, route.guard)
        for route in routes_of(app)
        for method in sorted(route.methods - {"HEAD"})
        if route.guard is not None
    ]


ROUTES = every_route()
GUARDED = [route for route in ROUTES if route.guard.needs is not None]


@dataclass(frozen=True)
class Scene:
    """A web with an order, and one colleague of each role."""

    web: Web
    order: str
    staff: dict[StaffRole, StaffId]

    def address(self, route: Route) -> str:
        def filled(found: re.Match[str]) -> str:
            name = found[1]
            assert name in PARAMETERS, f"name something that {{{name}}} of {route} may stand for in PARAMETERS"
            return PARAMETERS[name].replace("{order}", self.order)

        return re.sub(r"\{(\w+)(?::\w+)?\}", filled, route.path)

    def stranger(self, who: str) -> httpx.Client:
        """Somebody without a session, who has what they have: a link to an order, or the API's most powerful key."""
        if who == "api_key":
            return browser(self.web, cookie=self.web.site_key, Authorization=f"Bearer {self.web.site_key}")
        if who == "anonymous":
            return browser(self.web)
        holder = self.web.order(self.order).coordinator if who == "coordinator" else OFFICE
        link = order_link(self.web.services.keys, OrderId(self.order), holder)
        return browser(self.web, cookie=link, Referer=f"{self.web.address}/bestilling/{link}")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    database = Database(sqlite_url(new_sqlite(tmp_path_factory.mktemp("console") / "klyngeflow.db")))
    with running_web(database) as web:
        yield Scene(web, web.place(), {role: add(web, role) for role in StaffRole})
    database.close()


def ask(http: httpx.Client, scene: Scene, route: Route, fields: dict[str, str] | None = None) -> httpx.Response:
    return http.request(route.method, scene.address(route), data=fields if route.method == "POST" else None)


def may_see(role: StaffRole, route: Route) -> bool:
    return has_right(By(role=Capacity(role.value), who="x"), route.needs())


def test_what_is_open_to_everybody_is_so_on_purpose() -> None:
    assert {(route.method, route.path) for route in ROUTES if route.guard.needs is None} == OPEN


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(scene: Scene, route: Route, who: str) -> None:
    with scene.stranger(who) as http:
        answer = ask(http, scene, route)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, SIGN_IN)
    assert scene.order not in answer.text


@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_a_role_sees_what_it_may_and_is_told_who_may_see_the_rest(scene: Scene, route: Route, role: StaffRole) -> None:
    with signed_in(scene.web, staff_id=scene.staff[role]) as colleague:
        answer = ask(colleague.http, scene, route, with_token(colleague))
    if not may_see(role, route):
        assert (answer.status_code, NOT_YOURS in answer.text) == (403, True)
        return
    assert answer.status_code < 500
    assert NOT_YOURS not in answer.text
    led_away = answer.headers.get("location", "").startswith(SIGN_IN)
    assert not led_away or route.path == "/drift/log-ud"


@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("route", [route for route in GUARDED if route.method != "GET"], ids=str)
def test_no_form_is_taken_without_the_sessions_token(scene: Scene, route: Route, role: StaffRole) -> None:
    with signed_in(scene.web, staff_id=scene.staff[role]) as colleague:
        answer = ask(colleague.http, scene, route, {})
        assert answer.status_code == 403
        assert colleague.get("/drift").status_code == 200


def with_token(colleague: Colleague) -> dict[str, str]:
    from web.console.guard import FORM_TOKEN

    return {FORM_TOKEN: colleague.form_token}


@pytest.mark.parametrize("role", StaffRole)
def test_a_session_opens_neither_the_api_nor_a_doctors_page(scene: Scene, role: StaffRole) -> None:
    with signed_in(scene.web, staff_id=scene.staff[role]) as colleague:
        http = colleague.http
        assert http.get(f"/api/v1/orders/{scene.order}").status_code == 401
        http.headers["Authorization"] = f"Bearer {colleague.token}"
        assert http.get(f"/api/v1/orders/{scene.order}").status_code == 401
        assert http.get(f"/bestilling/{scene.order}.{colleague.token}").status_code == 404
        assert http.get(f"/d/{colleague.token}").status_code == 404


def test_the_keys_scopes_are_all_there_are(scene: Scene) -> None:
    """The API key of the table is the most powerful one."""
    with scene.web.client(scene.web.new_key("alt", *Scope)) as http:
        http.headers["Cookie"] = f"{COOKIE}=alt"
        assert http.get("/drift").status_code == 303
