"""What is asked before every page: a form comes from a page of ours and of this session; nothing is left unguarded."""

import pytest
from fastapi import FastAPI

from domain.authority import RIGHTS, Right
from domain.by import Capacity
from storage.staff import StaffRole
from tests.web.application import Web
from tests.web.console.office import browser, log_of, signed_in, with_password
from web.app import create_app
from web.console.guard import FORM_TOKEN
from web.console.router import ConsoleRouter, refuse_unguarded, routes_of

ENDS_ALL = "/drift/min-side/afslut-andre"
REFUSED = "Vi kunne ikke se, hvor det kom fra"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ond.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_from_another_site_is_refused_also_with_the_right_token(web: Web, headers: dict[str, str]) -> None:
    with signed_in(web) as here, signed_in(web, staff_id=here.id) as there:
        here.http.headers.update(headers)
        answer = here.post(ENDS_ALL)
        assert (answer.status_code, REFUSED in answer.text) == (403, True)
        assert there.get("/drift").status_code == 200


def test_a_form_that_names_no_sender_is_refused(web: Web) -> None:
    with signed_in(web) as here:
        del here.http.headers["Origin"]
        assert here.post(ENDS_ALL).status_code == 403


def test_a_form_without_the_sessions_token_is_refused(web: Web) -> None:
    with signed_in(web) as here, signed_in(web, StaffRole.ADMINISTRATOR) as other:
        for token in ("", "x", other.form_token, here.token, here.form_token[:-1]):
            assert here.http.post(ENDS_ALL, data={FORM_TOKEN: token}).status_code == 403
        assert here.http.post(ENDS_ALL).status_code == 403
        assert here.http.post(ENDS_ALL, files={FORM_TOKEN: ("a", b"x")}).status_code in (400, 403)
        assert here.post(ENDS_ALL).status_code == 303
    assert log_of(web) == []


def test_signing_in_takes_a_form_of_ours_too(web: Web) -> None:
    with_password(web)
    with browser(web, Origin="https://ond.example") as http:
        answer = http.post("/drift/log-ind", data={"mail": "ole@kiap.example", "adgangskode": "x"})
    assert (answer.status_code, REFUSED in answer.text) == (403, True)


def test_a_page_lets_browsers_name_the_sender_of_its_forms(web: Web) -> None:
    with signed_in(web) as here:
        for answer in (here.get("/drift"), here.get("/drift/log.csv"), here.get("/drift/nej")):
            assert answer.headers["referrer-policy"] == "same-origin"
            assert answer.headers["cache-control"] == "no-store"
            assert "no-referrer" not in answer.text


def test_every_route_of_the_console_is_guarded(web: Web) -> None:
    routes = [route for route in routes_of(create_app(web.services)) if route.path.startswith("/drift")]
    assert len(routes) > 8
    assert [route.path for route in routes if route.guard is None] == []


@pytest.mark.parametrize("path", ["/drift", "/drift/nyt", "/drift/nyt/{id}"])
def test_a_route_that_was_added_past_the_guard_stops_the_start(path: str) -> None:
    app = FastAPI()
    app.add_api_route(path, lambda: None)
    with pytest.raises(RuntimeError, match="not guarded"):
        refuse_unguarded(app)


def test_a_guarded_route_and_one_of_other_pages_do_not() -> None:
    app, router = FastAPI(), ConsoleRouter()

    @router.page("/nyt", needs=Right.ADMINISTER)
    def page() -> None: ...

    app.include_router(router)
    app.add_api_route("/driftig", page)
    refuse_unguarded(app)


def test_rights_grow_from_role_to_role() -> None:
    """Whoever may administer may operate, and whoever may operate may read."""
    assert RIGHTS[Right.ADMINISTER] < RIGHTS[Right.OPERATE] < RIGHTS[Right.READ]
    assert RIGHTS[Right.READ] == {Capacity.CONSULTANT, Capacity.OPERATIONS, Capacity.ADMINISTRATOR}
