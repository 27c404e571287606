"""Every route outside the console × everything somebody may hold: a link opens its own page, a key what it is for.

A new route fails here until it stands in `OPEN`, `BY_LINK` or `BY_KEY`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from domain.by import Scope
from domain.model import OrderId
from storage.database import Database
from storage.order_links import calendar_path, meeting_link, order_link
from tests.databases import new_sqlite, sqlite_url
from tests.web.application import Web, order_json, running_web
from web.app import create_app
from web.console.router import is_console, routes_of

OPEN = {
    "GET /",
    "GET /bestil",
    "POST /bestil",
    "GET /nyt-link",
    "POST /nyt-link",
    "GET /privatliv",
    "GET /tilgaengelighed",
    "GET /healthz",
    "GET /readyz",
    "GET /api/v1/openapi.json",
}
"""What everybody may see: each stands here on purpose."""
BY_LINK = {
    "GET /svar/{token}": "questionnaire",
    "GET /svar/{token}/tak": "questionnaire",
    "POST /svar/{token}": "questionnaire",
    "GET /bestilling/{link}": "order",
    "GET /bestilling/{link}/medlemmer": "order",
    "GET /bestilling/{link}/program": "order",
    "GET /bestilling/{link}/grupper": "order",
    "POST /bestilling/{link}/grupper": "order",
    "GET /bestilling/{link}/papirer/{file}": "order",
    "GET /bestilling/{link}/{slug}": "order",
    "POST /bestilling/{link}/{slug}": "order",
    "GET /moede/{link}": "meeting",
    "GET /moede/{link}/papirer/{file}": "meeting",
    "GET /kalender/{link}/klyngemoede.ics": "calendar",
    "GET /d/{link}": "document",
}
"""Whose link opens it."""
BY_KEY = {
    "POST /api/v1/orders": {Scope.PLACE_ORDERS},
    "GET /api/v1/orders/{order}": {Scope.READ_ORDERS},
    "GET /api/v1/orders/{order}/free-texts": {Scope.READ_ORDERS, Scope.GIVE_COMMANDS},
    "GET /api/v1/orders/{order}/people": {Scope.READ_PEOPLE},
    "POST /api/v1/orders/{order}/commands": {Scope.GIVE_COMMANDS},
}
"""What a key must be for, all of it."""
HELD = ("questionnaire", "order", "meeting", "calendar", "document", "another's order", "a key", "nothing")


@dataclass(frozen=True)
class Scene:
    """A web with an order in its survey, and what its people hold. `keys` are API keys of one scope each."""

    web: Web
    order: str
    held: dict[str, str]
    keys: dict[Scope, str]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    database = Database(sqlite_url(new_sqlite(tmp_path_factory.mktemp("outside") / "klyngeflow.db")))
    with running_web(database) as web:
        order = web.place()
        other = web.place("bestilling-0002", cluster={"name": "Skagen", "region": "nordjylland"})
        done = web.place("bestilling-0003", cluster={"name": "Ribe", "region": "syddanmark"})
        web.plan(done)
        web.plan(order, "2026-04-22T17:00")
        web.answered_by_all(done)
        (document,) = web.make_deck(done)
        web.command(done, type="release_deck")
        questionnaire, *_ = web.open_survey(order)
        found, keys = web.order(order), web.services.keys
        (member, *_) = found.active_members
        _, others_secret = order_link(keys, OrderId(other), web.order(other).coordinator).split(".", 1)
        held = {
            "questionnaire": questionnaire.removeprefix("/svar/"),
            "order": order_link(keys, found.id, found.coordinator),
            "meeting": meeting_link(keys, found.id, member),
            "calendar": calendar_path(keys, found.id, member).split("/")[2],
            "another's order": f"{order}.{others_secret}",
            "a key": web.site_key,
            "nothing": "x.y",
        }
        held["document"] = document.removeprefix("/d/")
        yield Scene(web, order, held, {scope: web.new_key(f"kun-{scope}", scope) for scope in Scope})
    database.close()


def test_every_route_stands_here(scene: Scene) -> None:
    there = {
        f"{method} {route.path}"
        for route in routes_of(create_app(scene.web.services))
        for method in route.methods - {"HEAD"}
        if not is_console(route.path)
    }
    assert there == OPEN | BY_LINK.keys() | BY_KEY.keys()


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("route", BY_LINK)
def test_a_link_opens_its_own_pages_and_no_others(scene: Scene, route: str, held: str) -> None:
    method, path = route.split()
    path = (
        re.sub(r"\{(link|token)\}", scene.held[held], path).replace("{slug}", "flyt").replace("{file}", "program.docx")
    )
    with scene.web.client() as http:
        data: dict[str, str] | None = {} if method == "POST" else None
        answer = http.request(method, path, data=data, follow_redirects=held != BY_LINK[route])
    if held == BY_LINK[route]:
        assert answer.status_code in (200, 303, 410, 422)
    else:
        assert answer.status_code == 404
        assert not any(secret in answer.text for secret in ("Aalborg", "Mette", "Holm", "example.dk"))


def body_for(path: str, number: int = 0) -> Any:
    """What is sent there, in order but for who sends it."""
    if path.endswith("/commands"):
        return {"type": "send_reminder"}
    cluster = {"name": f"Ribe {number}", "region": "syddanmark"}
    return order_json(cluster=cluster) if path == "/api/v1/orders" else None


@pytest.mark.parametrize(
    "scopes", [*({scope} for scope in Scope), set(Scope)], ids=lambda those: "+".join(sorted(those))
)
@pytest.mark.parametrize("route", BY_KEY)
def test_a_key_is_good_for_what_it_is_for_and_nothing_else(scene: Scene, route: str, scopes: set[Scope]) -> None:
    method, path = route.split()
    key = scene.web.site_key if len(scopes) > 1 else scene.keys[next(iter(scopes))]
    headers = {"Idempotency-Key": f"proeve-{len(scopes)}"}
    with scene.web.client(key) as http:
        answer = http.request(
            method, path.replace("{order}", scene.order), json=body_for(path, len(scopes)), headers=headers
        )
    if scopes >= BY_KEY[route]:
        assert answer.status_code in (200, 201, 409)
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("route", BY_KEY)
def test_nothing_but_a_key_opens_the_api(scene: Scene, route: str, held: str) -> None:
    method, path = route.split()
    with scene.web.client("" if held == "a key" else scene.held[held]) as http:
        answer = http.request(
            method,
            path.replace("{order}", scene.order),
            json=body_for(path),
            headers={"Idempotency-Key": "proeve-uden"},
        )
    assert answer.status_code == 401
    assert "Aalborg" not in answer.text
